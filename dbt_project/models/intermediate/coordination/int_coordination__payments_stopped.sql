with accounts as (
    select * from {{ ref('receivables_customer') }}
),

rates as (
    select * from {{ ref('int_money__rates_closing') }}
),

-- What lifts a stop is told in one currency: their own where all parts have the same.
currencies as (
    select
        legal_entity,
        customer_id,
        case
            when
                min(currency_code) = max(currency_code)
                and coalesce(max(case when is_over_limit then credit_currency_code end), '')
                in ('', max(currency_code))
                then max(currency_code)
            else {{ company_currency() }}
        end as lift_currency_code
    from accounts
    where overdue_lift_amount is not null
    group by legal_entity, customer_id
),

told as (
    select
        accounts.*,
        coalesce(currencies.lift_currency_code, accounts.credit_currency_code)
            as lift_currency_code
    from accounts
    left join currencies
        on
            accounts.legal_entity = currencies.legal_entity
            and accounts.customer_id = currencies.customer_id
),

converted as (
    select
        told.*,
        {{ in_currency(
            'told.overdue_lift_amount', 'told.currency_code', 'told.lift_currency_code',
            'own_rate', 'lift_rate'
        ) }} as overdue_lift,
        {{ in_currency(
            'told.over_limit_lift_amount', 'told.credit_currency_code',
            'told.lift_currency_code', 'limit_rate', 'lift_rate'
        ) }} as over_limit_lift
    from told
    left join rates as own_rate
        on told.currency_code = own_rate.currency_code
    left join rates as limit_rate
        on told.credit_currency_code = limit_rate.currency_code
    left join rates as lift_rate
        on told.lift_currency_code = lift_rate.currency_code
),

totals as (
    select
        legal_entity,
        customer_id,
        max(case when is_over_limit then 1 else 0 end) = 1 as is_over_limit,
        max(case when is_stopped_by_overdue then 1 else 0 end) = 1 as is_stopped_by_overdue,
        max(case when is_blocked_by_hand then 1 else 0 end) = 1 as is_blocked_by_hand,
        max(case when is_risk_flagged then 1 else 0 end) = 1 as is_risk_flagged,
        max(credit_limit_reason) as credit_limit_reason,
        max(credit_utilisation_share) as credit_utilisation_share,
        max(lift_currency_code) as lift_currency_code,
        -- A part without a rate leaves the whole unknown.
        cast(
            case
                when count(overdue_lift_amount) = count(overdue_lift) then sum(overdue_lift)
            end as numeric(18, 2)
        ) as overdue_lift_amount,
        cast(max(over_limit_lift) as numeric(18, 2)) as over_limit_lift_amount
    from converted
    group by legal_entity, customer_id
)

select
    totals.*,
    -- For a line whose own company is not known, the customer's worst stands.
    row_number() over (
        partition by customer_id
        order by
            case when is_blocked_by_hand then 0 else 1 end,
            case when is_stopped_by_overdue then 0 else 1 end,
            case when is_over_limit then 0 else 1 end,
            legal_entity
    ) as severity_rank
from totals
