-- Purchase lines. Every change of a date is an event of its own here, so no expected date
-- is given: it is the last event's.
with

lines as (
    select * from erp.purchase_line
),

stages (code, state) as (
    values
    ('N', 'ordered'),
    ('C', 'confirmed'),
    ('S', 'shipped'),
    ('A', 'arrived'),
    ('R', 'received'),
    ('V', 'available'),
    ('X', 'cancelled')
)

select
    lines.purchase_id::text as po_id,
    lines.line_no::integer as line_no,
    lines.item_id::text as product_id,
    lines.store::text as warehouse_id,
    lines.qty::numeric(18, 6) as qty,
    lines.unit::text as uom,
    lines.price::numeric(18, 8) as price,
    lines.wanted_on::date as requested_date,
    lines.confirmed_on::date as first_confirmed_date,
    null::date as expected_date,
    coalesce(stages.state, lines.stage)::text as state,
    lines.cancelled_qty::numeric(18, 6) as cancelled_qty,
    lines.purchase_id || '/' || lines.line_no as source_id
from lines
left join stages on lines.stage = stages.code
order by lines.purchase_id, lines.line_no
