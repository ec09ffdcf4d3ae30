-- Warn about own companies booked in another currency than the company's: their company amounts
-- must not be added to the others'.
{{ config(severity='warn') }}

select
    legal_entity,
    company_currency_code,
    count(*) as paper_count
from {{ ref('stg_accounting__documents') }}
where company_currency_code <> {{ company_currency() }}
group by legal_entity, company_currency_code
