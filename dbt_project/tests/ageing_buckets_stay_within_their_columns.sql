-- Fail for every bucket that would put days into a column of another name.
with buckets as (
    select * from {{ ref('ageing_bucket') }}
),

bounds as (
    select
        'not_due_amount' as amount_column,
        null as first_day,
        0 as last_day
    union all
    select
        'overdue_1_30_amount' as amount_column,
        1 as first_day,
        30 as last_day
    union all
    select
        'overdue_31_60_amount' as amount_column,
        31 as first_day,
        60 as last_day
    union all
    select
        'overdue_61_90_amount' as amount_column,
        61 as first_day,
        90 as last_day
    union all
    select
        'overdue_91_plus_amount' as amount_column,
        91 as first_day,
        null as last_day
)

select
    buckets.bucket,
    buckets.from_day,
    buckets.to_day,
    buckets.amount_column
from buckets
left join bounds
    on buckets.amount_column = bounds.amount_column
where
    bounds.amount_column is null
    or (bounds.first_day is not null and coalesce(buckets.from_day, -1000000) < bounds.first_day)
    or (bounds.last_day is not null and coalesce(buckets.to_day, 1000000) > bounds.last_day)
