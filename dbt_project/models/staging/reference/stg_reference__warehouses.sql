select
    warehouses.warehouse_id,
    warehouses.name as warehouse_name,
    warehouses.site_id,
    -- A warehouse whose site is unknown keeps its facts; their dates are UTC until it is known.
    coalesce(sites.site_tz, 'UTC') as warehouse_tz,
    warehouses.is_transit,

    warehouses.source_system,
    warehouses.source_id
from {{ source('reference', 'warehouse') }} as warehouses
left join {{ ref('stg_reference__sites') }} as sites
    on warehouses.site_id = sites.site_id
