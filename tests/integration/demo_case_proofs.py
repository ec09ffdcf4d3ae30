"""Edge cases every demo company must hold, each with a query that finds it in its named row.

`named.key` is the key that `erp.demo_case` gives; `evening` is the company's last day;
`open_part` tells what is left of a part of a paper.
"""

from tests.integration.demo_service_proofs import CASES, DELIVERY, LINE, PLAN_AND_CRM

VIEWS = """
create temp view evening as select last_day as day from erp.company;
create temp view open_part as
select part.*, part.amount - coalesce(sum(link.amount), 0) as left_over
from erp.paper_part as part
left join (
    select payer_id as paper_id, payer_part as part_no, amount from erp.paper_link
    union all
    select paid_id, paid_part, amount from erp.paper_link
) as link using (paper_id, part_no)
group by part.paper_id, part.part_no;
create temp view local_event as
select log.id, log.ticket_id, log.side_no, log.what, log.at, side.dept, dept.site_code,
    log.at at time zone site.zone as local
from erp.ticket_log as log
join erp.ticket_side as side
    on side.ticket_id = log.ticket_id and side.side_no = coalesce(log.side_no, 1)
join erp.dept on dept.code = side.dept
join erp.site on site.code = dept.site_code;
"""

PAPER = "from named, evening, erp.paper as p join open_part as o on o.paper_id = p.id where"
PAPER_KEY = "p.id::text = named.key"
PURCHASE = (
    "from named, evening, erp.purchase_line as l"
    " where l.purchase_id || '/' || l.line_no = named.key"
)
CHECK = (
    "from named, erp.stock_check as c"
    " where concat_ws('/', c.no, c.store, c.item_id, c.lot) = named.key"
)
MONEY = {
    "part payment with remainder past due": (
        "part_payment_past_due",
        f"{PAPER} {PAPER_KEY} and o.left_over > 0 and o.left_over < o.amount and due_on < day",
    ),
    "payment on account": (
        "payment_on_account",
        f"{PAPER} {PAPER_KEY} and p.type = 'PAY' and o.left_over = o.amount",
    ),
    "credit note without invoice": (
        "credit_note_without_invoice",
        f"{PAPER} {PAPER_KEY} and p.type = 'CRN' and refers_id is null and left_over = total",
    ),
    "payment on a credit note": (
        "credit_note_paid_out",
        f"{PAPER} {PAPER_KEY} and p.type = 'RFD' and exists (select from erp.paper_link as x"
        " join erp.paper as note on note.id = x.payer_id"
        " where x.paid_id = p.id and note.type = 'CRN')",
    ),
    "overpayment": (
        "overpayment",
        f"{PAPER} {PAPER_KEY} and p.type = 'PAY' and o.left_over > 0 and exists (select"
        " from erp.paper_link as x join open_part as t on t.paper_id = x.paid_id"
        " where x.payer_id = p.id and t.left_over = 0)",
    ),
    "bounced payment": (
        "bounced_payment",
        f"{PAPER} {PAPER_KEY} and p.type = 'REV' and exists (select"
        " from erp.paper_link as x join open_part as t on t.paper_id = x.paid_id"
        " where x.payer_id = p.cancels_id and x.amount < 0 and t.left_over = t.amount)",
    ),
    "write-off": (
        "write_off",
        f"{PAPER} {PAPER_KEY} and p.type = 'WOF' and exists (select"
        " from erp.paper_link as x join open_part as t on t.paper_id = x.paid_id"
        " where x.payer_id = p.id and t.left_over = 0)",
    ),
    "post-dated payment": (
        "post_dated_payment",
        f"{PAPER} {PAPER_KEY} and p.type = 'PAY' and booked_on > day",
    ),
    "three instalments, one paid": (
        "three_instalments_one_paid",
        "from named where (select (count(*), count(*) filter (where left_over = 0)) = (3, 1)"
        " from open_part where paper_id::text = named.key)",
    ),
    "advance with no due date": (
        "advance_without_due_date",
        f"{PAPER} {PAPER_KEY} and p.type = 'ADV' and due_on is null",
    ),
    "due today": ("due_today", f"{PAPER} {PAPER_KEY} and due_on = day and left_over > 0"),
    "due on a holiday": (
        "due_on_a_day_off",
        f"{PAPER} {PAPER_KEY} and due_on in"
        " (select day from erp.calendar_day where site_code = 'KYV' and not works)",
    ),
    "back-dated invoice inside the window": (
        "back_dated_invoice",
        f"{PAPER} {PAPER_KEY} and entered_at::date - paper_date between 1 and 35",
    ),
    "back-dated invoice outside the window": (
        "back_dated_outside_window",
        f"{PAPER} {PAPER_KEY} and entered_at::date - paper_date > 35",
    ),
    "storno of a paid invoice": (
        "storno_of_paid_invoice",
        f"{PAPER} {PAPER_KEY} and p.type = 'CRN' and o.left_over = p.total and exists (select"
        " from open_part as t where t.paper_id = p.refers_id and t.left_over = 0"
        " and t.amount = p.total)",
    ),
    "two contracts, one payer": (
        "two_contracts_one_payer",
        f"{PAPER} {PAPER_KEY} and p.type = 'PAY' and exists (select from erp.paper as other"
        " where other.type = 'INV' and other.partner_id = p.partner_id"
        " and other.agreement <> p.agreement)",
    ),
    "two currencies": (
        "two_currencies",
        f"{PAPER} {PAPER_KEY} and exists (select from erp.paper as other"
        " where other.partner_id = p.partner_id and other.currency <> p.currency)",
    ),
    "rate missing at a weekend": (
        "rate_missing_at_a_weekend",
        f"{PAPER} {PAPER_KEY} and p.currency <> 'EUR' and extract(isodow from paper_date) > 5"
        " and not exists (select from erp.rate where (currency, day) = (p.currency, paper_date))",
    ),
    "kopeck remainder": ("kopeck_remainder", f"{PAPER} {PAPER_KEY} and left_over = 0.01"),
    "zero limit": (
        "zero_limit",
        "from named, erp.credit_line as c"
        " where concat_ws('/', partner_id, entity, since) = named.key and allowed = 0",
    ),
    "no limit": (
        "no_limit",
        "from named, erp.credit_line as c"
        " where concat_ws('/', partner_id, entity, since) = named.key and allowed is null",
    ),
    "order above horizon": ("order_above_the_horizon", f"{LINE} and wanted_on > day + 60"),
}

