"""What the tables of the demo ERP say about supply, and what can be promised."""

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
    (line.qty - line.cancelled_qty - coalesce(left_by.qty, 0)) * times, plan.day, placed_on,
    confirmed_on, plan.day - confirmed_on, (
        select count(*) from erp.purchase_date_change as change
        where (change.purchase_id, change.line_no) = (line.purchase_id, line.line_no)
            and was is not null
    ), line.qty * times, line.cancelled_qty * times, coalesce(left_by.qty, 0) * times
from erp.purchase_line as line join erp.purchase on purchase.id = line.purchase_id
join erp.item_unit as unit on unit.item_id = line.item_id and unit.unit = line.unit
left join left_by using (purchase_id, line_no)
left join received using (purchase_id, line_no)
left join erp.stock_plan as plan on plan.code = 'P-' || line.purchase_id || '-' || line_no
where line.item_id > 1000000 and line.qty - line.cancelled_qty > coalesce(received.qty, 0)
"""

SUPPLIER = """
with received as (
    select receipt.purchase_id, receipt.purchase_line as line_no, receipt.qty,
        (receipt.arrived_at at time zone 'Europe/Kyiv')::date - line.confirmed_on as late
    from erp.purchase_receipt as receipt
    join erp.purchase_line as line
        on (line.purchase_id, line.line_no) = (receipt.purchase_id, receipt.purchase_line)
),
came as (
    select purchase_id, line_no, sum(qty) as qty, sum(qty) filter (where late <= 0) as in_time
    from received group by purchase_id, line_no
),
due as (
    select partner.code, date_trunc('month', line.confirmed_on)::date as month_on,
        line.qty, unit.times, item.unit, coalesce(came.qty, 0) as came,
        coalesce(came.in_time, 0) as in_time, line.purchase_id, line.line_no
    from erp.purchase_line as line
    join erp.purchase on purchase.id = line.purchase_id
    join erp.partner on partner.id = purchase.partner_id
    join erp.item on item.id = line.item_id
    join erp.item_unit as unit on unit.item_id = line.item_id and unit.unit = line.unit
    left join came using (purchase_id, line_no)
    where line.item_id > 1000000 and line.confirmed_on <= (select last_day from erp.company)
),
slips as (
    select code, month_on, count(*) as receipts,
        percentile_disc(0.5) within group (order by late) as p50,
        percentile_disc(0.8) within group (order by late) as p80
    from due join received using (purchase_id, line_no) group by code, month_on
)
select code, month_on, count(*), count(*) filter (where came > 0),
    count(*) filter (where in_time >= due.qty), sum(due.qty * times), sum(came * times),
    sum(in_time * times), count(distinct unit), coalesce(receipts, 0), p50, p80
from due left join slips using (code, month_on)
group by code, month_on, receipts, p50, p80
"""

PLANNED = """
with days as (
    select store, item_id, greatest(plan.day, next_day) as day,
        coalesce(sum(qty) filter (where way = '+'), 0) as comes,
        coalesce(sum(qty) filter (where way = '-'), 0) as goes
    from erp.stock_plan as plan cross join (
        -- A Friday evening: Monday is next.
        select last_day, last_day + 3 as next_day from erp.company
    ) as known
    where item_id > 1000000 and (way = '-' or plan.day > last_day)
    group by store, item_id, greatest(plan.day, next_day)
),
lying as (
    select store, item_id, sum(qty) as qty
    from erp.stock_balance as balance join erp.company on company.last_day = balance.day
    where item_id > 1000000 and quality = 'A' group by store, item_id
),
levels as (
    select store, item_id, day, comes, goes, coalesce(lying.qty, 0)
        + sum(comes - goes) over (partition by store, item_id order by day) as level
    from days left join lying using (store, item_id)
),
ahead as (
    select *, min(level) over (
        partition by store, item_id order by day rows between current row and unbounded following
    ) as least
    from levels
)
select store, item_id::text, day, comes, goes, level,
    greatest(least, 0) - greatest(least(level - comes + goes, least), 0)
from ahead
"""

SUPPLY_EXPECTED = """
with receipts as (
    select purchase.partner_id, item.family,
        (arrived_at at time zone 'Europe/Kyiv')::date - confirmed_on as slip
    from erp.purchase_receipt as receipt join erp.item on item.id = receipt.item_id
    join erp.purchase on purchase.id = receipt.purchase_id
    join erp.purchase_line as line
        on (line.purchase_id, line.line_no) = (receipt.purchase_id, receipt.purchase_line)
    where receipt.item_id > 1000000
),
own as (
    select partner_id, percentile_disc(0.8) within group (order by slip) as days
    from receipts group by partner_id having count(*) >= 10
),
shared as (
    select family, percentile_disc(0.8) within group (order by slip) as days
    from receipts group by family having count(*) >= 10
)
select line.purchase_id::text, line_no, plan.day + coalesce(own.days, shared.days, 0)
from erp.purchase_line as line join erp.purchase on purchase.id = line.purchase_id
join erp.item on item.id = line.item_id join erp.company on true
join erp.stock_plan as plan on plan.code = 'P-' || line.purchase_id || '-' || line_no
left join own on own.partner_id = purchase.partner_id
left join shared on shared.family = item.family
where line.item_id > 1000000 and plan.day > last_day
"""
"""The company is younger than the twelve months whose receipts count."""

DATE_CHANGE = """
with came as (
    select purchase_id, purchase_line as line_no, sum(qty) as qty,
        max((arrived_at at time zone 'Europe/Kyiv')::date) as day
    from erp.purchase_receipt group by purchase_id, purchase_line
),
told as (
    select change.*, row_number() over (
        partition by change.purchase_id, change.line_no order by changed_at, change.id
    ) as turn
    from erp.purchase_date_change as change
)
select told.purchase_id::text, told.line_no, turn, partner.code,
    (changed_at at time zone 'Europe/Kyiv')::date, was, becomes, becomes - was,
    becomes - confirmed_on
from told join erp.purchase_line as line using (purchase_id, line_no)
join erp.purchase on purchase.id = told.purchase_id
join erp.partner on partner.id = purchase.partner_id join erp.company on true
left join came using (purchase_id, line_no)
where line.item_id > 1000000
    and (line.qty - line.cancelled_qty > coalesce(came.qty, 0) or came.day >= last_day - 35)
"""
