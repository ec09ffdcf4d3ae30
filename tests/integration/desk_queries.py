"""What answers about single desks must say, read from the tables of the demo ERP."""

from tests.integration.trade_queries import BALANCES, EXPOSURE, PROMISED_LINES, STOCK

DELIVERY = f"""
with {PROMISED_LINES},
parts as (
    select dispatch.sale_id, sent.sale_line as line_no, sent.qty, issued_at,
        min(issued_at) over (partition by dispatch.sale_id) as first_issued_at,
        (came.happened_at at time zone 'Europe/Kyiv')::date as day,
        sent.qty + coalesce(short.difference, 0) as taken,
        not wants_signature or proof.id is not null as is_proved
    from erp.dispatch_line as sent
    join erp.dispatch on dispatch.id = sent.dispatch_id
    left join erp.dispatch_event as came on (came.dispatch_id, came.type) = (dispatch.id, 'DLV')
    left join erp.dispatch_event as proof on (proof.dispatch_id, proof.type) = (dispatch.id, 'POD')
    left join erp.dispatch_event as short
        on (short.dispatch_id, short.type, short.line_no) = (dispatch.id, 'DIF', sent.line_no)
    where sent.item_id > 1000000 and dispatch.cancels_id is null
        and not exists (select from erp.dispatch as back where back.cancels_id = dispatch.id)
),
brought as (
    select basis, sale_id, line_no, sum(qty) filter (where issued_at = first_issued_at) as filled,
        sum(taken) filter (where day <= base_on) as said,
        sum(taken) filter (where day <= base_on and is_proved) as came,
        max(day) filter (where day <= base_on and is_proved) = base_on as is_on_time
    from based join parts using (sale_id, line_no) group by basis, sale_id, line_no, base_on
),
summed as (
    select based.*, max(base_on) over (partition by basis, sale_id) as order_on,
        coalesce(filled, 0) as filled, coalesce(said, 0) as said, coalesce(came, 0) as came,
        coalesce(is_on_time, false) as is_on_time, coalesce(came, 0) >= wanted as is_full
    from based left join brought using (basis, sale_id, line_no)
),
orders as (
    select basis, date_trunc('month', order_on)::date as month_on, code,
        bool_and(filled >= wanted) as is_filled, bool_and(is_on_time and is_full) as is_perfect
    from summed where order_on <= (select last_day from erp.company)
    group by basis, order_on, code, sale_id
),
counted as (
    select basis, month_on, code, count(*) as orders, count(*) filter (where is_filled) as filled,
        count(*) filter (where basis = 'requested') as judged,
        count(*) filter (where basis = 'requested' and is_perfect) as perfect
    from orders group by basis, month_on, code
),
due as (
    select basis, date_trunc('month', base_on)::date as month_on, code, count(*) as lines,
        count(*) filter (where is_on_time) as on_time, count(*) filter (where is_full) as in_full,
        count(*) filter (where is_on_time and is_full) as otif,
        count(*) filter (
            where not is_full and (said >= wanted or (not is_on_time and came = 0 and said > 0))
        ) as unconfirmed,
        sum(wanted * times) as wanted, sum(filled * times) as filled_qty,
        count(*) filter (where filled >= wanted) as filled_lines
    from summed where base_on <= (select last_day from erp.company) group by 1, 2, 3
)
select basis, month_on, code, lines, on_time, in_full, otif, unconfirmed, wanted, filled_qty,
    filled_lines, coalesce(orders, 0), coalesce(filled, 0), coalesce(judged, 0),
    coalesce(perfect, 0)
from due left join counted using (basis, month_on, code)
"""

