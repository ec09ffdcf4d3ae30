-- Items. The article number is text: its leading zeros matter.
with

items as (
    select * from erp.item
)

select
    items.id::text as product_id,
    items.sku::text as product_code,
    items.title::text as name,
    items.brand::text as brand,
    items.family::text as category,
    items.unit::text as base_uom,
    items.value_class::text as abc,
    not items.divisible as whole_units,
    items.id::text as source_id
from items
order by items.id
