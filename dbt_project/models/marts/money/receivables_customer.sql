with open_items as (
    select * from {{ ref('int_money__open_items_valued') }}
),

exposures as (
    select * from {{ ref('int_money__exposures_by_account') }}
),

credit_positions as (
    select * from {{ ref('int_money__credit_positions') }}
),

sales_collected as (
    select * from {{ ref('int_money__sales_collected') }}
),

delays_usual as (
    select * from {{ ref('int_money__delays_usual') }}
),

customers as (
    select * from {{ ref('int_masterdata__customers_with_managers') }}
),

overdue_thresholds as (
    select * from {{ ref('overdue_threshold') }}
),

balances as (
    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        max(company_currency_code) as company_currency_code,

        sum(open_amount) as balance_amount,
        sum(case when ageing_column = 'not_due_amount' then open_amount else 0 end)
            as not_due_amount,
        sum(case when ageing_column = 'overdue_1_30_amount' then open_amount else 0 end)
            as overdue_1_30_amount,
        sum(case when ageing_column = 'overdue_31_60_amount' then open_amount else 0 end)
            as overdue_31_60_amount,
        sum(case when ageing_column = 'overdue_61_90_amount' then open_amount else 0 end)
            as overdue_61_90_amount,
        sum(case when ageing_column = 'overdue_91_plus_amount' then open_amount else 0 end)
            as overdue_91_plus_amount,
        sum(case when is_unapplied then open_amount else 0 end) as unapplied_amount,
        sum(case when ageing_column <> 'not_due_amount' then open_amount else 0 end)
            as overdue_amount,
        sum(
            case when ageing_column <> 'not_due_amount' and is_disputed then open_amount else 0 end
        ) as overdue_disputed_amount,
        sum(case when ageing_column <> 'not_due_amount' then remaining_amount else 0 end)
            as overdue_remaining_amount,
        sum(case when is_disputed and not is_unapplied then open_amount else 0 end)
            as disputed_amount,
        sum(case when is_unapplied then derived_amount else 0 end) as derived_amount,
        min(due_on_effective) as oldest_due_on,

        sum(open_company_amount) as balance_company_amount,
        -- One item without a rate leaves the whole unknown.
        case when count(*) = count(closing_company_amount) then sum(closing_company_amount) end
            as closing_company_amount,
        max(case when is_closing_rate_earlier then 1 else 0 end) = 1 as is_closing_rate_earlier,
        sum(case when is_future and is_money_paper then -instalment_amount else 0 end)
            as future_receipts_amount,
        sum(future_amount) as future_amount,
        sum(future_company_amount) as future_company_amount
    from open_items
    group by legal_entity, customer_id, contract_id, currency_code
),

accounts as (
    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code
    from balances

    union distinct

    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code
    from exposures
    where exposure_amount <> 0
),

-- A customer with a limit and nothing owed or ordered has one row, in the currency of the limit.
idle_accounts as (
    select
        credit_positions.legal_entity,
        credit_positions.customer_id,
        '' as contract_id,
        credit_positions.currency_code
    from credit_positions
    left join accounts
        on
            credit_positions.legal_entity = accounts.legal_entity
            and credit_positions.customer_id = accounts.customer_id
    where accounts.customer_id is null
),

all_accounts as (
    select * from accounts

    union all

    select * from idle_accounts
),

