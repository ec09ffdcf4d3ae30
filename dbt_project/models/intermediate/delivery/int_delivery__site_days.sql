{{ config(
    materialized='table',
    indexes=[{'columns': ['site_id', 'calendar_on'], 'unique': true}]
) }}

with calendars as (
    select * from {{ ref('stg_ops__calendars') }}
    where calendar_id = 'default'
),

business_calendars as (
    select * from {{ ref('stg_registry__business_calendars') }}
),

cut_offs as (
    select * from {{ ref('site_cut_off') }}
),

sites as (
    select site_id from {{ ref('stg_reference__sites') }}
),

-- The days of the company's calendar stand in where a site keeps none of its own.
site_days as (
    select
        sites.site_id,
        calendars.calendar_on,
        coalesce(business_calendars.is_working, calendars.is_working) as is_working,
        coalesce(own_cut_offs.cut_off_at, any_cut_offs.cut_off_at, business_calendars.closes_at)
            as cut_off_at
    from sites
    cross join calendars
    left join business_calendars
        on
            sites.site_id = business_calendars.site_id
            and calendars.calendar_on = business_calendars.calendar_on
    left join cut_offs as own_cut_offs
        on sites.site_id = own_cut_offs.site_id
    left join cut_offs as any_cut_offs
        on any_cut_offs.site_id = '*'
    where calendars.calendar_on >= {{ add_days(as_of(), '-' ~ site_days_kept()) }}
)

select
    site_id,
    calendar_on,
    is_working,
    cut_off_at,
    min(case when is_working then calendar_on end) over (
        partition by site_id order by calendar_on
        rows between 1 following and unbounded following
    ) as next_working_on
from site_days
