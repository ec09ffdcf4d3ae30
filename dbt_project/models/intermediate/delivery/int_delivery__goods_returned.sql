{{ config(
    materialized='table',
    indexes=[{'columns': ['rma_id', 'line_no'], 'unique': true}]
) }}

with returns as (
    select * from {{ ref('stg_sales__returns') }}
),

shipment_lines as (
    select * from {{ ref('stg_logistics__shipment_lines') }}
),

shipments as (
    select * from {{ ref('stg_logistics__shipments') }}
),

based as (
    select
        returns.*,
        shipment_lines.product_id,
        shipment_lines.order_line_no,
        shipments.shipment_number,
        shipments.warehouse_id,
        shipments.customer_id,
        -- A return of a line nobody knows is of the order of its shipment.
        coalesce(shipment_lines.order_id, shipments.order_id) as order_id,
        {{ zone_of('shipments') }} as warehouse_tz,
        -- A return of a shipment nobody knows is counted in its own unit.
        cast(
            coalesce(
                returns.source_qty * shipment_lines.base_qty
                / nullif(shipment_lines.source_qty, 0),
                returns.source_qty
            ) as numeric(18, 6)
        ) as returned_qty
    from returns
    left join shipment_lines
        on
            returns.shipment_id = shipment_lines.shipment_id
            and returns.shipment_line_no = shipment_lines.line_no
    left join shipments
        on returns.shipment_id = shipments.shipment_id
),

told as (
    select
        based.*,
        {{ business_date('opened_at', 'warehouse_tz') }} as opened_on,
        {{ business_date('received_at', 'warehouse_tz') }} as told_received_on,
        {{ business_date('inspected_at', 'warehouse_tz') }} as told_inspected_on,
        {{ business_date('closed_at', 'warehouse_tz') }} as told_closed_on
    from based
),

-- What a later day brought is not known yet. State, outcome and credit note have no day of their
-- own; they are of the last step told.
known as (
    select
        told.*,
        case when told_received_on <= {{ as_of() }} then told_received_on end as received_on,
        case when told_inspected_on <= {{ as_of() }} then told_inspected_on end as inspected_on,
        case when told_closed_on <= {{ as_of() }} then told_closed_on end as closed_on,
        coalesce(told_closed_on, told_inspected_on, told_received_on, opened_on) <= {{ as_of() }}
            as is_last_step_known
    from told
    where opened_on <= {{ as_of() }}
),

stepped as (
    select
        known.*,
        case
            when is_last_step_known then return_state
            when inspected_on is not null then 'inspected'
            when received_on is not null then 'received'
            else 'confirmed'
        end as known_state,
        case when is_last_step_known then outcome end as known_outcome,
        case when is_last_step_known then credit_document_id end as known_credit_document_id
    from known
),

-- Where the goods are decides, not the word of the state: each received piece lies in one part.
placed as (
    select
        stepped.*,
        case
            when known_state = 'cancelled' or received_on is null then 'not_received'
            when known_outcome is not null then known_outcome
            when inspected_on is null then 'quarantine'
            else 'inspected'
        end as goods_place
    from stepped
)

select
    rma_id,
    line_no,
    shipment_id,
    shipment_line_no,
    shipment_number,
    order_id,
    order_line_no,
    customer_id,
    warehouse_id,
    product_id,
    reason,
    known_state as return_state,
    known_outcome as outcome,
    goods_place,
    opened_on,
    received_on,
    inspected_on,
    closed_on,
    coalesce(closed_on, inspected_on, received_on, opened_on) as state_since_on,
    returned_qty,
    case when goods_place <> 'not_received' then returned_qty else 0 end as received_qty,
    known_credit_document_id as credit_document_id,
    known_credit_document_id is not null and received_on is null as is_credited_before_receipt,
    source_system,
    source_id
from placed
