"""A page per mart for sellers: what it answers, whom to ask, what defends it, every column."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from daymart.contracts.model import Feed, Severity
from daymart.markdown import grid
from daymart.marts.defences import Defence, defending
from daymart.marts.read import Column, Mart
from daymart.marts.units import unit_of
from daymart.publish.relations import SELLER_COLUMN

FOLDER = Path("docs") / "marts"
HEADER = (
    "<!-- Generated from dbt_project/models, expectations/marts and contracts/ by:"
    " daymart marts generate. Do not edit. -->\n"
)
COLUMN_HEADS = ("Column", "Type", "Unit", "May be empty", "Meaning")
COMMON = (
    Column(
        "as_of",
        "date",
        "Evening the figures are of: ages and days late count to it.",
        required=True,
    ),
    Column(
        "data_as_of",
        "date",
        "Evening that all feeds of the figures reach: that of the slowest. Empty while a feed "
        "that is awaited never came.",
    ),
    Column(
        "promised_by",
        "timestamp with time zone",
        "When these figures were promised.",
        required=True,
    ),
    Column(
        "freshness_status",
        "text",
        "fresh; due (the next working day began, its figures are promised for later); stale (a "
        "promise is broken: see stale_reason before you rely on a figure).",
        required=True,
    ),
    Column("stale_reason", "text", "What kept newer figures away; empty when nothing is known."),
    Column("publication_id", "bigint", "Publication that last wrote the mart.", required=True),
    Column("owner_id", "text", "Who answers for the mart.", required=True),
    Column("deputy_id", "text", "Who stands in for the owner.", required=True),
)
"""What the reader's view adds to each row of every mart."""

KINDS = {
    "text": "text",
    "integer": "whole number",
    "bigint": "whole number",
    "date": "day",
    "timestamp with time zone": "moment",
    "boolean": "true or false",
}
CONSEQUENCE = {
    Severity.FAIL: "nothing is published, yesterday's figures stay",
    Severity.WARN: "published with a warning",
}


def pages(
    marts: Mapping[str, Mart], feeds: Mapping[str, Feed], known: list[Defence]
) -> dict[Path, str]:
    """Return every page by its path in the project, the index included."""
    made = {
        FOLDER / f"{m.name}.md": linked(mart_page(m, feeds, known), marts.keys() - {m.name})
        for m in marts.values()
    }
    return {FOLDER / "README.md": index_page(marts), **made}


def linked(page: str, marts: Collection[str]) -> str:
    """Return the page with the names of other marts as links, but in queries and code.

    A name that is an ordinary word too is one only after "see".
    """
    names = [n if "_" in n else f"(?<=see ){n}" for n in sorted(marts, key=len, reverse=True)]
    code = r"```.*?```|`[^`]*`|\[[^]]*\]\([^)]*\)"
    code_or_name = re.compile(rf"{code}|\b({'|'.join(names)})\b", re.DOTALL)
    return code_or_name.sub(lambda m: f"[{m[1]}]({m[1]}.md)" if m[1] else m[0], page)


def index_page(marts: Mapping[str, Mart]) -> str:
    """Return the list of all marts by group."""
    groups = list(dict.fromkeys(m.group for m in marts.values()))
    parts = "\n".join(
        f"## {group.capitalize()}\n\n{_group([m for m in marts.values() if m.group == group])}"
        for group in groups
    )
    return (
        f"{HEADER}\n# Marts\n\n{len(marts)} tables that sellers read, in schema `marts`. Each page "
        "says what a mart answers and what it does not, whom to ask, when it is promised, what "
        f"defends it, and what every column means.\n\n{parts}"
    )


def _group(marts: Sequence[Mart]) -> str:
    rows = [
        (f"[{m.name}]({m.name}.md)", m.meta.answers[0], f"{m.meta.promise:%H:%M}", m.meta.owner)
        for m in marts
    ]
    return grid(("Mart", "Answers first of all", "Promised by", "Owner"), rows)


def mart_page(mart: Mart, feeds: Mapping[str, Feed], known: list[Defence]) -> str:
    """Return the page of one mart."""
    sections = (
        ("What it answers", _bullets(mart.meta.answers)),
        ("What it does not answer", _bullets(mart.meta.answers_not)),
        ("What counts as a row", _row_words(mart)),
        ("Whom to ask, and when it is there", _people(mart)),
        ("Which departments it rests on", _feeds(mart, feeds)),
        ("Which checks defend it", _checks(mart, known)),
        ("How to read it", _reading(mart)),
        ("Columns", _columns(mart, mart.columns)),
        ("Columns added as you read", _columns(mart, added_columns(mart))),
    )
    body = "\n".join(f"## {title}\n\n{text}" for title, text in sections)
    return f"{HEADER}\n# {mart.name}\n\n{mart.about}\n\n{body}"


