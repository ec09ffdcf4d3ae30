select
    ask_id as "№ запроса",
    case verdict
        when 'O' then 'заказать' when 'S' then 'предложить замену' when 'D' then 'отказать'
        when 'Q' then 'уточнить'
        else verdict
    end as "Решение",
    words as "Комментарий",
    pg_temp.vremya(decided_at) as "Когда решено",
    staff_no as "Кто решил"
from erp.ask_reply
order by ask_id
