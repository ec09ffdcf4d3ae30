select
    id as "№",
    purchase_id as "Код заказа",
    line_no as "Строка",
    was as "Было",
    becomes as "Стало",
    pg_temp.vremya(changed_at) as "Когда изменено",
    by_no as "Кто изменил",
    case cause
        when 'first confirmation' then 'первое подтверждение'
        when 'transport' then 'перевозчик'
        when 'supplier_late' then 'поставщик опоздал'
        when 'customs' then 'таможня'
        else cause
    end as "Причина"
from erp.purchase_date_change
order by id
