select
    id as "Код заказа",
    no as "Номер",
    pg_temp.postavshchik(partner_id) as "Поставщик",
    placed_on as "Дата заказа",
    pg_temp.valyuta(currency) as "Валюта",
    incoterm as "Базис поставки",
    buyer_no as "Закупщик"
from erp.purchase
order by id
