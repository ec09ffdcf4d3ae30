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

{{ members_named({'places': ['product', 'warehouse']}) }}