STOCK = {
    "negative free": (
        "oversold_product",
        f"{LINE} and (select sum(qty) from erp.stock_balance as s where quality = 'A'"
        " and (s.day, s.store, s.item_id) = (evening.day, l.store, l.item_id)) <"
        " (select sum(qty) from erp.hold where firm and released_at is null"
        " and (hold.store, hold.item_id) = (l.store, l.item_id))",
    ),
    "count while goods move": (
        "count_while_goods_move",
        f"{CHECK} and status = 'X' and found <> book and exists (select from erp.stock_entry as e"
        " where (e.store, e.item_id) = (c.store, c.item_id) and e.moved_at > c.taken_at"
        " and e.moved_at::date = c.taken_at::date)",
    ),
    "two counts of one product": (
        "two_counts_of_one_product",
        f"{CHECK} and status = 'X' and exists (select from erp.stock_check as other"
        " where (other.store, other.item_id) = (c.store, c.item_id) and other.status = 'P'"
        " and other.taken_at::date = c.taken_at::date"
        " and other.found - other.book = c.found - c.book)",
    ),
    "quarantine return": (
        "quarantine_return",
        "from named, erp.claim as c where c.id || '/' || c.line_no = named.key and state = 'A'"
        " and looked_at is null and exists (select from erp.stock_entry as e where e.type = 'RET'"
        " and e.quality = 'R' and e.doc = c.dispatch_id::text and e.doc_line = c.dispatch_line)",
    ),
    "transfer over midnight": (
        "transfer_over_midnight",
        "from named, erp.stock_entry as e join erp.store on store.code = e.store"
        " where e.id::text = named.key and store.purpose = 'TRANSIT' and e.way = '+' and"
        " not exists (select from erp.stock_entry as out where out.way = '-'"
        " and (out.doc, out.store) = (e.doc, e.store))",
    ),
    "un-posted movement": (
        "un_posted_movement",
        "from named, erp.stock_entry as e join erp.stock_entry as first on first.id = e.cancels_id"
        " where e.id::text = named.key and e.type = 'CNT' and e.way <> first.way",
    ),
    "case/piece/dozen": (
        "case_piece_and_dozen",
        "from named where (select (count(distinct unit), count(distinct item_id)) = (3, 1)"
        " from erp.sale_line where sale_id::text = named.key)",
    ),
    "whole-unit fraction": (
        "whole_unit_fraction",
        f"{CHECK} and found <> trunc(found)"
        " and c.item_id in (select id from erp.item where not divisible)",
    ),
    "expired reservation": (
        "reservation_expired",
        "from named, erp.hold as h where h.id::text = named.key and firm and released_at = until",
    ),
    "soft hold": (
        "soft_hold",
        "from named, erp.hold as h where h.id::text = named.key and not firm and sale_id is null"
        " and released_at is null",
    ),
    "consigned goods": (
        "consigned_goods",
        "from named, erp.stock_entry as e join erp.store on store.code = e.store"
        " where e.id::text = named.key and store.purpose = 'CONSIGN' and e.way = '+'",
    ),
    "others' goods here": (
        "others_goods_here",
        "from named, erp.stock_entry as e where e.id::text = named.key and e.quality = 'O'",
    ),
    "count loss endangers orders": (
        "count_loss_endangers_orders",
        f"{CHECK} and status = 'O' and (select sum(qty) from erp.hold where firm"
        " and released_at is null and (hold.store, hold.item_id) = (c.store, c.item_id)) > c.found",
    ),
    "reservation deprives an order": (
        "reservation_deprives_an_order",
        "from named, erp.hold as h where h.id::text = named.key and released_at is null and exists"
        " (select from erp.sale_line as l where (l.store, l.item_id) = (h.store, h.item_id)"
        " and l.sale_id <> h.sale_id and l.wanted_on < (select wanted_on from erp.sale_line as own"
        " where (own.sale_id, own.line_no) = (h.sale_id, h.sale_line)))",
    ),
    "reservation let go": (
        "reservation_let_go",
        "from named, erp.hold as h where h.id::text = named.key and h.released_at < h.until",
    ),
    "picked before the truck came": (
        "picked_before_the_truck_came",
        "from named, erp.pick as p where p.id::text = named.key and not exists"
        " (select from erp.dispatch as d where d.id = p.dispatch_id)",
    ),
}

