{{ config(
    materialized='table',
    indexes=[{
        'columns': ['legal_entity', 'customer_id', 'contract_id', 'currency_code'],
        'unique': true
    }]
) }}

with papers as (
    select * from {{ ref('int_money__papers_posted') }}
),

items as (
    select * from {{ ref('int_money__items_linked') }}
),

allocations as (
    select * from {{ ref('int_money__allocations_directed') }}
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

-- Sold on credit: what is paid in advance is never owed.
sales as (
    select
        papers.legal_entity,
        papers.customer_id,
        papers.contract_id,
        papers.currency_code,
        {{ month_end('papers.posted_on') }} as month_end_on,
        sum(papers.document_amount) as sales_amount
    from papers
    cross join periods
    left join prepaid_orders
        on papers.order_id = prepaid_orders.order_id
    where
        papers.posted_on >= periods.counted_from_on
        and papers.posted_on <= periods.closed_on
        and prepaid_orders.order_id is null
        and (
            papers.document_kind in ('invoice', 'debit_note', 'credit_note')
            or (
                papers.document_kind = 'reversal'
                and papers.reversed_document_kind in ('invoice', 'debit_note', 'credit_note')
            )
        )
    group by
        papers.legal_entity,
        papers.customer_id,
        papers.contract_id,
        papers.currency_code,
        {{ month_end('papers.posted_on') }}
),

-- Only links of the last months tell an open amount of then from the one of today.
later_links as (
    select
        allocations.debt_document_id as document_id,
        allocations.debt_instalment_no as instalment_no,
        sum(
            case
                when allocations.counts_from_on > periods.closed_on then allocations.debt_amount
                else 0
            end
        ) as since_closing_amount,
        sum(allocations.debt_amount) as since_opening_amount
    from allocations
    cross join periods
    where
        allocations.counts_from_on >= periods.opened_on
        and allocations.counts_from_on <= {{ as_of() }}
    group by allocations.debt_document_id, allocations.debt_instalment_no
),

debts as (
    select
        items.legal_entity,
        items.customer_id,
        items.contract_id,
        items.currency_code,
        case
            when items.posted_on <= periods.closed_on
                then items.linked_open_amount + coalesce(later_links.since_closing_amount, 0)
            else 0
        end as closing_amount,
        case
            when items.posted_on < periods.opened_on
                then items.linked_open_amount + coalesce(later_links.since_opening_amount, 0)
            else 0
        end as opening_amount,
        coalesce(items.due_on_effective, items.document_on) >= periods.closed_on
            as is_not_due_at_closing
    from items
    cross join periods
    left join later_links
        on
            items.document_id = later_links.document_id
            and items.instalment_no = later_links.instalment_no
    left join prepaid_orders
        on items.order_id = prepaid_orders.order_id
    where
        items.instalment_amount > 0
        and items.document_kind not in ('payment', 'advance', 'refund')
        and not items.is_reversed
        and items.posted_on <= periods.closed_on
        and prepaid_orders.order_id is null
        and (items.linked_open_amount <> 0 or later_links.document_id is not null)
),

receivables as (
    select
        legal_entity,
        customer_id,
        contract_id,
        currency_code,
        sum(greatest(closing_amount, 0)) as receivable_amount,
        sum(case when is_not_due_at_closing then greatest(closing_amount, 0) else 0 end)
            as not_due_amount,
        sum(greatest(opening_amount, 0)) as opening_amount
    from debts
    group by legal_entity, customer_id, contract_id, currency_code
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
