-- What happened on the way, as reported on the day. A kind or a reporter without a translation is
-- passed on as it is, for the loader to hold back and not for this query to lose.
select
    "Событие" as event_id,
    "Отгрузка" as shipment_id,
    "Строка" as line_no,
    case "Вид"
        when '1' then 'departed'
        when '2' then 'arrived'
        when '3' then 'delivered'
        when '4' then 'refused'
        when '5' then 'difference'
        when '6' then 'pod_confirmed'
        else "Вид"
    end as kind,
    "Время" as at,
    "Количество" as qty,
    "Расхождение" as difference_qty,
    "Причина" as reason,
    "Принял" as received_by,
    "Документ" as proof_ref,
    case "Сообщил"
        when 'перевозчик' then 'carrier'
        when 'водитель' then 'driver'
        when 'клиент' then 'customer'
        else "Сообщил"
    end as source,
    _file,
    _line,
    _defect
from events
