-- The ledger's own residuals, which Odoo keeps on every receivable line. They do not pass through
-- our allocations, so open items can be held against them. Groups that owe nothing stay in the
-- list: a vanished debt must show as a zero, not as a missing row. Customer and currency as in
-- acc_document.sql.
with receivable_line as (
    select
        l.company_id,
        coalesce(p.commercial_partner_id, p.id) as customer_id,
        currency.name as currency,
        l.amount_residual_currency,
        l.amount_residual
    from account_move_line as l
    inner join account_account as a on a.id = l.account_id
    inner join res_partner as p on p.id = l.partner_id
    inner join res_currency as currency on currency.id = l.currency_id
    where a.account_type = 'asset_receivable' and l.parent_state = 'posted'
)

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
