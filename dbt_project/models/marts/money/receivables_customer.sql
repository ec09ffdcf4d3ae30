with open_items as (
    select * from {{ ref('int_money__open_items') }}
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
        sum(case when ageing_bucket = 'not_due' then open_amount else 0 end) as not_due_amount,
        sum(case when ageing_bucket = '1-30' then open_amount else 0 end) as overdue_1_30_amount,
        sum(case when ageing_bucket = '31-60' then open_amount else 0 end) as overdue_31_60_amount,
        sum(case when ageing_bucket = '61-90' then open_amount else 0 end) as overdue_61_90_amount,
        sum(case when ageing_bucket = '91+' then open_amount else 0 end) as overdue_91_plus_amount,
        sum(case when is_unapplied then open_amount else 0 end) as unapplied_amount,
        sum(
            case when not is_unapplied and ageing_bucket <> 'not_due' then open_amount else 0 end
        ) as overdue_amount,
        sum(case when is_disputed and not is_unapplied then open_amount else 0 end)
            as disputed_amount,
        min(due_on_effective) as oldest_due_on,

        sum(open_company_amount) as balance_company_amount,
        sum(case when is_future and is_money_paper then -instalment_amount else 0 end)
            as future_receipts_amount,
        sum(future_amount) as future_amount,
        sum(future_company_amount) as future_company_amount
    from open_items
    where
        open_amount <> 0
        or open_company_amount <> 0
        or future_amount <> 0
        or future_company_amount <> 0
        or is_future
    group by legal_entity, customer_id, contract_id, currency_code
),

judged as (
    select
        balances.*,
        greatest(balances.overdue_amount + least(balances.unapplied_amount, 0), 0)
            as overdue_net_amount,
        -- Without any threshold every overdue amount matters.
        balances.overdue_amount > 0
        and balances.overdue_amount
        >= coalesce(own_threshold.threshold_amount, general_threshold.threshold_amount, 0)
            as is_overdue_material
    from balances
    left join overdue_thresholds as own_threshold
        on balances.currency_code = own_threshold.currency_code
    left join overdue_thresholds as general_threshold
        on general_threshold.currency_code = '*'
)

select
    judged.legal_entity,
    judged.customer_id,
    judged.contract_id,
    judged.currency_code,
    {{ name_or_placeholder('customers.customer_name', 'customer', 'judged.customer_id') }}
        as customer_name,
    customers.manager_id,
    customers.manager_name,

    cast(judged.balance_amount as numeric(18, 2)) as balance_amount,
    cast(judged.not_due_amount as numeric(18, 2)) as not_due_amount,
    cast(judged.overdue_1_30_amount as numeric(18, 2)) as overdue_1_30_amount,
    cast(judged.overdue_31_60_amount as numeric(18, 2)) as overdue_31_60_amount,
    cast(judged.overdue_61_90_amount as numeric(18, 2)) as overdue_61_90_amount,
    cast(judged.overdue_91_plus_amount as numeric(18, 2)) as overdue_91_plus_amount,
    cast(judged.unapplied_amount as numeric(18, 2)) as unapplied_amount,

    cast(judged.overdue_amount as numeric(18, 2)) as overdue_amount,
    cast(judged.overdue_net_amount as numeric(18, 2)) as overdue_net_amount,
    judged.is_overdue_material,
    judged.oldest_due_on,
    cast(judged.disputed_amount as numeric(18, 2)) as disputed_amount,

    judged.company_currency_code,
    cast(judged.balance_company_amount as numeric(18, 2)) as balance_company_amount,
    cast(judged.future_receipts_amount as numeric(18, 2)) as future_receipts_amount,
    cast(judged.future_amount as numeric(18, 2)) as future_amount,
    cast(judged.future_company_amount as numeric(18, 2)) as future_company_amount
from judged
left join customers
    on judged.customer_id = customers.customer_id
