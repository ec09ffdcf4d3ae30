-- uses: line, paper
-- Every invoice and credit with its whole total, fees included. Whether prices hold tax is not
-- said, so the tax is unknown. The files hold no payments: what is still owed is not known either.
select
    paper as document_id,
    case when is_cost then 'other' when is_credit then 'credit_note' else 'invoice' end as kind,
    paper as number,
    invoiced_on as doc_date,
    invoiced_on as posting_date,
    customer_id,
    '' as contract_id,
    'UK' as legal_entity,
    'GBP' as currency,
    amount as amount_gross,
    null as amount_tax,
    'GBP' as company_currency,
    amount as amount_company,
    case when has_goods and not is_credit then paper end as order_id,
    null as reverses_document_id,
    null as original_document_id,
    false as is_disputed,
    null as payer_text,
    null as _file,
    null as _line,
    null as _defect
from paper
union all by name
select
    _file,
    _line,
    _defect
from line
where _defect is not null
