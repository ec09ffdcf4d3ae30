-- A sales person's quota from its day to the day before the next quota day, be that day his own or
-- another's; the last one lasts three months. All of them are the one version that was exported.
-- The quota is the net value he is to ship, in dollars.
with quota_day as (
    select
        starts_on,
        lead(starts_on) over (order by starts_on) as next_starts_on
    from (
        select distinct try_cast(left("QuotaDate", 10) as date) as starts_on
        from sales_person_quota
    ) as known
    where starts_on is not null
)

select
    'quotas' as plan_version,
    'net_shipped_value' as measure,
    regexp_replace(q."QuotaDate", ' 00:00:00\.000$', '') as period_start,
    md5('{"employee": "' || q."BusinessEntityID" || '"}') as slice_hash,
    cast(
        coalesce(d.next_starts_on, d.starts_on + interval 3 months) - interval 1 day as date
    ) as period_end,
    '{"employee": "' || q."BusinessEntityID" || '"}' as slice,
    regexp_replace(q."SalesQuota", '^\.', '0.') as value,
    'USD' as unit,
    q._file,
    q._line,
    q._defect
from sales_person_quota as q
left join quota_day as d on d.starts_on = try_cast(left(q."QuotaDate", 10) as date)
