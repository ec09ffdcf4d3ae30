with last_told as (
    select * from {{ ref('stg_reference__warehouse_versions') }}
    where is_last
),

named as (
    select member_id
    from {{ ref('int_masterdata__members_named') }}
    where member_kind = 'warehouse'
),

warehouses as (
    select
        last_told.*,
        coalesce(last_told.warehouse_id, named.member_id) as warehouse_id_named,
        last_told.warehouse_id is null as is_placeholder
    from last_told
    full outer join named
        on last_told.warehouse_id = named.member_id
)

select
    warehouse_id_named as warehouse_id,
    is_placeholder,
    coalesce(is_listed, false) as is_listed,

    {{ name_or_placeholder('warehouse_name', 'warehouse', 'warehouse_id_named') }}
        as warehouse_name,
    site_id,
    is_transit,

    source_system,
    source_id
from warehouses
