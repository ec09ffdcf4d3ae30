"""What PostgreSQL's plans say about how much of a table a query reads."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg

LOOKING_UP = "enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_material"
"""Ways to read a whole table that the planner takes for small ones; without them it looks rows up
where the query lets it."""
FULL_READS = "Seq Scan", "Index Scan", "Index Only Scan"


def read_whole(session: psycopg.Connection, query: str) -> set[str]:
    """Return the tables of `raw` that a query reads from end to end however large they are."""
    with session.transaction(force_rollback=True):
        for setting in LOOKING_UP:
            session.execute(f"set local {setting} = off".encode())
        found = session.execute(f"explain (format json, verbose)\n{query}".encode()).fetchone()
    assert found is not None
    told = json.loads(found[0]) if isinstance(found[0], str) else found[0]
    return set(_read_whole(told[0]["Plan"]))


def _read_whole(plan: Mapping[str, Any]) -> Iterator[str]:
    if "One-Time Filter" in plan:
        return  # run only when keys came that nearly all rows have
    if plan["Node Type"] in FULL_READS and plan.get("Schema") == "raw" and "Index Cond" not in plan:
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from _read_whole(inner)
