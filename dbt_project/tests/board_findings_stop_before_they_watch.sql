-- Fail when a finding that is only to be watched would be acted on before one that stops a line.
with findings as (
    select * from {{ ref('board_finding') }}
)

select
    watched.finding as watched_finding,
    stopped.finding as stopped_finding
from findings as watched
inner join findings as stopped
    on watched.priority < stopped.priority
where
    watched.status <> 'stop'
    and stopped.status = 'stop'
