-- What sellers planned and did. A kind not known here goes on as it is, for the contract to hold.
-- 1C has no empty number: a duration of 0 was not measured.
with

done as (
    select * from activities
    where "Posted" = 'true' and "DeletionMark" = 'false'
)

select
    done."Number" as activity_id,
    case done."Вид"
        when 'Встреча' then 'meeting'
        when 'Звонок' then 'call'
        when 'Предложение' then 'offer'
        when 'Демонстрация' then 'demo'
        when 'УстановкаОборудования' then 'equipment_placed'
        when 'РекламныеМатериалы' then 'pos_material'
        when 'Прочее' then 'other'
        else done."Вид"
    end as kind,
    done."ДатаПлан" as planned_at,
    done."ДатаФакт" as done_at,
    coalesce(employees."Code", done."Ответственный_Key") as employee_id,
    coalesce(customers."Code", done."Партнер_Key") as customer_id,
    coalesce(leads."Code", done."Лид_Key") as lead_id,
    nullif(done."Длительность", '0') as duration_s,
    nullif(done."Результат", '') as outcome,
    done."Ref_Key" as source_id
from done
left join employees on done."Ответственный_Key" = employees."Ref_Key"
left join customers on done."Партнер_Key" = customers."Ref_Key"
left join leads on done."Лид_Key" = leads."Ref_Key"
order by activity_id
