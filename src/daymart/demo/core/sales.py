"""Sales of the demo company: orders, promises and the holds that back them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from daymart.demo.core.goods import Hold, Sale, SaleLine, SalePromise
from daymart.demo.core.people import (
    BRANCH,
    MAIN,
    ORDINARY_ITEMS,
    REGULARS,
    SELLERS,
    Habits,
    stores_of,
)
from daymart.demo.core.records import Item, Partner
from daymart.demo.core.stock import NONE, Stock
from daymart.demo.core.world import World

VAT = {MAIN: Decimal(20), BRANCH: Decimal(19)}
EUR_TO_LIST = {"EUR": Decimal(1), "USD": Decimal("1.10")}
ROAD_DAYS = {"K1": 1, "K2": 1, "K3": 2, "B1": 1}


@dataclass(frozen=True)
class Want:
    """What a customer asks for: an item, a quantity in a unit, a day."""

    item_id: int
    qty: Decimal
    unit: str
    wanted_on: date


@dataclass(eq=False)
class Demand:
    """A sale line and how far it is served; a scripted one waits for its script."""

    row: SaleLine
    sale: Sale
    promised: date
    shipped: Decimal = NONE
    scripted: bool = False

    @property
    def open(self) -> Decimal:
        """Tell what is still to ship, in the line's unit."""
        return self.row.qty - self.row.dropped_qty - self.shipped


