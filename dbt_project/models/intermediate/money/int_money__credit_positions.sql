{{ config(
    materialized='table',
    indexes=[{'columns': ['legal_entity', 'customer_id'], 'unique': true}]
) }}

with exposures as (
    select * from {{ ref('int_money__exposures_by_account') }}
),

rates_closing as (
    select * from {{ ref('int_money__rates_closing') }}
),

credit_limits as (
    select * from {{ ref('stg_accounting__credit_limits') }}
    where valid_from <= {{ as_of() }}
),

ranked_limits as (
    select
        credit_limits.*,
        row_number() over (
            partition by customer_id, legal_entity order by valid_from desc, source_system asc
        ) as limit_rank
    from credit_limits
),

current_limits as (
    select * from ranked_limits
    where limit_rank = 1
),

customers_dealt_with as (
    select
        legal_entity,
        customer_id
    from exposures

    union distinct

    select
        legal_entity,
        customer_id
    from current_limits
),

with_limits as (
    select
        customers_dealt_with.legal_entity,
        customers_dealt_with.customer_id,
        -- Without a limit the exposure is told in the currency of the books.
        coalesce(current_limits.currency_code, {{ company_currency() }}) as currency_code,
        current_limits.limit_amount,
        coalesce(current_limits.is_blocked_by_hand, false) as is_blocked_by_hand,
        current_limits.reason
    from customers_dealt_with
    left join current_limits
        on
            customers_dealt_with.legal_entity = current_limits.legal_entity
            and customers_dealt_with.customer_id = current_limits.customer_id
),

converted as (
    select
        exposures.legal_entity,
        exposures.customer_id,
        case
            when exposures.currency_code = with_limits.currency_code then exposures.exposure_amount
            when exposures.exposure_amount = 0 then 0
            else
                round(
                    exposures.exposure_amount
                    * own_rate.closing_rate * limit_rate.closing_rate_nominal
                    / (own_rate.closing_rate_nominal * limit_rate.closing_rate), 2
                )
        end as exposure_amount
    from exposures
    inner join with_limits
        on
            exposures.legal_entity = with_limits.legal_entity
            and exposures.customer_id = with_limits.customer_id
    left join rates_closing as own_rate
        on exposures.currency_code = own_rate.currency_code
    left join rates_closing as limit_rate
        on with_limits.currency_code = limit_rate.currency_code
),

totals as (
    select
        legal_entity,
        customer_id,
        -- One part without a rate leaves the whole unknown: a sum of the rest would look small.
        case when count(*) = count(exposure_amount) then sum(exposure_amount) end
            as exposure_amount
    from converted
    group by legal_entity, customer_id
),

measured as (
    select
        with_limits.*,
        case when totals.customer_id is null then 0 else totals.exposure_amount end
            as exposure_amount
    from with_limits
    left join totals
        on
            with_limits.legal_entity = totals.legal_entity
            and with_limits.customer_id = totals.customer_id
)

select
    legal_entity,
    customer_id,
    currency_code,
    cast(limit_amount as numeric(18, 2)) as limit_amount,
    reason,
    cast(exposure_amount as numeric(18, 2)) as exposure_amount,
    cast(limit_amount - exposure_amount as numeric(18, 2)) as headroom_amount,
    -- A limit of nothing has no share in use: prepayment only.
    cast(
        case when limit_amount > 0 then exposure_amount / limit_amount end as numeric(18, 4)
    ) as utilisation_share,
    coalesce(exposure_amount > limit_amount, false) as is_over_limit,
    cast(
        case when exposure_amount > limit_amount then exposure_amount - limit_amount end
        as numeric(18, 2)
    ) as over_limit_lift_amount,
    is_blocked_by_hand
from measured
