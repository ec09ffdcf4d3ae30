{{ config(unique_key='event_id') }}

select
    delivery_events.event_id,
    delivery_events.shipment_id,
    delivery_events.line_no,
    delivery_events.kind as event_kind,
    delivery_events.at as event_at,
    {{ business_date('delivery_events.at', zone_of('shipments')) }} as event_on,
    -- In the unit of the shipment line; compare it with the line's source_qty.
    delivery_events.qty as source_qty,
    delivery_events.difference_qty as source_difference_qty,
    delivery_events.reason,
    delivery_events.proof_ref,
    delivery_events.source as event_source,

    delivery_events.source_system,
    delivery_events.source_id
from {{ source('logistics', 'lg_delivery_event') }} as delivery_events
left join {{ ref('stg_logistics__shipments') }} as shipments
    on delivery_events.shipment_id = shipments.shipment_id
