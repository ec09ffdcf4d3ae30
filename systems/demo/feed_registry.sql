-- The registry desk's list of what is delivered.
with

feeds as (
    select * from erp.feed_list
)

select
    feeds.name::text as feed_id,
    feeds.title::text as name,
    feeds.dept::text as department_id,
    feeds.owner_no::text as owner_id,
    feeds.second_no::text as deputy_id,
    feeds.chief_no::text as head_id,
    feeds.channel::text as channel,
    (case when feeds.whole then 'full' else 'incremental' end)::text as mode,
    feeds.sent_when::text as schedule,
    to_char(feeds.until_hour, 'HH24:MI')::text as deadline_time,
    feeds.zone::text as tz,
    feeds.netting::text as netting_level,
    feeds.closing_rule::text as edit_ban_rule,
    feeds.valid_from::date as valid_from,
    feeds.valid_to::date as valid_to,
    feeds.name::text as source_id
from feeds
order by feeds.name
