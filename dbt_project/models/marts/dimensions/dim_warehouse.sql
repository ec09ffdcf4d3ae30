with versions as (
    select * from {{ ref('int_masterdata__warehouses_versioned') }}
),

named as (
    select member_id
    from {{ ref('int_masterdata__members_named') }}
    where member_kind = 'warehouse'
),

warehouses as (
    select
        versions.*,
        coalesce(versions.warehouse_id, named.member_id) as warehouse_id_named,
        coalesce(versions.valid_from, {{ beginning_of_time() }}) as begins_on,
        versions.warehouse_id is null as is_placeholder
    from versions
    full outer join named
        on versions.warehouse_id = named.member_id
)

select
    {{ surrogate_key(['warehouses.warehouse_id_named', 'warehouses.begins_on']) }} as warehouse_key,
    warehouses.warehouse_id_named as warehouse_id,
    warehouses.begins_on as valid_from,
    warehouses.valid_to,
    warehouses.begins_on <= {{ as_of() }}
    and ({{ as_of() }} < warehouses.valid_to or warehouses.valid_to is null) as is_current,
    warehouses.told_from,
    warehouses.is_placeholder,
    coalesce(warehouses.is_listed, false) as is_listed,

    {{ name_or_placeholder(
        'warehouses.warehouse_name', 'warehouse', 'warehouses.warehouse_id_named'
    ) }} as warehouse_name,

    warehouses.site_id,
    warehouses.is_transit,

    warehouses.source_system,
    warehouses.source_id
from warehouses