@dataclass
class Sales:
    """Take orders, promise days, hold goods for them."""

    world: World
    stock: Stock
    habits: dict[int, Habits]
    demands: dict[tuple[int, int], Demand] = field(default_factory=dict)
    open: dict[tuple[int, int], Demand] = field(default_factory=dict)

    def take_orders(self) -> list[Sale]:
        """Take about 25 orders from the regular customers."""
        count = self.world.dice.randint(22, 28)
        return [self._ordinary_order() for _ in range(count)]

    def place(
        self,
        partner_id: int,
        wants: list[Want],
        agreement: str | None = None,
        scripted: bool = False,
    ) -> list[Demand]:
        """Confirm an order, promise its lines and hold what is free for them."""
        habit = self.habits[partner_id]
        number = self.world.next_id(Sale)
        sale = self.world.add(
            Sale(
                id=number,
                no=f"SO-{number}",
                partner_id=partner_id,
                seller_no=self.world.get(Partner, partner_id).manager_no,
                confirmed_on=self.world.today,
                currency=habit.currency,
                agreement=agreement,
                prepaid=habit.prepays,
            )
        )
        return [
            self._line(sale, line_no, want, scripted) for line_no, want in enumerate(wants, start=1)
        ]

    def promise(
        self, demand: Demand, day: date, cause: str | None = None, by_customer: bool = False
    ) -> SalePromise:
        """Set a day for a line."""
        demand.promised = day
        return self.world.add(
            SalePromise(
                id=self.world.next_id(SalePromise),
                sale_id=demand.sale.id,
                line_no=demand.row.line_no,
                day=day,
                given_at=self.world.clock(demand.row.store, 11 if cause is None else 15, 10),
                by_customer=by_customer,
                cause=cause,
            )
        )

    def drop(self, demand: Demand, qty: Decimal) -> None:
        """Let the customer give up a part of a line."""
        demand.row.dropped_qty += qty
        self.refit(demand, "customer gave it up")

    def refit(self, demand: Demand, why: str) -> None:
        """Cut the holds of a line to what is open, and follow open lines only."""
        key = (demand.sale.id, demand.row.line_no)
        if demand.open > 0:
            self.open[key] = demand
        else:
            self.open.pop(key, None)
        room = demand.open * self._factor(demand)
        for hold in self.stock.holds_of(*key):
            if hold.qty > room:
                self.stock.release(hold, why, self.world.clock(hold.store, 17))
                if room > 0:
                    self.stock.hold(hold.store, hold.item_id, room, key, hold.made_by)
            room -= min(room, hold.qty)

    def available(self, demand: Demand) -> Decimal:
        """Tell how much of a line can leave now, in whole units of the line."""
        row = demand.row
        own = sum((hold.qty for hold in self.stock.holds_of(row.sale_id, row.line_no)), NONE)
        usable = self.stock.usable(row.store, row.item_id)
        base = min(usable, self.stock.free(row.store, row.item_id) + own)
        return max(NONE, min(demand.open, self._whole(row, base)))

    def ship_on(self, demand: Demand) -> date:
        """Tell the day the goods must leave to arrive as promised."""
        route = self.world.get(Partner, demand.sale.partner_id).route
        return self.world.workdays.shift(demand.promised, -ROAD_DAYS[route or "K1"])

    def quote(self, item_id: int, qty: Decimal) -> Hold:
        """Hold goods softly for an offer that is not an order yet."""
        return self.stock.hold(MAIN, item_id, qty, None, SELLERS[0], days=5)

    def change_minds(self) -> None:
        """Let a customer drop a line, and another one move its day, most days."""
        waiting = [d for d in self.open.values() if not d.scripted and d.shipped == 0]
        if len(waiting) < 10:
            return
        gone, moved = self.world.dice.sample(waiting, 2)
        self.drop(gone, gone.open)
        later = self.world.workdays.shift(max(moved.promised, self.world.today), 2)
        row = self.promise(moved, later, "customer asked for a later day", by_customer=True)
        self.world.mark("promise_moved_by_customer", row)

    def _ordinary_order(self) -> Sale:
        dice = self.world.dice
        partner_id = min(dice.choice(REGULARS), dice.choice(REGULARS))
        habit = self.habits[partner_id]
        items = [i for i in ORDINARY_ITEMS if habit.store in stores_of(i)]
        chosen = dice.sample(items, dice.choice((1, 2, 2, 3, 3, 4)))
        day = self.world.workdays.shift(self.world.today, dice.randint(2, 8))
        wants = [self._ordinary_want(item_id, day) for item_id in chosen]
        return self.place(partner_id, wants, dice.choice(habit.agreements))[0].sale

    def _ordinary_want(self, item_id: int, day: date) -> Want:
        dice = self.world.dice
        item = self.world.get(Item, item_id)
        pack = self.world.pack(item_id)
        if pack and not item.keeps_lots and dice.random() < 0.2:
            return Want(item_id, Decimal(dice.randint(1, 2)), pack[0], day)
        qty = Decimal(dice.randint(1, 9))
        if item.divisible:
            qty += Decimal(dice.choice(("0", "0.25", "0.5")))
        return Want(item_id, qty, item.unit, day)

    def lines_of(self, sale_id: int) -> list[Demand]:
        """List the lines of an order."""
        lines: list[Demand] = []
        while (sale_id, len(lines) + 1) in self.demands:
            lines.append(self.demands[sale_id, len(lines) + 1])
        return lines

    def _line(self, sale: Sale, line_no: int, want: Want, scripted: bool) -> Demand:
        habit = self.habits[sale.partner_id]
        price = self.world.get(Item, want.item_id).list_price * EUR_TO_LIST[sale.currency]
        row = SaleLine(
            sale_id=sale.id,
            line_no=line_no,
            item_id=want.item_id,
            store=habit.store if habit.store in stores_of(want.item_id) else MAIN,
            qty=want.qty,
            unit=want.unit,
            dropped_qty=NONE,
            list_price=price * self.world.factor(want.item_id, want.unit),
            discount_pct=habit.discount_pct,
            vat_pct=VAT[habit.store],
            wanted_on=want.wanted_on,
        )
        self.world.add(row)
        demand = Demand(row, sale, want.wanted_on, scripted=scripted)
        self.demands[sale.id, line_no] = self.open[sale.id, line_no] = demand
        if want.unit == "dozen":
            self.world.mark("order_in_dozens", row)
        self._hold_and_promise(demand)
        return demand

    def _hold_and_promise(self, demand: Demand) -> None:
        row = demand.row
        free = self._whole(row, self.stock.free(row.store, row.item_id))
        held = min(free, demand.open)
        if held > 0:
            base = held * self._factor(demand)
            seller = demand.sale.seller_no or SELLERS[0]
            self.stock.hold(row.store, row.item_id, base, (row.sale_id, row.line_no), seller)
        wanted = demand.promised
        short = held < demand.open
        self.promise(demand, self.world.workdays.shift(wanted, 4) if short else wanted)

    def _factor(self, demand: Demand) -> Decimal:
        return self.world.factor(demand.row.item_id, demand.row.unit)

    def _whole(self, row: SaleLine, base: Decimal) -> Decimal:
        qty = base / self.world.factor(row.item_id, row.unit)
        if self.world.get(Item, row.item_id).divisible:
            return qty
        return qty.quantize(Decimal(1), ROUND_FLOOR)
