with shipment_lines as (
    select * from {{ source('logistics', 'lg_shipment_line') }}
),

shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
),

dated as (
    select
        shipment_lines.*,
        shipments.issued_on
    from shipment_lines
    left join shipments
        on shipment_lines.shipment_id = shipments.shipment_id
)

select
    dated.shipment_id,
    dated.line_no,
    dated.order_id,
    dated.order_line_no,
    dated.product_id,

    dated.qty as source_qty,
    dated.uom,
    {{ base_qty('dated', 'dated.qty') }} as base_qty,

    dated.source_system,
    dated.source_id
from dated
{{ join_base_unit('dated', 'coalesce(dated.issued_on, ' ~ as_of() ~ ')') }}
