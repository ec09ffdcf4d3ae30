{{ config(materialized='table') }}

with returns as (
    select * from {{ ref('stg_sales__returns') }}
    where opened_at <= {{ run_at() }}
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

-- Where the goods are decides, not the word of the state: each received piece lies in one part.
placed as (
    select
        based.*,
        case
            when return_state = 'cancelled' or received_at is null then 'not_received'
            when outcome is not null then outcome
            when inspected_at is null then 'quarantine'
            else 'inspected'
        end as goods_place
    from based
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
    return_state,
    outcome,
    goods_place,
    {{ business_date('opened_at', 'warehouse_tz') }} as opened_on,
    {{ business_date('received_at', 'warehouse_tz') }} as received_on,
    {{ business_date('inspected_at', 'warehouse_tz') }} as inspected_on,
    {{ business_date('closed_at', 'warehouse_tz') }} as closed_on,
    {{ business_date(
        'coalesce(closed_at, inspected_at, received_at, opened_at)', 'warehouse_tz'
    ) }} as state_since_on,
    returned_qty,
    case when goods_place <> 'not_received' then returned_qty else 0 end as received_qty,
    credit_document_id,
    credit_document_id is not null and received_at is null as is_credited_before_receipt,
    source_system,
    source_id
from placed
