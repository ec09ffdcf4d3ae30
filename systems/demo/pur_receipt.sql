-- Receipts, in the unit of the purchase. Goods that came without papers have no order.
with

receipts as (
    select * from erp.purchase_receipt
),

qualities (code, quality_status) as (
    values
    ('A', 'usable'),
    ('Q', 'quarantine'),
    ('D', 'damaged')
)

select
    receipts.id::text as receipt_id,
    receipts.line_no::integer as line_no,
    receipts.purchase_id::text as po_id,
    receipts.purchase_line::integer as po_line_no,
    receipts.item_id::text as product_id,
    receipts.store::text as warehouse_id,
    receipts.arrived_at::timestamptz as received_at,
    receipts.typed_at::timestamptz as entered_at,
    receipts.qty::numeric(18, 6) as qty,
    receipts.unit::text as uom,
    coalesce(qualities.quality_status, receipts.quality)::text as quality_status,
    receipts.id || '/' || receipts.line_no as source_id
from receipts
left join qualities on receipts.quality = qualities.code
order by receipts.id, receipts.line_no
