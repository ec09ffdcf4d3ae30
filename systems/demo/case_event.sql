-- uses: urgencies
-- What happened to tickets. A new urgency is written as its number; the words name it.
with

logs as (
    select * from erp.ticket_log
    where at > current_setting('daymart.since')::timestamptz
),

kinds (code, kind) as (
    values
    ('OPN', 'opened'),
    ('ACK', 'acknowledged'),
    ('PAU', 'paused'),
    ('RES', 'resumed'),
    ('PAS', 'reassigned'),
    ('URG', 'priority_changed'),
    ('FIN', 'done'),
    ('REO', 'reopened'),
    ('CAN', 'cancelled')
)

select
    logs.id::text as event_id,
    logs.ticket_id::text as case_id,
    logs.side_no::integer as leg_no,
    coalesce(kinds.kind, logs.what)::text as kind,
    logs.at::timestamptz as at,
    logs.by_no::text as by_id,
    coalesce(urgencies.priority, logs.words)::text as note,
    logs.id::text as source_id
from logs
left join kinds on logs.what = kinds.code
left join urgencies on logs.what = 'URG' and logs.words = urgencies.level::text
order by logs.id
