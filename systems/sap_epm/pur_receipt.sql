-- A closed order was sent, received and invoiced in full; the export keeps no goods receipts, so
-- the receipt is dated on the day the order was changed last.
select
    ltrim(i."HEADER.PURCHASEORDERID", '0') as receipt_id,
    i."PURCHASEORDERITEM" as line_no,
    ltrim(i."HEADER.PURCHASEORDERID", '0') as po_id,
    i."PURCHASEORDERITEM" as po_line_no,
    i."PRODUCT.PRODUCTID" as product_id,
    'EPM' as warehouse_id,
    o."HISTORY.CHANGEDAT" || 'T00:00:00' as received_at,
    null as entered_at,
    i."QUANTITY" as qty,
    i."QUANTITYUNIT" as uom,
    'usable' as quality_status,
    i._file,
    i._line,
    i._defect
from purchase_order_item as i
left join purchase_order as o
    on
        ltrim(o."PURCHASEORDERID", '0') = ltrim(i."HEADER.PURCHASEORDERID", '0')
        and o._defect is null
where o."LIFECYCLESTATUS" = 'C' or i._defect is not null
