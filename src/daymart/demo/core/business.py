"""One working day after another: the departments of the demo company at work."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from daymart.demo.core import extras, people
from daymart.demo.core.books import Books
from daymart.demo.core.cases import Cases
from daymart.demo.core.counting import Counting
from daymart.demo.core.crm import Crm
from daymart.demo.core.delivery import Delivery
from daymart.demo.core.goods import StockPlan
from daymart.demo.core.money import Money
from daymart.demo.core.people import BRANCH, MAIN, ORDINARY_ITEMS, ROAD, stores_of
from daymart.demo.core.picking import Picking
from daymart.demo.core.planning import Planning
from daymart.demo.core.purchasing import OpenLine, Purchasing
from daymart.demo.core.records import Company
from daymart.demo.core.registry import Agreed, Registry
from daymart.demo.core.returns import Returns
from daymart.demo.core.sales import Demand, Sales
from daymart.demo.core.stock import Stock
from daymart.demo.core.world import World
from daymart.demo.workdays import Workdays

NAME = "Northlight Trading"
THURSDAY, FRIDAY = 3, 4


class Desk(Protocol):
    """A desk beside the trade: it looks at the day in the evening and changes no goods."""

    def work(self) -> None:
        """Do the desk's work of the day."""


@dataclass
class Business:
    """Hold the departments, which share one world."""

    world: World
    company: Company
    stock: Stock
    purchasing: Purchasing
    sales: Sales
    delivery: Delivery
    books: Books
    money: Money
    cases: Cases
    returns: Returns
    crm: Crm
    picking: Picking
    desks: tuple[Desk, ...]
    stories: list[tuple[int, Iterator[int]]] = field(default_factory=list)
    duties: list[tuple[date, Callable[[], None]]] = field(default_factory=list)
    """What happens on days off before the next working day."""

    def play(self, day: date) -> None:
        """Do one day's business and close it."""
        self.world.open_day(day)
        people.set_rates(self.world)
        if day == self.world.first_day:
            self.stock.open_store()
            self.money.open_books()
        self._goods_come()
        self._orders_come()
        self._corrections()
        self._stories()
        self._goods_leave()
        for desk in self.desks:
            desk.work()
        self._close()

    def play_through(self, last_day: date) -> None:
        """Do every working day from the first to the last."""
        for day in self.world.workdays.span(self.world.first_day, last_day):
            self.play(day)

    def tell(self, story: Iterator[int]) -> None:
        """Start a story: it yields how many working days before the anchor it goes on."""
        self.stories.append((next(story), story))

    def _goods_come(self) -> None:
        self.stock.take_transfers()
        self.stock.inspect()
        self.purchasing.follow()

    def _orders_come(self) -> None:
        self.money.expect_prepayment(self.sales.take_orders())
        self.sales.change_minds()

    def _corrections(self) -> None:
        """Correct earlier days: every day after the first fill, now and then before it."""
        if self.world.today > self.world.anchor or self.world.today.day % 4 == 0:
            self.money.bounce_one()
            self.purchasing.slip_one()
            self.delivery.take_back_one()

    def _stories(self) -> None:
        days_left = self.world.days_to_anchor()
        for told in list(self.stories):
            due, story = told
            if due >= days_left:
                self.stories.remove(told)
                following = next(story, None)
                if following is not None:
                    self.stories.append((following, story))

    def _goods_leave(self) -> None:
        returned = self.delivery.take_returns()
        self.delivery.arrive()
        self.delivery.dispatch_due()
        self.money.bill()
        self.money.credit_returns(returned)
        self.money.match()
        self.money.collect()
        self._move_between_stores()
        self.purchasing.reorder()

    def _move_between_stores(self) -> None:
        shared = [i for i in ORDINARY_ITEMS if BRANCH in stores_of(i)]
        item_id = self.world.dice.choice(shared)
        spare = self.stock.free(MAIN, item_id) - 40
        if self.world.today.weekday() != THURSDAY and spare > 0:
            self.stock.send_transfer(item_id, min(spare, Decimal(12)))
        if self.world.today.weekday() == FRIDAY:
            there = [i for i in ORDINARY_ITEMS if self.stock.usable(MAIN, i)]
            self.stock.count(MAIN, self.world.dice.choice(there), Decimal(-1))

    def _close(self) -> None:
        self.stock.lapse_holds()
        self.stock.close(self.world.today)
        self.books.close(self.world.today)
        self.company.last_day = self.world.today
        self._days_off()
        plans = self.world.rows[StockPlan.TABLE]
        plans.clear()
        for demand in self.sales.open.values():
            self._plan_sale(demand)
        for line in self.purchasing.open:
            self._plan_purchase(line)
        self._plan_transfers()

    def _days_off(self) -> None:
        """Do what is on duty before the next working day; balances of today know nothing of it."""
        evening = self.world.today
        for day, duty in self.duties:
            self.world.today = day
            duty()
        self.duties.clear()
        self.world.today = evening

    def _plan_sale(self, demand: Demand) -> None:
        row = demand.row
        self.world.add(
            StockPlan(
                code=f"S-{row.sale_id}-{row.line_no}",
                day=self.sales.ship_on(demand),
                store=row.store,
                item_id=row.item_id,
                way="-",
                type="SAL",
                qty=demand.open * self.world.factor(row.item_id, row.unit),
                doc=demand.sale.no,
                sale_id=row.sale_id,
            )
        )

    def _plan_purchase(self, line: OpenLine) -> None:
        row = line.row
        awaited = line.unsent + sum((t.qty for t in line.road), Decimal(0))
        self.world.add(
            StockPlan(
                code=f"P-{row.purchase_id}-{row.line_no}",
                day=line.expected,
                store=row.store,
                item_id=row.item_id,
                way="+",
                type="PUR",
                qty=awaited * self.world.factor(row.item_id, row.unit),
                doc=f"PO-{row.purchase_id}",
                purchase_id=row.purchase_id,
            )
        )

    def _plan_transfers(self) -> None:
        for number, (day, doc, item_id, _, qty) in enumerate(self.stock.on_road, start=1):
            for store, way, kind in ((ROAD, "-", "TRO"), (BRANCH, "+", "TRI")):
                code = f"T-{doc}-{number}{way}"
                self.world.add(StockPlan(code, day, store, item_id, way, kind, qty, doc))


def found(seed: int, first_day: date, anchor: date, workdays: Workdays, agreed: Agreed) -> Business:
    """Found the company on the eve of its first day."""
    world = World(seed, first_day, anchor, workdays)
    company = world.add(
        Company(seed, NAME, first_day, anchor, first_day, sorted(workdays.holidays))
    )
    habits = people.settle(world)
    with world.apart():
        extras.join(world, habits)
    registry = Registry(world, agreed)
    registry.found()
    stock = Stock(world)
    sales = Sales(world, stock, habits)
    delivery = Delivery(world, stock, sales)
    books = Books(world)
    cases = Cases(world, sales)
    returns, crm = Returns(world, stock, cases), Crm(world)
    picking, counting = Picking(world, cases), Counting(world, stock, cases)
    return Business(
        world=world,
        company=company,
        stock=stock,
        purchasing=Purchasing(world, stock),
        sales=sales,
        delivery=delivery,
        books=books,
        money=Money(world, books, sales, delivery, habits),
        cases=cases,
        returns=returns,
        crm=crm,
        picking=picking,
        desks=(picking, returns, counting, cases, crm, Planning(world), registry),
    )
