-- uses: receivable_line
-- The ledger's own residuals, which Odoo keeps on every receivable line. They do not pass through
-- our allocations, so open items can be held against them. Groups that owe nothing stay in the
-- list: a vanished debt must show as a zero, not as a missing row. Customer and currency as in
-- acc_document.sql.
select
    current_setting('daymart.as_of')::date as as_of,
    company_id::text as legal_entity,
    customer_id::text as customer_id,
    ''::text as contract_id,
    currency::text as currency,
    round(sum(amount_residual_currency), 2)::numeric(18, 2) as balance,
    round(sum(amount_residual), 2)::numeric(18, 2) as balance_company,
    customer_id::text as source_id
from receivable_line
group by company_id, customer_id, currency
