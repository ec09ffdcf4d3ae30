with versions as (
    select * from {{ ref('int_masterdata__routes_versioned') }}
),

named as (
    select member_id
    from {{ ref('int_masterdata__members_named') }}
    where member_kind = 'route'
),

routes as (
    select
        versions.*,
        coalesce(versions.route_id, named.member_id) as route_id_named,
        coalesce(versions.valid_from, {{ beginning_of_time() }}) as begins_on,
        versions.route_id is null as is_placeholder
    from versions
    full outer join named
        on versions.route_id = named.member_id
)

select
    {{ surrogate_key(['routes.route_id_named', 'routes.begins_on']) }} as route_key,
    routes.route_id_named as route_id,
    routes.begins_on as valid_from,
    routes.valid_to,
    routes.begins_on <= {{ as_of() }}
    and ({{ as_of() }} < routes.valid_to or routes.valid_to is null) as is_current,
    routes.told_from,
    routes.is_placeholder,
    coalesce(routes.is_listed, false) as is_listed,

    {{ name_or_placeholder('routes.route_name', 'route', 'routes.route_id_named') }}
        as route_name,

    routes.territory,
    routes.transit_days,
    routes.calendar_site_id,

    routes.source_system,
    routes.source_id
from routes
