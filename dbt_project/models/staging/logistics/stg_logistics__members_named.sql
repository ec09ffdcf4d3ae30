with shipments as (
    select distinct
        customer_id,
        warehouse_id,
        route_id
    from {{ source('logistics', 'lg_shipment') }}
),

shipment_lines as (
    select distinct product_id from {{ source('logistics', 'lg_shipment_line') }}
)

select
    'customer' as member_kind,
    customer_id as member_id
from shipments

union distinct

select
    'warehouse' as member_kind,
    warehouse_id as member_id
from shipments

union distinct

select
    'route' as member_kind,
    route_id as member_id
from shipments

union distinct

select
    'product' as member_kind,
    product_id as member_id
from shipment_lines
