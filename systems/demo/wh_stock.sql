-- uses: qualities
-- Evening balances of the business date, in the item's base unit. Places that are empty have
-- no row. Goods on the road between own stores lie in the transit store, status in_transfer.
with

balances as (
    select * from erp.stock_balance
    where day = current_setting('daymart.as_of')::date
),

items as (
    select * from erp.item
),

-- Usable goods in a store of purpose CONSIGN are ours and lie at a customer.
stores as (
    select * from erp.store
)

select
    balances.day::date as as_of,
    balances.store::text as warehouse_id,
    balances.item_id::text as product_id,
    balances.lot::text as lot_id,
    (
        case
            when stores.purpose = 'CONSIGN' and balances.quality = 'A' then 'consigned'
            else coalesce(qualities.quality_status, balances.quality)
        end
    )::text as quality_status,
    balances.qty::numeric(18, 6) as qty,
    items.unit::text as uom,
    concat_ws(
        '/', balances.day, balances.store, balances.item_id, balances.lot, balances.quality
    ) as source_id
from balances
left join items on balances.item_id = items.id
left join qualities on balances.quality = qualities.code
left join stores on balances.store = stores.code
order by balances.store, balances.item_id, balances.lot, balances.quality
