"""Right answers about picking: what was picked with a scanner, and what was wrong with it."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.trade.answers.months import Months
from daymart.demo.trade.answers.tables import as_of, listed
from daymart.demo.trade.clock import Flags, Ints
from daymart.demo.trade.fill import Born, BulkTrade
from daymart.demo.trade.master_tables import store_codes
from daymart.demo.trade.matters import PICKED_WRONG
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.picks import Picks, found_short, picks_of
from daymart.demo.trade.tables import Table, dates, labelled, numbers, words

PICK_SCHEMA = """
create table answers.picked (
    as_of date, month_on date, warehouse_id text, line_count bigint, shipped_qty bigint,
    picked_line_count bigint, picked_qty bigint, right_line_count bigint, error_count bigint,
    primary key (as_of, month_on, warehouse_id)
);
comment on table answers.picked is
    'Lines of dispatches that left in a month and were not taken back by the evening, in base'
    ' units; those of them picked with a scanner, and what was found of these by the evening.';
create table answers.pick_error (
    as_of date, shipment_id text, line_no integer, shipped_on date, warehouse_id text,
    error_kinds text, found_where text, case_id text,
    primary key (as_of, shipment_id, line_no)
);
comment on table answers.pick_error is
    'Lines of dispatches that stand of which somebody found something wrong; found_where is the'
    ' farthest place. What the customer finds short is the matter of a case.';
"""
FIGURES = (
    "line_count", "shipped_qty", "picked_line_count", "picked_qty", "right_line_count",
    "error_count",
)  # fmt: skip
KINDS = (
    "short", "over", "wrong_item", "wrong_lot_or_unit", "damaged", "missing_papers",
    "hidden_defect",
)  # fmt: skip
"""What customers find, then the faults of the simulator in their order."""
PLACES = ("check", "loading", "customer")


class PickAnswers:
    """Accumulate lines that left and what was picked of them, by month and store."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        self._months = Months(trade, evening)
        cells = (self._months.count, trade.scale.stores)
        self.sums = np.zeros((*cells, len(FIGURES)), dtype=np.int64)
        self._errors: list[Table] = []

    def add(self, born: Born) -> None:
        """Add what of the orders of a span had left by the evening and stands."""
        orders, lines = born.orders, born.lines
        every = np.arange(len(lines.order))
        for slot, qty, day in ((0, lines.first, orders.ship), (2, lines.second, orders.ship_again)):
            stands = (qty > 0) & self._stands(orders, lines.order, np.full_like(every, slot))
            at = (day[lines.order], orders.store[lines.order], stands)
            self._sum(0, at, np.ones_like(qty))
            self._sum(1, at, qty * lines.times)
        self._pick(orders, lines, picks_of(orders, lines))

    def _stands(self, orders: Orders, of: Ints, slot: Ints) -> Flags:
        """Tell which dispatches of orders left by the evening and were not taken back by then."""
        first = (orders.ship <= self._evening) & (orders.taken_back > self._evening)
        again = orders.ship_again <= self._evening
        stands: Flags = np.where(slot == 0, first[of], again[of])
        return stands

    def _sum(self, figure: int, at: tuple[Ints, Ints, Flags], values: Ints) -> None:
        day, store, stands = at
        where = (self._months.of(day[stands]), store[stands])
        np.add.at(self.sums[..., figure], where, values[stands])

    def _pick(self, orders: Orders, lines: Lines, picks: Picks) -> None:
        of = lines.order[picks.line]
        stands = (picks.qty > 0) & self._stands(orders, of, picks.slot)
        short = (picks.slot == 0) & (lines.number[picks.line] == 1)
        short &= (found_short(orders, lines) <= self._evening)[of]
        errors = picks.faulty.astype(np.int64) + short
        at = (picks.day, orders.store[of], stands)
        for index, values in enumerate(
            (np.ones_like(errors), picks.qty * lines.times[picks.line], errors == 0, errors), 2
        ):
            self._sum(index, at, values.astype(np.int64))
        wrong = np.flatnonzero(stands & (errors > 0))
        self._errors.append(self._wrong(orders, lines, picks, wrong, short))

    def _wrong(
        self, orders: Orders, lines: Lines, picks: Picks, wrong: Ints, found: Flags
    ) -> Table:
        line, short, faulty = picks.line[wrong], found[wrong], picks.faulty[wrong]
        of, count = lines.order[line], len(wrong)
        fault = np.where(faulty, picks.fault[wrong], -1)
        kinds = [short, *(fault == kind for kind in range(len(KINDS) - 1))]
        place = np.where(short, 2, np.where(picks.checked[wrong], 0, 1))
        case = numbers(orders.id[of] + PICKED_WRONG, short)
        columns = {
            "as_of": as_of(self._trade, self._evening, count),
            "shipment_id": labelled("", orders.id[of] + picks.slot[wrong]),
            "line_no": lines.number[line],
            "shipped_on": dates(self._trade.clock.dated(picks.day[wrong])),
            "warehouse_id": words(store_codes(self._trade.scale), orders.store[of]),
            "error_kinds": listed(KINDS, kinds),
            "found_where": words(PLACES, place),
            "case_id": case,
        }
        return Table("pick_error", columns, picks.day[wrong])

    def tables(self) -> Iterator[Table]:
        """Give the rows: one for each month and store something left, one for each wrong line."""
        month, store = np.nonzero(self.sums[..., 0])
        columns = {
            "as_of": as_of(self._trade, self._evening, len(month)),
            "month_on": self._months.starts(month),
            "warehouse_id": words(store_codes(self._trade.scale), store),
        }
        columns |= {name: self.sums[month, store, i] for i, name in enumerate(FIGURES)}
        yield Table("picked", columns, month)
        yield from self._errors
