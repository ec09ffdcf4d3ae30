-- Holds, live and released, in the item's base unit whatever the order line is written in.
with

holds as (
    select * from erp.hold
    where touched_on >= current_setting('daymart.since')::timestamptz::date
),

items as (
    select * from erp.item
)

select
    holds.id::text as reservation_id,
    holds.sale_id::text as order_id,
    holds.sale_line::integer as order_line_no,
    holds.item_id::text as product_id,
    holds.store::text as warehouse_id,
    holds.qty::numeric(18, 6) as qty,
    items.unit::text as uom,
    holds.firm::boolean as hard,
    holds.made_at::timestamptz as made_at,
    holds.until::timestamptz as valid_until,
    holds.made_by::text as made_by,
    holds.approved_by::text as approved_by,
    holds.released_at::timestamptz as released_at,
    holds.why_released::text as release_reason,
    holds.id::text as source_id
from holds
left join items on holds.item_id = items.id
order by holds.id
