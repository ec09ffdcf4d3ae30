-- Leads given from one seller to the next; the day of acceptance is empty until then.
with

given as (
    select * from handoffs
    where "Posted" = 'true' and "DeletionMark" = 'false'
)

select
    given."Number" as handoff_id,
    coalesce(leads."Code", given."Лид_Key") as lead_id,
    coalesce(givers."Code", given."Передал_Key") as giver_id,
    coalesce(takers."Code", given."Принял_Key") as taker_id,
    given."Date" as given_at,
    given."ДатаПринятия" as accepted_at,
    given."Ref_Key" as source_id
from given
left join leads on given."Лид_Key" = leads."Ref_Key"
left join employees as givers on given."Передал_Key" = givers."Ref_Key"
left join employees as takers on given."Принял_Key" = takers."Ref_Key"
order by handoff_id
