-- The status of the order decides: ReceivedQty is filled for pending and rejected orders too. Lines
-- of pending orders are none yet. What a complete order lacks will not come. The due date is the
-- day asked for; what the supplier confirmed is not kept. Lines are numbered by their id.
with ordered as (
    select
        *,
        greatest(
            try_cast("OrderQty" as decimal(18, 6)) - try_cast("ReceivedQty" as decimal(18, 6)), 0
        ) as missing_qty
    from purchase_order_detail
)

select
    d."PurchaseOrderID" as po_id,
    d."PurchaseOrderDetailID" as line_no,
    d."ProductID" as product_id,
    null as warehouse_id,
    d."OrderQty" as qty,
    'EA' as uom,
    regexp_replace(d."UnitPrice", '^\.', '0.') as price,
    regexp_replace(d."DueDate", ' 00:00:00\.000$', '') as requested_date,
    null as first_confirmed_date,
    null as expected_date,
    case h."Status"
        when '2' then 'confirmed'
        when '3' then 'cancelled'
        when '4' then 'received'
        else coalesce(h."Status", 'no such order')
    end as state,
    case h."Status"
        when '3' then d."OrderQty"
        when '4' then coalesce(d.missing_qty::varchar, d."ReceivedQty")
        else '0'
    end as cancelled_qty,
    d._file,
    d._line,
    d._defect
from ordered as d
left join purchase_order_header as h
    on h."PurchaseOrderID" = d."PurchaseOrderID" and h._defect is null
where h."Status" is distinct from '1' or d._defect is not null
