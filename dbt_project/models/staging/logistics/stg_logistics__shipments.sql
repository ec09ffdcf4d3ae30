with shipments as (
    select * from {{ source('logistics', 'lg_shipment') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

zoned as (
    select
        shipments.*,
        coalesce(warehouses.warehouse_tz, 'UTC') as warehouse_tz
    from shipments
    left join warehouses
        on shipments.warehouse_id = warehouses.warehouse_id
)

select
    shipment_id,
    number as shipment_number,
    order_id,
    warehouse_id,
    warehouse_tz,
    customer_id,
    route_id,
    carrier,
    issued_at,
    {{ business_date('issued_at', 'warehouse_tz') }} as issued_on,
    planned_delivery_from as planned_delivery_from_at,
    planned_delivery_to as planned_delivery_to_at,
    {{ business_date('coalesce(planned_delivery_to, planned_delivery_from)', 'warehouse_tz') }}
        as planned_delivery_on,
    pod_required as is_pod_required,
    cancels_shipment_id as cancelled_shipment_id,

    source_system,
    source_id
from zoned