SUPPLY = {
    "date moved three times": (
        "po_date_moved_three_times",
        f"{PURCHASE} and (select count(*) from erp.purchase_date_change as c where was is not null"
        " and (c.purchase_id, c.line_no) = (l.purchase_id, l.line_no)) = 3",
    ),
    "overdue and silent": (
        "po_overdue_and_silent",
        f"{PURCHASE} and confirmed_on < day and (select count(*) from erp.purchase_date_change as c"
        " where (c.purchase_id, c.line_no) = (l.purchase_id, l.line_no)) = 1 and not exists"
        " (select from erp.purchase_transport as t"
        " where (t.purchase_id, t.line_no) = (l.purchase_id, l.line_no))",
    ),
    "split inbound": (
        "split_inbound",
        f"{PURCHASE} and (select count(*) from erp.purchase_transport as t"
        " where (t.purchase_id, t.line_no) = (l.purchase_id, l.line_no)) = 2",
    ),
    "received more than ordered": (
        "received_more_than_ordered",
        f"{PURCHASE} and (select sum(qty) from erp.purchase_receipt as r"
        " where (r.purchase_id, r.purchase_line) = (l.purchase_id, l.line_no)) > l.qty",
    ),
    "arrived without papers": (
        "goods_without_papers",
        "from named, erp.purchase_receipt as r where r.id || '/' || r.line_no = named.key"
        " and purchase_id is null",
    ),
    "papers without goods": (
        "papers_without_goods",
        "from named, erp.purchase_transport as t where t.id::text = named.key"
        " and owned_from is not null and waybill is not null and arrived_on is null",
    ),
    "cancelled remainder": (
        "po_rest_cancelled",
        f"{PURCHASE} and cancelled_qty > 0 and cancelled_qty < qty",
    ),
    "supplier with fewer than ten receipts": (
        "supplier_with_few_receipts",
        "from named where (select count(*) between 1 and 9 from erp.purchase_receipt as r"
        " join erp.purchase on purchase.id = r.purchase_id"
        " where purchase.partner_id::text = named.key)",
    ),
}

EXAMPLES = {
    "worked example of cumulative promising": (
        "promise_example",
        f"{LINE} and (select array_agg(case way when '+' then qty else -qty end order by p.day)"
        " from erp.stock_plan as p where p.item_id = l.item_id)"
        " = array[-30, -60, 40, -50, 100]::numeric[] and (select sum(qty) from erp.stock_balance"
        " as s where (s.day, s.item_id) = (evening.day, l.item_id)) = 100",
    ),
    "worked example of a case clock": (
        "case_clock_over_a_weekend",
        "from named, erp.ticket as t join erp.ticket_side as s on s.ticket_id = t.id"
        " join erp.reply_time as r on (r.kind, r.dept, r.urgency) = (t.kind, s.dept, t.urgency)"
        " join local_event as e on (e.ticket_id, e.side_no) = (s.ticket_id, s.side_no)"
        " where t.id::text = named.key and s.dept = 'logistics' and r.done_min = 240"
        " and e.what = 'OPN' and to_char(e.local, 'ID HH24:MI') = '5 16:30'",
    ),
}

PROOFS = {**MONEY, **STOCK, **SUPPLY, **DELIVERY, **CASES, **PLAN_AND_CRM, **EXAMPLES}
