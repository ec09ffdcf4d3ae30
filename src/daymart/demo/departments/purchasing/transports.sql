select
    id as "№",
    purchase_id as "Код заказа",
    line_no as "Строка",
    left_on as "Отправлено",
    qty as "Количество",
    pg_temp.yedinitsa(unit) as "Ед.",
    carrier as "Перевозчик",
    waybill as "Накладная",
    owned_from as "Право перешло",
    arrived_on as "Прибыло"
from erp.purchase_transport
order by id
