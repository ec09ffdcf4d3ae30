select
    dispatch.id::text as _key,
    (dispatch.issued_at at time zone coalesce(site.zone, 'UTC'))::date as _day,
    dispatch.id as "Отгрузка",
    dispatch.no as "Номер",
    dispatch.sale_id as "Заказ",
    dispatch.store as "Склад",
    partner.code as "Клиент",
    dispatch.route as "Маршрут",
    dispatch.carrier as "Перевозчик",
    pg_temp.moment(dispatch.issued_at) as "Отгружено",
    pg_temp.moment(dispatch.slot_from) as "Доставка с",
    pg_temp.moment(dispatch.slot_to) as "Доставка до",
    pg_temp.yes(dispatch.wants_signature) as "Нужна подпись",
    dispatch.cancels_id as "Отменяет",
    pg_temp.moment(dispatch.issued_at) as "Изменено"
from erp.dispatch
left join erp.partner on dispatch.partner_id = partner.id
left join erp.store on dispatch.store = store.code
left join erp.site on store.site_code = site.code
