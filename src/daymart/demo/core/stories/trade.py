"""More named edge cases of money, stock, supply and delivery, on goods and customers of their own.

They number their rows apart and send goods past ordinary billing, so that the ordinary company
stays what it was, row by row.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import wraps
from zoneinfo import ZoneInfo

from daymart.demo.core import extras
from daymart.demo.core.books import Account, Details
from daymart.demo.core.business import Business
from daymart.demo.core.cases import Subject
from daymart.demo.core.delivery import Shipped
from daymart.demo.core.people import MAIN
from daymart.demo.core.purchasing import OpenLine
from daymart.demo.core.records import Partner, Site
from daymart.demo.core.sales import Demand, Want
from daymart.demo.core.stock import RETURNED, USABLE, Place, Reason
from daymart.demo.core.stories.money import Story

EARLIEST = 24  # working days before the anchor: the shortest company has no more


def told_apart(story: Story) -> Story:
    """Let a story number its rows in the series of the named cases."""

    @wraps(story)
    def tell(b: Business) -> Iterator[int]:
        steps = story(b)
        while True:
            with b.world.apart():
                due = next(steps, None)
            if due is None:
                return
            yield due

    return tell


def opening(b: Business) -> Iterator[int]:
    """Bring in the goods of the other stories."""
    yield EARLIEST
    for item_id in extras.TRADE_ITEMS:
        if item_id != extras.FAR_ITEM:
            qty = Decimal(100 if item_id == extras.PROMISE_ITEM else 200)
            reason = Reason("CNT", "opening count")
            b.stock.move(_place(item_id), qty, reason, b.world.clock(MAIN, 7))


def two_currencies(b: Business) -> Iterator[int]:
    yield 13
    for currency, amount in (("EUR", "300.00"), ("USD", "420.00")):
        account = Account(1, extras.TWO_MONEYS, "", currency)
        due = [b.world.today + timedelta(days=14)]
        invoice = b.books.invoice(account, Decimal(amount), due)
    b.world.mark("two_currencies", invoice)


def rate_missing_at_a_weekend(b: Business) -> Iterator[int]:
    yield 4
    saturday = b.world.today
    while saturday.weekday() != 5:
        saturday -= timedelta(days=1)
    account = Account(1, extras.TWO_MONEYS, "", "USD")
    more = Details(paper_date=saturday)
    invoice = b.books.invoice(account, Decimal("150.00"), [saturday + timedelta(days=14)], more)
    b.world.mark("rate_missing_at_a_weekend", invoice)


def order_above_the_horizon(b: Business) -> Iterator[int]:
    yield 5
    day = b.world.workdays.shift(b.world.anchor, 90)
    want = Want(extras.FAR_ITEM, Decimal(500), "pcs", day)
    demand = b.sales.place(extras.FAR, [want], scripted=True)[0]
    b.world.mark("order_above_the_horizon", demand.row)


def count_while_goods_move(b: Business) -> Iterator[int]:
    yield 3
    demand = _order(b, extras.SENDER, extras.COUNTED_ITEM, 6)
    at = b.world.clock(MAIN, 10)
    check = b.stock.check(_place(extras.COUNTED_ITEM), Decimal(-2), "CNT-moving", at)
    check.status = "O"
    b.world.mark("count_while_goods_move", check)
    shipped = _ship(b, demand)
    yield 2
    check.status, check.cause = "X", "goods left before it was posted"
    _finish(b, shipped)


def two_counts_of_one_product(b: Business) -> Iterator[int]:
    yield 7
    at = b.world.clock(MAIN, 12, 20)
    other = b.stock.check(_place(extras.COUNTED_ITEM), Decimal(-1), "CNT-second", at)
    other.status, other.cause = "X", "the same loss was posted by the other count"
    b.stock.count(MAIN, extras.COUNTED_ITEM, Decimal(-1))
    b.world.mark("two_counts_of_one_product", other)


def whole_unit_fraction(b: Business) -> Iterator[int]:
    yield 6
    at = b.world.clock(MAIN, 11, 30)
    check = b.stock.check(_place(extras.HALF_ITEM), Decimal("0.5"), "CNT-half", at)
    check.status, check.cause = "X", "half a piece was typed"
    b.world.mark("whole_unit_fraction", check)


def un_posted_movement(b: Business) -> Iterator[int]:
    yield 9
    reason = Reason("CNT", "typing error")
    entry = b.stock.move(_place(extras.HALF_ITEM), Decimal(30), reason, b.world.clock(MAIN, 12))
    yield 8
    undone = b.stock.move(
        _place(extras.HALF_ITEM), Decimal(-30), reason, b.world.clock(MAIN, 9), entry.id
    )
    b.world.mark("un_posted_movement", undone)


def quarantine_return(b: Business) -> Iterator[int]:
    yield 10
    shipped = _ship(b, _order(b, extras.SENDER, extras.SENT_ITEM, 8))
    yield 9
    _finish(b, shipped)
    yield 3
    claim = b.returns.claim(shipped.lines[0][0], "wrong colour", b.world.clock(MAIN, 10))
    yield 1
    claim.state, claim.came_at = "A", _come_back(b, shipped)
    b.world.mark("quarantine_return", claim)


def return_of_last_months_sale(b: Business) -> Iterator[int]:
    last_of_month = b.world.anchor.replace(day=1) - timedelta(days=1)
    sent_on = b.world.workdays.shift(last_of_month + timedelta(days=1), -1)
    ago = len(b.world.workdays.span(sent_on, b.world.anchor)) - 1
    yield ago
    shipped = _ship(b, _order(b, extras.SENDER, extras.SENT_ITEM, 5))
    invoice = b.money.issue(shipped)
    if ago > 1:
        yield ago - 1
        b.delivery.deliver(shipped)
    yield 0
    if ago == 1:
        b.delivery.deliver(shipped)
    claim = b.returns.claim(shipped.lines[0][0], "hidden fault", b.world.clock(MAIN, 15))
    claim.state, claim.came_at = "A", _come_back(b, shipped)
    claim.note_id = b.money.credit(shipped, invoice).id
    b.world.mark("return_of_last_months_sale", claim)


def case_piece_and_dozen(b: Business) -> Iterator[int]:
    yield 8
    day = b.world.workdays.shift(b.world.today, 1)
    units = (("case", 1), ("dozen", 2), ("pcs", 5))
    wants = [Want(extras.UNITS_ITEM, Decimal(qty), unit, day) for unit, qty in units]
    demands = b.sales.place(extras.SENDER, wants, scripted=True)
    b.world.mark("case_piece_and_dozen", demands[0].sale)
    shipped = b.delivery.send([(demand, demand.open) for demand in demands], scripted=True)
    b.delivery.unbilled.remove(shipped)
    yield 7
    _finish(b, shipped)


def consigned_goods(b: Business) -> Iterator[int]:
    yield 7
    at, doc = b.world.clock(MAIN, 15), f"CONS-{b.world.today:%y%m%d}"
    b.stock.move(_place(extras.SENT_ITEM), Decimal(-20), Reason("TRO", doc), at)
    place = _place(extras.SENT_ITEM)._replace(store=extras.CONSIGNED)
    b.world.mark("consigned_goods", b.stock.move(place, Decimal(20), Reason("TRI", doc), at))


def received_more_than_ordered(b: Business) -> Iterator[int]:
    yield 16
    line = _purchase(b, extras.SENT_ITEM, 50)
    yield 15
    b.purchasing.confirm(line, _day(b, 11))
    yield 14
    transport = b.purchasing.send(line, line.unsent)
    yield 11
    transport.qty += 2
    b.purchasing.receive(line, transport)
    b.world.mark("received_more_than_ordered", line.row)


def papers_without_goods(b: Business) -> Iterator[int]:
    yield 6
    line = _purchase(b, extras.EXTRA_ITEM, 30)
    yield 5
    b.purchasing.confirm(line, _day(b, -4))
    yield 2
    transport = b.purchasing.send(line, line.unsent)
    transport.owned_from = b.world.today
    b.world.mark("papers_without_goods", transport)
    yield -4
    b.purchasing.receive(line, transport)


def supplier_with_few_receipts(b: Business) -> Iterator[int]:
    yield 20
    line = _purchase(b, extras.HALF_ITEM, 24)
    yield 19
    b.purchasing.confirm(line, _day(b, 15))
    yield 18
    transport = b.purchasing.send(line, line.unsent)
    yield 15
    b.purchasing.receive(line, transport)
    b.world.mark("supplier_with_few_receipts", b.world.get(Partner, extras.NEW_SUPPLIER))


def shipped_before_the_weekend(b: Business) -> Iterator[int]:
    ago = 1
    while (_day(b, ago - 1) - _day(b, ago)).days < 3:
        ago += 1
    yield ago
    shipped = _ship(b, _order(b, extras.SENDER, extras.SENT_ITEM, 3))
    b.world.mark("shipped_before_the_weekend", shipped.row)
    yield ago - 1
    _finish(b, shipped)


def shipped_at_the_weekend(b: Business) -> Iterator[int]:
    """The duty lets goods go on Saturday; the warehouse books them when it opens."""
    ago = 0
    while (_day(b, ago - 1) - _day(b, ago)).days < 2:
        ago += 1
    yield ago
    demand = _order(b, extras.SENDER, extras.SENT_ITEM, 2)
    sent: list[Shipped] = []

    def send() -> None:
        with b.world.apart():
            sent.append(_ship(b, demand))
            b.world.mark("shipped_at_the_weekend", sent[0].row)
            for _, _, entry in sent[0].lines:
                b.world.take_out(entry)

    b.duties.append((b.world.today + timedelta(days=1), send))
    yield ago - 1
    for _, _, entry in sent[0].lines:
        entry.touched_at = b.world.clock(MAIN, 7, 30)
        b.world.add(entry)
    _finish(b, sent[0])


def over_delivery(b: Business) -> Iterator[int]:
    yield 6
    shipped = _ship(b, _order(b, extras.SENDER, extras.EXTRA_ITEM, 4))
    yield 5
    _finish(b, shipped)
    line = shipped.lines[0][0]
    event = b.delivery.note(shipped, "DIF", b.world.clock(MAIN, 15))
    event.line_no, event.qty, event.difference = line.line_no, line.qty + 1, Decimal(1)
    event.cause = "one piece too many"
    b.world.mark("over_delivery", event)
    yield 4
    b.stock.count(MAIN, extras.EXTRA_ITEM, Decimal(-1))


def night_shift_after_the_cut_off(b: Business) -> Iterator[int]:
    yield 4
    shipped = _ship(b, _order(b, extras.NIGHT, extras.SENT_ITEM, 2))
    late = b.world.clock(MAIN, 22, 40)
    shipped.row.issued_at = late
    for _, _, entry in shipped.lines:
        entry.moved_at, entry.touched_at = late, late + timedelta(minutes=3)
    b.delivery.departed(shipped).happened_at = b.world.clock(MAIN, 23, 10)
    b.world.mark("night_shift_after_the_cut_off", shipped.row)
    yield 3
    _finish(b, shipped)


def daylight_saving_night(b: Business) -> Iterator[int]:
    """Something happens half an hour after the clocks were moved.

    A truck arrives where the night lies within the story's days; else a case was opened then.
    """
    moved = last_clock_change(b.world.anchor, b.world.get(Site, MAIN).zone)
    at = moved + timedelta(minutes=30)
    before = b.world.workdays.shift(moved.date(), -1)
    ago = len(b.world.workdays.span(before, b.world.anchor)) - 1
    if ago >= EARLIEST:
        yield EARLIEST
        ticket = b.cases.open("EXP", Subject(extras.NIGHT), at, extras.DISPATCHER)
        for side_no in (1, 2):
            b.cases.log(ticket, side_no, "ACK", at + timedelta(hours=8))
            b.cases.log(ticket, side_no, "FIN", at + timedelta(hours=30))
        b.world.mark("daylight_saving_night", ticket)
        return
    yield ago
    shipped = _ship(b, _order(b, extras.NIGHT, extras.SENT_ITEM, 2))
    yield ago - 1
    b.world.mark("daylight_saving_night", b.delivery.note(shipped, "ARR", at))
    _finish(b, shipped)


def promise_example(b: Business) -> Iterator[int]:
    """Supply and demand of the reference's example of cumulative ATP, in working days."""
    yield 6
    lines = [(_purchase(b, extras.PROMISE_ITEM, qty), day) for qty, day in ((40, 4), (100, 6))]
    yield 5
    for line, day in lines:
        b.purchasing.confirm(line, _day(b, -day))
    yield 0
    for qty, day in ((30, 1), (60, 3), (50, 5)):
        demand = _order(b, extras.FAR, extras.PROMISE_ITEM, qty)
        b.sales.promise(demand, _day(b, -day - 1), "as the customer asked")
        b.world.mark("promise_example", demand.row)


