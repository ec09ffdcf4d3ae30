-- Promised days, the first and every change.
with

promises as (
    select * from erp.sale_promise
    where given_at > current_setting('daymart.since')::timestamptz
)

select
    promises.id::text as event_id,
    promises.sale_id::text as order_id,
    promises.line_no::integer as line_no,
    promises.day::date as promised_date,
    promises.given_at::timestamptz as promised_at,
    (case when promises.by_customer then 'customer' else 'us' end)::text as initiator,
    promises.cause::text as reason,
    promises.id::text as source_id
from promises
order by promises.id
