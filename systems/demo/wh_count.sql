-- Counts, in the item's base unit. The book quantity is the one of the count's own minute.
with

checks as (
    select * from erp.stock_check
),

items as (
    select * from erp.item
),

states (code, state) as (
    values
    ('O', 'open'),
    ('E', 'explained'),
    ('P', 'posted'),
    ('X', 'cancelled')
)

select
    checks.no::text as count_id,
    checks.store::text as warehouse_id,
    checks.item_id::text as product_id,
    checks.lot::text as lot_id,
    checks.taken_at::timestamptz as counted_at,
    checks.book::numeric(18, 6) as book_qty_at_count,
    checks.found::numeric(18, 6) as counted_qty,
    items.unit::text as uom,
    checks.counter_no::text as counter_id,
    checks.entry_id::text as posted_movement_id,
    coalesce(states.state, checks.status)::text as state,
    checks.cause::text as cause,
    concat_ws('/', checks.no, checks.store, checks.item_id, checks.lot) as source_id
from checks
left join items on checks.item_id = items.id
left join states on checks.status = states.code
order by checks.no, checks.store, checks.item_id, checks.lot
