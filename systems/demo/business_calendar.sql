-- Every day of every site with its hours on the site's clock.
with

days as (
    select * from erp.calendar_day
),

sites as (
    select * from erp.site
)

select
    days.site_code::text as site_id,
    days.day::date as date,
    days.works::boolean as is_working,
    to_char(days.opens, 'HH24:MI')::text as open_from,
    to_char(days.closes, 'HH24:MI')::text as open_to,
    sites.zone::text as tz,
    days.swapped_with::date as moved_with,
    days.words::text as note,
    days.site_code || '@' || days.day as source_id
from days
left join sites on days.site_code = sites.code
order by days.site_code, days.day
