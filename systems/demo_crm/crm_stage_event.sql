-- Moves of leads through the funnel, as posted. The service sends those since the cursor. A stage
-- not known here goes on as it is. 1C has no empty number: a sum of 0 was never estimated.
with

stages (name, stage) as (
    values
    ('НовыйЛид', 'lead'),
    ('Квалифицирован', 'qualified'),
    ('Предложение', 'offer'),
    ('Переговоры', 'negotiation'),
    ('Выигран', 'won'),
    ('Проигран', 'lost')
),

moves as (
    select * from stage_moves
    where "Posted" = 'true' and "DeletionMark" = 'false'
)

select
    moves."Number" as event_id,
    coalesce(leads."Code", moves."Лид_Key") as lead_id,
    coalesce(former.stage, nullif(moves."СтараяСтадия", '')) as from_stage,
    coalesce(later.stage, moves."НоваяСтадия") as to_stage,
    moves."Date" as at,
    coalesce(employees."Code", moves."Ответственный_Key") as by_id,
    case when try_cast(moves."Сумма" as decimal(18, 2)) = 0 then null else moves."Сумма" end
        as value,
    moves."Ref_Key" as source_id
from moves
left join leads on moves."Лид_Key" = leads."Ref_Key"
left join stages as former on moves."СтараяСтадия" = former.name
left join stages as later on moves."НоваяСтадия" = later.name
left join employees on moves."Ответственный_Key" = employees."Ref_Key"
order by event_id
