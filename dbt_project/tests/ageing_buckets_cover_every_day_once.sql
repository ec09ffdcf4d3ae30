-- Fail when two buckets share a day, when days fall between them, or when an end is closed.
with buckets as (
    select * from {{ ref('ageing_bucket') }}
),

ordered as (
    select
        bucket,
        from_day,
        to_day,
        lead(from_day) over (order by coalesce(from_day, -1000000)) as next_from_day,
        lag(bucket) over (order by coalesce(from_day, -1000000)) as previous_bucket,
        lead(bucket) over (order by coalesce(from_day, -1000000)) as next_bucket
    from buckets
)

select *
from ordered
where
    (next_bucket is not null and (to_day is null or next_from_day <> to_day + 1))
    or (next_bucket is null and to_day is not null)
    or (previous_bucket is null and from_day is not null)
    or (previous_bucket is not null and from_day is null)