CREDIT = f"""
with limits as (
    select distinct on (line.partner_id) partner.code, line.entity, line.currency, line.allowed,
        line.stopped, partner.risky
    from erp.credit_line as line join erp.partner on partner.id = line.partner_id
    where partner.id > 1000000 and line.since <= (select last_day from erp.company)
    order by line.partner_id, line.since desc
),
costs as (
    select code, open_gross + unbilled_gross + balance as amount
    from ({EXPOSURE}) as cost (code, open_net, open_gross, unbilled_net, unbilled_gross, balance)
),
late as (
    select code, max(a30 + a60 + a90 + a91) as amount
    from ({BALANCES}) as account (
        entity, code, contract, currency, balance, not_due, a30, a60, a90, a91, unapplied
    ) group by code
),
known as (
    select limits.*, coalesce(costs.amount, 0) as cost, coalesce(late.amount, 0) as late
    from limits left join costs using (code) left join late using (code)
)
select 'NL' || entity, code, currency, allowed, cost, allowed - cost,
    round(cost / nullif(allowed, 0), 4), case when cost > allowed then cost - allowed end,
    nullif(concat_ws(', ',
        case when cost > allowed then 'over_limit' end,
        case when late >= case currency when 'UAH' then 50 else 1 end then 'overdue_material' end,
        case when stopped then 'blocked_by_hand' end, case when risky then 'risk_flag' end
    ), '')
from known
"""

_STANDING = """
with standing as (
    select sent.dispatch_id, sent.line_no, dispatch.store, sent.qty * times as qty,
        (issued_at at time zone 'Europe/Kyiv')::date as day, pick.id as pick_id,
        pick.qty * times as picked
    from erp.dispatch_line as sent
    join erp.dispatch on dispatch.id = sent.dispatch_id
    join erp.item_unit as unit on unit.item_id = sent.item_id and unit.unit = sent.unit
    left join erp.pick on (pick.dispatch_id, pick.line_no) = (sent.dispatch_id, sent.line_no)
    where sent.item_id > 1000000 and dispatch.cancels_id is null
        and not exists (select from erp.dispatch as back where back.cancels_id = dispatch.id)
),
found as (
    select pick_id, count(*) as errors, max(position(seen_by in 'CLK')) as place,
        max(ticket_id)::text as ticket, array_agg(type) as types
    from erp.pick_fault group by pick_id
)
"""

COLLECTION = """
with bounds as (
    select (month_on - interval '1 day')::date as closed_on,
        (month_on - interval '3 months')::date as opened_on,
        (month_on - interval '24 months')::date as counted_on
    from erp.company cross join lateral (select date_trunc('month', last_day + 1)) as m (month_on)
),
papers as (
    select paper.*, 'NL' || paper.entity as owner, code, coalesce(paper.agreement, '') as contract
    from erp.paper
    join erp.partner on partner.id = paper.partner_id
    join erp.sale on sale.id = paper.sale_id
    where paper.partner_id > 1000000 and not prepaid and paper.type in ('INV', 'CRN')
),
sales as (
    select owner, code, contract, currency, date_trunc('month', booked_on)::date as month_on,
        sum(case type when 'INV' then total else -total end) as amount
    from papers cross join bounds where booked_on between counted_on and closed_on
    group by 1, 2, 3, 4, 5
),
settled as (
    select paid_id, paid_part,
        coalesce(sum(amount) filter (where counts_from <= closed_on), 0) as closing,
        coalesce(sum(amount) filter (where counts_from < opened_on), 0) as opening
    from erp.paper_link cross join bounds group by paid_id, paid_part
),
owing as (
    select owner, code, contract, currency,
        sum(greatest(part.amount - coalesce(closing, 0), 0)) as owed,
        sum(case when due_on >= closed_on
            then greatest(part.amount - coalesce(closing, 0), 0) else 0 end) as not_due,
        sum(case when booked_on < opened_on
            then greatest(part.amount - coalesce(opening, 0), 0) else 0 end) as opening
    from papers cross join bounds join erp.paper_part as part on part.paper_id = papers.id
    left join settled on (paid_id, paid_part) = (part.paper_id, part.part_no)
    where type = 'INV' and booked_on <= closed_on group by 1, 2, 3, 4
),
running as (
    select sales.*, closed_on, opened_on, coalesce(owed, 0) as owed,
        coalesce(not_due, 0) as not_due, coalesce(opening, 0) as opening,
        (month_on + interval '1 month')::date - month_on as days,
        closed_on - (month_on + interval '1 month - 1 day')::date as behind,
        sum(greatest(amount, 0)) over (
            partition by owner, code, contract, currency order by month_on desc
        ) as so_far
    from sales cross join bounds left join owing using (owner, code, contract, currency)
),
measured as (
    select owner, code, contract, currency, closed_on, owed, not_due, opening,
        closed_on - opened_on + 1 as days,
        sum(case when month_on >= opened_on then amount else 0 end) as sold,
        min(case when owed = 0 then 0 when so_far >= owed and so_far - greatest(amount, 0) < owed
            then behind + (owed - so_far + amount) * days / amount end) as counted_back
    from running group by owner, code, contract, currency, closed_on, opened_on, owed, not_due,
        opening
)
select owner, code, contract, currency, closed_on,
    round(case when sold > 0 then owed * days / sold end, 1), round(counted_back, 1),
    round(case when sold > 0 then not_due * days / sold end, 1),
    round(case when sold > 0 then (owed - not_due) * days / sold end, 1),
    round(case when opening + sold > not_due
        then (opening + sold - owed) * 100 / (opening + sold - not_due) end, 1)
from measured
"""

