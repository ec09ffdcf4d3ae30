-- A purchase line is received in full on one day. The inventory transaction that posted it tells
-- when somebody typed it.
select
    l.purchase_order_id as receipt_id,
    l.id as line_no,
    l.purchase_order_id as po_id,
    l.id as po_line_no,
    l.product_id,
    'NW' as warehouse_id,
    l.date_received as received_at,
    t.transaction_created_date as entered_at,
    l.quantity as qty,
    'pcs' as uom,
    'usable' as quality_status,
    l._file,
    l._line,
    l._defect
from purchase_order_details as l
left join inventory_transactions as t on t.id = l.inventory_id and t._defect is null
where l.date_received is not null or l._defect is not null
