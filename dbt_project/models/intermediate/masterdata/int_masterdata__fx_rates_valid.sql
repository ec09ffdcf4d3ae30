with fx_rates as (
    select * from {{ ref('stg_reference__fx_rates') }}
)

select
    currency_code,
    rate_on as valid_from,
    lead(rate_on) over (partition by currency_code order by rate_on) as valid_to,
    -- Company currency for one unit.
    rate / nominal as company_rate
from fx_rates
where currency_code <> {{ company_currency() }}

union all

select
    {{ company_currency() }} as currency_code,
    cast('1900-01-01' as date) as valid_from,
    cast(null as date) as valid_to,
    1.0 as company_rate
