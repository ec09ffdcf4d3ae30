with places as (
    select
        product_id,
        warehouse_id
    from {{ source('warehouse', 'wh_stock') }}

    union distinct

    select
        product_id,
        warehouse_id
    from {{ source('warehouse', 'wh_reservation') }}

    union distinct

    select
        product_id,
        warehouse_id
    from {{ source('warehouse', 'wh_count') }}

    union distinct

    select
        product_id,
        warehouse_id
    from {{ source('warehouse', 'wh_planned_movement') }}
)

select
    'product' as member_kind,
    product_id as member_id
from places

union distinct

select
    'warehouse' as member_kind,
    warehouse_id as member_id
from places
