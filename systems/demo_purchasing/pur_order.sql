-- Purchase orders. The clerk knows suppliers by numbers of the office's own; the sheet of suppliers
-- leads to the code everyone else knows.
with

currencies (word, currency) as (
    values
    ('евро', 'EUR'),
    ('доллар', 'USD'),
    ('гривна', 'UAH')
)

select
    o."Код заказа" as po_id,
    o."Номер" as number,
    s."Код в учёте" as supplier_id,
    o."Дата заказа" as order_date,
    coalesce(c.currency, o."Валюта") as currency,
    o."Базис поставки" as incoterm,
    o."Закупщик" as buyer_id,
    o._file,
    o._line,
    o._defect
from orders as o
left join suppliers as s on o."Поставщик" = s."Поставщик" and s._defect is null
left join currencies as c on o."Валюта" = c.word
