with sites as (
    select site_id from {{ ref('stg_reference__sites') }}

    union distinct

    -- Stands for a warehouse whose site is not known.
    select '' as site_id
),

-- A year holds any horizon; the company's calendar goes on where a site's own ends.
company_days as (
    select
        calendar_on,
        is_working
    from {{ ref('stg_ops__calendars') }}
    where
        calendar_id = 'default'
        and calendar_on > {{ as_of() }}
        and calendar_on <= {{ add_days(as_of(), 366) }}
),

site_days as (
    select * from {{ ref('stg_registry__business_calendars') }}
),

known as (
    select
        sites.site_id,
        company_days.calendar_on,
        coalesce(site_days.is_working, company_days.is_working) as is_working
    from sites
    cross join company_days
    left join site_days
        on
            sites.site_id = site_days.site_id
            and company_days.calendar_on = site_days.calendar_on
)

select
    site_id,
    calendar_on,
    is_working,
    cast(
        sum(case when is_working then 1 else 0 end) over (
            partition by site_id
            order by calendar_on
            rows between unbounded preceding and current row
        ) as integer
    ) as working_day_no,
    min(case when is_working then calendar_on end) over (
        partition by site_id
        order by calendar_on
        rows between current row and unbounded following
    ) as next_working_on,
    coalesce(
        max(case when is_working then calendar_on end) over (
            partition by site_id
            order by calendar_on
            rows between unbounded preceding and current row
        ),
        min(case when is_working then calendar_on end) over (partition by site_id)
    ) as previous_working_on
from known
