"""What the bulk trade's answers must say, read from the tables of the demo ERP."""

BALANCES = """
with debts as (
    select part.paper_id, part.part_no, paper.entity, paper.partner_id,
        coalesce(paper.agreement, '') as agreement, paper.currency,
        (select last_day from erp.company) - part.due_on as late,
        part.amount - coalesce((
            select sum(link.amount) from erp.paper_link as link
            where (link.paid_id, link.paid_part) = (part.paper_id, part.part_no)
        ), 0) as left_amount
    from erp.paper_part as part join erp.paper on paper.id = part.paper_id
    where paper.side = 'D' and part.amount > 0
)
select 'NL' || total.entity, partner.code, total.agreement, total.currency, total.balance,
    coalesce(sum(left_amount) filter (where late <= 0 or late is null), 0),
    coalesce(sum(left_amount) filter (where late between 1 and 30), 0),
    coalesce(sum(left_amount) filter (where late between 31 and 60), 0),
    coalesce(sum(left_amount) filter (where late between 61 and 90), 0),
    coalesce(sum(left_amount) filter (where late > 90), 0),
    total.balance - coalesce(sum(left_amount), 0)
from erp.ledger_total as total
join erp.company on company.last_day = total.day
join erp.partner on partner.id = total.partner_id
left join debts on (debts.entity, debts.partner_id, debts.agreement, debts.currency)
    = (total.entity, total.partner_id, total.agreement, total.currency)
where total.partner_id > 1000000
group by total.entity, partner.code, total.agreement, total.currency, total.balance
"""

STOCK = """
with lying as (
    select store, item_id, sum(qty) as qty, sum(qty) filter (where quality = 'A') as usable
    from erp.stock_balance join erp.company on company.last_day = stock_balance.day
    where item_id > 1000000 group by store, item_id
),
held as (
    select store, item_id, sum(qty) as qty from erp.hold
    where item_id > 1000000 and released_at is null group by store, item_id
)
select store, item_id::text, coalesce(lying.qty, 0), coalesce(usable, 0), coalesce(held.qty, 0),
    coalesce(usable, 0) - coalesce(held.qty, 0)
from lying full join held using (store, item_id)
"""

SHIPPED = """
select (moved_at at time zone 'Europe/Kyiv')::date, store,
    count(distinct doc) filter (where way = '-') - count(distinct doc) filter (where way = '+'),
    count(*) filter (where way = '-') - count(*) filter (where way = '+'),
    sum(case way when '-' then qty else -qty end)
from erp.stock_entry where type = 'SAL' and item_id > 1000000 group by 1, store
"""

PROMISED_LINES = """
lines as (
    select line.sale_id, line.line_no, partner.code, times, line.qty - line.dropped_qty as wanted,
        line.wanted_on,
        (array_agg(promise.day order by given_at, promise.id))[1] as first_day,
        (array_agg(promise.day order by given_at desc, promise.id desc))[1] as last_day,
        max(promise.day) filter (where by_customer) as wish_day
    from erp.sale_line as line
    join erp.sale on sale.id = line.sale_id
    join erp.partner on partner.id = sale.partner_id
    join erp.item_unit as unit on unit.item_id = line.item_id and unit.unit = line.unit
    join erp.sale_promise as promise using (sale_id, line_no)
    where line.item_id > 1000000 and line.qty > line.dropped_qty
    group by line.sale_id, line.line_no, partner.code, times
),
based as (
    select lines.*, basis, base_on
    from lines cross join lateral (values
        ('requested', coalesce(wish_day, wanted_on)),
        ('first_promised', coalesce(wish_day, first_day)), ('last_promised', last_day)
    ) as base (basis, base_on)
)
"""
"""Order lines on the three days they are judged by: `based`."""

OTIF = f"""
with {PROMISED_LINES},
delivered as (
    select dispatch.sale_id, sent.sale_line as line_no, sum(sent.qty) as qty,
        max(event.happened_at)::date as day
    from erp.dispatch_line as sent
    join erp.dispatch on dispatch.id = sent.dispatch_id
    join erp.dispatch_event as event on event.dispatch_id = dispatch.id and event.type = 'DLV'
    where not exists (
        select from erp.dispatch_event as short where short.dispatch_id = dispatch.id
            and short.type = 'DIF' and short.line_no = sent.line_no
    ) and not exists (select from erp.dispatch as back where back.cancels_id = dispatch.id)
    and (not wants_signature or exists (
        select from erp.dispatch_event as proof where proof.dispatch_id = dispatch.id
            and proof.type = 'POD'
    ))
    group by dispatch.sale_id, sent.sale_line
)
select basis, date_trunc('month', base_on)::date, code, count(*),
    count(*) filter (where delivered.qty = based.wanted and delivered.day <= base_on)
from based left join delivered using (sale_id, line_no)
where base_on <= (select last_day from erp.company)
group by 1, 2, 3
"""

