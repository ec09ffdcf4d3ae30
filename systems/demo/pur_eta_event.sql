-- Changes of expected dates; the first confirmation is the first of them, from no date.
with

changes as (
    select * from erp.purchase_date_change
    where changed_at > current_setting('daymart.since')::timestamptz
)

select
    changes.id::text as event_id,
    changes.purchase_id::text as po_id,
    changes.line_no::integer as line_no,
    changes.was::date as old_date,
    changes.becomes::date as new_date,
    changes.changed_at::timestamptz as changed_at,
    changes.by_no::text as by_id,
    changes.cause::text as reason,
    changes.id::text as source_id
from changes
order by changes.id
