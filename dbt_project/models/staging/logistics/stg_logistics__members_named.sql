with shipments as (
    select distinct
        customer_id,
        warehouse_id,
        route_id
    from {{ source('logistics', 'lg_shipment') }}
),

lines as (
    select distinct product_id from {{ source('logistics', 'lg_shipment_line') }}
)

{{ members_named({'shipments': ['customer', 'warehouse', 'route'], 'lines': ['product']}) }}
