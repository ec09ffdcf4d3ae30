{{ config(unique_key='shipment_id') }}

select
    shipments.shipment_id,
    shipments.number as shipment_number,
    shipments.order_id,
    shipments.warehouse_id,
    {{ zone_of('warehouses') }} as warehouse_tz,
    shipments.customer_id,
    shipments.route_id,
    shipments.carrier,
    shipments.issued_at,
    {{ business_date('shipments.issued_at', zone_of('warehouses')) }} as issued_on,
    shipments.planned_delivery_from as planned_delivery_from_at,
    shipments.planned_delivery_to as planned_delivery_to_at,
    {{ business_date(
        'coalesce(shipments.planned_delivery_to, shipments.planned_delivery_from)',
        zone_of('warehouses')
    ) }} as planned_delivery_on,
    shipments.pod_required as is_pod_required,
    shipments.cancels_shipment_id as cancelled_shipment_id,

    shipments.source_system,
    shipments.source_id
from {{ source('logistics', 'lg_shipment') }} as shipments
left join {{ ref('stg_reference__warehouses') }} as warehouses
    on shipments.warehouse_id = warehouses.warehouse_id
