-- uses: line, paper
-- An invoice with goods is the order it answers: the shop keeps no other. Credits, papers of fees
-- alone and corrections of the stock are no orders. Broken lines go on to quarantine.
select
    paper as order_id,
    paper as number,
    customer_id,
    null as employee_id,
    invoiced_on as order_date,
    'GBP' as currency,
    '' as contract_id,
    false as prepaid,
    null as _file,
    null as _line,
    null as _defect
from paper
where not is_credit and has_goods
union all by name
select
    _file,
    _line,
    _defect
from line
where _defect is not null
