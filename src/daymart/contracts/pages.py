"""A page per feed for people: what it brings, who answers, and every column in words."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from daymart.contracts.model import (
    DEFAULT_KEY_SHARE,
    FEW_KEYS,
    Column,
    Feed,
    LoadMode,
    Reference,
    Table,
)
from daymart.markdown import grid

FOLDER = Path("docs") / "contracts"
HEADER = "<!-- Generated from contracts/ by: daymart contracts generate. Do not edit. -->\n"
COLUMN_HEADS = (
    "Column",
    "English",
    "Русский",
    "Українська",
    "Type",
    "Unit",
    "Null",
    "Key",
    "Meaning",
    "Example",
    "Allowed",
    "Refers to",
)
DAILY = re.compile(r"(\d+) (\d+) \* \* (\*|1-5)")


def pages(feeds: Mapping[str, Feed]) -> dict[Path, str]:
    """Return every page by its path in the project, the index included."""
    homes = {table.name: feed.name for feed in feeds.values() for table in feed.tables}
    found = {FOLDER / f"{name}.md": feed_page(feed, homes) for name, feed in feeds.items()}
    return {FOLDER / "README.md": index_page(feeds), **found}


def index_page(feeds: Mapping[str, Feed]) -> str:
    """Return the list of all feeds with owner, deadline and tables."""
    rows = [
        (
            f"[{feed.name}]({feed.name}.md)",
            feed.purpose,
            feed.owner,
            f"{feed.deadline:%H:%M} {feed.timezone.key}",
            ", ".join(f"[{t.name}]({feed.name}.md#{t.name})" for t in feed.tables),
        )
        for feed in feeds.values()
    ]
    heads = ("Feed", "What it brings", "Owner", "Due", "Tables")
    return f"{HEADER}\n# Contracts\n\n{grid(heads, rows)}"


def feed_page(feed: Feed, homes: Mapping[str, str]) -> str:
    """Return the page of one feed; `homes` says which feed each table belongs to."""
    tables = "\n".join(_table(table, homes) for table in feed.tables)
    return (
        f"{HEADER}\n# {feed.name}\n\n{feed.purpose}\n\n"
        f"**Owner** {feed.owner}, **deputy** {feed.deputy}, **head** {feed.head}.\n\n"
        f"**Due** on each working day (calendar `{feed.calendar}`) at {feed.deadline:%H:%M}, time "
        f"zone {feed.timezone.key}; read {schedule_words(feed.schedule)}. A delivery is refused "
        f"when more than {feed.max_reject_rows} rows and more than {feed.max_reject_share:.0%} of "
        f"them break a rule.\n\n{tables}"
    )


def schedule_words(cron: str) -> str:
    """Say a schedule of one time a day in words; any other as cron writes it."""
    daily = DAILY.fullmatch(cron)
    if daily is None:
        return f"by the cron schedule `{cron}`"
    minute, hour, days = daily.groups()
    when = "every day" if days == "*" else "Monday to Friday"
    return f"{when} at {int(hour):02}:{int(minute):02}"


def load_words(table: Table) -> str:
    """Say how a table is loaded and what a missing row means."""
    if table.mode is LoadMode.SNAPSHOT and table.partition:
        evening = f"The list of one evening (`{table.partition}`) at a time; other evenings stay."
        return f"{evening} {_shortest_words(table)}"
    if table.mode is LoadMode.SNAPSHOT:
        gone = "The full list at a time: a row that is missing was deleted."
        return f"{gone} {_shortest_words(table)}"
    again = f"each load reads {_span(table.overlap)} back" if table.overlap else "nothing twice"
    if table.mode is LoadMode.EVENTS:
        return f"New events by `{table.cursor}`, {again}; an event is never changed or deleted."
    return f"What changed, by `{table.cursor}`, {again}; deletions come as marked rows."


def _shortest_words(table: Table) -> str:
    """Say how short a full list may be."""
    if table.min_key_share == 0:
        return "It may come empty."
    few = f"; of fewer than {FEW_KEYS}, an empty one" if table.min_key_share is None else ""
    share = table.min_key_share or DEFAULT_KEY_SHARE
    return f"A list with less than {share:.0%} of the rows known before is refused{few}."


def _span(overlap: timedelta) -> str:
    if overlap % timedelta(days=1):
        return f"{overlap // timedelta(hours=1)} hours"
    return "1 day" if overlap.days == 1 else f"{overlap.days} days"


def _table(table: Table, homes: Mapping[str, str]) -> str:
    labels = " · ".join(table.labels[key] for key in sorted(table.labels))
    total = f" Control total: `{table.control_measure}`." if table.control_measure else ""
    together = [
        f"`{', '.join(r.columns)}` together refer to {_target(r, homes)}."
        for r in table.references
        if len(r.columns) > 1
    ]
    single = {r.columns[0]: r for r in table.references if len(r.columns) == 1}
    rows = [_row(column, single.get(column.name), homes) for column in table.columns]
    about = "\n\n".join(
        part
        for part in (
            f"## {table.name}",
            labels,
            f"**A row is** {table.grain[:1].lower()}{table.grain[1:]} {table.description}",
            f"**Loaded.** {load_words(table)}{total}",
            *together,
        )
        if part
    )
    return f"{about}\n\n{grid(COLUMN_HEADS, rows)}"


def _row(column: Column, reference: Reference | None, homes: Mapping[str, str]) -> tuple[str, ...]:
    return (
        f"`{column.name}`",
        *(column.labels.get(language, "") for language in ("en", "ru", "uk")),
        column.physical_type,
        column.unit or "",
        "no" if column.required else "yes",
        str(column.key_position or ""),
        column.description,
        f"`{column.example}`" if column.example else "",
        _allowed(column),
        _target(reference, homes) if reference else "",
    )


def _allowed(column: Column) -> str:
    parts = [f"`{value}`" for value in column.allowed]
    if column.minimum is not None:
        parts.append(f"from {column.minimum}")
    if column.maximum is not None:
        parts.append(f"to {column.maximum}")
    if column.max_length is not None:
        parts.append(f"up to {column.max_length} characters")
    if column.pattern is not None:
        parts.append(f"pattern `{column.pattern}`")
    return ", ".join(parts)


def _target(reference: Reference, homes: Mapping[str, str]) -> str:
    return f"[{reference.table}]({homes[reference.table]}.md#{reference.table})"
