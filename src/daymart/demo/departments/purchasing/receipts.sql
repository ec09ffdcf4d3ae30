select
    id as "№ прихода",
    line_no as "Строка",
    purchase_id as "Код заказа",
    purchase_line as "Строка заказа",
    pg_temp.artikul(item_id) as "Артикул",
    store as "Склад",
    pg_temp.vremya(arrived_at) as "Пришло",
    pg_temp.vremya(typed_at) as "Внесено",
    qty as "Количество",
    pg_temp.yedinitsa(unit) as "Ед.",
    case quality
        when 'A' then 'годно' when 'Q' then 'на проверке' when 'D' then 'брак' else quality
    end as "Качество"
from erp.purchase_receipt
order by id, line_no
