-- Sites of Northlight Trading: the places whose local calendar decides business dates.
with

sites as (
    select * from erp.site
)

select
    sites.code::text as site_id,
    sites.title::text as name,
    sites.zone::text as tz,
    sites.code::text as source_id
from sites
order by sites.code
