-- What the departments say they sent.
with

batches as (
    select * from erp.batch_list
    where sent_at > current_setting('daymart.since')::timestamptz
)

select
    batches.feed::text as feed_id,
    batches.day::date as business_date,
    batches.no::integer as batch_no,
    batches.table_name::text as table_name,
    batches.row_count::integer as row_count,
    batches.measure::text as control_measure,
    batches.unit::text as control_unit,
    batches.total::numeric(18, 6) as control_total,
    batches.complete_to::date as complete_through,
    batches.closed_until::date as edit_ban_date,
    batches.file_hash::text as file_hash,
    batches.sent_at::timestamptz as sent_at,
    concat_ws('/', batches.feed, batches.day, batches.no) as source_id
from batches
order by batches.feed, batches.day, batches.no
