"""The state of the demo company in memory: its rows, its clock and its dice."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from random import Random
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from daymart.demo.core.goods import DispatchLine
from daymart.demo.core.records import (
    DemoCase,
    Identity,
    Item,
    ItemUnit,
    Paper,
    PaperPart,
    Rate,
    Row,
    Site,
    Store,
)
from daymart.demo.core.tables import TABLES
from daymart.demo.workdays import Workdays

FIRST_IDS = {"paper": 10001, "sale": 20001, "dispatch": 30001, "purchase": 4001}
FIRST_APART = 900001

AnyRow = TypeVar("AnyRow", bound=Row)


class World:
    """Hold every row of the ERP in the order it was written."""

    def __init__(self, seed: int, first_day: date, anchor: date, workdays: Workdays) -> None:
        self.seed = seed
        self.first_day = first_day
        self.anchor = anchor
        self.workdays = workdays
        self.today = first_day
        self.dice = Random(f"{seed}:before the first day")
        self.rows: dict[str, dict[Identity, Row]] = {table.TABLE: {} for table in TABLES}
        self._is_apart = False
        self._last_id: dict[tuple[str, bool], int] = defaultdict(int)
        self._factors: dict[tuple[int, str], Decimal] = {}
        self._packs: dict[int, tuple[str, int]] = {}

    def open_day(self, day: date) -> None:
        """Start a day with dice of its own, so that a replay throws the same."""
        self.today = day
        self.dice = Random(f"{self.seed}:{day.isoformat()}")

    def days_to_anchor(self) -> int:
        """Count the working days from today to the anchor; negative after it."""
        if self.today <= self.anchor:
            return len(self.workdays.span(self.today, self.anchor)) - 1
        return 1 - len(self.workdays.span(self.anchor, self.today))

    def next_id(self, table: type[Row]) -> int:
        """Give the next number of a table."""
        first = FIRST_APART if self._is_apart else FIRST_IDS.get(table.TABLE, 1)
        series = (table.TABLE, self._is_apart)
        self._last_id[series] = max(self._last_id[series] + 1, first)
        return self._last_id[series]

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Number rows in a series of their own, so that the ordinary ones keep their numbers."""
        self._is_apart = True
        try:
            yield
        finally:
            self._is_apart = False

    def dice_of(self, desk: str) -> Random:
        """Give a desk its own dice of today, so that no other desk's throws change."""
        return Random(f"{self.seed}:{self.today.isoformat()}:{desk}")

    def fresh(self, table: type[AnyRow], known: int) -> list[AnyRow]:
        """List the rows of a table after the first `known` ones."""
        rows = self.rows[table.TABLE]
        newest = islice(reversed(rows.values()), len(rows) - known)
        return cast("list[AnyRow]", list(newest)[::-1])

    def add(self, row: AnyRow) -> AnyRow:
        """Write a row; a key that is already there is a mistake of the generator."""
        table, identity = self.rows[row.TABLE], row.identity()
        if identity in table:
            raise KeyError(f"{row.TABLE} {identity} is written twice")
        table[identity] = row
        return row

    def take_out(self, row: Row) -> None:
        """Forget a row that is written later."""
        del self.rows[row.TABLE][row.identity()]

    def get(self, table: type[AnyRow], *identity: object) -> AnyRow:
        """Find a row by its key."""
        return cast(AnyRow, self.rows[table.TABLE][identity])

    def every(self, table: type[AnyRow]) -> list[AnyRow]:
        """List the rows of a table in the order they were written."""
        return cast("list[AnyRow]", list(self.rows[table.TABLE].values()))

    def mark(self, name: str, row: Row) -> None:
        """Name an edge case after the first row that shows it."""
        if (name,) not in self.rows[DemoCase.TABLE]:
            key = "/".join(str(part) for part in row.identity())
            self.add(DemoCase(name, row.TABLE, key))

    def parts_of(self, paper: Paper) -> list[PaperPart]:
        """List the parts of a paper."""
        parts: list[PaperPart] = []
        while (paper.id, len(parts) + 1) in self.rows[PaperPart.TABLE]:
            parts.append(self.get(PaperPart, paper.id, len(parts) + 1))
        return parts

    def lines_of(self, dispatch_id: int) -> list[DispatchLine]:
        """List the lines of a dispatch."""
        lines: list[DispatchLine] = []
        while (dispatch_id, len(lines) + 1) in self.rows[DispatchLine.TABLE]:
            lines.append(self.get(DispatchLine, dispatch_id, len(lines) + 1))
        return lines

    def clock(self, store: str, hour: int, minute: int = 0, day: date | None = None) -> datetime:
        """Turn a wall clock at a store into an instant; the day is today unless given."""
        zone = self.get(Site, self.get(Store, store).site_code).zone
        local = datetime.combine(day or self.today, time(hour, minute), ZoneInfo(zone))
        return local.astimezone(UTC)

    def set_unit(self, item_id: int, unit: str, since: date, times: int) -> None:
        """Write a unit of an item; the biggest one is its pack."""
        self.add(ItemUnit(self.next_id(ItemUnit), item_id, unit, since, times))
        self._factors[item_id, unit] = Decimal(times)
        if times > 1:
            self._packs[item_id] = (unit, times)

    def factor(self, item_id: int, unit: str) -> Decimal:
        """Give the base quantity of one unit of an item."""
        return self._factors[item_id, unit]

    def pack(self, item_id: int) -> tuple[str, int] | None:
        """Name the pack of an item and its base quantity, where it has one."""
        return self._packs.get(item_id)

    def base_unit(self, item_id: int) -> str:
        """Name the unit an item's stock is kept in."""
        return self.get(Item, item_id).unit

    def rate(self, currency: str, day: date) -> Decimal:
        """Give EUR for one unit of a currency by the last rate known on the day."""
        if currency == "EUR":
            return Decimal(1)
        days = [row for row in self.every(Rate) if row.currency == currency and row.day <= day]
        last = days[-1]
        return last.value / last.per
