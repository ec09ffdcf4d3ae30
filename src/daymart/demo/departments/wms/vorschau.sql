select
    plan.code,
    to_char(plan.day, 'YYYYMMDD')::integer,
    pg_temp.versatz((plan.day + time '12:00') at time zone site.zone, site.zone),
    plan.store,
    other.store,
    pg_temp.artikel(plan.item_id),
    translate(plan.way, '+-', 'ZA'),
    case plan.type when 'PUR' then 'B' when 'SAL' then 'V' else 'U' end,
    pg_temp.tsd(plan.qty),
    plan.doc,
    plan.sale_id::text,
    plan.purchase_id::text
from erp.stock_plan as plan
inner join erp.store on plan.store = store.code
inner join erp.site on store.site_code = site.code
left join erp.stock_plan as other
    on
        plan.type in ('TRO', 'TRI')
        and left(plan.code, -1) = left(other.code, -1)
        and plan.way <> other.way
