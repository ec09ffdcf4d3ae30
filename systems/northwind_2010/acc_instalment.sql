-- uses: bill
-- One instalment a paper. Invoices name no due date.
select
    invoice_id as document_id,
    1 as instalment_no,
    due_on as due_date,
    amount,
    amount as amount_company,
    _file,
    _line,
    _defect
from bill
union all by name
select
    'P' || invoice_id as document_id,
    1 as instalment_no,
    -amount as amount,
    -amount as amount_company,
    _file,
    _line
from bill
where paid_on is not null and _defect is null