ATP = """
with events as (
    select store, item_id, greatest(coalesce(plan.day, company.last_day), company.last_day) as day,
        case way when '+' then qty else -qty end as qty
    from erp.stock_plan as plan cross join erp.company
    where item_id > 1000000 and (way = '-' or plan.day > company.last_day)
    union all
    select store, item_id, day, qty
    from erp.stock_balance as balance join erp.company on company.last_day = balance.day
    where item_id > 1000000 and quality = 'A'
),
days as (select store, item_id, day, sum(qty) as qty from events group by store, item_id, day),
running as (
    select *, sum(qty) over (partition by store, item_id order by day) as level from days
)
select store, item_id::text,
    min(level) over (partition by store, item_id order by day
        rows between current row and unbounded following) as atp,
    day
from running
"""

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

EXPOSURE = """
with shipped as (
    select dispatch.sale_id, sent.sale_line as line_no, sum(sent.qty) as qty
    from erp.dispatch_line as sent join erp.dispatch on dispatch.id = sent.dispatch_id
    group by dispatch.sale_id, sent.sale_line
),
billed as (
    select line.sale_id, line.sale_line as line_no, sum(line.qty) as qty
    from erp.paper_line as line join erp.paper on paper.id = line.paper_id and paper.type = 'INV'
    group by line.sale_id, line.sale_line
),
quantities as (
    select sale.partner_id, line.list_price * (100 - line.discount_pct) / 100 as price,
        line.vat_pct / 100 as tax, line.qty - line.dropped_qty - coalesce(shipped.qty, 0) as open,
        coalesce(shipped.qty, 0) - coalesce(billed.qty, 0) as unbilled
    from erp.sale_line as line
    join erp.sale on sale.id = line.sale_id
    left join shipped using (sale_id, line_no)
    left join billed using (sale_id, line_no)
    where not sale.prepaid
),
amounts as (
    select partner_id, round(open * price, 2) as open_net,
        round(open * price, 2) + round(round(open * price, 2) * tax, 2) as open_gross,
        round(unbilled * price, 2) as unbilled_net,
        round(unbilled * price, 2) + round(round(unbilled * price, 2) * tax, 2) as unbilled_gross,
        0 as balance
    from quantities
    union all
    select sale.partner_id, 0, 0, 0, 0,
        greatest(
            sum(case side when 'D' then paper.total else -paper.total end),
            case when sale.prepaid then 0 end
        )
    from erp.paper join erp.sale on sale.id = paper.sale_id
    group by sale.id
)
select partner.code, sum(open_net), sum(open_gross), sum(unbilled_net), sum(unbilled_gross),
    sum(balance)
from amounts join erp.partner on partner.id = amounts.partner_id
where partner.id > 1000000
group by partner.code
having sum(open_net) <> 0 or sum(unbilled_net) <> 0 or sum(balance) <> 0
"""

LATENESS = """
select partner.code, payment.currency, date_trunc('month', payment.booked_on)::date,
    sum(link.amount), coalesce(sum(link.amount) filter (where booked > due_on), 0),
    sum(link.amount * (booked - due_on))
from erp.paper_link as link
join erp.paper as payment on payment.id = link.payer_id and payment.type = 'PAY'
join erp.paper as invoice on invoice.id = link.paid_id and invoice.type = 'INV'
join erp.paper_part as part on (part.paper_id, part.part_no) = (link.paid_id, link.paid_part)
join erp.partner on partner.id = payment.partner_id
cross join lateral (select payment.booked_on as booked) as paid
where partner.id > 1000000
group by 1, 2, 3
having sum(link.amount) <> 0
"""

RETURNED = """
select date_trunc('month', moved_at)::date, store, item_id::text, sum(qty)
from erp.stock_entry where type = 'RET' and item_id > 1000000 group by 1, 2, 3
"""

DISCREPANCY = """
select no, store, item_id::text, lot, (taken_at at time zone 'Europe/Kyiv')::date, book, found,
    case status when 'O' then 'open' when 'E' then 'explained' when 'P' then 'posted' end
from erp.stock_check where book <> found and item_id > 1000000
"""

INBOUND = """
with left_by as (
    select purchase_id, line_no, sum(qty) as qty from erp.purchase_transport
    group by purchase_id, line_no
),
received as (
    select purchase_id, purchase_line as line_no, sum(qty) as qty from erp.purchase_receipt
    group by purchase_id, purchase_line
)
select line.purchase_id::text, line_no, line.store, line.item_id::text,
    coalesce(received.qty, 0) * times,
    (coalesce(left_by.qty, 0) - coalesce(received.qty, 0)) * times,
    (line.qty - line.cancelled_qty - coalesce(left_by.qty, 0)) * times, plan.day
from erp.purchase_line as line
join erp.item_unit as unit on unit.item_id = line.item_id and unit.unit = line.unit
left join left_by using (purchase_id, line_no)
left join received using (purchase_id, line_no)
left join erp.stock_plan as plan on plan.code = 'P-' || line.purchase_id || '-' || line_no
where line.item_id > 1000000 and line.qty - line.cancelled_qty > coalesce(received.qty, 0)
"""
