"""Purchasing of the demo company: orders, dates, transports and receipts."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from daymart.demo.core.goods import (
    Purchase,
    PurchaseDateChange,
    PurchaseLine,
    PurchaseReceipt,
    PurchaseTransport,
)
from daymart.demo.core.people import BUYER, ORDINARY_ITEMS, SUPPLIERS, stores_of
from daymart.demo.core.records import Item
from daymart.demo.core.stock import NONE, QUARANTINE, USABLE, Place, Reason, Stock
from daymart.demo.core.world import World

REORDER_AT, ORDER_UP_TO = Decimal(45), Decimal(150)
ROAD_DAYS = 3
CARRIERS = ("Global Freight", "Dnipro Cargo", "Hansa Spedition")
DELAYS = ("supplier_late", "customs", "transport")


@dataclass(eq=False)
class OpenLine:
    """A purchase line still awaited: what is unsent, what is on the road, when."""

    row: PurchaseLine
    expected: date | None = None
    unsent: Decimal = NONE
    road: list[PurchaseTransport] = field(default_factory=list)
    scripted: bool = False


@dataclass
class Purchasing:
    """Order, follow and receive goods."""

    world: World
    stock: Stock
    open: list[OpenLine] = field(default_factory=list)

    def order(self, supplier_id: int, store: str, wants: list[tuple[int, Decimal]]) -> Purchase:
        """Place an order of base quantities; packs are ordered where an item has them."""
        number = self.world.next_id(Purchase)
        abroad = supplier_id % 2 == 0
        head = self.world.add(
            Purchase(
                id=number,
                no=f"PO-{number}",
                partner_id=supplier_id,
                placed_on=self.world.today,
                currency="USD" if abroad else "EUR",
                incoterm="FCA" if abroad else "DAP",
                buyer_no=BUYER,
            )
        )
        for line_no, (item_id, qty) in enumerate(wants, start=1):
            self._order_line(head, line_no, store, item_id, qty)
        return head

    def confirm(self, line: OpenLine, day: date) -> None:
        """Write the supplier's first date, once."""
        line.row.confirmed_on, line.row.stage = day, "C"
        self.change_date(line, day, "first confirmation")

    def change_date(self, line: OpenLine, day: date | None, cause: str) -> PurchaseDateChange:
        """Note that the expected day changed, by whom and why."""
        row = PurchaseDateChange(
            id=self.world.next_id(PurchaseDateChange),
            purchase_id=line.row.purchase_id,
            line_no=line.row.line_no,
            was=line.expected,
            becomes=day,
            changed_at=self.world.clock(line.row.store, 10, 20),
            by_no=BUYER,
            cause=cause,
        )
        line.expected = day
        return self.world.add(row)

    def send(self, line: OpenLine, qty: Decimal) -> PurchaseTransport:
        """Let the supplier send a quantity in the line's unit."""
        number = self.world.next_id(PurchaseTransport)
        row = PurchaseTransport(
            id=number,
            purchase_id=line.row.purchase_id,
            line_no=line.row.line_no,
            left_on=self.world.today,
            qty=qty,
            unit=line.row.unit,
            carrier=CARRIERS[number % len(CARRIERS)],
            waybill=f"CMR {4400 + number}",
            owned_from=self.world.today if line.row.purchase_id % 2 == 0 else None,
        )
        line.unsent -= qty
        line.road.append(row)
        line.row.stage = "S"
        return self.world.add(row)

    def receive(self, line: OpenLine, transport: PurchaseTransport, quality: str = USABLE) -> None:
        """Take a transport in: receipt, stock entry, and the line's new stage."""
        transport.arrived_on = self.world.today
        line.road.remove(transport)
        row = line.row
        receipt = self._receipt(row.store, row.item_id, transport.qty, row.unit, quality)
        receipt.purchase_id, receipt.purchase_line = row.purchase_id, row.line_no
        receipt.transport_id = transport.id
        self.settle_stage(line, "R" if quality == QUARANTINE else "V")

    def receive_without_papers(self, store: str, item_id: int, qty: Decimal) -> PurchaseReceipt:
        """Take in goods no order is known for."""
        return self._receipt(store, item_id, qty, self.world.base_unit(item_id), USABLE)

    def cancel_rest(self, line: OpenLine) -> None:
        """Give up what was not sent."""
        line.row.cancelled_qty += line.unsent
        line.unsent = NONE
        whole = line.row.cancelled_qty == line.row.qty
        self.settle_stage(line, "X" if whole else "V")

    def settle_stage(self, line: OpenLine, done: str) -> None:
        """Set the stage and stop following the line when nothing more will come."""
        if line.road:
            line.row.stage = "S"
        elif line.unsent:
            line.row.stage = "C"
        else:
            line.row.stage = done
            self.open.remove(line)

    def awaited(self, store: str, item_id: int) -> Decimal:
        """Sum what is ordered and not yet received, in base units."""
        return sum(
            (
                (line.unsent + sum((t.qty for t in line.road), NONE))
                * self.world.factor(item_id, line.row.unit)
                for line in self.open
                if line.row.store == store and line.row.item_id == item_id
            ),
            NONE,
        )

    def follow(self) -> None:
        """Live one day of every ordinary line: confirm, slip, send, receive."""
        for line in list(self.open):
            if not line.scripted:
                self._follow_line(line)

    def reorder(self) -> None:
        """Order what runs low; each supplier has its weekday."""
        for index, supplier_id in enumerate(SUPPLIERS):
            if index % 5 == self.world.today.weekday() or index % 3 == self.world.today.day % 3:
                self._reorder_from(supplier_id)

    def slip_one(self) -> None:
        """Move the date of one line that is awaited and not yet sent."""
        movable = [o for o in self.open if o.expected and o.unsent == o.row.qty and not o.scripted]
        if movable:
            self._slip(self.world.dice.choice(movable), 4)

    def _order_line(
        self, head: Purchase, line_no: int, store: str, item_id: int, qty: Decimal
    ) -> None:
        item = self.world.get(Item, item_id)
        unit, times = self.world.pack(item_id) or (item.unit, 1)
        count = max(Decimal(1), (qty / times).quantize(Decimal(1)))
        row = PurchaseLine(
            purchase_id=head.id,
            line_no=line_no,
            item_id=item_id,
            store=store,
            qty=count,
            unit=unit,
            price=(item.list_price * times * Decimal("0.6")).quantize(Decimal("0.0001")),
            wanted_on=self.world.workdays.shift(self.world.today, 8),
        )
        self.world.add(row)
        self.open.append(OpenLine(row, unsent=count))

    def _reorder_from(self, supplier_id: int) -> None:
        wants: dict[str, list[tuple[int, Decimal]]] = {}
        for item_id in ORDINARY_ITEMS:
            if self.world.get(Item, item_id).supplier_id != supplier_id:
                continue
            for store in stores_of(item_id):
                position = self.stock.free(store, item_id) + self.awaited(store, item_id)
                if position < REORDER_AT:
                    wants.setdefault(store, []).append((item_id, ORDER_UP_TO - position))
        for store, lines in wants.items():
            self.order(supplier_id, store, lines)

    def _follow_line(self, line: OpenLine) -> None:
        today, dice, days = self.world.today, self.world.dice, self.world.workdays
        if line.row.stage == "N":
            placed = self.world.get(Purchase, line.row.purchase_id).placed_on
            if today > placed:
                self.confirm(line, days.shift(today, dice.randint(4, 9)))
            return
        for transport in list(line.road):
            if line.expected and today >= line.expected:
                self.receive(line, transport, QUARANTINE if dice.random() < 0.12 else USABLE)
        if line.unsent and line.expected and days.shift(line.expected, -ROAD_DAYS) <= today:
            self._send_or_slip(line)

    def _send_or_slip(self, line: OpenLine) -> None:
        chance = self.world.dice.random()
        if chance < 0.15:
            self._slip(line, self.world.dice.randint(1, 5))
        elif chance < 0.22 and line.unsent >= 4:
            self.send(line, line.unsent // 2)
        elif chance < 0.25 and line.unsent < line.row.qty:
            self.cancel_rest(line)
        else:
            self.send(line, line.unsent)

    def _slip(self, line: OpenLine, days: int) -> None:
        assert line.expected is not None
        later = self.world.workdays.shift(max(line.expected, self.world.today), days)
        self.change_date(line, later, self.world.dice.choice(DELAYS))

    def _receipt(
        self, store: str, item_id: int, qty: Decimal, unit: str, quality: str
    ) -> PurchaseReceipt:
        number = self.world.next_id(PurchaseReceipt)
        at = self.world.clock(store, 9, number % 60)
        lot = self.stock.new_lot(item_id)
        base = qty * self.world.factor(item_id, unit)
        self.stock.move(
            Place(store, item_id, lot, quality), base, Reason("PUR", str(number), 1), at
        )
        typed_at = self.world.clock(store, 15, number % 60)
        return self.world.add(
            PurchaseReceipt(
                number, 1, None, None, None, store, item_id, lot, qty, unit, quality, at, typed_at
            )
        )
