"""Consistency rules of the desks around the trade, each a query for the rows that break it."""

LINES_MAKE_PAPER = """
select paper.id, paper.total, sum(line.net + line.vat), paper.vat, sum(line.vat)
from erp.paper_line as line left join erp.paper on paper.id = line.paper_id
group by paper.id
having (sum(line.net + line.vat), sum(line.vat)) is distinct from (paper.total, paper.vat)
"""

BILLED_AS_SENT = """
select line.paper_id, line.line_no, line.qty, sent.qty
from erp.paper_line as line
left join erp.dispatch_line as sent
    on (sent.dispatch_id, sent.line_no) = (line.dispatch_id, line.line_no)
where line.dispatch_id is not null
    and (line.qty, line.unit, line.item_id) is distinct from (sent.qty, sent.unit, sent.item_id)
"""

CLAIMED_WITHIN_SENT = """
select claim.dispatch_id, claim.dispatch_line, sum(claim.qty), sent.qty
from erp.claim
left join erp.dispatch_line as sent
    on (sent.dispatch_id, sent.line_no) = (claim.dispatch_id, claim.dispatch_line)
where claim.state <> 'X'
group by claim.dispatch_id, claim.dispatch_line, sent.qty
having sum(claim.qty) > coalesce(sent.qty, 0)
"""

RETURNS_LIE_APART = """
with waiting as (
    select dispatch.store, sent.item_id, sum(claim.qty * unit.times / unit.per) as qty
    from erp.claim
    join erp.dispatch on dispatch.id = claim.dispatch_id
    join erp.dispatch_line as sent
        on (sent.dispatch_id, sent.line_no) = (claim.dispatch_id, claim.dispatch_line)
    join erp.item_unit as unit on unit.item_id = sent.item_id and unit.unit = sent.unit
    where claim.state = 'A'
    group by dispatch.store, sent.item_id
),
apart as (
    select store, item_id, sum(qty) as qty
    from erp.stock_balance join erp.company on last_day = day
    where quality = 'R'
    group by store, item_id
)
select store, item_id, waiting.qty, apart.qty
from waiting left join apart using (store, item_id)
where waiting.qty > coalesce(apart.qty, 0)
"""

CLAIM_IN_ORDER = """
select id, line_no from erp.claim
where not coalesce(opened_at <= came_at and came_at <= looked_at, true)
    or came_at < opened_at or looked_at < came_at or closed_at < opened_at
    or (state in ('A', 'L')) and came_at is null
    or (state = 'Z') is distinct from (ending is not null)
    or ending = 'M' and note_id is null
    or note_id is not null and came_at is null
"""

SHARES_MAKE_HUNDRED = """
select sale_id, sum(pct) from erp.sale_share group by sale_id having sum(pct) <> 100
"""

BOOK_OF_COUNT = """
select stock_check.no, stock_check.item_id, stock_check.book, sum(
    case entry.way when '+' then entry.qty else -entry.qty end
)
from erp.stock_check
left join erp.stock_entry as entry
    on (entry.store, entry.item_id, entry.lot, entry.quality)
        = (stock_check.store, stock_check.item_id, stock_check.lot, 'A')
    and entry.moved_at <= stock_check.taken_at
group by stock_check.no, stock_check.store, stock_check.item_id, stock_check.lot
having stock_check.book is distinct from
    sum(case entry.way when '+' then entry.qty else -entry.qty end)
"""

COUNT_POSTED_ONCE = """
select stock_check.no, stock_check.item_id, stock_check.found - stock_check.book, entry.qty
from erp.stock_check
left join erp.stock_entry as entry on entry.id = stock_check.entry_id
where (stock_check.status = 'P') is distinct from (stock_check.entry_id is not null)
    or stock_check.status = 'P' and (
        entry.type <> 'CNT'
        or (entry.store, entry.item_id, entry.lot, entry.quality)
            is distinct from (stock_check.store, stock_check.item_id, stock_check.lot, 'A')
        or case entry.way when '+' then entry.qty else -entry.qty end
            is distinct from stock_check.found - stock_check.book
    )
union all
select min(no), min(item_id), null, count(*) from erp.stock_check
where entry_id is not null group by entry_id having count(*) > 1
"""

PICKED_AS_SENT = """
select pick.dispatch_id, pick.line_no, sum(pick.qty), sent.qty
from erp.pick
cross join erp.company
left join erp.dispatch_line as sent
    on (sent.dispatch_id, sent.line_no) = (pick.dispatch_id, pick.line_no)
where pick.picked_at::date < last_day
    or exists (select from erp.dispatch where dispatch.id = pick.dispatch_id)
group by pick.dispatch_id, pick.line_no, sent.qty
having sum(pick.qty) is distinct from sent.qty
"""

