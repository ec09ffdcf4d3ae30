"""Named edge cases of the stock marts: a loss that endangers orders, a hold that deprives one.

Told apart like those of the trade, on goods and customers of their own.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from daymart.demo.core import extras
from daymart.demo.core.business import Business
from daymart.demo.core.goods import Dispatch
from daymart.demo.core.people import MAIN
from daymart.demo.core.sales import Demand, Want
from daymart.demo.core.stock import OTHERS, USABLE, Place, Reason
from daymart.demo.core.stories.money import Story
from daymart.demo.core.stories.trade import EARLIEST, told_apart


def opening(b: Business) -> Iterator[int]:
    """Bring in the goods of these stories."""
    yield EARLIEST
    for item_id in extras.STOCK_ITEMS:
        reason = Reason("CNT", "opening count")
        b.stock.move(_place(item_id), Decimal(200), reason, b.world.clock(MAIN, 7))


def count_loss_endangers_orders(b: Business) -> Iterator[int]:
    """Of 200 pieces 190 are held when 50 are missing: the lines owed last lack 40."""
    yield 3
    for partner_id, qty, day in ((extras.FIRST, 100, 4), (extras.WAITER, 60, 6)):
        _order(b, partner_id, extras.LOST_ITEM, qty, day)
    _order(b, extras.FIRST, extras.LOST_ITEM, 30, 8)
    yield 0
    check = b.stock.check(
        _place(extras.LOST_ITEM), Decimal(-50), "CNT-lost", b.world.clock(MAIN, 16)
    )
    check.status = "O"
    b.world.mark("count_loss_endangers_orders", check)
    yield -3
    check.status, check.cause = "E", "a pallet stood in the yard"


def reservation_deprives_an_order(b: Business) -> Iterator[int]:
    """All 200 pieces are held for a day far off, and 50 of them are owed to another before it."""
    yield 2
    later = _order(b, extras.FIRST, extras.HELD_ITEM, 200, 15)
    yield 1
    sooner = _order(b, extras.WAITER, extras.HELD_ITEM, 50, 4)
    b.sales.promise(sooner, _day(b, 4), "the customer cannot wait")
    b.world.mark("deprived_order", sooner.row)
    hold = b.stock.holds_of(later.sale.id, 1)[0]
    b.world.mark("reservation_deprives_an_order", hold)


def reservation_let_go(b: Business) -> Iterator[int]:
    yield 3
    demand = _order(b, extras.FIRST, extras.PICKED_ITEM, 40, 10)
    hold = b.stock.holds_of(demand.sale.id, 1)[0]
    yield 2
    b.stock.release(hold, "given to a customer who pays at once", b.world.clock(MAIN, 15))
    b.world.mark("reservation_let_go", hold)


def picked_before_the_truck_came(b: Business) -> Iterator[int]:
    """Goods are picked in the evening and leave the next working day."""
    yield 0
    demand = _order(b, extras.WAITER, extras.PICKED_ITEM, 12, 1)
    dispatch_id = b.world.next_id(Dispatch)
    at = b.world.clock(MAIN, 19, 30)
    b.world.mark("picked_before_the_truck_came", b.picking.pick_ahead(dispatch_id, demand.row, at))
    yield -1
    shipped = b.delivery.send([(demand, demand.open)], scripted=True, number=dispatch_id)
    b.delivery.unbilled.remove(shipped)
    yield -2
    b.delivery.deliver(shipped)
    b.money.issue(shipped)


def others_goods_here(b: Business) -> Iterator[int]:
    yield 5
    place = _place(extras.PICKED_ITEM)._replace(quality=OTHERS)
    reason = Reason("TRI", "kept for Hansa Parcels")
    entry = b.stock.move(place, Decimal(15), reason, b.world.clock(MAIN, 14))
    b.world.mark("others_goods_here", entry)


STORIES: tuple[Story, ...] = tuple(
    told_apart(story)
    for story in (
        opening,
        count_loss_endangers_orders,
        reservation_deprives_an_order,
        reservation_let_go,
        picked_before_the_truck_came,
        others_goods_here,
    )
)


def _day(b: Business, days_on: int) -> date:
    return b.world.workdays.shift(b.world.anchor, days_on)


def _place(item_id: int) -> Place:
    return Place(MAIN, item_id, "", USABLE)


def _order(b: Business, partner_id: int, item_id: int, qty: int, days_on: int) -> Demand:
    want = Want(item_id, Decimal(qty), "pcs", _day(b, days_on))
    return b.sales.place(partner_id, [want], scripted=True)[0]
