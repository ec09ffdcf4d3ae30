-- What sellers expect of a month; an outlook without a brand is about the seller's own clients.
with

outlooks as (
    select * from erp.outlook
    where sent_at > current_setting('daymart.since')::timestamptz
),

sliced as (
    select
        outlooks.*,
        jsonb_strip_nulls(
            jsonb_build_object(
                'brand', outlooks.brand,
                'employee', case when outlooks.brand is null then outlooks.staff_no end
            )
        )::text as slice
    from outlooks
)

select
    sliced.staff_no::text as employee_id,
    md5(sliced.slice)::text as slice_hash,
    sliced.month::date as period_start,
    sliced.sent_at::timestamptz as submitted_at,
    sliced.amount::numeric(18, 6) as value,
    sliced.id::text as source_id
from sliced
order by sliced.id