judged as (
    select
        all_accounts.legal_entity,
        all_accounts.customer_id,
        all_accounts.contract_id,
        all_accounts.currency_code,
        coalesce(balances.company_currency_code, {{ company_currency() }})
            as company_currency_code,

        coalesce(balances.balance_amount, 0) as balance_amount,
        coalesce(balances.not_due_amount, 0) as not_due_amount,
        coalesce(balances.overdue_1_30_amount, 0) as overdue_1_30_amount,
        coalesce(balances.overdue_31_60_amount, 0) as overdue_31_60_amount,
        coalesce(balances.overdue_61_90_amount, 0) as overdue_61_90_amount,
        coalesce(balances.overdue_91_plus_amount, 0) as overdue_91_plus_amount,
        coalesce(balances.unapplied_amount, 0) as unapplied_amount,
        coalesce(balances.overdue_amount, 0) as overdue_amount,
        coalesce(balances.overdue_amount - balances.overdue_disputed_amount, 0)
            as overdue_undisputed_amount,
        coalesce(balances.overdue_remaining_amount, 0) as overdue_remaining_amount,
        coalesce(balances.derived_amount, 0) as derived_amount,
        greatest(
            coalesce(balances.overdue_amount, 0) + least(coalesce(balances.unapplied_amount, 0), 0),
            0
        ) as overdue_net_amount,
        -- Without any threshold every overdue amount matters.
        coalesce(own_threshold.threshold_amount, general_threshold.threshold_amount, 0)
            as threshold_amount,
        balances.oldest_due_on,
        coalesce(balances.disputed_amount, 0) as disputed_amount,

        coalesce(balances.balance_company_amount, 0) as balance_company_amount,
        case when balances.customer_id is null then 0 else balances.closing_company_amount end
            as closing_company_amount,
        coalesce(balances.is_closing_rate_earlier, false) as is_closing_rate_earlier,
        coalesce(balances.future_receipts_amount, 0) as future_receipts_amount,
        coalesce(balances.future_amount, 0) as future_amount,
        coalesce(balances.future_company_amount, 0) as future_company_amount
    from all_accounts
    left join balances
        on
            all_accounts.legal_entity = balances.legal_entity
            and all_accounts.customer_id = balances.customer_id
            and all_accounts.contract_id = balances.contract_id
            and all_accounts.currency_code = balances.currency_code
    left join overdue_thresholds as own_threshold
        on all_accounts.currency_code = own_threshold.currency_code
    left join overdue_thresholds as general_threshold
        on general_threshold.currency_code = '*'
),

weighed as (
    select
        judged.*,
        judged.overdue_amount > 0
        and judged.overdue_amount >= judged.threshold_amount as is_overdue_material
    from judged
),

-- Who is late on one contract is not supplied on another: the stop is the customer's.
stopped as (
    select
        weighed.*,
        max(case when weighed.is_overdue_material then 1 else 0 end) over (
            partition by weighed.legal_entity, weighed.customer_id
        ) = 1 as is_stopped_by_overdue,
        case
            when weighed.is_overdue_material
                then
                    least(
                        weighed.overdue_amount,
                        weighed.overdue_amount - weighed.threshold_amount + 0.01
                    )
        end as overdue_lift_amount,
        coalesce(credit_positions.is_over_limit, false) as is_over_limit,
        coalesce(credit_positions.is_blocked_by_hand, false) as is_blocked_by_hand,
        coalesce(customers.is_risk_flagged, false) as is_risk_flagged,
        credit_positions.currency_code as credit_currency_code,
        credit_positions.limit_amount as credit_limit_amount,
        credit_positions.reason as credit_limit_reason,
        credit_positions.exposure_amount as credit_exposure_amount,
        credit_positions.headroom_amount as credit_headroom_amount,
        credit_positions.utilisation_share as credit_utilisation_share,
        credit_positions.over_limit_lift_amount,
        customers.customer_name,
        customers.manager_id,
        customers.manager_name
    from weighed
    left join credit_positions
        on
            weighed.legal_entity = credit_positions.legal_entity
            and weighed.customer_id = credit_positions.customer_id
    left join customers
        on weighed.customer_id = customers.customer_id
)

