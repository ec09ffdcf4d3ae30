-- Leads, each by its code. One marked for deletion is gone: a list names those that are there.
with

live as (
    select * from leads
    where "DeletionMark" = 'false'
)

select
    live."Code" as lead_id,
    live."ДатаСоздания" as created_at,
    live."Источник" as source,
    coalesce(employees."Code", live."Ответственный_Key") as owner_id,
    coalesce(customers."Code", live."Партнер_Key") as customer_id,
    live."Ref_Key" as source_id
from live
left join employees on live."Ответственный_Key" = employees."Ref_Key"
left join customers on live."Партнер_Key" = customers."Ref_Key"
order by lead_id
