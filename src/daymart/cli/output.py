"""How answers look: tables for people, JSON for scripts, one line per error."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

PLAIN_WIDTH = 220
MAX_CELL = 48
"""Longer words are folded: a table is for looking over, `show` commands tell everything."""
STATE_STYLES = {
    "accepted": "green",
    "published": "green",
    "passed": "green",
    "fresh": "green",
    "on_time": "green",
    "refused": "red",
    "failed": "red",
    "held": "red",
    "stale": "red",
    "missing": "red",
    "warned": "yellow",
    "late": "yellow",
    "due": "yellow",
    "open": "yellow",
}

console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def show(title: str, rows: Sequence[Mapping[str, Any]], *, empty: str = "nothing") -> None:
    """Print rows as a table; columns that are empty everywhere are left out."""
    if not rows:
        console.print(f"{title}: {empty}")
        return
    columns = [name for name in rows[0] if any(row[name] not in (None, "", []) for row in rows)]
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=SIMPLE_HEAD,
        pad_edge=False,
    )
    for name in columns:
        number = all(isinstance(r[name], int | Decimal | None) for r in rows)
        justify: Literal["left", "right"] = "right" if number else "left"
        table.add_column(name.replace("_", " "), justify=justify, max_width=MAX_CELL)
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in columns))
    unbounded = console.options.update(max_width=10_000)
    if Measurement.get(console, unbounded, table).maximum <= console.width:
        console.print(table)
    else:
        _show_records(title, rows, columns)


def _show_records(title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print each row as lines of its own: a table this wide would be cut on this terminal."""
    console.print(Text(title, style="bold"))
    for row in rows:
        grid = Table.grid(padding=(0, 1))
        for name in columns:
            if row[name] not in (None, "", []):
                grid.add_row(Text(f"  {name.replace('_', ' ')}", style="dim"), _cell(row[name]))
        console.print(grid)
        console.print()


def show_json(value: Any) -> None:
    """Print a value as JSON on standard output."""
    sys.stdout.write(json.dumps(value, default=_plain, ensure_ascii=False, indent=2) + "\n")


def answer(as_json: bool, sections: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Print several tables, or all of them as one JSON object."""
    if as_json:
        show_json({title: list(rows) for title, rows in sections.items()})
        return
    for title, rows in sections.items():
        show(title, rows)


def say(text: str) -> None:
    """Print one line for people."""
    console.print(text)


def complain(text: str) -> None:
    """Print one line on standard error, as it is."""
    errors.print(Text(visible(text)))


def visible(text: str) -> str:
    """Show what a terminal would obey or hide (escapes, turned or zero-width text) as written."""
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


def _cell(value: Any) -> Text:
    text = _words(value)
    return Text(text, style=STATE_STYLES.get(text, ""))


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\u00a0")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list):
        return visible(", ".join(str(v) for v in value))
    return visible(str(value))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Iterable):
        return list(value)
    return str(value)
