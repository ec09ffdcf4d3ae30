-- Lines of dispatches, in the unit of the order line; an order line taken from two lots is
-- two lines. Lines of a cancellation are negative at the source already. A line is written with
-- its dispatch, so the dispatch's instant is the cursor.
with

dispatches as (
    select * from erp.dispatch
),

lines as (
    select * from erp.dispatch_line
)

select
    lines.dispatch_id::text as shipment_id,
    lines.line_no::integer as line_no,
    dispatches.sale_id::text as order_id,
    lines.sale_line::integer as order_line_no,
    lines.item_id::text as product_id,
    lines.qty::numeric(18, 6) as qty,
    lines.unit::text as uom,
    dispatches.issued_at::timestamptz as changed_at,
    lines.dispatch_id || '/' || lines.line_no as source_id
from lines
left join dispatches on lines.dispatch_id = dispatches.id
where
    dispatches.issued_at > current_setting('daymart.since')::timestamptz
    or dispatches.id is null
order by lines.dispatch_id, lines.line_no
