"""Named edge cases of stock, supply and delivery, told like those of money."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from daymart.demo.core.business import Business
from daymart.demo.core.goods import Purchase, StockEntry
from daymart.demo.core.people import MAIN, SUPPLIERS
from daymart.demo.core.purchasing import OpenLine
from daymart.demo.core.sales import Demand, Want
from daymart.demo.core.stock import DAMAGED, QUARANTINE, USABLE, Place
from daymart.demo.core.stories.money import Story


def oversold_product(b: Business) -> Iterator[int]:
    yield 3
    demand = _order(b, 52, 1073, 55, -10)
    yield 1
    b.stock.count(MAIN, 1073, Decimal(-20))
    b.world.mark("oversold_product", demand.row)


def stock_in_quarantine(b: Business) -> Iterator[int]:
    yield 2
    _regrade(b, 1077, 15, QUARANTINE)
    b.world.mark("stock_in_quarantine", _last_entry(b))


def stock_damaged(b: Business) -> Iterator[int]:
    yield 4
    _regrade(b, 1078, 3, DAMAGED)
    b.world.mark("stock_damaged", _last_entry(b))


def transfer_over_midnight(b: Business) -> Iterator[int]:
    yield 0
    b.stock.send_transfer(1072, Decimal(12))
    b.world.mark("transfer_over_midnight", _last_entry(b))


def reservation_expired(b: Business) -> Iterator[int]:
    yield 12
    demand = _order(b, 49, 1074, 5, -15)
    hold = b.stock.holds_of(demand.sale.id, 1)[0]
    yield 1
    b.world.mark("reservation_expired", hold)


def soft_hold(b: Business) -> Iterator[int]:
    yield 1
    b.world.mark("soft_hold", b.sales.quote(1075, Decimal(10)))


def po_date_moved_three_times(b: Business) -> Iterator[int]:
    yield 15
    line = _purchase(b, 1073, 40)
    yield 14
    b.purchasing.confirm(line, _day(b, 4))
    for wait, day, cause in ((9, 2, "supplier_late"), (6, -1, "customs"), (3, -5, "transport")):
        yield wait
        b.purchasing.change_date(line, _day(b, day), cause)
    b.world.mark("po_date_moved_three_times", line.row)


def po_overdue_and_silent(b: Business) -> Iterator[int]:
    yield 16
    line = _purchase(b, 1075, 60)
    yield 15
    b.purchasing.confirm(line, _day(b, 5))
    b.world.mark("po_overdue_and_silent", line.row)


def po_never_confirmed(b: Business) -> Iterator[int]:
    yield 7
    b.world.mark("po_never_confirmed", _purchase(b, 1080, 36).row)


def split_inbound(b: Business) -> Iterator[int]:
    yield 12
    line = _purchase(b, 1074, 40)
    yield 11
    b.purchasing.confirm(line, _day(b, 2))
    yield 5
    first = b.purchasing.send(line, Decimal(2))
    yield 4
    second = b.purchasing.send(line, line.unsent)
    yield 2
    b.purchasing.receive(line, first)
    b.purchasing.change_date(line, _day(b, -2), "transport")
    b.world.mark("split_inbound", line.row)
    yield -2
    b.purchasing.receive(line, second)


def po_rest_cancelled(b: Business) -> Iterator[int]:
    yield 14
    line = _purchase(b, 1076, 96)
    yield 13
    b.purchasing.confirm(line, _day(b, 5))
    yield 8
    transport = b.purchasing.send(line, Decimal(3))
    yield 5
    b.purchasing.receive(line, transport)
    yield 4
    b.purchasing.cancel_rest(line)
    b.world.mark("po_rest_cancelled", line.row)


def po_cancelled(b: Business) -> Iterator[int]:
    yield 10
    line = _purchase(b, 1071, 40)
    yield 9
    b.purchasing.confirm(line, _day(b, 3))
    yield 4
    b.purchasing.cancel_rest(line)
    b.world.mark("po_cancelled", line.row)


def goods_without_papers(b: Business) -> Iterator[int]:
    yield 2
    row = b.purchasing.receive_without_papers(MAIN, 1079, Decimal(24))
    b.world.mark("goods_without_papers", row)


def shipment_cancelled_next_day(b: Business) -> Iterator[int]:
    yield 2
    demand = _order(b, 59, 1076, 6, 0)
    yield 1
    shipped = b.delivery.send([(demand, demand.open)], scripted=True)
    yield 0
    b.world.mark("shipment_cancelled_next_day", b.delivery.take_back(shipped))


def two_partials_second_late(b: Business) -> Iterator[int]:
    yield 12
    demand = _order(b, 58, 1071, 20, 8)
    yield 9
    first = b.delivery.send([(demand, Decimal(12))], scripted=True)
    first.row.wants_signature = False
    yield 8
    b.delivery.deliver(first)
    yield 5
    second = b.delivery.send([(demand, Decimal(8))], scripted=True)
    second.row.wants_signature = False
    yield 4
    b.delivery.deliver(second)
    b.world.mark("two_partials_second_late", demand.row)


def refused_at_the_door(b: Business) -> Iterator[int]:
    yield 6
    demand = _order(b, 58, 1072, 4, 4)
    yield 5
    shipped = b.delivery.send([(demand, demand.open)], scripted=True)
    yield 4
    b.world.mark("refused_at_the_door", b.delivery.refuse(shipped))


def proof_after_ten_days(b: Business) -> Iterator[int]:
    yield 14
    demand = _order(b, 52, 1078, 5, 12)
    yield 13
    shipped = b.delivery.send([(demand, demand.open)], scripted=True)
    shipped.row.wants_signature = True
    yield 12
    b.delivery.deliver(shipped)
    yield 2
    b.world.mark("proof_after_ten_days", b.delivery.prove(shipped))


def proof_never_came(b: Business) -> Iterator[int]:
    yield 9
    demand = _order(b, 52, 1080, 5, 7)
    yield 8
    shipped = b.delivery.send([(demand, demand.open)], scripted=True)
    shipped.row.wants_signature = True
    yield 7
    b.delivery.deliver(shipped)
    b.world.mark("proof_never_came", shipped.row)


def no_word_after_departure(b: Business) -> Iterator[int]:
    yield 6
    demand = _order(b, 59, 1079, 7, 4)
    yield 5
    shipped = b.delivery.send([(demand, demand.open)], scripted=True)
    b.world.mark("no_word_after_departure", shipped.row)


STORIES: tuple[Story, ...] = (
    oversold_product,
    stock_in_quarantine,
    stock_damaged,
    transfer_over_midnight,
    reservation_expired,
    soft_hold,
    po_date_moved_three_times,
    po_overdue_and_silent,
    po_never_confirmed,
    split_inbound,
    po_rest_cancelled,
    po_cancelled,
    goods_without_papers,
    shipment_cancelled_next_day,
    two_partials_second_late,
    refused_at_the_door,
    proof_after_ten_days,
    proof_never_came,
    no_word_after_departure,
)


def _day(b: Business, days_left: int) -> date:
    return b.world.workdays.shift(b.world.anchor, -days_left)


def _order(b: Business, partner_id: int, item_id: int, qty: int, wanted: int) -> Demand:
    want = Want(item_id, Decimal(qty), b.world.base_unit(item_id), _day(b, wanted))
    agreement = b.money.habits[partner_id].agreements[0]
    return b.sales.place(partner_id, [want], agreement, scripted=True)[0]


def _purchase(b: Business, item_id: int, qty: int) -> OpenLine:
    supplier_id = SUPPLIERS[(item_id - 1001) % len(SUPPLIERS)]
    head: Purchase = b.purchasing.order(supplier_id, MAIN, [(item_id, Decimal(qty))])
    line = b.purchasing.open[-1]
    assert line.row.purchase_id == head.id
    line.scripted = True
    return line


def _regrade(b: Business, item_id: int, qty: int, quality: str) -> None:
    lot, _ = b.stock.usable_lots(MAIN, item_id)[0]
    place = Place(MAIN, item_id, lot, USABLE)
    doc = f"QC-{b.world.today:%y%m%d}-{item_id}"
    b.stock.regrade(place, Decimal(qty), quality, doc, b.world.clock(MAIN, 12))


def _last_entry(b: Business) -> StockEntry:
    return b.world.every(StockEntry)[-1]
