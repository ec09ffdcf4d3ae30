"""The desks around the bulk trade: bills, claims, picks, counts, contacts, targets, matters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from daymart.demo.trade.bills import BillTables
from daymart.demo.trade.claims import claim_table, claims_of
from daymart.demo.trade.clock import Clock, Ints
from daymart.demo.trade.contacts import LONGEST_LEAD, Contacts
from daymart.demo.trade.counts import EXPLAINED, Counting, Counts
from daymart.demo.trade.goods_tables import GoodsTables
from daymart.demo.trade.journal import Journal
from daymart.demo.trade.masters import Masters
from daymart.demo.trade.matters import (
    LONGEST_MATTER,
    MatterTables,
    matters_of_orders,
    matters_of_supplies,
)
from daymart.demo.trade.money import Returned
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.picks import pick_tables
from daymart.demo.trade.scale import Scale
from daymart.demo.trade.supply import Supplies
from daymart.demo.trade.tables import Session, Table
from daymart.demo.trade.targets import LONGEST_VERSION, Targets

Books = Callable[[Counts], Ints]
"""Tells what the books said at counts."""


@dataclass(frozen=True)
class Desks:
    """Give the rows of the desks; what an order gives rise to comes with the order."""

    seed: int
    clock: Clock
    scale: Scale
    masters: Masters
    counting: Counting

    @property
    def _targets(self) -> Targets:
        return Targets(self.seed, self.clock, self.scale, self.masters)

    def of_orders(
        self, orders: Orders, lines: Lines, journal: Journal, back: Returned, evening: int
    ) -> Iterator[Table]:
        """Give what bills, claims, picks and matters of orders are written to."""
        claims = claims_of(orders, lines, back)
        bills = BillTables(self.scale, self.masters)
        yield from bills.of_orders(orders, lines, journal, back)
        yield claim_table(self.clock, orders, lines, claims, evening)
        yield from pick_tables(self.clock, orders, lines)
        matters = matters_of_orders(self.scale, self.masters, lines, journal, claims)
        yield from MatterTables(self.clock, self.scale).of_matters(matters)

    def of_supplies(self, supplies: Supplies) -> Iterator[Table]:
        """Give the matters of purchases."""
        matters = matters_of_supplies(supplies)
        yield from MatterTables(self.clock, self.scale).of_matters(matters)

    def of_days(self, first: int, evening: int, books: Books) -> Iterator[Table]:
        """Give at least every row that was written or changed from a day to the evening."""
        counts = self.counting.taken(first - EXPLAINED, evening)
        yield self.counting.table(counts, books(counts), evening)
        moves = self.counting.moves(counts)
        goods = GoodsTables(self.clock, self.scale, self.masters, evening)
        yield goods.entries(moves, self.counting.sheets(moves.day))
        noticed = self.counting.matters(self.counting.taken(first - LONGEST_MATTER, evening))
        yield from MatterTables(self.clock, self.scale).of_matters(noticed)
        contacts = Contacts(self.seed, self.clock, self.scale, self.masters)
        yield from contacts.of_days(first - LONGEST_LEAD, evening, evening)
        yield from self._planned(first, evening)

    def _planned(self, first: int, evening: int) -> Iterator[Table]:
        for freeze in self._targets.freezes(first - LONGEST_VERSION, evening):
            yield from self._targets.of_version(freeze)
        yield from self._targets.gaps(first - LONGEST_VERSION, evening, evening)

    def count_in(self, session: Session, first: int, evening: int) -> None:
        """Add the targets frozen on some days to what the planning desk says it froze."""
        for freeze in self._targets.freezes(first, evening):
            self._targets.count_in(session, freeze)
