with delivery_events as (
    select * from {{ source('logistics', 'lg_delivery_event') }}
),

shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
)

select
    delivery_events.event_id,
    delivery_events.shipment_id,
    delivery_events.line_no,
    delivery_events.kind as event_kind,
    delivery_events.at as event_at,
    {{ business_date('delivery_events.at', "coalesce(shipments.warehouse_tz, 'UTC')") }}
        as event_on,
    -- In the unit of the shipment line; compare it with the line's source_qty.
    delivery_events.qty as source_qty,
    delivery_events.difference_qty as source_difference_qty,
    delivery_events.reason,
    delivery_events.proof_ref,
    delivery_events.source as event_source,

    delivery_events.source_system,
    delivery_events.source_id
from delivery_events
left join shipments
    on delivery_events.shipment_id = shipments.shipment_id