FAULT_HAS_PICK = """
select fault.id from erp.pick_fault as fault
left join erp.pick on pick.id = fault.pick_id
left join erp.ticket on ticket.id = fault.ticket_id
where pick.id is null or fault.seen_at < pick.picked_at
    or fault.ticket_id is not null and ticket.kind is distinct from 'PCK'
"""

ANSWER_TO_A_QUESTION = """
select reply.ask_id from erp.ask_reply as reply left join erp.ask on ask.id = reply.ask_id
where ask.id is null or reply.decided_at < ask.asked_at
"""

TWO_DEPARTMENTS = """
select ticket.id, count(distinct side.dept)
from erp.ticket left join erp.ticket_side as side on side.ticket_id = ticket.id
group by ticket.id having count(distinct side.dept) < 2
"""

SIDES_OPENED_TOGETHER = """
with logged as (
    select ticket_id, side_no, what, at, rank() over (
        partition by ticket_id, side_no order by at, id
    ) as place
    from erp.ticket_log where side_no is not null
)
select side.ticket_id, side.side_no, logged.what, logged.at, ticket.opened_at
from erp.ticket_side as side
left join erp.ticket on ticket.id = side.ticket_id
left join logged on (logged.ticket_id, logged.side_no, logged.place)
    = (side.ticket_id, side.side_no, 1)
where (logged.what, logged.at) is distinct from ('OPN', ticket.opened_at)
"""

FUTURE = """
with evening as (select (last_day + 1)::timestamp at time zone 'UTC' as ends from erp.company)
select 'touch', id from erp.touch, evening where done_at > ends
union all
select 'lead_step', id from erp.lead_step, evening where at > ends
union all
select 'ticket_log', id from erp.ticket_log, evening where at > ends
union all
select 'ask', id from erp.ask, evening where asked_at > ends
"""

HANDED_OVER = """
select pass.id from erp.lead_pass as pass
left join erp.lead on lead.id = pass.lead_id
where lead.id is null or pass.giver_no = pass.taker_no
    or pass.giver_no not in (select no from erp.staff)
    or pass.taker_no not in (select no from erp.staff)
    or pass.given_at < lead.came_at or pass.taken_at < pass.given_at
"""

STEPS_FOLLOW = """
with steps as (
    select id, was, lag(becomes) over (partition by lead_id order by at, id) as before
    from erp.lead_step
)
select id, was, before from steps where was is distinct from before
"""

TARGETS_FROZEN = """
with now as (
    select version, count(*) as row_count, sum(amount) as total from erp.target group by version
)
select version, frozen.row_count, now.row_count, frozen.total, now.total
from erp.target_set as frozen full join now using (version)
where (frozen.row_count, frozen.total) is distinct from (now.row_count, now.total)
"""

SWAPPED_DAYS = """
select day.site_code, day.day
from erp.calendar_day as day
left join erp.calendar_day as pair
    on (pair.site_code, pair.day) = (day.site_code, day.swapped_with)
where day.works is distinct from (day.opens is not null and day.opens < day.closes)
    or day.swapped_with is not null
    and (pair.swapped_with, pair.works) is distinct from (day.day, not day.works)
"""

ACTIVITIES_SENT = """
with sent as (
    select distinct on (day) day, row_count from erp.batch_list
    where table_name = 'crm_activity' order by day, no desc
),
done as (
    select (coalesce(planned_at, done_at) at time zone 'Europe/Kyiv')::date as day,
        count(*) as row_count
    from erp.touch group by 1
)
select day, sent.row_count, done.row_count
from sent full join done using (day)
where day <= (select max(day) from sent)
    and coalesce(sent.row_count, 0) <> coalesce(done.row_count, 0)
"""

PAPERS_SENT = """
with sent as (
    select distinct on (day, unit) day, unit as currency, row_count, total from erp.batch_list
    where table_name = 'acc_document' order by day, unit, no desc
),
booked as (
    select booked_on as day, currency, count(*) as row_count,
        sum(case side when 'D' then total else -total end) as total
    from erp.paper group by booked_on, currency
)
select day, currency, sent.row_count, booked.row_count, sent.total, booked.total
from sent full join booked using (day, currency)
where day <= (select max(day) from sent) and (
    coalesce(sent.row_count, 0) <> coalesce(booked.row_count, 0)
    or coalesce(sent.total, 0) <> coalesce(booked.total, 0)
)
"""

