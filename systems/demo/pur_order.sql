-- Purchase orders; the supplier is known by its code.
with

purchases as (
    select * from erp.purchase
),

partners as (
    select * from erp.partner
)

select
    purchases.id::text as po_id,
    purchases.no::text as number,
    partners.code::text as supplier_id,
    purchases.placed_on::date as order_date,
    purchases.currency::text as currency,
    purchases.incoterm::text as incoterm,
    purchases.buyer_no::text as buyer_id,
    purchases.id::text as source_id
from purchases
left join partners on purchases.partner_id = partners.id
order by purchases.id
