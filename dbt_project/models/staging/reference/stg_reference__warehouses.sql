with warehouses as (
    select * from {{ source('reference', 'warehouse') }}
),

sites as (
    select * from {{ ref('stg_reference__sites') }}
)

select
    warehouses.warehouse_id,
    warehouses.name as warehouse_name,
    warehouses.site_id,
    -- A warehouse whose site is unknown keeps its facts; their dates are UTC until it is known.
    coalesce(sites.site_tz, 'UTC') as warehouse_tz,
    warehouses.is_transit,

    warehouses.source_system,
    warehouses.source_id
from warehouses
left join sites
    on warehouses.site_id = sites.site_id