DELAY = """
with paid as (
    select paper.partner_id, part.due_on, sum(link.amount) = part.amount as is_settled,
        max(link.counts_from) filter (
            where link.amount > 0 and payer.type in ('PAY', 'ADV') and not exists (
                select from erp.paper as back where back.cancels_id = payer.id
            )
        ) as paid_on
    from erp.paper join erp.paper_part as part on part.paper_id = paper.id
    join erp.paper_link as link on (link.paid_id, link.paid_part) = (part.paper_id, part.part_no)
    join erp.paper as payer on payer.id = link.payer_id
    where paper.partner_id > 1000000 group by paper.partner_id, part.paper_id, part.part_no
)
select code, ceil(percentile_cont(0.5) within group (order by paid_on - due_on))::integer
from paid join erp.partner on partner.id = paid.partner_id cross join erp.company
cross join lateral (select date_trunc('month', last_day + 1)::date) as month (starts_on)
where is_settled and due_on is not null
    and paid_on >= starts_on - interval '12 months' and paid_on < starts_on
group by code
"""

PICKED = f"""{_STANDING}
select date_trunc('month', day)::date, store, count(*), sum(qty), count(pick_id),
    coalesce(sum(picked), 0), count(pick_id) - count(errors), coalesce(sum(errors), 0)
from standing left join found using (pick_id) group by 1, 2
"""

PICK_ERROR = f"""{_STANDING}
select dispatch_id::text, line_no, day, store,
    (select string_agg(kind, ', ' order by place) from unnest(
        array['SHT', 'OVR', 'ITM', 'LOT', 'DMG', 'PAP', 'HID'],
        array['short', 'over', 'wrong_item', 'wrong_lot_or_unit', 'damaged', 'missing_papers',
            'hidden_defect']
    ) with ordinality as word (type, kind, place) where type = any(types)),
    (array['check', 'loading', 'customer'])[place], ticket
from standing join found using (pick_id)
"""

HOLD = """
select hold.id::text, store, item_id::text, sale_id::text, sale_line, qty,
    (made_at at time zone 'Europe/Kyiv')::date, (until at time zone 'Europe/Kyiv')::date
from erp.hold where item_id > 1000000 and released_at is null
"""

HOLD_ENDED = """
select (released_at at time zone 'Europe/Kyiv')::date, store, why_released, count(*), sum(qty)
from erp.hold where item_id > 1000000 and released_at is not null group by 1, 2, 3
"""

