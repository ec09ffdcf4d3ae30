"""What the tables of the demo ERP say about targets and facts."""

PLAN_FACT = """
with rates as (
    select currency, day, value / per as rate,
        lead(day, 1, 'infinity') over (partition by currency order by day) as next_day
    from erp.rate
    union all
    select 'EUR', '-infinity', 1, 'infinity'
),
moved as (
    select dispatch.sale_id, sent.sale_line as line_no, sent.qty,
        (dispatch.issued_at at time zone 'Europe/Kyiv')::date as day
    from erp.dispatch_line as sent join erp.dispatch on dispatch.id = sent.dispatch_id
    union all
    select dispatch.sale_id, claim.dispatch_line, -claim.qty, claim.came_at::date
    from erp.claim join erp.dispatch on dispatch.id = claim.dispatch_id
    where claim.came_at is not null
),
valued as (
    select moved.sale_id, moved.day, partner.code as customer, partner.route, item.brand,
        round(round(moved.qty * list_price * (100 - discount_pct) / 100, 2) * rate, 2) as eur
    from moved
    join erp.sale_line as line using (sale_id, line_no)
    join erp.sale on sale.id = moved.sale_id
    join erp.partner on partner.id = sale.partner_id
    join (select id, brand from erp.item) as item on item.id = line.item_id
    join rates on rates.currency = sale.currency
        and moved.day >= rates.day and moved.day < rates.next_day
    where sale.id >= 10000000
),
credited as (
    select valued.*, null as staff_no, 100 as pct from valued
    union all
    select valued.*, share.staff_no, pct from valued join erp.sale_share as share using (sale_id)
)
select target.version, target.starts_on, coalesce(target.brand, ''), coalesce(partner.code, ''),
    coalesce(target.route, ''), coalesce(target.staff_no, ''), target.amount,
    round(coalesce(sum(eur * pct), 0) / 100, 2)
from erp.target
left join erp.partner on partner.id = target.partner_id
left join credited on credited.day between target.starts_on and target.ends_on
    and credited.staff_no is not distinct from target.staff_no
    and (target.brand is null or target.brand = credited.brand)
    and (partner.code is null or partner.code = credited.customer)
    and (target.route is null or target.route = credited.route)
where target.measure = 'NET' and target.id >= 10000000
group by target.id, partner.code
"""
