-- The files name no currency: prices of this company are in dollars.
select
    order_id,
    order_id as number,
    customer_id,
    employee_id,
    order_date,
    'USD' as currency,
    '' as contract_id,
    false as prepaid,
    _file,
    _line,
    _defect
from orders
