"""Right answers about who waits for goods: what stock does not give an open line, who brings it.

Units are handed out one heap at a time, as a storekeeper would: nothing is summed up by position.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.clock import NEVER, Flags, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.tables import Column, Table, labelled, numbers

WAITING_SCHEMA = """
create table answers.waiting_line (
    as_of date, order_id text, order_line_no bigint, lack_qty bigint, po_id text,
    po_line_no bigint, primary key (as_of, order_id, order_line_no)
);
comment on table answers.waiting_line is
    'Open order lines that the stock does not serve, in base units: goods held go to their lines'
    ' first, what is left to the lines in the order they are owed; what is short comes from the'
    ' purchases in the order of their days, undated ones last. The purchase named makes the line'
    ' whole; none is named where all purchases together do not.';
"""
STOCK, NOBODY = (-1, -1), (-2, -2)
"""Not a purchase: where goods lie already; where none are to come."""


@dataclass(frozen=True)
class Awaited:
    """Purchase lines of which something is to come, in base units, by calendar days since 1970.

    A line nobody has dated yet is expected NEVER.
    """

    po: Ints
    line: Ints
    supplier: Ints
    item: Ints
    place: Ints
    expected: Ints
    qty: Ints

    def dated(self) -> "Awaited":
        """Keep the lines that have a day."""
        return Awaited(*(column[self.expected < NEVER] for column in vars(self).values()))


@dataclass(frozen=True)
class Waiting:
    """Order lines of which something is to ship, in base units; days are working days."""

    order: Ints
    line: Ints
    place: Ints
    due: Ints
    born: Ints
    qty: Ints
    held: Ints
    """What of it lies held for the line."""


def waiting_table(
    trade: BulkTrade,
    evening: int,
    stock: tuple[Ints, Ints],
    waiting: Sequence[Waiting],
    awaited: Sequence[Awaited],
) -> Table:
    """Serve each place from its stock, usable and held, and then from its purchases."""
    usable, reserved = stock
    wanted = _heaped(waiting, len(usable))
    for_others = reserved - _heaped(waiting, len(usable), "held")
    short = wanted + for_others > usable
    lines, purchases = _by_place(waiting, short), _by_place(awaited, short)
    rows = []
    for place in lines:
        served = _serve(
            int(usable[place]),
            int(for_others[place]),
            sorted(lines[place], key=lambda row: (row[3], row[4], str(row[0]), row[1])),
            sorted(purchases[place], key=lambda row: (row[5], str(row[0]), row[1])),
        )
        rows += [(*line, *found) for line, found in served]
    order, line, lack, po, po_line = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    columns = {
        "as_of": as_of(trade, evening, len(order)),
        "order_id": labelled("", order),
        "order_line_no": line,
        "lack_qty": lack,
        "po_id": _named(po),
        "po_line_no": numbers(po_line, po_line >= 0),
    }
    return Table("waiting_line", columns, order)


def _heaped(found: Sequence[Waiting], places: int, name: str = "qty") -> Ints:
    sums = np.zeros(places, dtype=np.int64)
    for part in found:
        np.add.at(sums, part.place, getattr(part, name))
    return sums


def _by_place(
    found: Sequence[Waiting] | Sequence[Awaited], short: Flags
) -> dict[int, list[tuple[int, ...]]]:
    """Give the rows of each place that lacks something, fields in the order of their class."""
    rows = defaultdict(list)
    for part in found:
        of_short = short[part.place]
        columns = [column[of_short].tolist() for column in vars(part).values()]
        for place, *row in zip(part.place[of_short].tolist(), *columns, strict=True):
            rows[place].append(tuple(row))
    return rows


def _serve(
    usable: int,
    for_others: int,
    lines: Sequence[tuple[int, ...]],
    purchases: Iterable[tuple[int, ...]],
) -> Iterator[tuple[tuple[int, int], tuple[int, int, int]]]:
    """Hand out heaps in turn; yield each line that lacks something and what makes it whole."""
    heaps = [[usable, *STOCK], *([row[6], *row[:2]] for row in purchases)]
    _take(heaps, for_others)
    lacks: dict[tuple[int, int], tuple[int, int, int]] = {}
    for held_first in (True, False):
        for order, line, _, _, _, qty, held in lines:
            found = _take(heaps, held if held_first else qty - held)
            lack = sum(taken for taken, *source in found if tuple(source) != STOCK)
            if lack:
                before = lacks.get((order, line), (0,))[0]
                lacks[order, line] = (before + lack, found[-1][1], found[-1][2])
    yield from lacks.items()


def _take(heaps: list[list[int]], wanted: int) -> list[tuple[int, int, int]]:
    """Take from the heaps in turn; what none of them has comes from nobody."""
    taken: list[tuple[int, int, int]] = []
    while wanted:
        if not heaps:
            return [*taken, (wanted, *NOBODY)]
        part = min(wanted, heaps[0][0])
        if part:
            taken.append((part, heaps[0][1], heaps[0][2]))
            heaps[0][0] -= part
            wanted -= part
        if not heaps[0][0]:
            heaps.pop(0)
    return taken


def _named(po: Ints) -> Column:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(po >= 0), labelled("", po), pa.scalar(None, pa.string()))
