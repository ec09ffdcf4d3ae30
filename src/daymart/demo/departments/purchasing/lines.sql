select
    purchase_id as "Код заказа",
    line_no as "Строка",
    pg_temp.artikul(item_id) as "Артикул",
    store as "Склад",
    qty as "Количество",
    pg_temp.yedinitsa(unit) as "Ед.",
    price as "Цена",
    wanted_on as "Нужно к",
    confirmed_on as "Первое подтверждение",
    case stage
        when 'N' then 'заказано' when 'C' then 'подтверждено' when 'S' then 'в пути'
        when 'A' then 'прибыло' when 'R' then 'принято' when 'V' then 'доступно'
        when 'X' then 'отменено'
        else stage
    end as "Состояние",
    cancelled_qty as "Отменено"
from erp.purchase_line
order by purchase_id, line_no
