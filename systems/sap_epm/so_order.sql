-- LIFECYCLESTATUS: N new, P in process, C closed, X cancelled. A new order is not confirmed yet and
-- a cancelled one was never billed or delivered: neither is an order here.
select
    ltrim("SALESORDERID", '0') as order_id,
    "SALESORDERID" as number,
    ltrim("PARTNER.PARTNERID", '0') as customer_id,
    null as employee_id,
    "HISTORY.CREATEDAT" as order_date,
    "CURRENCY" as currency,
    '' as contract_id,
    false as prepaid,
    _file,
    _line,
    _defect
from sales_order
where coalesce("LIFECYCLESTATUS", '') not in ('N', 'X') or _defect is not null
