-- uses: main_company
-- Rates of the main company (the first one without a parent), for active currencies.
-- Odoo stores how many units of the currency one reference unit buys; the contract wants the
-- inverse, so both sides are divided by the main company's own currency (normally 1.0) as Odoo
-- does. A rate kept for the company goes before one shared by all. Weak currencies are quoted per
-- 100 or per million so that eight decimals keep enough digits.
with kept as (
    select distinct on (r.currency_id, r.name)
        r.id,
        r.currency_id,
        r.name as rate_date,
        r.rate
    from res_currency_rate as r
    cross join main_company as m
    where r.rate > 0 and (r.company_id = m.company_id or r.company_id is null)
    order by r.currency_id, r.name, r.company_id nulls last
),

own_span as (
    select
        k.rate,
        k.rate_date as valid_from,
        lead(k.rate_date) over (order by k.rate_date) as valid_to
    from kept as k
    inner join main_company as m on m.currency_id = k.currency_id
),

inverse as (
    select
        k.id,
        c.name as currency,
        k.rate_date,
        coalesce(own.rate, 1) / k.rate as rate
    from kept as k
    inner join res_currency as c on c.id = k.currency_id and c.active
    left join own_span as own
        on
            k.rate_date >= own.valid_from
            and (own.valid_to is null or k.rate_date < own.valid_to)
),

quoted as (
    select
        *,
        case
            when rate >= 0.1 then 1
            when rate >= 0.001 then 100
            else 1000000
        end as nominal
    from inverse
)

select
    currency::text as currency,
    rate_date,
    round(rate * nominal, 8)::numeric(18, 8) as rate,
    nominal::integer as nominal,
    'Odoo'::text as source,
    id::text as source_id
from quoted
