-- Fail for every own company whose papers are booked in more than one currency: its company
-- amounts could not be added.
select
    legal_entity,
    min(company_currency_code) as first_currency_code,
    max(company_currency_code) as last_currency_code
from {{ ref('stg_accounting__documents') }}
group by legal_entity
having min(company_currency_code) <> max(company_currency_code)
