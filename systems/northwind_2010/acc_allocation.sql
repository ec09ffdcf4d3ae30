-- uses: bill
-- A payment settles its own invoice in full, from the later of the two days.
select
    'P' || invoice_id as allocation_id,
    'P' || invoice_id as from_document_id,
    1 as from_instalment_no,
    invoice_id as to_document_id,
    1 as to_instalment_no,
    amount,
    amount as from_amount,
    amount as amount_company,
    greatest(paid_on, invoiced_on) as effective_date,
    _file,
    _line,
    _defect
from bill
where paid_on is not null or _defect is not null
