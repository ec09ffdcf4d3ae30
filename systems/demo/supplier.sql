-- Suppliers are the partners that sell to us.
with

suppliers as (
    select * from erp.partner
    where sells
)

select
    suppliers.code::text as supplier_id,
    suppliers.title::text as name,
    suppliers.tax_no::text as tax_no,
    suppliers.id::text as source_id
from suppliers
order by suppliers.id
