"""Delivery of the demo company: dispatches, their events, refusals and cancellations."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from daymart.demo.core.goods import Dispatch, DispatchEvent, DispatchLine, Sale, StockEntry
from daymart.demo.core.people import BRANCH
from daymart.demo.core.records import Partner
from daymart.demo.core.sales import ROAD_DAYS, Demand, Sales
from daymart.demo.core.stock import RETURNED, USABLE, Place, Reason, Stock
from daymart.demo.core.world import World

OWN_TRUCK, PARCELS = "Own truck", "Hansa Parcels"
FATES = (("in time", 0.88), ("late", 0.95), ("difference", 0.97), ("refused", 0.985))


@dataclass(eq=False)
class Shipped:
    """A dispatch with its lines, the lines they serve and the stock entries they made."""

    row: Dispatch
    lines: list[tuple[DispatchLine, Demand, StockEntry]] = field(default_factory=list)


@dataclass
class Delivery:
    """Send goods out and note what happens to them on the way."""

    world: World
    stock: Stock
    sales: Sales
    paid_ahead: set[int] = field(default_factory=set)
    unbilled: list[Shipped] = field(default_factory=list)
    refused: list[tuple[date, Shipped]] = field(default_factory=list)
    _coming: list[tuple[date, Shipped, str]] = field(default_factory=list)
    _proofs: list[tuple[date, Shipped]] = field(default_factory=list)

    def dispatch_due(self) -> None:
        """Send what is due; what is short goes in part and gets a new day."""
        due: dict[int, list[Demand]] = {}
        for demand in self.sales.open.values():
            if not demand.scripted and self.sales.ship_on(demand) <= self.world.today:
                due.setdefault(demand.sale.id, []).append(demand)
        for sale_id, demands in due.items():
            if not demands[0].sale.prepaid or sale_id in self.paid_ahead:
                self._send_order(demands)

    def send(
        self,
        loads: list[tuple[Demand, Decimal]],
        scripted: bool = False,
        number: int | None = None,
    ) -> Shipped:
        """Issue one dispatch of these quantities, each in the unit of its line.

        `number` is the dispatch's own where it was given before the goods left.
        """
        sale = loads[0][0].sale
        shipped = Shipped(self._head(sale, loads[0][0].row.store, number))
        for demand, qty in loads:
            self._load(shipped, demand, qty)
            demand.shipped += qty
            self.sales.refit(demand, "shipped")
        self.unbilled.append(shipped)
        departed = self.world.clock(shipped.row.store, 17)
        self.note(shipped, "DEP", departed)
        if not scripted:
            day = self._arrival(sale)
            self._coming.append((day, shipped, self._fate()))
        return shipped

    def take_back(self, shipped: Shipped) -> Dispatch:
        """Cancel a dispatch by a negative one dated today; its lines are open again."""
        original = shipped.row
        at = self.world.clock(original.store, 9, 30)
        number = self.world.next_id(Dispatch)
        head = self.world.add(
            Dispatch(
                id=number,
                no=f"DN-{number}",
                sale_id=original.sale_id,
                store=original.store,
                partner_id=original.partner_id,
                route=original.route,
                carrier=original.carrier,
                issued_at=at,
                slot_from=None,
                slot_to=None,
                wants_signature=False,
                cancels_id=original.id,
            )
        )
        for line, demand, entry in shipped.lines:
            self._return_line(head, line, entry)
            demand.shipped -= line.qty
            self.sales.refit(demand, "shipped")
            later = self.world.workdays.shift(self.world.today, 3)
            self.sales.promise(demand, later, "shipment was cancelled")
        self.unbilled.remove(shipped)
        self._coming = [plan for plan in self._coming if plan[1] is not shipped]
        self.world.mark("shipment_cancelled", head)
        return head

    def take_back_one(self) -> None:
        """Cancel one of the dispatches that are neither billed nor written by a story."""
        held = [s for s in self.unbilled if any(plan[1] is s for plan in self._coming)]
        if held:
            self.take_back(self.world.dice.choice(held))

    def arrive(self) -> None:
        """Note the deliveries of today and the proofs that came back."""
        for plan in list(self._coming):
            day, shipped, fate = plan
            if day <= self.world.today:
                self._coming.remove(plan)
                self._deliver(shipped, fate)
        for proof in list(self._proofs):
            if proof[0] <= self.world.today:
                self._proofs.remove(proof)
                self.prove(proof[1])

    def departed(self, shipped: Shipped) -> DispatchEvent:
        """Find the departure of a dispatch."""
        events = reversed(self.world.every(DispatchEvent))
        return next(e for e in events if (e.dispatch_id, e.type) == (shipped.row.id, "DEP"))

    def deliver(self, shipped: Shipped) -> DispatchEvent:
        """Note that everything arrived."""
        return self.note(shipped, "DLV", self._hour(shipped))

    def prove(self, shipped: Shipped) -> DispatchEvent:
        """Note that the signed paper came back."""
        event = self.note(shipped, "POD", self.world.clock(shipped.row.store, 16))
        event.proof, event.reported_by = f"scan {event.id}", "C"
        return event

    def refuse(self, shipped: Shipped) -> DispatchEvent:
        """Note that the customer took nothing; the goods come back next working day."""
        event = self.note(shipped, "REF", self._hour(shipped))
        event.cause, event.signed_by = "not ordered, says the customer", None
        self.refused.append((self.world.workdays.shift(self.world.today, 1), shipped))
        self.world.mark("delivery_refused", event)
        return event

    def take_returns(self) -> list[Shipped]:
        """Take refused goods in, not yet inspected, and return their dispatches."""
        back = [shipped for day, shipped in self.refused if day <= self.world.today]
        self.refused = [plan for plan in self.refused if plan[0] > self.world.today]
        for shipped in back:
            for line, _, entry in shipped.lines:
                place = Place(entry.store, entry.item_id, entry.lot, RETURNED)
                reason = Reason("RET", str(shipped.row.id), line.line_no)
                self.stock.move(place, entry.qty, reason, self.world.clock(entry.store, 11))
        return back

    def _send_order(self, demands: list[Demand]) -> None:
        loads = [(demand, self.sales.available(demand)) for demand in demands]
        ready = [(demand, qty) for demand, qty in loads if qty > 0]
        if ready:
            self.send(ready)
        for demand in demands:
            if demand.open > 0:
                later = self.world.workdays.shift(self.world.today, 4)
                row = self.sales.promise(demand, later, "goods are not here yet")
                self.world.mark("promise_moved_by_us", row)
                if demand.shipped > 0:
                    self.world.mark("shipped_in_part", demand.row)

    def _head(self, sale: Sale, store: str, given: int | None) -> Dispatch:
        number = given or self.world.next_id(Dispatch)
        partner = self.world.get(Partner, sale.partner_id)
        day = self._arrival(sale)
        return self.world.add(
            Dispatch(
                id=number,
                no=f"DN-{number}",
                sale_id=sale.id,
                store=store,
                partner_id=partner.id,
                route=partner.route,
                carrier=PARCELS if store == BRANCH else OWN_TRUCK,
                issued_at=self.world.clock(store, 14, number % 60),
                slot_from=self.world.clock(store, 9, day=day),
                slot_to=self.world.clock(store, 13, day=day),
                wants_signature=number % 4 != 0,
            )
        )

    def _load(self, shipped: Shipped, demand: Demand, qty: Decimal) -> None:
        row, head = demand.row, shipped.row
        factor = self.world.factor(row.item_id, row.unit)
        left = qty * factor
        for lot, there in self.stock.usable_lots(row.store, row.item_id):
            part = min(left, there)
            if part <= 0:
                break
            left -= part
            number = len(shipped.lines) + 1
            line = self.world.add(
                DispatchLine(
                    head.id, number, row.line_no, row.item_id, lot, part / factor, row.unit
                )
            )
            place = Place(row.store, row.item_id, lot, USABLE)
            reason = Reason("SAL", str(head.id), number)
            entry = self.stock.move(place, -part, reason, head.issued_at)
            shipped.lines.append((line, demand, entry))

    def _return_line(self, head: Dispatch, line: DispatchLine, entry: StockEntry) -> None:
        self.world.add(
            DispatchLine(
                dispatch_id=head.id,
                line_no=line.line_no,
                sale_line=line.sale_line,
                item_id=line.item_id,
                lot=line.lot,
                qty=-line.qty,
                unit=line.unit,
            )
        )
        place = Place(entry.store, entry.item_id, entry.lot, entry.quality)
        reason = Reason("SAL", str(head.id), line.line_no)
        self.stock.move(place, entry.qty, reason, head.issued_at, cancels_id=entry.id)

    def _arrival(self, sale: Sale) -> date:
        route = self.world.get(Partner, sale.partner_id).route
        return self.world.workdays.shift(self.world.today, ROAD_DAYS[route or "K1"])

    def _fate(self) -> str:
        chance = self.world.dice.random()
        return next((fate for fate, bound in FATES if chance < bound), "silent")

    def _deliver(self, shipped: Shipped, fate: str) -> None:
        if fate == "late":
            tomorrow = self.world.workdays.shift(self.world.today, 1)
            self._coming.append((tomorrow, shipped, "in time"))
        elif fate == "refused":
            self.refuse(shipped)
        elif fate != "silent":
            self.deliver(shipped)
            self._after_delivery(shipped, fate)

    def _after_delivery(self, shipped: Shipped, fate: str) -> None:
        if fate == "difference":
            line = shipped.lines[0][0]
            event = self.note(shipped, "DIF", self._hour(shipped))
            event.line_no, event.qty, event.difference = line.line_no, line.qty - 1, Decimal(-1)
            event.cause = "one piece short"
            self.world.mark("delivered_short", event)
        if shipped.row.wants_signature and self.world.dice.random() < 0.93:
            days = self.world.dice.choice((0, 1, 1, 2, 3))
            self._proofs.append((self.world.workdays.shift(self.world.today, days), shipped))

    def _hour(self, shipped: Shipped) -> datetime:
        return self.world.clock(shipped.row.store, 9 + shipped.row.id % 5, shipped.row.id % 60)

    def note(self, shipped: Shipped, kind: str, at: datetime) -> DispatchEvent:
        """Write what happened to a dispatch."""
        return self.world.add(
            DispatchEvent(
                id=self.world.next_id(DispatchEvent),
                dispatch_id=shipped.row.id,
                line_no=None,
                type=kind,
                happened_at=at,
                signed_by="store clerk" if kind in ("DLV", "POD") else None,
                reported_by="K" if shipped.row.carrier == PARCELS else "D",
            )
        )
