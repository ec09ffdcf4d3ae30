{{ config(
    materialized='table',
    indexes=[{
        'columns': ['legal_entity', 'customer_id', 'contract_id', 'currency_code'],
        'unique': true
    }]
) }}

with papers_tallied as (
    select * from {{ ref('int_money__papers_tallied') }}
),

debts_tallied as (
    select * from {{ ref('int_money__debts_tallied') }}
),

items as (
    select * from {{ ref('int_money__items_linked') }}
    where is_open
),

prepaid_orders as (
    select order_id from {{ ref('stg_sales__orders') }}
    where is_prepaid
),

collection_rules as (
    select
        max(case when rule = 'days_sales_outstanding' then month_count end) as sales_months,
        max(case when rule = 'count_back' then month_count end) as count_back_months
    from {{ ref('collection_rule') }}
),

-- The newest whole month ends on closed_on; the day before opened_on its period had not begun.
periods as (
    select
        {{ last_month_end(as_of()) }} as closed_on,
        {{ first_of_month(last_month_end(as_of()), '1 - sales_months') }} as opened_on,
        {{ first_of_month(last_month_end(as_of()), '1 - count_back_months') }} as counted_from_on
    from collection_rules
),

sales as (
    select
        papers_tallied.legal_entity,
        papers_tallied.customer_id,
        papers_tallied.contract_id,
        papers_tallied.currency_code,
        papers_tallied.month_end_on,
        papers_tallied.credit_sales_amount as sales_amount
    from papers_tallied
    cross join periods
    where
        papers_tallied.month_end_on >= periods.counted_from_on
        and papers_tallied.month_end_on <= periods.closed_on
        and papers_tallied.credit_sales_amount is not null
),

-- Only links of the last months tell an open amount of then from the one of today.
debt_parts as (
    select
        document_id,
        instalment_no,
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        order_id,
        posted_on,
        coalesce(due_on_effective, document_on) as due_on_effective,
        linked_open_amount as closing_amount,
        linked_open_amount as opening_amount
    from items
    where
        instalment_amount > 0
        and document_kind not in ('payment', 'advance', 'refund')
        and not is_reversed

    union all

    select
        debts_tallied.document_id,
        debts_tallied.instalment_no,
        debts_tallied.legal_entity,
        debts_tallied.customer_id,
        debts_tallied.contract_id,
        debts_tallied.currency_code,
        debts_tallied.order_id,
        debts_tallied.posted_on,
        debts_tallied.due_on_effective,
        case
            when debts_tallied.month_end_on > periods.closed_on then debts_tallied.linked_amount
            else 0
        end as closing_amount,
        debts_tallied.linked_amount as opening_amount
    from debts_tallied
    cross join periods
    where debts_tallied.month_end_on >= periods.opened_on
),

debts as (
    select
        document_id,
        instalment_no,
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        order_id,
        posted_on,
        due_on_effective,
        greatest(sum(closing_amount), 0) as closing_amount,
        greatest(sum(opening_amount), 0) as opening_amount
    from debt_parts
    group by
        document_id,
        instalment_no,
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        order_id,
        posted_on,
        due_on_effective
),

receivables as (
    select
        debts.legal_entity,
        debts.customer_id,
        debts.contract_id,
        debts.currency_code,
        sum(debts.closing_amount) as receivable_amount,
        sum(
            case
                when debts.due_on_effective >= periods.closed_on then debts.closing_amount
                else 0
            end
        ) as not_due_amount,
        sum(case when debts.posted_on < periods.opened_on then debts.opening_amount else 0 end)
            as opening_amount
    from debts
    cross join periods
    left join prepaid_orders
        on debts.order_id = prepaid_orders.order_id
    where
        debts.posted_on <= periods.closed_on
        and prepaid_orders.order_id is null
    group by debts.legal_entity, debts.customer_id, debts.contract_id, debts.currency_code
),

running as (
    select
        sales.*,
        receivables.receivable_amount,
        receivables.not_due_amount,
        receivables.opening_amount,
        sum(greatest(sales.sales_amount, 0)) over (
            partition by
                sales.legal_entity, sales.customer_id, sales.contract_id, sales.currency_code
            order by sales.month_end_on desc
            rows between unbounded preceding and current row
        ) as counted_amount
    from sales
    left join receivables
        on
            sales.legal_entity = receivables.legal_entity
            and sales.customer_id = receivables.customer_id
            and sales.contract_id = receivables.contract_id
            and sales.currency_code = receivables.currency_code
),

measured as (
    select
        running.legal_entity,
        running.customer_id,
        running.contract_id,
        running.currency_code,
        max(periods.closed_on) as closed_on,
        max(coalesce(running.receivable_amount, 0)) as receivable_amount,
        max(coalesce(running.not_due_amount, 0)) as not_due_amount,
        max(coalesce(running.opening_amount, 0)) as opening_amount,
        sum(
            case
                when running.month_end_on >= periods.opened_on then running.sales_amount
                else 0
            end
        ) as sales_amount,
        max({{ days_between('periods.opened_on', 'periods.closed_on') }} + 1) as period_days,
        -- The one month in which the newest sales reach what is owed; months before it count
        -- whole, those without sales too.
        max(
            case
                when
                    running.counted_amount >= running.receivable_amount
                    and running.counted_amount - greatest(running.sales_amount, 0)
                    < running.receivable_amount
                    then
                        {{ days_between('running.month_end_on', 'periods.closed_on') }}
                        + (
                            running.receivable_amount
                            - running.counted_amount + running.sales_amount
                        )
                        * ({{ days_between(
                            first_of_month('running.month_end_on'), 'running.month_end_on'
                        ) }} + 1)
                        / running.sales_amount
                when coalesce(running.receivable_amount, 0) = 0 then 0
            end
        ) as count_back_days
    from running
    cross join periods
    group by
        running.legal_entity, running.customer_id, running.contract_id, running.currency_code
)

select
    legal_entity,
    customer_id,
    contract_id,
    currency_code,
    closed_on,
    cast(sales_amount as numeric(18, 2)) as sales_amount,
    cast(receivable_amount as numeric(18, 2)) as receivable_amount,
    cast(not_due_amount as numeric(18, 2)) as not_due_amount,
    cast(opening_amount as numeric(18, 2)) as opening_amount,
    cast(
        case when sales_amount > 0 then receivable_amount * period_days / sales_amount end
        as numeric(9, 1)
    ) as dso_days,
    cast(count_back_days as numeric(9, 1)) as dso_count_back_days,
    cast(
        case when sales_amount > 0 then not_due_amount * period_days / sales_amount end
        as numeric(9, 1)
    ) as dso_best_days,
    cast(
        case
            when sales_amount > 0
                then (receivable_amount - not_due_amount) * period_days / sales_amount
        end as numeric(9, 1)
    ) as delinquent_days,
    cast(
        case
            when opening_amount + sales_amount - not_due_amount > 0
                then
                    (opening_amount + sales_amount - receivable_amount) * 100
                    / (opening_amount + sales_amount - not_due_amount)
        end as numeric(9, 1)
    ) as collection_effectiveness_pct
from measured
