-- Units of an item: base quantity = quantity * times / per. The source keys them by a number
-- of its own, so one unit typed twice comes twice, and the loader holds it back.
with

units as (
    select * from erp.item_unit
)

select
    units.item_id::text as product_id,
    units.unit::text as uom,
    units.since::date as valid_from,
    units.times::integer as num,
    units.per::integer as den,
    units.id::text as source_id
from units
order by units.id
