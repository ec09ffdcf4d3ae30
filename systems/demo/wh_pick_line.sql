-- What was picked, in the unit of the dispatch line.
with

picks as (
    select * from erp.pick
    where touched_on >= current_setting('daymart.since')::timestamptz::date
)

select
    picks.id::text as pick_line_id,
    picks.dispatch_id::text as shipment_id,
    picks.line_no::integer as line_no,
    picks.sale_id::text as order_id,
    picks.sale_line::integer as order_line_no,
    picks.qty::numeric(18, 6) as picked_qty,
    picks.picker_no::text as picker_id,
    picks.checker_no::text as checked_by,
    picks.picked_at::timestamptz as picked_at,
    picks.id::text as source_id
from picks
order by picks.id
