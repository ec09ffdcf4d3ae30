-- Kinds are numbers. A kind or a reporter without a word here is passed on as the ERP has it.
select
    event.id::text as _key,
    (event.happened_at at time zone coalesce(site.zone, 'UTC'))::date as _day,
    event.id as "Событие",
    event.dispatch_id as "Отгрузка",
    event.line_no as "Строка",
    case event.type
        when 'DEP' then '1'
        when 'ARR' then '2'
        when 'DLV' then '3'
        when 'REF' then '4'
        when 'DIF' then '5'
        when 'POD' then '6'
        else event.type
    end as "Вид",
    pg_temp.moment(event.happened_at) as "Время",
    pg_temp.qty(event.qty) as "Количество",
    pg_temp.qty(event.difference) as "Расхождение",
    event.cause as "Причина",
    event.signed_by as "Принял",
    event.proof as "Документ",
    case event.reported_by
        when 'K' then 'перевозчик'
        when 'D' then 'водитель'
        when 'C' then 'клиент'
        else event.reported_by
    end as "Сообщил"
from erp.dispatch_event as event
left join erp.dispatch on event.dispatch_id = dispatch.id
left join erp.store on dispatch.store = store.code
left join erp.site on store.site_code = site.code
