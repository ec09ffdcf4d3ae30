select
    line.dispatch_id || '/' || line.line_no as _key,
    coalesce(
        (dispatch.issued_at at time zone coalesce(site.zone, 'UTC'))::date, '-infinity'::date
    ) as _day,
    line.qty as _measure,
    line.dispatch_id as "Отгрузка",
    line.line_no as "Строка",
    dispatch.sale_id as "Заказ",
    line.sale_line as "Строка заказа",
    line.item_id as "Товар",
    pg_temp.qty(line.qty) as "Количество",
    case line.unit
        when 'pcs' then 'шт'
        when 'kg' then 'кг'
        when 'box' then 'кор'
        when 'dozen' then 'дюж'
        else line.unit
    end as "Ед",
    pg_temp.moment(dispatch.issued_at) as "Изменено"
from erp.dispatch_line as line
left join erp.dispatch on line.dispatch_id = dispatch.id
left join erp.store on dispatch.store = store.code
left join erp.site on store.site_code = site.code
