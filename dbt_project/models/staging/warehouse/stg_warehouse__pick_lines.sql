{{ config(unique_key='pick_line_id') }}

select
    pick_line_id,
    shipment_id,
    line_no,
    order_id,
    order_line_no,
    -- In the unit of the shipment line; of the order line while the shipment is not known.
    picked_qty as source_picked_qty,
    picker_id,
    checked_by as checked_by_id,
    picked_at,

    source_system,
    source_id
from {{ source('warehouse', 'wh_pick_line') }}
