select
    pg_temp.postavshchik(id) as "Поставщик",
    code as "Код в учёте",
    title as "Наименование",
    tax_no as "ИНН"
from erp.partner
where sells or id in (select partner_id from erp.purchase)
order by id
