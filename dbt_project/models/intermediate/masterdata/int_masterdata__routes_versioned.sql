with versions as (
    {{ dated_versions(
        ref('stg_logistics__route_versions'),
        'route_id',
        ['territory', 'transit_days', 'calendar_site_id']
    ) }}
),

last_told as (
    select * from {{ ref('stg_logistics__route_versions') }}
    where is_last
)

select
    versions.route_id,
    versions.valid_from,
    versions.valid_to,
    versions.territory,
    versions.transit_days,
    versions.calendar_site_id,
    versions.is_listed,
    versions.begins_on as told_from,

    last_told.route_name,

    versions.source_system,
    versions.source_id
from versions
inner join last_told
    on versions.route_id = last_told.route_id
