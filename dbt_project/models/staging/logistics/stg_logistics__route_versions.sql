with versions as (
    {{ versions_told('logistics', 'route', ['route_id'], [
        'route_id', 'name', 'territory', 'transit_days', 'calendar_site_id',
    ]) }}
)

select
    route_id,
    name as route_name,
    territory,
    transit_days,
    calendar_site_id,

    version_no,
    delivered_on,
    is_listed,
    is_last,

    source_system,
    source_id
from versions
