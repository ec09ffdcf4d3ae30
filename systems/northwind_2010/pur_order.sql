-- Status: 0 new, 1 submitted, 2 approved, 3 closed. A new order is not placed yet and is none here.
select
    id as po_id,
    id as number,
    supplier_id,
    split_part(submitted_date, ' ', 1) as order_date,
    'USD' as currency,
    null as incoterm,
    created_by as buyer_id,
    _file,
    _line,
    _defect
from purchase_orders
where status_id is distinct from '0' or _defect is not null
