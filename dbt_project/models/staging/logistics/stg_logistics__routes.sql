select
    route_id,
    name as route_name,
    territory,
    transit_days,
    calendar_site_id,

    source_system,
    source_id
from {{ source('logistics', 'route') }}
