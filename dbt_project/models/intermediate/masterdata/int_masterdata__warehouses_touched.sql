with warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

sites_changed as (
    select * from {{ ref('stg_reference__sites_changed') }}
)

select warehouse_id
from {{ ref('stg_reference__warehouses_changed') }}

union distinct

select warehouses.warehouse_id
from warehouses
inner join sites_changed
    on warehouses.site_id = sites_changed.site_id
