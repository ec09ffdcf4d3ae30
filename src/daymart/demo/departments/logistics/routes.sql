select
    code as "Маршрут",
    title as "Название",
    area as "Территория",
    days as "Дней в пути",
    site_code as "Площадка"
from erp.route
order by code
