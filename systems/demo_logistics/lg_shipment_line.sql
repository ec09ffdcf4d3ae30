-- Lines of the shipments of the day; those of a cancellation are negative in the file already.
-- A unit without a translation is passed on as it is.
select
    "Отгрузка" as shipment_id,
    "Строка" as line_no,
    "Заказ" as order_id,
    "Строка заказа" as order_line_no,
    "Товар" as product_id,
    "Количество" as qty,
    case "Ед"
        when 'шт' then 'pcs'
        when 'кг' then 'kg'
        when 'кор' then 'box'
        when 'дюж' then 'dozen'
        else "Ед"
    end as uom,
    "Изменено" as changed_at,
    _file,
    _line,
    _defect
from lines
