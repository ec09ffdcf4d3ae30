{{ config(unique_key='rma_id') }}

select
    rma_id,
    line_no,
    shipment_id,
    shipment_line_no,
    -- In the unit of the shipment line.
    qty as source_qty,
    reason,
    state as return_state,
    opened_at,
    received_at,
    inspected_at,
    closed_at,
    outcome,
    credit_document_id,

    source_system,
    source_id
from {{ source('sales', 'rma') }}
