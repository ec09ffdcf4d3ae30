{{ config(materialized='table') }}

with items as (
    select * from {{ ref('int_money__items_linked') }}
),

allocations as (
    select * from {{ ref('int_money__allocations_directed') }}
),

papers as (
    select document_id from {{ ref('int_money__papers_posted') }}
    where is_money_paper and not is_reversed
),

collection_rules as (
    select * from {{ ref('collection_rule') }}
    where rule = 'payment_delay'
),

periods as (
    select
        {{ first_of_month(last_month_end(as_of()), '1 - month_count') }} as counted_from_on,
        {{ last_month_end(as_of()) }} as closed_on
    from collection_rules
),

paid as (
    select
        allocations.debt_document_id as document_id,
        allocations.debt_instalment_no as instalment_no,
        max(allocations.counts_from_on) as paid_on
    from allocations
    inner join papers
        on allocations.credit_document_id = papers.document_id
    cross join periods
    where
        allocations.counts_from_on >= periods.counted_from_on
        and allocations.counts_from_on <= periods.closed_on
        and allocations.debt_amount > 0
    group by allocations.debt_document_id, allocations.debt_instalment_no
),

-- A debt is paid late by its last payment; one that is open still has no delay yet.
delays as (
    select
        items.customer_id,
        {{ days_between('items.due_on_effective', 'paid.paid_on') }} as delay_days
    from paid
    inner join items
        on
            paid.document_id = items.document_id
            and paid.instalment_no = items.instalment_no
    where items.linked_open_amount = 0 and items.due_on_effective is not null
)

select
    customer_id,
    cast(ceil(percentile_cont(0.5) within group (order by delay_days)) as integer)
        as usual_delay_days
from delays
group by customer_id
