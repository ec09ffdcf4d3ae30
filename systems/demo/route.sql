-- Delivery routes.
with

routes as (
    select * from erp.route
)

select
    routes.code::text as route_id,
    routes.title::text as name,
    routes.area::text as territory,
    routes.days::integer as transit_days,
    routes.site_code::text as calendar_site_id,
    routes.code::text as source_id
from routes
order by routes.code
