-- Every order, new ones too: Northwind keeps no quotations. An order is prepaid when it was paid
-- before it left. The files name no currency: prices of this company are in dollars.
select
    id as order_id,
    id as number,
    customer_id,
    employee_id,
    split_part(order_date, ' ', 1) as order_date,
    'USD' as currency,
    '' as contract_id,
    coalesce(paid_date < coalesce(shipped_date, '9999'), false) as prepaid,
    _file,
    _line,
    _defect
from orders
