-- Status: 1 pending, 2 approved, 3 rejected, 4 complete. A pending order is not placed yet and is
-- no order here; a rejected one stays, its lines are cancelled.
select
    "PurchaseOrderID" as po_id,
    "PurchaseOrderID" as number,
    "VendorID" as supplier_id,
    regexp_replace("OrderDate", ' 00:00:00\.000$', '') as order_date,
    'USD' as currency,
    null as incoterm,
    "EmployeeID" as buyer_id,
    _file,
    _line,
    _defect
from purchase_order_header
where "Status" is distinct from '1' or _defect is not null
