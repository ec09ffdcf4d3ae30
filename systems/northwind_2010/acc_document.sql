-- uses: bill
-- Invoices, and the payment that the order's paid date stands for: there is no list of payments,
-- and a paid order is paid in full. Some orders were paid before they were invoiced.
select
    invoice_id as document_id,
    'invoice' as kind,
    invoice_id as number,
    invoiced_on as doc_date,
    invoiced_on as posting_date,
    customer_id,
    '' as contract_id,
    'NW' as legal_entity,
    'USD' as currency,
    amount as amount_gross,
    tax as amount_tax,
    'USD' as company_currency,
    amount as amount_company,
    order_id,
    null as reverses_document_id,
    null as original_document_id,
    false as is_disputed,
    null as payer_text,
    _file,
    _line,
    _defect
from bill
union all by name
select
    'P' || invoice_id as document_id,
    'payment' as kind,
    'P' || invoice_id as number,
    paid_on as doc_date,
    paid_on as posting_date,
    customer_id,
    '' as contract_id,
    'NW' as legal_entity,
    'USD' as currency,
    -amount as amount_gross,
    'USD' as company_currency,
    -amount as amount_company,
    order_id,
    false as is_disputed,
    _file,
    _line
from bill
where paid_on is not null and _defect is null