OUTLOOK = f"""
with planned as (
    select store, item_id::text as item, coalesce(sum(qty) filter (where way = '-'), 0) as outgoing,
        coalesce(sum(qty) filter (where way = '+'), 0) as incoming
    from erp.stock_plan where item_id > 1000000 group by 1, 2
),
lying as (select * from ({STOCK}) as lying (store, item, on_hand, usable, held, free)),
counted as (
    select distinct on (store, item_id) store, item_id::text as item, taken_at,
        found - book as variance, status = 'O' and found <> book as in_doubt
    from erp.stock_check where item_id > 1000000 order by store, item_id, taken_at desc
),
moved as (
    select store, item_id::text as item, max(moved_at) as moved_at
    from erp.stock_entry where item_id > 1000000 and type <> 'CNT' group by 1, 2
),
known as (
    select store, item, coalesce(outgoing, 0) as outgoing, coalesce(incoming, 0) as incoming,
        coalesce(on_hand, 0) as on_hand, coalesce(free, 0) as free, taken_at, variance,
        coalesce(in_doubt, false) as in_doubt,
        case when in_doubt and coalesce(moved_at < taken_at, true) then variance else 0 end as open
    from lying full join planned using (store, item) full join counted using (store, item)
    left join moved using (store, item)
)
select store, item, outgoing, incoming, on_hand - outgoing + incoming, taken_at, variance, open,
    in_doubt, greatest(free + least(open, 0), 0)
from known where on_hand <> 0 or outgoing <> 0 or incoming <> 0 or in_doubt
"""

ACCURACY = """
with prices as (
    select item_id, 1 as choice, placed_on as day, purchase.id, line_no, currency,
        line.price * per / times as price
    from erp.purchase join erp.purchase_line as line on line.purchase_id = purchase.id
    join erp.item_unit using (item_id, unit)
    union all
    select item_id, 2, confirmed_on, sale.id, line_no, currency,
        list_price * (100 - discount_pct) / 100 * per / times
    from erp.sale join erp.sale_line as line on line.sale_id = sale.id
    join erp.item_unit using (item_id, unit)
),
worth as (
    select distinct on (taken.no, taken.store, taken.item_id, taken.lot) taken.no, taken.store,
        taken.item_id, taken.lot, price * coalesce((
            select value / per from erp.rate
            where rate.currency = prices.currency and rate.day <= prices.day
            order by rate.day desc limit 1
        ), 1) as worth
    from erp.stock_check as taken join prices on prices.item_id = taken.item_id
        and prices.day <= (taken_at at time zone 'Europe/Kyiv')::date
    order by taken.no, taken.store, taken.item_id, taken.lot, choice, prices.day desc,
        prices.id desc, prices.line_no desc
),
taken as (
    select taken.store, item.value_class, taken_at, worth,
        (taken_at at time zone 'Europe/Kyiv')::date as day, status, book, found,
        abs(found - book) * 100
            <= book * case value_class when 'A' then 1 when 'B' then 3 else 5 end as is_right,
        lead(taken_at) over (
            partition by taken.store, taken.item_id, taken.lot order by taken_at
        ) is not null as is_counted_again
    from erp.stock_check as taken join erp.item on item.id = taken.item_id
    left join worth using (no, store, item_id, lot)
    where taken.item_id > 1000000
),
marked as (
    select taken.*, day > last_day - 90 as is_recent,
        day < date_trunc('week', last_day) and day >= date_trunc('week', last_day)::date - 90
            as is_of_week
    from taken cross join erp.company
    where not (status = 'O' and book <> found and is_counted_again)
)
select store, value_class, count(*) filter (where is_recent),
    count(*) filter (where is_recent and is_right),
    round(100.0 * count(*) filter (where is_recent and is_right)
        / count(*) filter (where is_recent), 2),
    round(100.0 * count(*) filter (where is_of_week and is_right)
        / nullif(count(*) filter (where is_of_week), 0), 2),
    max(taken_at) filter (where is_recent), count(worth) filter (where is_recent),
    round(sum(book * worth) filter (where is_recent), 2),
    round(sum(abs(found - book) * worth) filter (where is_recent), 2),
    round(100 - 100 * round(sum(abs(found - book) * worth) filter (where is_recent), 2)
        / nullif(round(sum(book * worth) filter (where is_recent), 2), 0), 2)
from marked group by store, value_class
having count(*) filter (where is_recent) > 0
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
