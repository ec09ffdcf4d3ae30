"""What the tables of the demo ERP say about order lines, shipments, picks and returns."""

from tests.integration.answer_sql.shared import RATE

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
    where line.item_id > 1000000
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
where wanted > 0 and base_on <= (select last_day from erp.company)
group by 1, 2, 3
"""

_BROUGHT = """
parts as (
    select dispatch.sale_id, sent.sale_line as line_no, sent.dispatch_id, partner_id,
        sent.line_no as dispatch_line, sent.qty, times, issued_at,
        min(issued_at) over (partition by dispatch.sale_id) as first_issued_at,
        (came.happened_at at time zone 'Europe/Kyiv')::date as day,
        sent.qty + coalesce(short.difference, 0) as taken,
        not wants_signature or proof.id is not null as is_proved
    from erp.dispatch_line as sent
    join erp.dispatch on dispatch.id = sent.dispatch_id
    join erp.item_unit as unit on (unit.item_id, unit.unit) = (sent.item_id, sent.unit)
    left join erp.dispatch_event as came on (came.dispatch_id, came.type) = (dispatch.id, 'DLV')
    left join erp.dispatch_event as proof on (proof.dispatch_id, proof.type) = (dispatch.id, 'POD')
    left join erp.dispatch_event as short
        on (short.dispatch_id, short.type, short.line_no) = (dispatch.id, 'DIF', sent.line_no)
    where sent.item_id > 1000000 and dispatch.cancels_id is null
        and not exists (select from erp.dispatch as back where back.cancels_id = dispatch.id)
)
"""
"""What dispatches that stand brought of each line, on which day, and whether it is proved."""

DELIVERY = f"""
with {PROMISED_LINES},
{_BROUGHT},
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
    where wanted > 0
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

SHIPPED = """
select (moved_at at time zone 'Europe/Kyiv')::date, store,
    count(distinct doc) filter (where way = '-') - count(distinct doc) filter (where way = '+'),
    count(*) filter (where way = '-') - count(*) filter (where way = '+'),
    sum(case way when '-' then qty else -qty end)
from erp.stock_entry where type = 'SAL' and item_id > 1000000 group by 1, store
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

RETURNED = """
select date_trunc('month', moved_at)::date, store, item_id::text, sum(qty)
from erp.stock_entry where type = 'RET' and item_id > 1000000 group by 1, 2, 3
"""

OPEN_LINE = f"""
with {PROMISED_LINES},
sent as (
    select sale_id, sale_line as line_no, sum(qty) as qty
    from erp.dispatch_line join erp.dispatch on dispatch.id = dispatch_id
    where item_id > 1000000 group by sale_id, sale_line
)
select line.sale_id::text, line.line_no, lines.code, line.store, line.item_id::text,
    (wanted - coalesce(sent.qty, 0)) * times,
    round((wanted - coalesce(sent.qty, 0)) * list_price * (100 - discount_pct) / 100
        * {RATE.format(currency="sale.currency", day="sale.confirmed_on")}, 2),
    line.wanted_on, first_day, last_day, prepaid
from lines join erp.sale_line as line using (sale_id, line_no)
join erp.sale on sale.id = line.sale_id left join sent using (sale_id, line_no)
where wanted > coalesce(sent.qty, 0)
"""

ORDER_LINE = f"""
with {PROMISED_LINES},
{_BROUGHT},
sent as (
    select sale_id, sale_line as line_no, sum(sent.qty) as qty, coalesce(sum(sent.qty) filter (
            where exists (
                select from erp.dispatch_event as no
                where (no.dispatch_id, no.type) = (dispatch.id, 'REF')
            )
        ), 0) as refused
    from erp.dispatch_line as sent join erp.dispatch on dispatch.id = sent.dispatch_id
    where item_id > 1000000 group by sale_id, sale_line
),
running as (
    select *, sum(taken) over (partition by sale_id, line_no order by day) as so_far
    from parts where is_proved and day is not null
),
came as (
    select sale_id, line_no, sum(taken) as qty, max(day) as day,
        min(day) filter (where so_far >= lines.wanted) as whole_on
    from running join lines using (sale_id, line_no) group by sale_id, line_no
),
filled as (
    select sale_id, line_no, sum(qty * times) as qty
    from parts where issued_at = first_issued_at group by sale_id, line_no
),
kept as (
    select sale_id, line_no, basis, coalesce(sum(taken), 0) >= wanted as in_full,
        coalesce(max(day) = base_on, false) as on_time
    from based
    left join lateral (
        select taken, day from running
        where (running.sale_id, running.line_no) = (based.sale_id, based.line_no)
            and day <= base_on
    ) as by_then on true
    where wanted > 0 and base_on <= (select last_day from erp.company)
    group by sale_id, line_no, basis, wanted, base_on
),
told as (
    select parts.sale_id, line_no, sum(taken * times) as qty,
        bool_or(taken <> parts.qty) as differs,
        (array['refused', 'difference_reported', 'awaited', 'confirmed', 'not_required'])[min(case
            when exists (
                select from erp.dispatch_event as no
                where (no.dispatch_id, no.type) = (parts.dispatch_id, 'REF')
            ) then 1 when taken <> parts.qty then 2 when not wants_signature then 5
            when is_proved and day is not null then 4 else 3
        end)] as proof
    from parts join erp.dispatch on dispatch.id = parts.dispatch_id
    group by parts.sale_id, line_no
)
select line.sale_id::text, line.line_no, line.wanted_on, first_day, last_day,
    coalesce(wish_day, line.wanted_on), coalesce(wish_day, first_day), last_day, line.qty * times,
    dropped_qty * times,
    coalesce(sent.qty, 0) * times, coalesce(came.qty, 0) * times, coalesce(refused, 0) * times,
    (wanted - coalesce(sent.qty, 0)) * times,
    case when coalesce(wish_day, line.wanted_on) <= (select last_day from erp.company)
        then (wanted - coalesce(sent.qty, 0)) * times else 0 end,
    coalesce(filled.qty, 0), came.day, whole_on,
    asked.on_time, asked.in_full, first.on_time, first.in_full, final.on_time, final.in_full,
    told.proof, coalesce(told.differs, false), told.qty
