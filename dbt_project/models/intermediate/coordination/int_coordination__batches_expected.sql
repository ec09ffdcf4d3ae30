with feeds as (
    select * from {{ ref('stg_ops__feeds') }}
),

calendars as (
    select * from {{ ref('stg_ops__calendars') }}
),

working_days as (
    select
        calendar_id,
        calendar_on as business_on,
        lead(calendar_on) over (partition by calendar_id order by calendar_on) as next_working_on,
        true as is_working
    from calendars
    where is_working
),

-- as_of itself is shown also when it is a holiday, so that nobody misses its row.
holiday_today as (
    select
        today.calendar_id,
        today.calendar_on as business_on,
        min(later.calendar_on) as next_working_on,
        false as is_working
    from calendars as today
    left join calendars as later
        on
            today.calendar_id = later.calendar_id
            and today.calendar_on < later.calendar_on
            and later.is_working
    where today.calendar_on = {{ as_of() }} and not today.is_working
    group by today.calendar_id, today.calendar_on
),

days as (
    select * from working_days
    where business_on <= {{ as_of() }}

    union all

    select * from holiday_today
),

ranked_days as (
    select
        days.*,
        row_number() over (partition by calendar_id, is_working order by business_on desc)
            as working_day_rank
    from days
),

-- The first version also names the owner for days before the feed was promised.
feed_versions as (
    select
        feeds.*,
        min(valid_from) over (partition by feed_id) as promised_from,
        row_number() over (partition by feed_id order by valid_from) as version_no
    from feeds
)

select
    feed_versions.feed_id,
    ranked_days.business_on,
    ranked_days.next_working_on,
    ranked_days.working_day_rank,
    ranked_days.is_working and ranked_days.business_on >= feed_versions.promised_from
        as is_expected,
    {{ local_instant(
        'ranked_days.next_working_on', 'feed_versions.deadline_time', 'feed_versions.feed_tz'
    ) }} as expected_at,
    feed_versions.department,
    feed_versions.owner_id,
    feed_versions.deputy_id,
    feed_versions.head_id
from feed_versions
inner join ranked_days
    on
        feed_versions.calendar_id = ranked_days.calendar_id
        and (feed_versions.valid_from <= ranked_days.business_on or feed_versions.version_no = 1)
        and (feed_versions.valid_to > ranked_days.business_on or feed_versions.valid_to is null)
-- Twenty days are shown, each with its own twenty days of regularity behind it.
where ranked_days.working_day_rank <= 40
