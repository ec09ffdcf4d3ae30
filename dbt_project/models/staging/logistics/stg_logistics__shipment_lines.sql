{{ config(unique_key='shipment_id') }}

select
    shipment_lines.shipment_id,
    shipment_lines.line_no,
    shipments.issued_on,
    coalesce(shipment_lines.order_id, shipments.order_id) as order_id,
    -- What the line itself names: an index finds lines by it.
    shipment_lines.order_id as own_order_id,
    shipment_lines.order_line_no,
    shipment_lines.product_id,

    shipment_lines.qty as source_qty,
    shipment_lines.uom,
    {{ base_qty('shipment_lines', 'shipment_lines.qty') }} as base_qty,

    shipment_lines.source_system,
    shipment_lines.source_id
from {{ source('logistics', 'lg_shipment_line') }} as shipment_lines
left join {{ ref('stg_logistics__shipments') }} as shipments
    on shipment_lines.shipment_id = shipments.shipment_id
{{ join_base_unit('shipment_lines', 'coalesce(shipments.issued_on, ' ~ as_of() ~ ')') }}
