"""Right answers about delivery: what was kept of days asked for and promised, and fill rates."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.answers.months import Months
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.clock import NEVER, Flags, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.orders import SIGNED, Lines, Orders
from daymart.demo.trade.scale import FIRST_PARTNER
from daymart.demo.trade.tables import Column, Table, flags, labelled, words

DELIVERY_SCHEMA = """
create table answers.otif (
    as_of date, basis text, month_on date, customer_id text, line_count bigint,
    on_time_in_full_count bigint, primary key (as_of, basis, month_on, customer_id)
);
comment on table answers.otif is
    'Order lines due by a base date, by its month: in full is all that was not given up delivered'
    ' without refusal or difference and proved by then where a signature is wanted, on time is the'
    ' last delivery on or before the base date. A change of the customer moves all base dates.';
create table answers.delivery (
    as_of date, basis text, month_on date, customer_id text, line_count bigint,
    on_time_line_count bigint, in_full_line_count bigint, otif_line_count bigint,
    unconfirmed_line_count bigint, wanted_qty bigint, filled_qty bigint, filled_line_count bigint,
    order_count bigint, filled_order_count bigint, judged_order_count bigint,
    perfect_order_count bigint, primary key (as_of, basis, month_on, customer_id)
);
comment on table answers.delivery is
    'The lines of answers.otif: on time is a line whose last proved part of those that came by the'
    ' day came on the day itself: early is not on time. Unconfirmed is one of which all is said to'
    ' have come and not all is proved, or some is said and nothing proved. Filled is what the first'
    ' dispatch of the order held, in base units. An order counts in the month of its last line;'
    ' perfect is one whose lines are all on time and in full by the day asked for.';
