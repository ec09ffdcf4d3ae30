-- The ledger's own totals on the evening of the business date. They are kept from postings,
-- never from open items, so they can be held against them; later-dated papers count.
with

totals as (
    select * from erp.ledger_total
    where day = current_setting('daymart.as_of')::date
),

partners as (
    select * from erp.partner
)

select
    totals.day::date as as_of,
    ('NL' || totals.entity)::text as legal_entity,
    partners.code::text as customer_id,
    totals.agreement::text as contract_id,
    totals.currency::text as currency,
    totals.balance::numeric(18, 2) as balance,
    totals.balance_eur::numeric(18, 2) as balance_company,
    concat_ws(
        '/', totals.day, totals.entity, partners.code, totals.agreement, totals.currency
    ) as source_id
from totals
left join partners on totals.partner_id = partners.id
order by totals.entity, partners.code, totals.agreement, totals.currency
