-- Stores; the one with purpose TRANSIT only holds goods on the road between the others.
with

stores as (
    select * from erp.store
)

select
    stores.code::text as warehouse_id,
    stores.site_code::text as site_id,
    stores.title::text as name,
    stores.purpose = 'TRANSIT' as is_transit,
    stores.code::text as source_id
from stores
order by stores.code
