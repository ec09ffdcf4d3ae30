-- Shipments new or corrected on the day of the file; a cancellation is a shipment of its own.
select
    "Отгрузка" as shipment_id,
    "Номер" as number,
    "Заказ" as order_id,
    "Склад" as warehouse_id,
    "Клиент" as customer_id,
    "Маршрут" as route_id,
    "Перевозчик" as carrier,
    "Отгружено" as issued_at,
    "Доставка с" as planned_delivery_from,
    "Доставка до" as planned_delivery_to,
    "Нужна подпись" as pod_required,
    "Отменяет" as cancels_shipment_id,
    "Изменено" as changed_at,
    _file,
    _line,
    _defect
from shipments
