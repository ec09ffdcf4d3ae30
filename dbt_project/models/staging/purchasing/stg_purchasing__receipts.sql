{{ config(unique_key='receipt_id') }}

with receipts as (
    select * from {{ source('purchasing', 'pur_receipt') }}
),

order_lines as (
    select * from {{ ref('stg_purchasing__order_lines') }}
),

warehouses as (
    select * from {{ ref('stg_reference__warehouses') }}
),

dated as (
    select
        receipts.receipt_id,
        receipts.line_no,
        receipts.po_id,
        receipts.po_line_no,
        coalesce(receipts.product_id, order_lines.product_id) as product_id,
        coalesce(receipts.warehouse_id, order_lines.warehouse_id) as warehouse_id,
        receipts.received_at,
        receipts.entered_at,
        receipts.quality_status,
        receipts.qty,
        receipts.uom,
        receipts.source_system,
        receipts.source_id,
        {{ business_date('receipts.received_at', zone_of('warehouses')) }} as received_on
    from receipts
    left join order_lines
        on
            receipts.po_id = order_lines.po_id
            and receipts.po_line_no = order_lines.line_no
    left join warehouses
        on coalesce(receipts.warehouse_id, order_lines.warehouse_id) = warehouses.warehouse_id
)

select
    dated.receipt_id,
    dated.line_no,
    dated.po_id,
    dated.po_line_no,
    dated.product_id,
    dated.warehouse_id,
    dated.received_at,
    dated.received_on,
    dated.entered_at,
    dated.quality_status,

    dated.qty as source_qty,
    dated.uom,
    {{ base_qty('dated', 'dated.qty') }} as base_qty,

    dated.source_system,
    dated.source_id
from dated
{{ join_base_unit('dated', 'dated.received_on') }}