"""
BASES = ("requested", "first_promised", "last_promised")
OF_LINES = (
    "line_count", "on_time_line_count", "in_full_line_count", "otif_line_count",
    "unconfirmed_line_count", "wanted_qty", "filled_qty", "filled_line_count",
)  # fmt: skip
OF_ORDERS = ("order_count", "filled_order_count", "judged_order_count", "perfect_order_count")
FIGURES = OF_LINES + OF_ORDERS

Bases = tuple[Ints, Ints, Ints]
"""Days of each line: asked for, first promised, last promised."""


@dataclass(frozen=True)
class Part:
    """What one dispatch brought of each line: the day, the quantity taken, whether it is proved."""

    day: Ints
    qty: Ints
    proved: Flags


class DeliveryAnswers:
    """Accumulate lines and orders due by basis, month and customer.

    What was given up counts as `known` on a later evening.
    """

    def __init__(self, trade: BulkTrade, evening: int, known: int) -> None:
        self._trade, self._evening, self._known = trade, evening, known
        self._months = Months(trade, evening)
        cells = (self._months.count, trade.scale.customers)
        self.sums = np.zeros((len(BASES), *cells, len(FIGURES)), dtype=np.int64)

    def add(self, orders: Orders, lines: Lines) -> None:
        """Add the lines of a span that were due by the evening."""
        wanted = lines.qty - np.where(lines.dropped_on <= self._known, lines.dropped, 0)
        filled = np.minimum(self.filled(orders, lines), wanted)
        parts = self.parts(orders, lines)
        for basis, base in enumerate(self.bases(orders, lines)):
            due = (wanted > 0) & (base <= self._evening)
            judged = _judged(parts, base, wanted)
            sizes = (wanted * lines.times, filled * lines.times, filled >= wanted)
            at = (self._months.of(base[due]), orders.customer[lines.order][due])
            for index, values in enumerate((np.ones_like(wanted), *judged, *sizes)):
                np.add.at(self.sums[basis, ..., index], at, values[due].astype(np.int64))
            kept = judged[2] | (wanted == 0)
            every, perfect = np.ones_like(kept), (np.ones_like(kept), kept)
            figures = (every, filled >= wanted, *(perfect if basis == 0 else ()))
            self._add_orders(basis, orders, lines, np.where(wanted > 0, base, -1), figures)

    def _add_orders(
        self, basis: int, orders: Orders, lines: Lines, base: Ints, figures: tuple[Flags, ...]
    ) -> None:
        """Count orders in the month of their last line; what must hold of each of its lines."""
        last = np.maximum.reduceat(base, lines.starts)
        due = (last >= 0) & (last <= self._evening)
        at = (self._months.of(last[due]), orders.customer[due])
        for index, figure in enumerate(figures, len(OF_LINES)):
            holds = lines.per_order((~figure).astype(np.int64)) == 0
            np.add.at(self.sums[basis, ..., index], at, holds[due].astype(np.int64))

    def bases(self, orders: Orders, lines: Lines) -> Bases:
        """Tell the days asked for, first and last promised of each line as the evening knows."""
        of, evening = lines.order, self._evening
        # A line that was given up is promised nothing more.
        moved = orders.moved[of]
        gone = (lines.dropped == lines.qty) & (lines.dropped_on <= moved)
        moves = (moved <= evening) & ~gone
        final = np.where(moves, orders.promised_again[of], orders.promised[of])
        rest = (orders.ship <= evening)[of] & (lines.second > 0)
        rest &= (orders.taken_back == NEVER)[of] | (orders.taken_back <= evening)[of]
        final = np.where(rest, (orders.ship_again + orders.road)[of], final)
        # A customer's own change moves every day the line is judged by.
        wish = orders.moved_by_customer[of] & moves
        asked = np.where(wish, orders.promised_again[of], orders.wanted[of])
        first = np.where(wish, orders.promised_again[of], orders.promised[of])
        return asked, first, final

    def kept(self, orders: Orders, lines: Lines) -> dict[str, Column]:
        """Tell which lines came on time and in full by each day; nothing before it is over."""
        wanted = lines.qty - np.where(lines.dropped_on <= self._known, lines.dropped, 0)
        parts, found = self.parts(orders, lines), {}
        for name, base in zip(BASES, self.bases(orders, lines), strict=True):
            due = (wanted > 0) & (base <= self._evening)
            on_time, in_full = _judged(parts, base, wanted)[:2]
            found[f"is_on_time_{name}"] = flags(on_time, due)
            found[f"is_in_full_{name}"] = flags(in_full, due)
        return found

    def parts(self, orders: Orders, lines: Lines) -> tuple[Part, Part]:
        """Tell what both dispatches brought of each line."""
        return self._first(orders, lines), self._second(orders, lines)

    def _first(self, orders: Orders, lines: Lines) -> Part:
        """Tell what the first dispatch brought; a piece of its first line may be missing."""
        of = lines.order
        comes = (lines.first > 0) & ~(orders.refused | orders.silent)[of]
        short = orders.difference[of] & (lines.number == 1)
        # Whoever must sign for the goods proves the first dispatch only, and not always.
        signs = orders.draws[:, 8] < SIGNED
        return Part(
            day=np.where(comes, orders.arrived[of], NEVER),
            qty=lines.first - short,
            proved=(~signs | (orders.proven <= self._evening))[of],
        )

    def _second(self, orders: Orders, lines: Lines) -> Part:
        of = lines.order
        day = np.where(lines.second > 0, (orders.ship_again + orders.road)[of], NEVER)
        return Part(day=day, qty=lines.second, proved=(orders.draws[:, 8] >= SIGNED)[of])

    def filled(self, orders: Orders, lines: Lines) -> Ints:
        """Tell what of each line left with the first dispatch of the order that stands."""
        of, evening = lines.order, self._evening
        stands = (orders.ship <= evening) & (orders.taken_back > evening)
        first = np.where(stands[of], lines.first, 0)
        second = np.where((orders.ship_again <= evening)[of], lines.second, 0)
        leads = lines.per_order(first) > 0
        filled: Ints = np.where(leads[of], first, second)
        return filled

    def tables(self) -> Iterator[Table]:
        """Give the rows: one for each basis, month and customer with lines due."""
        sums = self.sums[np.nonzero(self.sums[..., 0])]
        kept = {"line_count": sums[:, 0], "on_time_in_full_count": sums[:, 3]}
        yield Table("otif", self._keys() | kept, sums[:, 0])
        figures = {name: sums[:, index] for index, name in enumerate(FIGURES)}
        yield Table("delivery", self._keys() | figures, sums[:, 0])

    def _keys(self) -> dict[str, Column]:
        basis, month, customer = np.nonzero(self.sums[..., 0])
        return {
            "as_of": as_of(self._trade, self._evening, len(basis)),
            "basis": words(BASES, basis),
            "month_on": self._months.starts(month),
            "customer_id": labelled("T", customer + FIRST_PARTNER),
        }


def _judged(parts: tuple[Part, ...], base: Ints, wanted: Ints) -> tuple[Flags, ...]:
    """Tell which lines came on time, in full, both, and which are said to have come unproved."""
    said, came = np.zeros_like(wanted), np.zeros_like(wanted)
    last = np.full_like(wanted, -1)
    for part in parts:
        in_time = part.day <= base
        said += np.where(in_time, part.qty, 0)
        came += np.where(in_time & part.proved, part.qty, 0)
        last = np.maximum(last, np.where(in_time & part.proved, part.day, -1))
    full, on_time = came >= wanted, last == base
    unproved = ~full & ((said >= wanted) | (~on_time & (came == 0) & (said > 0)))
    return on_time, full, on_time & full, unproved
