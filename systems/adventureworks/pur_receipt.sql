-- Complete orders alone have receipts, whatever ReceivedQty says of the others: approved ones are
-- on their way. What was stocked is usable; what was rejected is held for its return. The files
-- keep no day of receipt: the order was completed on the day its header changed last.
with outcome as (
    select
        *,
        'stocked' as outcome,
        'usable' as quality_status,
        regexp_replace("StockedQty", '^\.', '0.') as qty
    from purchase_order_detail
    union all
    select
        *,
        'rejected' as outcome,
        'return_hold' as quality_status,
        regexp_replace("RejectedQty", '^\.', '0.') as qty
    from purchase_order_detail
    where _defect is null
)

select
    o."PurchaseOrderID" || '-' || o.outcome as receipt_id,
    o."PurchaseOrderDetailID" as line_no,
    o."PurchaseOrderID" as po_id,
    o."PurchaseOrderDetailID" as po_line_no,
    o."ProductID" as product_id,
    null as warehouse_id,
    regexp_replace(h."ModifiedDate", '\.000$', '') as received_at,
    null as entered_at,
    o.qty,
    'EA' as uom,
    o.quality_status,
    o._file,
    o._line,
    o._defect
from outcome as o
left join purchase_order_header as h
    on h."PurchaseOrderID" = o."PurchaseOrderID" and h._defect is null
where
    o._defect is not null
    or (h."Status" = '4' and coalesce(try_cast(o.qty as decimal(18, 6)) <> 0, true))
