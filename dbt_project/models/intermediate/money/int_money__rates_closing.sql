with fx_rates as (
    select * from {{ ref('stg_reference__fx_rates') }}
    where rate_on <= {{ as_of() }}
),

ranked as (
    select
        fx_rates.*,
        row_number() over (
            partition by currency_code order by rate_on desc, source_system asc, source_id asc
        ) as rate_rank
    from fx_rates
    where currency_code <> {{ company_currency() }}
)

select
    currency_code,
    rate as closing_rate,
    nominal as closing_rate_nominal,
    rate_on as closing_rate_on,
    rate_on < {{ as_of() }} as is_closing_rate_earlier
from ranked
where rate_rank = 1

union all

select
    {{ company_currency() }} as currency_code,
    cast(1 as numeric(18, 8)) as closing_rate,
    1 as closing_rate_nominal,
    cast(null as date) as closing_rate_on,
    false as is_closing_rate_earlier
