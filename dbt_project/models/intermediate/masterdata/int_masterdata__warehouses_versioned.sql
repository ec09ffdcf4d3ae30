with versions as (
    {{ dated_versions(
        ref('stg_reference__warehouse_versions'),
        'warehouse_id',
        ['site_id', 'is_transit']
    ) }}
),

last_told as (
    select * from {{ ref('stg_reference__warehouse_versions') }}
    where is_last
)

select
    versions.warehouse_id,
    versions.valid_from,
    versions.valid_to,
    versions.site_id,
    versions.is_transit,
    versions.is_listed,
    versions.begins_on as told_from,

    last_told.warehouse_name,

    versions.source_system,
    versions.source_id
from versions
inner join last_told
    on versions.warehouse_id = last_told.warehouse_id