STORIES: tuple[Story, ...] = tuple(
    told_apart(story)
    for story in (
        opening,
        two_currencies,
        rate_missing_at_a_weekend,
        order_above_the_horizon,
        count_while_goods_move,
        two_counts_of_one_product,
        whole_unit_fraction,
        un_posted_movement,
        quarantine_return,
        return_of_last_months_sale,
        case_piece_and_dozen,
        consigned_goods,
        received_more_than_ordered,
        papers_without_goods,
        supplier_with_few_receipts,
        shipped_before_the_weekend,
        shipped_at_the_weekend,
        over_delivery,
        night_shift_after_the_cut_off,
        daylight_saving_night,
        promise_example,
    )
)


def last_clock_change(day: date, zone: str) -> datetime:
    """Give the instant at which a zone last moved its clocks before the end of a day."""
    hour = datetime.combine(day, time(0), UTC)
    while _offset(hour, zone) == _offset(hour - timedelta(hours=1), zone):
        hour -= timedelta(hours=1)
    return hour


def _offset(instant: datetime, zone: str) -> timedelta | None:
    return instant.astimezone(ZoneInfo(zone)).utcoffset()


def _day(b: Business, days_left: int) -> date:
    return b.world.workdays.shift(b.world.anchor, -days_left)


def _place(item_id: int) -> Place:
    return Place(MAIN, item_id, "", USABLE)


def _order(b: Business, partner_id: int, item_id: int, qty: int) -> Demand:
    day = b.world.workdays.shift(b.world.today, 1)
    want = Want(item_id, Decimal(qty), "pcs", day)
    return b.sales.place(partner_id, [want], scripted=True)[0]


def _ship(b: Business, demand: Demand) -> Shipped:
    shipped = b.delivery.send([(demand, demand.open)], scripted=True)
    b.delivery.unbilled.remove(shipped)
    return shipped


def _finish(b: Business, shipped: Shipped) -> None:
    b.delivery.deliver(shipped)
    b.delivery.prove(shipped)
    b.money.issue(shipped)


def _come_back(b: Business, shipped: Shipped) -> datetime:
    at = b.world.clock(MAIN, 16, 30)
    for line, _, entry in shipped.lines:
        place = Place(entry.store, entry.item_id, entry.lot, RETURNED)
        b.stock.move(place, entry.qty, Reason("RET", str(shipped.row.id), line.line_no), at)
    return at


def _purchase(b: Business, item_id: int, qty: int) -> OpenLine:
    b.purchasing.order(extras.NEW_SUPPLIER, MAIN, [(item_id, Decimal(qty))])
    line = b.purchasing.open[-1]
    line.scripted = True
    return line
