-- What the stores expect, rewritten by the ERP every evening. It plans by day; noon at the
-- store is taken as the hour. A purchase nobody confirmed has no day. Both sides of a transfer
-- have one code but for the sign at its end.
with

plans as (
    select * from erp.stock_plan
),

items as (
    select * from erp.item
),

stores as (
    select * from erp.store
),

sites as (
    select * from erp.site
),

kinds (type, kind) as (
    values
    ('PUR', 'receipt'),
    ('SAL', 'sale_issue'),
    ('TRO', 'transfer_out'),
    ('TRI', 'transfer_in')
)

select
    plans.code::text as planned_movement_id,
    ((plans.day + time '12:00') at time zone sites.zone)::timestamptz as planned_at,
    plans.store::text as warehouse_id,
    others.store::text as counterparty_warehouse_id,
    plans.item_id::text as product_id,
    (case plans.way when '+' then 'in' else 'out' end)::text as direction,
    coalesce(kinds.kind, plans.type)::text as kind,
    plans.qty::numeric(18, 6) as qty,
    items.unit::text as uom,
    plans.doc::text as document_id,
    plans.sale_id::text as order_id,
    plans.purchase_id::text as po_id,
    plans.code::text as source_id
from plans
left join items on plans.item_id = items.id
left join stores on plans.store = stores.code
left join sites on stores.site_code = sites.code
left join kinds on plans.type = kinds.type
left join plans as others
    on
        plans.type in ('TRO', 'TRI')
        and left(plans.code, -1) = left(others.code, -1)
        and plans.way <> others.way
order by plans.code