CLAIM_CAME_IN = """
with came as (
    select
        claim.dispatch_id::text as doc, claim.dispatch_line as doc_line,
        sum(claim.qty * unit.times / unit.per) as qty
    from erp.claim
    join erp.dispatch_line as sent
        on (sent.dispatch_id, sent.line_no) = (claim.dispatch_id, claim.dispatch_line)
    join erp.item_unit as unit on unit.item_id = sent.item_id and unit.unit = sent.unit
    where claim.came_at is not null
    group by 1, 2
),
entries as (
    select doc, doc_line, sum(case way when '+' then qty else -qty end) as qty
    from erp.stock_entry where type = 'RET' group by doc, doc_line
)
select doc, doc_line, came.qty, entries.qty
from came full join entries using (doc, doc_line)
where came.qty is distinct from entries.qty
"""

NOTE_OF_CLAIM = """
select claim.id, claim.note_id
from erp.claim
left join erp.dispatch on dispatch.id = claim.dispatch_id
left join erp.paper on paper.id = claim.note_id
where claim.note_id is not null
    and (paper.type, paper.partner_id, paper.sale_id)
        is distinct from ('CRN', dispatch.partner_id, dispatch.sale_id)
"""

BILL_HAS_LINES = """
select paper.id from erp.paper left join erp.paper_line as line on line.paper_id = paper.id
where paper.type = 'INV' and paper.sale_id is not null and line.paper_id is null
"""

SIGNED_AFTER_FREEZING = """
select signature.version, signature.staff_no
from erp.target_signature as signature left join erp.target_set as frozen using (version)
where frozen.version is null or signature.signed_at < frozen.frozen_at
"""

EXPECTED_HAS_TARGET = """
select outlook.id from erp.outlook
where not exists (
    select from erp.target
    where target.staff_no = outlook.staff_no and target.starts_on = outlook.month
)
"""

WON_IS_CUSTOMER = """
select lead.id, lead.partner_id, step.id
from erp.lead left join erp.lead_step as step on step.lead_id = lead.id and step.becomes = 'WON'
where (lead.partner_id is null) is distinct from (step.id is null)
"""

TICKET_OF_SALE = """
select ticket.id from erp.ticket left join erp.sale on sale.id = ticket.sale_id
where ticket.sale_id is not null and ticket.partner_id is distinct from sale.partner_id
"""

DONE_AFTER_NOTICE = """
with firsts as (
    select
        ticket_id, side_no,
        min(at) filter (where what = 'ACK') as noticed,
        min(at) filter (where what = 'FIN') as done
    from erp.ticket_log where side_no is not null group by ticket_id, side_no
)
select ticket_id, side_no from firsts where done < noticed
"""

CREDIT_OF_BUYER = """
select credit_line.partner_id, credit_line.since
from erp.credit_line left join erp.partner on partner.id = credit_line.partner_id
where partner.buys is distinct from true or credit_line.allowed < 0
"""

DESK_CHECKS: dict[str, str] = {
    "billed lines do not make their paper": LINES_MAKE_PAPER,
    "billed differs from what was sent": BILLED_AS_SENT,
    "claimed more than was sent": CLAIMED_WITHIN_SENT,
    "goods of open claims are not kept apart": RETURNS_LIE_APART,
    "claim whose dates or ending contradict its state": CLAIM_IN_ORDER,
    "shares of a sale do not make 100": SHARES_MAKE_HUNDRED,
    "book quantity of a count differs from the entries": BOOK_OF_COUNT,
    "posted count without exactly one entry of its difference": COUNT_POSTED_ONCE,
    "picked differs from what was sent": PICKED_AS_SENT,
    "fault without its pick or ticket": FAULT_HAS_PICK,
    "answer without a question before it": ANSWER_TO_A_QUESTION,
    "ticket without two departments": TWO_DEPARTMENTS,
    "sides of a ticket not opened together": SIDES_OPENED_TOGETHER,
    "something is done in the future": FUTURE,
    "lead handed over by nobody": HANDED_OVER,
    "step of a lead that does not follow": STEPS_FOLLOW,
    "targets changed after they were frozen": TARGETS_FROZEN,
    "calendar without hours or with a half swap": SWAPPED_DAYS,
    "activities differ from what was sent": ACTIVITIES_SENT,
    "papers differ from what was sent": PAPERS_SENT,
    "goods of claims differ from what came back": CLAIM_CAME_IN,
    "credit note of another sale": NOTE_OF_CLAIM,
    "invoice of a sale without lines": BILL_HAS_LINES,
    "targets signed before they were frozen": SIGNED_AFTER_FREEZING,
    "outlook of a seller without a target": EXPECTED_HAS_TARGET,
    "won lead without a customer": WON_IS_CUSTOMER,
    "ticket about the sale of another customer": TICKET_OF_SALE,
    "ticket done before anybody took note": DONE_AFTER_NOTICE,
    "credit line of somebody who does not buy": CREDIT_OF_BUYER,
}
