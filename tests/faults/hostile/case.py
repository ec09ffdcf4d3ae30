"""What a hostile file is: how it is made, how it is declared and what must become of it."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from daymart.contracts.model import Column, Feed, Table

FEED, TABLE = "sales", "so_order"
COLUMNS = (
    "order_id", "number", "customer_id", "order_date", "currency", "prepaid",
    "state", "amount", "lines", "confirmed_at", "note",
)  # fmt: skip
Row = Mapping[str, str]
Content = str | bytes | Callable[[], bytes]


def hostile_feed(sales: Feed) -> Feed:
    """Narrow the sales contract to its orders, with a column of every type and row rule."""
    table = sales.table(TABLE)
    own = [c for c in table.columns if c.name in COLUMNS]
    more = [
        Column("state", "text", "State.", required=True, allowed=("open", "done")),
        Column("amount", "numeric(18,2)", "Amount.", required=True),
        Column("lines", "integer", "Lines.", required=True, minimum=Decimal(0)),
        Column("confirmed_at", "timestamptz", "Moment.", required=False),
        Column("note", "text", "Note.", required=False),
    ]
    orders: Table = replace(table, columns=(*own, *more), promises=())
    return replace(sales, tables=(orders,))


@dataclass(frozen=True)
class Held:
    """A row that must wait in quarantine, and the first rule it broke."""

    row: int
    column: str
    rule: str
    value: str | None


@dataclass(frozen=True)
class Case:
    """One file, its binding and what must become of it.

    The name begins with the mark of the catalogue. Accepted: `rows` records, all of them in raw
    but the `held` ones. Refused: `says` lists parts of the message. `stored` maps an order to
    values its raw row must hold exactly; `shown` is the file's name as people read it.
    """

    name: str
    content: Content | None
    file: str = "orders.csv"
    binding: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 0
    held: tuple[Held, ...] = ()
    says: tuple[str, ...] = ()
    exit_code: int = 6
    starts: str = ""
    stored: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    extra: tuple[str, ...] = ()
    shown: str = ""

    @property
    def mark(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def shown_file(self) -> str:
        return self.shown or self.file

    @property
    def is_refused(self) -> bool:
        return bool(self.says)

    def made(self) -> bytes | None:
        """Give the file's bytes; None: there is no file."""
        made = self.content() if callable(self.content) else self.content
        return made.encode() if isinstance(made, str) else made


def accepted(name: str, content: Content, rows: int = 3, **options: Any) -> Case:
    """Expect every row of a file in raw."""
    return Case(name, content, rows=rows, **options)


def refused(name: str, content: Content, *says: str, **options: Any) -> Case:
    """Expect a file to be refused whole with a message that says this."""
    return Case(name, content, says=says, **options)


def held(name: str, content: Content, rows: int, *rejects: Held, **options: Any) -> Case:
    """Expect some rows of a file in quarantine and all others in raw."""
    return Case(name, content, rows=rows, held=rejects, **options)


def order(number: int, /, **changes: str) -> dict[str, str]:
    """Give one sound order as text, with changes."""
    sound = {
        "order_id": f"S{number:05}", "number": f"S{number:05}", "customer_id": "C1",
        "order_date": "2026-11-20", "currency": "EUR", "prepaid": "true", "state": "open",
        "amount": "10.50", "lines": "2", "confirmed_at": "2026-11-20T09:30:00", "note": "",
    }  # fmt: skip
    return sound | changes


def orders(count: int, **changes: str) -> list[dict[str, str]]:
    """Give sound orders numbered from 1, with changes to all of them."""
    return [order(n, **changes) for n in range(1, count + 1)]


def text(rows: Iterable[Row], columns: Iterable[str] = COLUMNS, **dialect: Any) -> str:
    """Write rows as csv text with a header."""
    out = io.StringIO()
    columns = list(columns)
    writer = csv.writer(out, lineterminator="\n", **dialect)
    writer.writerow(columns)
    writer.writerows([row.get(c, "") for c in columns] for row in rows)
    return out.getvalue()


THREE = text(orders(3))
HEAD, *LINES = THREE.splitlines(keepends=True)
"""Three sound orders as csv, their header, and their lines one by one."""
LOGIN = '<!DOCTYPE html><html><title>Sign in</title><form><input type="password"></form></html>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
"""What every file of Office 97-2003 begins with."""
