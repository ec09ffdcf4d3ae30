with calendars as (
    select * from {{ ref('stg_ops__calendars') }}
),

company_days as (
    select
        calendar_on,
        is_working,
        {{ week_start('calendar_on') }} as week_start_on,
        {{ first_of_month('calendar_on') }} as month_start_on,
        {{ first_of_quarter('calendar_on') }} as quarter_start_on
    from calendars
    where calendar_id = 'default'
),

-- An ISO week belongs to the year of its Thursday.
thursdays as (
    select
        company_days.*,
        {{ add_days('week_start_on', 3) }} as thursday_on
    from company_days
),

counted as (
    select
        thursdays.*,
        sum(case when is_working then 1 else 0 end) over (
            partition by month_start_on
            order by calendar_on
            rows between unbounded preceding and current row
        ) as working_day_no,
        sum(case when is_working then 1 else 0 end) over (partition by month_start_on)
            as working_day_count
    from thursdays
)

select
    calendar_on,
    is_working,
    cast({{ days_between('week_start_on', 'calendar_on') }} + 1 as integer) as iso_weekday,
    week_start_on,
    cast(extract(year from thursday_on) as integer) as iso_year,
    cast(floor((extract(doy from thursday_on) - 1) / 7) + 1 as integer) as iso_week,
    month_start_on,
    cast(extract(month from calendar_on) as integer) as month_no,
    quarter_start_on,
    cast(extract(quarter from calendar_on) as integer) as quarter_no,
    cast(extract(year from calendar_on) as integer) as year_no,
    cast(working_day_no as integer) as month_working_day_no,
    cast(working_day_count as integer) as month_working_day_count
from counted