def _bullets(lines: Sequence[str]) -> str:
    return "".join(f"* {' '.join(line.split())}\n" for line in lines)


def _row_words(mart: Mart) -> str:
    return f"{mart.grain} Its key: {_names(mart.key)}.\n"


def _people(mart: Mart) -> str:
    own = (
        " A seller sees the rows of their own customers only (`manager_id`)."
        if SELLER_COLUMN in {c.name for c in mart.columns}
        else ""
    )
    return (
        f"The owner is `{mart.meta.owner}`, the deputy `{mart.meta.deputy}`. The figures of an "
        f"evening are promised by {mart.meta.promise:%H:%M} of the next working day; until then, "
        "and when a department is late, the mart shows the evening before and says so in "
        f"`freshness_status`.\n\nRead by: {', '.join(mart.readers)}.{own}\n"
    )


def _feeds(mart: Mart, feeds: Mapping[str, Feed]) -> str:
    if not mart.meta.feeds:
        return "None: it tells of the departments' deliveries themselves.\n"
    rows = [
        (
            f"[{feed.name}](../contracts/{feed.name}.md)",
            feed.owner,
            f"{feed.deadline:%H:%M} {feed.timezone.key}",
        )
        for feed in (feeds[name] for name in sorted(mart.meta.feeds))
    ]
    return grid(("Feed", "Owner", "Due on working days at"), rows)


def _checks(mart: Mart, known: list[Defence]) -> str:
    ours = defending(mart.name, known)
    rows = [
        (
            f"`{d.check.check_id}`",
            d.meaning,
            CONSEQUENCE[d.check.severity],
            f"{d.check.remedy} ({d.check.owner})",
        )
        for d in ours
    ]
    table = grid(("Check", "Means", "When it fails", "What to do, and who"), rows) if rows else ""
    below = [d for d in known if d.number in mart.meta.checks and d not in ours]
    parts = (table, _rests_on(below), _kept_by_dbt(mart))
    return "\n".join(part for part in parts if part)


def _rests_on(below: Sequence[Defence]) -> str:
    """Name the checks of other marts that hold the figures this one is made of."""
    by_mart: dict[str, list[str]] = {}
    for d in below:
        by_mart.setdefault(d.mart, []).append(f"`{d.check.check_id}`")
    told = [f"{', '.join(checks)} of [{mart}]({mart}.md)" for mart, checks in by_mart.items()]
    return f"The figures it is made of are also held by {'; '.join(told)}.\n" if told else ""


def _kept_by_dbt(mart: Mart) -> str:
    return (
        f"The table itself refuses two rows of one key ({_names(mart.key)}) and an empty column "
        "that is said to be never empty; every build tests that columns with a list of values hold "
        "no other.\n"
    )


def _reading(mart: Mart) -> str:
    told = ""
    if mart.meta.restated:
        window = mart.meta.restated.window_days
        days = f" of the last {window} days" if window else ""
        told = (
            f"\nWhen {_names(mart.meta.restated.measures)}{days} change after you have seen them, "
            "`marts.restatement` tells old, new and the paper.\n"
        )
    return (
        f"```sql\n{mart.meta.example.strip()}\n```\n\nAs readers saw it after publication 1: read "
        f"`marts.{mart.name}_at(1)` in place of `marts.{mart.name}`.\n{told}"
    )


def added_columns(mart: Mart) -> list[Column]:
    """Return what readers see besides the stored columns."""
    stored = {c.name for c in mart.columns}
    return [c for c in (*_view_columns(mart), *COMMON) if c.name not in stored]


def _view_columns(mart: Mart) -> Iterator[Column]:
    for name, column in mart.meta.view_columns.items():
        words = " ".join(column.description.split())
        yield Column(name, column.data_type, words, unit=column.unit)


def _columns(mart: Mart, columns: Sequence[Column]) -> str:
    beside = {c.name for c in mart.columns}
    rows = [
        (
            f"`{c.name}`",
            kind_words(c.data_type),
            c.unit or unit_of(c.name, c.data_type, beside),
            "no" if c.required else "yes",
            c.description,
        )
        for c in columns
    ]
    return grid(COLUMN_HEADS, rows)


def kind_words(data_type: str) -> str:
    """Say a column's type as people do."""
    decimals = re.fullmatch(r"numeric\(\d+,(\d+)\)", data_type)
    if decimals is None:
        return KINDS.get(data_type, data_type)
    return "number, 1 decimal" if decimals[1] == "1" else f"number, {decimals[1]} decimals"


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
