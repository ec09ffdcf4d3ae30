"""dbt's sources file, generated from the contracts."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from daymart.contracts.model import Feed, Table

HEADER = "# Generated from contracts/ by: daymart contracts generate. Do not edit.\n"
TARGET = Path("models") / "staging" / "sources.yml"


def dbt_sources(feeds: Iterable[Feed]) -> str:
    """Return the sources file: one source per feed, with owners and freshness."""
    document = {"version": 2, "sources": [_source(feed) for feed in feeds]}
    body: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    return HEADER + body


def _source(feed: Feed) -> dict[str, Any]:
    return {
        "name": feed.name,
        "schema": "raw",
        "description": feed.purpose,
        "config": {
            "meta": {"owner": feed.owner, "deputy": feed.deputy, "head": feed.head},
            # dbt knows no calendars: the promise is kept by marts.feed_freshness. This is the
            # coarse net of `dbt source freshness`, wide enough for a long weekend.
            "loaded_at_field": "_loaded_at",
            "freshness": {
                "warn_after": {"count": 4, "period": "day"},
                "error_after": {"count": 10, "period": "day"},
            },
        },
        "tables": [_table(table) for table in feed.tables],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "description": f"{table.description} Grain: {table.grain}",
        "columns": [{"name": c.name, "description": c.description} for c in table.columns],
    }
