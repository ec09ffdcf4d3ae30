"""Consistency rules of the demo company, each a query that returns the rows that break it.

They read the tables only, so they hold the generator to account from outside.
"""

from daymart.demo.desk_checks import DESK_CHECKS

# Balances are held against entries by what changed from one kept evening to the next, in one
# aggregate: bulk goods and accounts (numbers above a million) keep their last evenings only.
CLOSING_STOCK = """
with evenings as (
    select
        item_id > 1000000 as is_bulk, day,
        lead(day) over (partition by item_id > 1000000 order by day) as next_day
    from erp.stock_balance group by item_id > 1000000, day
),
entries as (
    select
        (entry.moved_at at time zone site.zone)::date as day,
        entry.store, entry.item_id, entry.lot, entry.quality,
        sum(case entry.way when '+' then entry.qty else -entry.qty end) as qty
    from erp.stock_entry as entry
    join erp.store as store on store.code = entry.store
    join erp.site as site on site.code = store.site_code
    group by 1, entry.store, entry.item_id, entry.lot, entry.quality
),
seen as (
    select days.day, days.is_bulk, min(evenings.day) as evening
    from (select distinct day, item_id > 1000000 as is_bulk from entries) as days
    join evenings on evenings.is_bulk = days.is_bulk and evenings.day >= days.day
    group by days.day, days.is_bulk
),
changes as (
    select day, store, item_id, lot, quality, qty from erp.stock_balance
    union all
    select evenings.next_day, store, item_id, lot, quality, -qty
    from erp.stock_balance as balance
    join evenings on (evenings.day, evenings.is_bulk) = (balance.day, balance.item_id > 1000000)
    where evenings.next_day is not null
    union all
    select seen.evening, store, item_id, lot, quality, -qty
    from entries join seen on (seen.day, seen.is_bulk) = (entries.day, entries.item_id > 1000000)
)
select day, store, item_id, lot, quality, sum(qty) as difference
from changes group by day, store, item_id, lot, quality having sum(qty) <> 0
"""

NEGATIVE_STOCK = """
select day, store, item_id, lot, quality, qty from erp.stock_balance where qty < 0
"""

WHOLE_PIECES = """
select balance.day, balance.store, item.id, balance.qty
from erp.stock_balance as balance join erp.item as item on item.id = balance.item_id
where not item.divisible and balance.qty <> trunc(balance.qty)
"""

DISPATCH_LINE_ENTRY = """
with lines as (
    select
        line.dispatch_id::text as doc, line.line_no as doc_line, line.item_id, line.lot,
        line.qty * unit.times / unit.per as qty
    from erp.dispatch_line as line
    join erp.item_unit as unit on unit.item_id = line.item_id and unit.unit = line.unit
),
entries as (
    select
        doc, doc_line, item_id, lot, count(*) as entries,
        sum(case way when '-' then qty else -qty end) as qty
    from erp.stock_entry where type = 'SAL'
    group by doc, doc_line, item_id, lot
)
select doc, doc_line, item_id, lot, lines.qty, entries.qty, entries.entries
from lines full join entries using (doc, doc_line, item_id, lot)
where (lines.qty is distinct from entries.qty or entries.entries <> 1)
    -- What leaves on days off is booked when the warehouse opens.
    and doc not in (
        select dispatch.id::text from erp.dispatch cross join erp.company
        where issued_at >= (last_day + 1)::timestamp at time zone 'UTC'
    )
"""

CANCELLED_ENTRY = """
select entry.id, entry.cancels_id
from erp.stock_entry as entry left join erp.stock_entry as first on first.id = entry.cancels_id
where entry.cancels_id is not null
    and (first.qty, first.store, first.item_id, first.lot, first.quality)
        is distinct from (entry.qty, entry.store, entry.item_id, entry.lot, entry.quality)
"""

RECEIPT_ENTRY = """
with receipts as (
    select
        receipt.id::text as doc, receipt.line_no as doc_line, receipt.item_id, receipt.quality,
        receipt.qty * unit.times / unit.per as qty
    from erp.purchase_receipt as receipt
    join erp.item_unit as unit on unit.item_id = receipt.item_id and unit.unit = receipt.unit
),
entries as (
    select doc, doc_line, item_id, quality, qty from erp.stock_entry where type = 'PUR'
)
select doc, doc_line, item_id, receipts.qty, entries.qty
from receipts full join entries using (doc, doc_line, item_id, quality)
where receipts.qty is distinct from entries.qty
"""

PARTS_MAKE_PAPER = """
select paper.id, paper.total, sum(part.amount), paper.total_eur, sum(part.amount_eur)
from erp.paper left join erp.paper_part as part on part.paper_id = paper.id
group by paper.id
having sum(part.amount) is distinct from paper.total
    or sum(part.amount_eur) is distinct from paper.total_eur
"""

