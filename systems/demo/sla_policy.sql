-- uses: case_kinds, urgencies
-- Working minutes a department has for a kind of ticket.
with

times as (
    select * from erp.reply_time
)

select
    coalesce(case_kinds.kind, times.kind)::text as case_kind,
    times.dept::text as department_id,
    coalesce(urgencies.priority, times.urgency::text)::text as priority,
    times.since::date as valid_from,
    times.ladder::text as policy_id,
    times.ack_min::integer as ack_min,
    times.done_min::integer as done_min,
    times.id::text as source_id
from times
left join case_kinds on times.kind = case_kinds.code
left join urgencies on times.urgency = urgencies.level
order by times.id
