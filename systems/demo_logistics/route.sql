-- Delivery routes: the newest list.
select
    "Маршрут" as route_id,
    "Название" as name,
    "Территория" as territory,
    "Дней в пути" as transit_days,
    "Площадка" as calendar_site_id,
    _file,
    _line,
    _defect
from routes
