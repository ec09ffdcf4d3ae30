{{ config(
    materialized='table',
    indexes=[{'columns': ['customer_id'], 'unique': true}]
) }}

with items as (
    select * from {{ ref('int_money__items_linked') }}
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

-- A debt is paid late by its last payment; one that is open still has no delay yet.
delays as (
    select
        items.customer_id,
        {{ days_between('items.due_on_effective', 'items.paid_on') }} as delay_days
    from items
    cross join periods
    where
        items.paid_on >= periods.counted_from_on
        and items.paid_on <= periods.closed_on
        and items.due_on_effective is not null
)

select
    customer_id,
    cast(ceil(percentile_cont(0.5) within group (order by delay_days)) as integer)
        as usual_delay_days
from delays
group by customer_id
