-- LIFECYCLESTATUS: N new, P in process, C closed, X cancelled, R rejected. A new order is not
-- placed yet; rejected and cancelled ones stay, their lines are cancelled.
select
    ltrim("PURCHASEORDERID", '0') as po_id,
    "PURCHASEORDERID" as number,
    ltrim("PARTNER.PARTNERID", '0') as supplier_id,
    "HISTORY.CREATEDAT" as order_date,
    "CURRENCY" as currency,
    null as incoterm,
    null as buyer_id,
    _file,
    _line,
    _defect
from purchase_order
where "LIFECYCLESTATUS" is distinct from 'N' or _defect is not null
