"""Stock of the demo company: entries, levels, holds and evening balances."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from daymart.demo.core.desks import StockCheck
from daymart.demo.core.goods import Hold, StockBalance, StockEntry
from daymart.demo.core.people import (
    BRANCH,
    HEAD_OF_SALES,
    ITEMS,
    MAIN,
    ORDINARY_ITEMS,
    ROAD,
    STOREKEEPER,
    stores_of,
)
from daymart.demo.core.records import Item
from daymart.demo.core.world import World

USABLE, QUARANTINE, DAMAGED, RETURNED, MOVING, OTHERS = "A", "Q", "D", "R", "T", "O"
NONE = Decimal(0)
HOLD_DAYS = 10


class Place(NamedTuple):
    """Where goods lie: store, item, lot ('' where none is kept), quality."""

    store: str
    item_id: int
    lot: str
    quality: str


class Reason(NamedTuple):
    """Why goods move: type, paper and its line."""

    type: str
    doc: str
    line: int | None = None


@dataclass
class Stock:
    """Move goods and hold them; levels are the running sum of the entries."""

    world: World
    levels: dict[Place, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    on_road: list[tuple[date, str, int, str, Decimal]] = field(default_factory=list)
    holds: dict[int, Hold] = field(default_factory=dict)
    _lots: dict[tuple[str, int], dict[str, None]] = field(default_factory=dict)
    _held: dict[tuple[str, int], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    _of_line: dict[tuple[int | None, int | None], dict[int, Hold]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def open_store(self) -> None:
        """Count what is there on the first morning."""
        for item_id in ORDINARY_ITEMS:
            for store in stores_of(item_id):
                qty = Decimal(self.world.dice.randint(40, 140))
                place = Place(store, item_id, self.new_lot(item_id), USABLE)
                self.move(place, qty, Reason("CNT", "opening count"), self.world.clock(store, 7))
        for item_id in ITEMS[len(ORDINARY_ITEMS) :]:
            place = Place(MAIN, item_id, self.new_lot(item_id), USABLE)
            self.move(place, Decimal(60), Reason("CNT", "opening count"), self.world.clock(MAIN, 7))

    def new_lot(self, item_id: int) -> str:
        """Name the lot of goods that come in today; '' where lots are not kept."""
        keeps = self.world.get(Item, item_id).keeps_lots
        return f"L{self.world.today:%y%m%d}" if keeps else ""

    def move(
        self,
        place: Place,
        qty: Decimal,
        reason: Reason,
        at: datetime,
        cancels_id: int | None = None,
    ) -> StockEntry:
        """Post one entry; plus comes in, minus leaves."""
        self.levels[place] += qty
        self._lots.setdefault((place.store, place.item_id), {})[place.lot] = None
        return self.world.add(
            StockEntry(
                id=self.world.next_id(StockEntry),
                moved_at=at,
                store=place.store,
                item_id=place.item_id,
                lot=place.lot,
                quality=place.quality,
                way="+" if qty >= 0 else "-",
                qty=abs(qty),
                type=reason.type,
                doc=reason.doc,
                doc_line=reason.line,
                cancels_id=cancels_id,
                touched_at=at + timedelta(minutes=3),
            )
        )

    def regrade(self, place: Place, qty: Decimal, quality: str, doc: str, at: datetime) -> None:
        """Give goods another quality: one entry out, one in."""
        self.move(place, -qty, Reason("QST", doc), at)
        self.move(place._replace(quality=quality), qty, Reason("QST", doc), at)

    def usable_lots(self, store: str, item_id: int) -> list[tuple[str, Decimal]]:
        """List usable lots with their quantities, the oldest first."""
        lots = sorted(self._lots.get((store, item_id), ()))
        found = [(lot, self.levels[Place(store, item_id, lot, USABLE)]) for lot in lots]
        return [(lot, qty) for lot, qty in found if qty > 0]

    def usable(self, store: str, item_id: int) -> Decimal:
        """Sum the usable quantity of an item in a store."""
        return sum((qty for _, qty in self.usable_lots(store, item_id)), NONE)

    def free(self, store: str, item_id: int) -> Decimal:
        """Tell what is usable and not held; negative when oversold."""
        return self.usable(store, item_id) - self._held[store, item_id]

    def hold(
        self,
        store: str,
        item_id: int,
        qty: Decimal,
        line: tuple[int, int] | None,
        seller: str,
        days: int = HOLD_DAYS,
    ) -> Hold:
        """Hold goods: firm for a sale line, soft for a quote without one."""
        until = self.world.workdays.shift(self.world.today, days)
        row = self.world.add(
            Hold(
                id=self.world.next_id(Hold),
                sale_id=line[0] if line else None,
                sale_line=line[1] if line else None,
                item_id=item_id,
                store=store,
                qty=qty,
                firm=line is not None,
                made_at=self.world.clock(store, 11),
                until=self.world.clock(store, 18, day=until),
                made_by=seller,
                approved_by=HEAD_OF_SALES if qty >= 20 else None,
            )
        )
        self.holds[row.id] = row
        self._of_line[row.sale_id, row.sale_line][row.id] = row
        if row.firm:
            self._held[store, item_id] += qty
        return row

    def holds_of(self, sale_id: int, line_no: int) -> list[Hold]:
        """List the live holds of a sale line."""
        return list(self._of_line[sale_id, line_no].values())

    def release(self, hold: Hold, why: str, at: datetime) -> None:
        """Let a hold go."""
        hold.released_at, hold.why_released = max(at, hold.made_at), why
        del self.holds[hold.id]
        del self._of_line[hold.sale_id, hold.sale_line][hold.id]
        if hold.firm:
            self._held[hold.store, hold.item_id] -= hold.qty

    def lapse_holds(self) -> None:
        """Release, at its own hour, every hold that ends today or ended before."""
        evening = self.world.clock(MAIN, 23)
        for hold in list(self.holds.values()):
            if hold.until and hold.until <= evening:
                self.release(hold, "expired", hold.until)
                self.world.mark("hold_expired", hold)

    def send_transfer(self, item_id: int, qty: Decimal) -> None:
        """Send goods from the main store to the branch; they arrive next working day."""
        at = self.world.clock(MAIN, 16)
        doc = f"TR-{self.world.today:%y%m%d}-{item_id}"
        for lot, there in self.usable_lots(MAIN, item_id):
            part = min(qty, there)
            if part <= 0:
                break
            qty -= part
            self.move(Place(MAIN, item_id, lot, USABLE), -part, Reason("TRO", doc), at)
            self.move(Place(ROAD, item_id, lot, MOVING), part, Reason("TRI", doc), at)
            arrival = self.world.workdays.shift(self.world.today, 1)
            self.on_road.append((arrival, doc, item_id, lot, part))

    def take_transfers(self) -> None:
        """Take in what has come to the branch."""
        at = self.world.clock(BRANCH, 10)
        for arrival, doc, item_id, lot, qty in list(self.on_road):
            if arrival <= self.world.today:
                self.move(Place(ROAD, item_id, lot, MOVING), -qty, Reason("TRO", doc), at)
                self.move(Place(BRANCH, item_id, lot, USABLE), qty, Reason("TRI", doc), at)
                self.on_road.remove((arrival, doc, item_id, lot, qty))

    def count(self, store: str, item_id: int, difference: Decimal) -> StockEntry:
        """Post the difference a count found in the newest lot; never below nothing."""
        lot, there = self.usable_lots(store, item_id)[-1]
        doc = f"CNT-{self.world.today:%y%m%d}-{item_id}"
        place = Place(store, item_id, lot, USABLE)
        posted = max(difference, -there)
        check = self.check(place, posted, doc, self.world.clock(store, 12, 50))
        entry = self.move(place, posted, Reason("CNT", doc), self.world.clock(store, 13))
        check.status, check.entry_id, check.cause = "P", entry.id, "shrinkage"
        return entry

    def check(self, place: Place, difference: Decimal, no: str, at: datetime) -> StockCheck:
        """Note a count of today: what the books said then, and what was found."""
        book = self.book_at(place, at)
        return self.world.add(
            StockCheck(
                no=no,
                store=place.store,
                item_id=place.item_id,
                lot=place.lot,
                taken_at=at,
                book=book,
                found=book + difference,
                counter_no=STOREKEEPER,
                status="E",
            )
        )

    def book_at(self, place: Place, at: datetime) -> Decimal:
        """Tell the book quantity of a place at an instant of today."""
        level = self.levels[place]
        morning = at - timedelta(hours=24)
        for row in reversed(self.world.rows[StockEntry.TABLE].values()):
            assert isinstance(row, StockEntry)
            if row.moved_at < morning:
                break
            if row.moved_at > at and (row.store, row.item_id, row.lot, row.quality) == place:
                level -= row.qty if row.way == "+" else -row.qty
        return level

    def inspect(self) -> None:
        """Inspect half of what waits: most of it passes, a tenth is found damaged."""
        for place, qty in list(self.levels.items()):
            waits = place.quality in (QUARANTINE, RETURNED) and qty > 0
            if waits and place.item_id in ORDINARY_ITEMS and self.world.dice.random() < 0.5:
                verdict = DAMAGED if self.world.dice.random() < 0.1 else USABLE
                doc = f"QC-{self.world.today:%y%m%d}-{place.item_id}"
                self.regrade(place, qty, verdict, doc, self.world.clock(place.store, 12))

    def close(self, day: date) -> None:
        """Write the evening balance of every place that is not empty."""
        for place in sorted(self.levels):
            if self.levels[place]:
                self.world.add(StockBalance(day, *place, self.levels[place]))
