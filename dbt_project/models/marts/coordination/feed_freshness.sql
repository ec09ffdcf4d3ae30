with batches as (
    select * from {{ ref('int_coordination__batches_delivered') }}
),

judged as (
    select
        batches.*,
        case when delivery_status = 'on_time' then 1 else 0 end as on_time_count,
        case when delivery_status in ('not_expected', 'due') then 0 else 1 end as judged_count,
        case when delivery_status in ('missing', 'rejected', 'due') then 1 else 0 end as gap_count,
        case when delivery_status in ('on_time', 'late') then business_on end as complete_on
    from batches
),

-- Only what was known up to the row's own day, so that an old row stays as it is.
windowed as (
    select
        judged.*,
        sum(on_time_count) over last_20_days as on_time_count_20,
        sum(judged_count) over last_20_days as judged_count_20,
        sum(gap_count) over up_to_day as gap_count_so_far
    from judged
    window
        last_20_days as (
            partition by feed_id
            order by business_on
            rows between 19 preceding and current row
        ),
        up_to_day as (
            partition by feed_id
            order by business_on
            rows between unbounded preceding and current row
        )
),

completed as (
    select
        windowed.*,
        max(case when gap_count_so_far = 0 then complete_on end) over (
            partition by feed_id
            order by business_on
            rows between unbounded preceding and current row
        ) as complete_through_on
    from windowed
)

select
    feed_id,
    business_on,
    department,
    owner_id,
    deputy_id,
    head_id,

    expected_at,
    delivered_at,
    delivery_status,
    case
        when delivery_status = 'on_time' then 0
        when delivery_status = 'late' then {{ minutes_between('expected_at', 'delivered_at') }}
    end as lateness_minutes,
    cast(
        cast(on_time_count_20 as numeric(18, 6)) / nullif(judged_count_20, 0) as numeric(7, 4)
    ) as regularity_share,
    complete_through_on
from completed
where working_day_rank <= 20
