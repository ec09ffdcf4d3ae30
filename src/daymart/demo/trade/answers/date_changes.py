"""Right answers about the days suppliers named and took back, of purchases one still looks at."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.clock import NEVER, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.scale import FIRST_SUPPLIER
from daymart.demo.trade.supply import Supplies
from daymart.demo.trade.tables import Table, dates, labelled, numbers

DATE_CHANGE_SCHEMA = """
create table answers.date_change (
    as_of date, po_id text, line_no bigint, event_no bigint, supplier_id text, told_on date,
    old_expected_on date, new_expected_on date, moved_days bigint, slip_days bigint,
    primary key (as_of, po_id, line_no, event_no)
);
comment on table answers.date_change is
    'Days a supplier named for a purchase line, the first one included, of lines of which something'
    ' is to come or came within 35 days. Moved is counted from the day named before, slip from the'
    ' first, in calendar days.';
"""
KEPT = 35
"""Calendar days that what has come is listed."""


class DateChangeAnswers:
    """List what suppliers told by one evening."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        self._found: list[Table] = []

    def supply(self, s: Supplies) -> None:
        """Add what was told of some purchases."""
        dated = self._trade.clock.dated
        last = np.where(s.second > 0, s.arrived_again, s.arrived)
        since = dated(np.array([self._evening])) - KEPT
        shown = (last > self._evening) | (dated(last) >= since)
        count = np.zeros_like(s.id)
        for told, was, becomes in _told(s):
            known = shown & (told <= self._evening)
            count = count + known
            self._found.append(self._table(s, np.where(known, told, NEVER), count, was, becomes))

    def _table(self, s: Supplies, told: Ints, count: Ints, was: Ints, becomes: Ints) -> Table:
        dated = self._trade.clock.dated
        columns = {
            "as_of": as_of(self._trade, self._evening, len(told)),
            "po_id": labelled("", s.purchase),
            "line_no": s.number,
            "event_no": count,
            "supplier_id": labelled("TS", s.supplier + FIRST_SUPPLIER),
            "told_on": dates(dated(told)),
            "old_expected_on": dates(dated(was)),
            "new_expected_on": dates(dated(becomes)),
            "moved_days": numbers(dated(becomes) - dated(was), was < NEVER),
            "slip_days": dated(becomes) - dated(s.eta),
        }
        return Table("date_change", columns, told).filled(0, self._evening)

    def tables(self) -> list[Table]:
        """Give the rows."""
        return self._found


def _told(s: Supplies) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Give when each line's supplier told what, in this order: the day, the old and new date."""
    none = np.full_like(s.eta, NEVER)
    yield s.placed + 1, none, s.eta
    yield s.warned, s.eta, s.eta + 1
    yield s.slipped, np.where(s.warned < NEVER, s.eta + 1, s.eta), s.arrived
    yield np.where(s.second > 0, s.arrived, NEVER), s.arrived, s.arrived_again