LINKS_WITHIN_PARTS = """
with linked as (
    select payer_id as paper_id, payer_part as part_no, 'C' as side, amount from erp.paper_link
    union all
    select paid_id, paid_part, 'D', amount from erp.paper_link
),
summed as (
    select paper_id, part_no, side, sum(amount) as amount from linked
    group by paper_id, part_no, side
)
select summed.paper_id, summed.part_no, summed.amount, part.amount
from summed
left join erp.paper on paper.id = summed.paper_id
left join erp.paper_part as part using (paper_id, part_no)
where summed.side is distinct from paper.side
    or summed.amount not between 0 and coalesce(part.amount, -1)
"""

LINKS_WITHIN_GROUP = """
select link.id
from erp.paper_link as link
join erp.paper as payer on payer.id = link.payer_id
join erp.paper as paid on paid.id = link.paid_id
where (payer.entity, payer.partner_id, payer.agreement, payer.currency)
    is distinct from (paid.entity, paid.partner_id, paid.agreement, paid.currency)
"""

OPEN_ITEMS_MAKE_LEDGER = """
with effects as (
    select
        part.paper_id,
        case paper.side when 'D' then part.amount else -part.amount end as amount,
        case paper.side when 'D' then part.amount_eur else -part.amount_eur end as amount_eur
    from erp.paper_part as part join erp.paper on paper.id = part.paper_id
    union all
    select paid_id, -amount, -amount_eur from erp.paper_link
    union all
    select payer_id, amount, amount_eur from erp.paper_link
),
balances as (
    select
        paper.entity, paper.partner_id, coalesce(paper.agreement, '') as agreement, paper.currency,
        sum(effects.amount) as balance, sum(effects.amount_eur) as balance_eur
    from effects join erp.paper on paper.id = effects.paper_id
    group by paper.entity, paper.partner_id, coalesce(paper.agreement, ''), paper.currency
),
totals as (
    select total.* from erp.ledger_total as total join erp.company on last_day = total.day
)
select entity, partner_id, agreement, currency, balances.balance, totals.balance
from balances full join totals using (entity, partner_id, agreement, currency)
where balances.balance is distinct from totals.balance
    or balances.balance_eur is distinct from totals.balance_eur
"""

PAPERS_MAKE_LEDGER = """
with evenings as (
    select
        partner_id > 1000000 as is_bulk, day,
        lead(day) over (partition by partner_id > 1000000 order by day) as next_day
    from erp.ledger_total group by partner_id > 1000000, day
),
papers as (
    select
        entered_at::date as day, entity, partner_id, coalesce(agreement, '') as agreement,
        currency,
        sum(case side when 'D' then total else -total end) as amount,
        sum(case side when 'D' then total_eur else -total_eur end) as amount_eur
    from erp.paper
    group by 1, entity, partner_id, coalesce(agreement, ''), currency
),
seen as (
    select days.day, days.is_bulk, min(evenings.day) as evening
    from (select distinct day, partner_id > 1000000 as is_bulk from papers) as days
    join evenings on evenings.is_bulk = days.is_bulk and evenings.day >= days.day
    group by days.day, days.is_bulk
),
changes as (
    select day, entity, partner_id, agreement, currency, balance, balance_eur
    from erp.ledger_total
    union all
    select evenings.next_day, entity, partner_id, agreement, currency, -balance, -balance_eur
    from erp.ledger_total as total
    join evenings on (evenings.day, evenings.is_bulk) = (total.day, total.partner_id > 1000000)
    where evenings.next_day is not null
    union all
    select seen.evening, entity, partner_id, agreement, currency, -amount, -amount_eur
    from papers join seen on (seen.day, seen.is_bulk) = (papers.day, papers.partner_id > 1000000)
)
select day, entity, partner_id, agreement, currency, sum(balance), sum(balance_eur)
from changes group by day, entity, partner_id, agreement, currency
having sum(balance) <> 0 or sum(balance_eur) <> 0
"""

BOUNCED_IS_CLOSED = """
select reversal.id, payment.id
from erp.paper as reversal
join erp.paper as payment on payment.id = reversal.cancels_id
left join lateral (
    select
        sum(amount) as spent,
        sum(amount) filter (where paid_id = reversal.id) as returned
    from erp.paper_link where payer_id = payment.id
) as link on true
where reversal.type = 'REV'
    and (link.spent, link.returned, reversal.total)
        is distinct from (payment.total, payment.total, payment.total)
"""

SHIPPED_WITHIN_ORDER = """
with shipped as (
    select dispatch.sale_id, line.sale_line as line_no, sum(line.qty) as qty
    from erp.dispatch_line as line join erp.dispatch on dispatch.id = line.dispatch_id
    group by dispatch.sale_id, line.sale_line
)
select sale_id, line_no, shipped.qty, line.qty, line.dropped_qty
from shipped left join erp.sale_line as line using (sale_id, line_no)
where shipped.qty not between 0 and coalesce(line.qty - line.dropped_qty, -1)
"""

