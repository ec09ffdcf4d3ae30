-- What was asked for and could not be sold.
with

asked as (
    select * from unmet
    where "Posted" = 'true' and "DeletionMark" = 'false'
)

select
    asked."Number" as demand_id,
    asked."Date" as asked_at,
    coalesce(employees."Code", asked."Ответственный_Key") as employee_id,
    coalesce(customers."Code", asked."Партнер_Key") as customer_id,
    coalesce(products."Code", asked."Номенклатура_Key") as product_id,
    asked."Описание" as description,
    asked."Количество" as qty,
    case asked."Причина"
        when 'НетВНаличии' then 'absent'
        when 'Поздно' then 'late'
        when 'Цена' then 'price'
        when 'НетВАссортименте' then 'not_in_range'
        else asked."Причина"
    end as reason,
    asked."Потерян" as lost,
    asked."Ref_Key" as source_id
from asked
left join employees on asked."Ответственный_Key" = employees."Ref_Key"
left join customers on asked."Партнер_Key" = customers."Ref_Key"
left join products on asked."Номенклатура_Key" = products."Ref_Key"
order by demand_id
