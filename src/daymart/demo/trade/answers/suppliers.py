"""Right answers about suppliers: what came by the day they first confirmed, and how late."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.trade.answers.months import Months
from daymart.demo.trade.answers.slips import MOST_SLIP, covering
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.clock import Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.masters import UNITS
from daymart.demo.trade.scale import FIRST_SUPPLIER
from daymart.demo.trade.supply import Supplies
from daymart.demo.trade.tables import Table, labelled, numbers

SUPPLIER_SCHEMA = """
create table answers.supplier (
    as_of date, supplier_id text, month_on date, due_line_count bigint,
    received_line_count bigint, otif_line_count bigint, ordered_qty bigint, received_qty bigint,
    on_time_qty bigint, base_uom_count bigint, receipt_count bigint, p50_slip_days bigint,
    p80_slip_days bigint, primary key (as_of, supplier_id, month_on)
);
comment on table answers.supplier is
    'Purchase lines due by the day the supplier first confirmed, by its month: on time is what came'
    ' by that day, in full all that was ordered, given up or not; in base units. Half and four of'
    ' five of the receipts came no later than so many calendar days after that day.';
"""
FIGURES = (
    "due_line_count", "received_line_count", "otif_line_count", "ordered_qty", "received_qty",
    "on_time_qty",
)  # fmt: skip
SHARES = {"p50_slip_days": (1, 2), "p80_slip_days": (4, 5)}


class SupplierAnswers:
    """Accumulate purchases by supplier and month."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        self._months = Months(trade, evening)
        cells = (trade.scale.suppliers, self._months.count)
        self.sums = np.zeros((*cells, len(FIGURES)), dtype=np.int64)
        self.units = np.zeros((*cells, len(UNITS)), dtype=bool)
        self.slips = np.zeros((*cells, MOST_SLIP + 1), dtype=np.int64)

    def supply(self, s: Supplies) -> None:
        """Add the lines due by the evening and what has come of them."""
        came, again = s.arrived <= self._evening, s.arrived_again <= self._evening
        due = s.eta <= self._evening
        first, second = np.where(came, s.first, 0), np.where(again, s.second, 0)
        in_time = np.where(s.arrived <= s.eta, first, 0)
        in_time = in_time + np.where(s.arrived_again <= s.eta, second, 0)
        at = (s.supplier[due], self._months.of(s.eta[due]))
        figures = (
            due, first + second > 0, in_time >= s.qty, s.qty * s.times,
            (first + second) * s.times, in_time * s.times,
        )  # fmt: skip
        for index, figure in enumerate(figures):
            np.add.at(self.sums[..., index], at, figure[due].astype(np.int64))
        self.units[(*at, self._trade.masters.item_unit[s.item[due]])] = True
        for day, comes in ((s.arrived, due & came), (s.arrived_again, due & again)):
            self._slip(s, day, comes)

    def _slip(self, s: Supplies, day: Ints, comes: np.ndarray) -> None:
        dated = self._trade.clock.dated
        late = dated(day[comes]) - dated(s.eta[comes])
        np.add.at(self.slips, (s.supplier[comes], self._months.of(s.eta[comes]), late), 1)

    def tables(self) -> Iterator[Table]:
        """Give the rows: one for each supplier and month in which lines were due."""
        supplier, month = np.nonzero(self.sums[..., 0])
        columns = {
            "as_of": as_of(self._trade, self._evening, len(supplier)),
            "supplier_id": labelled("TS", supplier + FIRST_SUPPLIER),
            "month_on": self._months.starts(month),
        }
        columns |= {name: self.sums[supplier, month, i] for i, name in enumerate(FIGURES)}
        columns["base_uom_count"] = self.units[supplier, month].sum(axis=1)
        slips = self.slips[supplier, month]
        receipts = slips.sum(axis=1)
        columns["receipt_count"] = receipts
        for name, share in SHARES.items():
            columns[name] = numbers(covering(slips, share), receipts > 0)
        yield Table("supplier", columns, supplier)