OPEN_LINES = """
with shipped as (
    select dispatch.sale_id, line.sale_line as line_no, sum(line.qty) as qty
    from erp.dispatch_line as line join erp.dispatch on dispatch.id = line.dispatch_id
    group by dispatch.sale_id, line.sale_line
),
open_lines as (
    select
        line.sale_id, line.line_no, line.item_id,
        (line.qty - line.dropped_qty - coalesce(shipped.qty, 0)) * unit.times / unit.per as qty
    from erp.sale_line as line
    join erp.item_unit as unit on unit.item_id = line.item_id and unit.unit = line.unit
    left join shipped using (sale_id, line_no)
)
"""

HELD_WITHIN_OPEN = """
select hold.sale_id, hold.sale_line, sum(hold.qty), open_lines.qty
from erp.hold
left join open_lines on (open_lines.sale_id, open_lines.line_no) = (hold.sale_id, hold.sale_line)
where hold.firm and hold.released_at is null
group by hold.sale_id, hold.sale_line, open_lines.qty
having sum(hold.qty) > coalesce(open_lines.qty, 0)
"""

HOLD_LAPSED = """
select hold.id, hold.until
from erp.hold cross join erp.company
where hold.released_at is null and hold.until < (company.last_day + 1)::timestamp at time zone 'UTC'
"""

PLANNED_OUT_IS_OPEN = """
, plan as (
    select sale_id, split_part(code, '-', 3)::integer as line_no, qty
    from erp.stock_plan where type = 'SAL'
),
waiting as (select sale_id, line_no, qty from open_lines where qty <> 0)
select sale_id, line_no, waiting.qty, plan.qty
from waiting full join plan using (sale_id, line_no)
where waiting.qty is distinct from plan.qty
"""

PURCHASE_ADDS_UP = """
with sent as (
    select purchase_id, line_no, sum(qty) as qty from erp.purchase_transport
    group by purchase_id, line_no
),
received as (
    select purchase_id, purchase_line as line_no, sum(qty) as qty from erp.purchase_receipt
    group by purchase_id, purchase_line
)
select line.purchase_id, line.line_no, line.qty, sent.qty, received.qty, line.cancelled_qty
from erp.purchase_line as line
left join sent using (purchase_id, line_no)
left join received using (purchase_id, line_no)
where coalesce(received.qty, 0) > coalesce(sent.qty, 0)
    -- A twentieth more than ordered is taken in.
    or coalesce(sent.qty, 0) + line.cancelled_qty > line.qty * 1.05
    or (line.stage in ('R', 'V', 'X')) is distinct from
        (coalesce(received.qty, 0) + line.cancelled_qty >= line.qty)
"""

TRANSPORT_RECEIVED_WHOLE = """
select transport.id
from erp.purchase_transport as transport
left join erp.purchase_receipt as receipt on receipt.transport_id = transport.id
where transport.arrived_on is not null and receipt.qty is distinct from transport.qty
    or transport.arrived_on is null and receipt.id is not null
"""

FIRST_CONFIRMATION = """
with changes as (
    select
        purchase_id, line_no, becomes,
        row_number() over (partition by purchase_id, line_no order by changed_at, id) as place
    from erp.purchase_date_change
)
select line.purchase_id, line.line_no, line.confirmed_on, changes.becomes
from erp.purchase_line as line
left join changes
    on (changes.purchase_id, changes.line_no, changes.place) = (line.purchase_id, line.line_no, 1)
where line.confirmed_on is distinct from changes.becomes
"""

LINE_HAS_PROMISE = """
select line.sale_id, line.line_no
from erp.sale_line as line left join erp.sale_promise as promise using (sale_id, line_no)
where promise.id is null
"""

CHECKS: dict[str, str] = {
    "closing stock differs from the sum of entries": CLOSING_STOCK,
    "stock below nothing": NEGATIVE_STOCK,
    "a part of an indivisible piece": WHOLE_PIECES,
    "dispatch line without exactly one entry of its size": DISPATCH_LINE_ENTRY,
    "entry that cancels another of a different size": CANCELLED_ENTRY,
    "receipt without an entry of its size": RECEIPT_ENTRY,
    "parts do not add up to their paper": PARTS_MAKE_PAPER,
    "links exceed a part or sit on the wrong side": LINKS_WITHIN_PARTS,
    "link across netting groups": LINKS_WITHIN_GROUP,
    "open items differ from the ledger": OPEN_ITEMS_MAKE_LEDGER,
    "papers differ from the ledger": PAPERS_MAKE_LEDGER,
    "bounced payment is not closed": BOUNCED_IS_CLOSED,
    "shipped more than ordered": SHIPPED_WITHIN_ORDER,
    "held more than open": OPEN_LINES + HELD_WITHIN_OPEN,
    "hold outlives its day": HOLD_LAPSED,
    "planned issues differ from open lines": OPEN_LINES + PLANNED_OUT_IS_OPEN,
    "purchase quantities do not add up": PURCHASE_ADDS_UP,
    "transport and receipt differ": TRANSPORT_RECEIVED_WHOLE,
    "first confirmed date was rewritten": FIRST_CONFIRMATION,
    "sale line without a promise": LINE_HAS_PROMISE,
    **DESK_CHECKS,
}
