-- Rates of the central bank in EUR, the currency of the books; days off have none.
with

rates as (
    select * from erp.rate
)

select
    rates.currency::text as currency,
    rates.day::date as rate_date,
    rates.value::numeric(18, 8) as rate,
    rates.per::integer as nominal,
    rates.origin::text as source,
    rates.currency || '@' || rates.day as source_id
from rates
order by rates.currency, rates.day