select
    stopped.legal_entity,
    stopped.customer_id,
    stopped.contract_id,
    stopped.currency_code,
    {{ name_or_placeholder('stopped.customer_name', 'customer', 'stopped.customer_id') }}
        as customer_name,
    stopped.manager_id,
    stopped.manager_name,

    cast(stopped.balance_amount as numeric(18, 2)) as balance_amount,
    cast(stopped.not_due_amount as numeric(18, 2)) as not_due_amount,
    cast(stopped.overdue_1_30_amount as numeric(18, 2)) as overdue_1_30_amount,
    cast(stopped.overdue_31_60_amount as numeric(18, 2)) as overdue_31_60_amount,
    cast(stopped.overdue_61_90_amount as numeric(18, 2)) as overdue_61_90_amount,
    cast(stopped.overdue_91_plus_amount as numeric(18, 2)) as overdue_91_plus_amount,
    cast(stopped.unapplied_amount as numeric(18, 2)) as unapplied_amount,

    cast(stopped.overdue_amount as numeric(18, 2)) as overdue_amount,
    cast(stopped.overdue_net_amount as numeric(18, 2)) as overdue_net_amount,
    stopped.is_overdue_material,
    stopped.oldest_due_on,
    cast(stopped.disputed_amount as numeric(18, 2)) as disputed_amount,

    stopped.company_currency_code,
    cast(stopped.balance_company_amount as numeric(18, 2)) as balance_company_amount,
    cast(stopped.future_receipts_amount as numeric(18, 2)) as future_receipts_amount,
    cast(stopped.future_amount as numeric(18, 2)) as future_amount,
    cast(stopped.future_company_amount as numeric(18, 2)) as future_company_amount,

    cast(stopped.overdue_undisputed_amount as numeric(18, 2)) as overdue_undisputed_amount,
    cast(stopped.derived_amount as numeric(18, 2)) as derived_amount,
    cast(stopped.overdue_remaining_amount as numeric(18, 2)) as overdue_remaining_amount,
    cast(stopped.closing_company_amount as numeric(18, 2)) as closing_company_amount,
    cast(stopped.closing_company_amount - stopped.balance_company_amount as numeric(18, 2))
        as exchange_difference_amount,
    stopped.is_closing_rate_earlier,

    cast(coalesce(exposures.open_orders_amount, 0) as numeric(18, 2)) as open_orders_amount,
    cast(coalesce(exposures.shipped_not_invoiced_amount, 0) as numeric(18, 2))
        as shipped_not_invoiced_amount,
    cast(coalesce(exposures.invoiced_not_posted_amount, 0) as numeric(18, 2))
        as invoiced_not_posted_amount,
    cast(coalesce(exposures.open_items_amount, 0) as numeric(18, 2)) as open_items_amount,
    cast(coalesce(exposures.exposure_amount, 0) as numeric(18, 2)) as exposure_amount,

    stopped.credit_currency_code,
    stopped.credit_limit_amount,
    stopped.credit_limit_reason,
    stopped.credit_exposure_amount,
    stopped.credit_headroom_amount,
    stopped.credit_utilisation_share,

    stopped.is_over_limit
    or stopped.is_stopped_by_overdue
    or stopped.is_blocked_by_hand
    or stopped.is_risk_flagged as is_stopped,
    nullif(
        concat_ws(
            ', ',
            case when stopped.is_over_limit then 'over_limit' end,
            case when stopped.is_stopped_by_overdue then 'overdue_material' end,
            case when stopped.is_blocked_by_hand then 'blocked_by_hand' end,
            case when stopped.is_risk_flagged then 'risk_flag' end
        ), ''
    ) as stop_reasons,
    stopped.is_over_limit,
    stopped.over_limit_lift_amount,
    stopped.is_stopped_by_overdue,
    cast(stopped.overdue_lift_amount as numeric(18, 2)) as overdue_lift_amount,
    stopped.is_blocked_by_hand,
    stopped.is_risk_flagged,

    sales_collected.closed_on as dso_on,
    sales_collected.dso_days,
    sales_collected.dso_count_back_days,
    sales_collected.dso_best_days,
    sales_collected.delinquent_days,
    sales_collected.collection_effectiveness_pct,
    delays_usual.usual_delay_days
from stopped
left join exposures
    on
        stopped.legal_entity = exposures.legal_entity
        and stopped.customer_id = exposures.customer_id
        and stopped.contract_id = exposures.contract_id
        and stopped.currency_code = exposures.currency_code
left join sales_collected
    on
        stopped.legal_entity = sales_collected.legal_entity
        and stopped.customer_id = sales_collected.customer_id
        and stopped.contract_id = sales_collected.contract_id
        and stopped.currency_code = sales_collected.currency_code
left join delays_usual
    on stopped.customer_id = delays_usual.customer_id
