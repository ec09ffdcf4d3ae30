-- Moves of leads through the funnel, as posted. The service sends those since the cursor.
with

moves as (
    select * from stage_moves
    where "Posted" = 'true' and "DeletionMark" = 'false'
)

select
    moves."Number" as event_id,
    coalesce(leads."Code", moves."Лид_Key") as lead_id,
    nullif(moves."СтараяСтадия", '') as from_stage,
    moves."НоваяСтадия" as to_stage,
    moves."Date" as at,
    coalesce(employees."Code", moves."Ответственный_Key") as by_id,
    moves."Сумма" as value,
    moves."Ref_Key" as source_id
from moves
left join leads on moves."Лид_Key" = leads."Ref_Key"
left join employees on moves."Ответственный_Key" = employees."Ref_Key"
order by event_id