from lines join erp.sale_line as line using (sale_id, line_no)
left join sent using (sale_id, line_no) left join came using (sale_id, line_no)
left join filled using (sale_id, line_no) left join told using (sale_id, line_no)
left join kept as asked on (asked.sale_id, asked.line_no, asked.basis)
    = (line.sale_id, line.line_no, 'requested')
left join kept as first on (first.sale_id, first.line_no, first.basis)
    = (line.sale_id, line.line_no, 'first_promised')
left join kept as final on (final.sale_id, final.line_no, final.basis)
    = (line.sale_id, line.line_no, 'last_promised')
"""

SENT_LINE = f"""
with {PROMISED_LINES},
sent as (
    select dispatch.id, sent.line_no, dispatch.sale_id, sent.sale_line, sent.qty,
        dispatch.cancels_id, dispatch.wants_signature,
        (dispatch.issued_at at time zone 'Europe/Kyiv')::date as day,
        (dispatch.slot_to at time zone 'Europe/Kyiv')::date as planned,
        (came.happened_at at time zone 'Europe/Kyiv')::date as came, proof.id as proof_id,
        refusal.id as refusal_id, short.id as short_id,
        (back.issued_at at time zone 'Europe/Kyiv')::date as cancelled
    from erp.dispatch_line as sent
    join erp.dispatch on dispatch.id = sent.dispatch_id
    left join erp.dispatch_event as came on (came.dispatch_id, came.type) = (dispatch.id, 'DLV')
    left join erp.dispatch_event as proof on (proof.dispatch_id, proof.type) = (dispatch.id, 'POD')
    left join erp.dispatch_event as refusal
        on (refusal.dispatch_id, refusal.type) = (dispatch.id, 'REF')
    left join erp.dispatch_event as short
        on (short.dispatch_id, short.type, short.line_no) = (dispatch.id, 'DIF', sent.line_no)
    left join erp.dispatch as back on back.cancels_id = dispatch.id
    where sent.item_id > 1000000
),
told as (
    select sent.*, case when not wants_signature or proof_id is not null then came end as taken
    from sent
)
select told.id::text, told.line_no, day, lines.wanted_on, first_day, last_day, told.qty * times,
    round(told.qty * list_price * (100 - discount_pct) / 100, 2), planned, taken, cancelled,
    case when cancels_id is not null then 'cancellation' when cancelled is not null then 'cancelled'
        when refusal_id is not null then 'refused' when short_id is not null then 'difference'
        when taken <= planned then 'delivered_on_time' when taken is not null then 'delivered_late'
        when not wants_signature then 'not_required'
        when planned < (select last_day from erp.company) then 'unconfirmed' else 'in_transit' end,
    case when refusal_id is not null then 'refused' when short_id is not null
        then 'difference_reported' when not wants_signature then 'not_required'
        when taken is not null then 'confirmed' else 'awaited' end
from told
join lines on (lines.sale_id, lines.line_no) = (told.sale_id, told.sale_line)
join erp.sale_line as line on (line.sale_id, line.line_no) = (told.sale_id, told.sale_line)
where day >= (select last_day - 35 from erp.company)
"""

RETURNED_LINE = f"""
with {_BROUGHT},
claimed as (
    select claim.*, claim.qty * parts.times as whole, parts.taken * parts.times as handed_over,
        case when is_proved and not exists (
            select from erp.dispatch_event as no
            where (no.dispatch_id, no.type) = (parts.dispatch_id, 'REF')
        ) then day end as delivered_on
    from erp.claim join parts using (dispatch_id, dispatch_line)
)
select id::text, line_no, opened_at::date, came_at::date, looked_at::date, closed_at::date,
    delivered_on, case state when 'N' then 'draft' when 'C' then 'confirmed'
        when 'A' then 'received' when 'L' then 'inspected' when 'X' then 'cancelled'
        else case ending when 'M' then 'refunded' else 'scrapped' end end,
    whole, case when came_at is null then 0 else whole end,
    case state when 'A' then whole else 0 end, case state when 'L' then whole else 0 end,
    case when ending = 'M' then whole else 0 end, case when ending = 'W' then whole else 0 end,
    handed_over
from claimed
"""

RETURN_RATE = f"""
with {_BROUGHT}
select date_trunc('month', day)::date, partner.code, count(*), count(claim.came_at),
    sum(taken * times), coalesce(sum(claim.qty * times) filter (where came_at is not null), 0)
from parts join erp.partner on partner.id = parts.partner_id
left join erp.claim using (dispatch_id, dispatch_line)
where is_proved and day is not null group by 1, 2
"""
