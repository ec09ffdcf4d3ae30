"""Loading and publishing a table of a million rows, as ratios to PostgreSQL's own COPY."""

import psycopg
from measure import execute, line, run, timed

from daymart.demo.local import LocalPostgres

ROWS = 1_000_000
MANY_ROWS = 5_000_000
WAREHOUSES = "warehouse", "warehouse_2"
"""A first load and a COPY are measured in turn, once for each: the better one of either counts."""

SOURCE = """
create table bench_row as
select i::int as row_id, 'name ' || i as name, date '2026-01-01' + i % 300 as day,
    timestamptz '2026-11-20 12:00Z' - i * interval '1 second' as changed_at,
    (i * 1.01)::numeric(18,2) as amount, (i * 0.001)::numeric(18,6) as qty, i % 2 = 0 as is_open,
    'code' || i % 100 as code, case when i % 7 = 0 then null else 'note' end as note
from generate_series(1, {rows}) as i
"""
DLT_JOBS = {
    "replace": "only copying (sql_table, pyarrow)",
    "merge": "by key, no history",
    "scd2": "by hash, with history, no value looked at",
    "judged": "the same job: values judged, by hash, with history",
}
CHANGE_ONE_PERCENT = "update bench_row set amount = amount + 1 where row_id % 100 = 0"


def measure_tables(postgres: LocalPostgres) -> None:
    """Measure loads, dlt's loads of the same table, and publications."""
    for name in ("source", "copied", *WAREHOUSES, "many", "dlt_target", "warehouse_many"):
        execute(postgres.uri("postgres"), f"create database {name}")
    execute(postgres.uri("source"), SOURCE.format(rows=ROWS))
    execute(postgres.uri("many"), SOURCE.format(rows=MANY_ROWS))
    print(f"{ROWS:,} rows of 9 columns; ratios are COPY's time divided by ours\n")
    copies, firsts = [], []
    for warehouse in WAREHOUSES:
        copies.append(timed(lambda: _copy_to_copy(postgres)))
        firsts.append(_load(postgres, "source", warehouse))
    copy = min(copies)
    first = min(firsts, key=lambda load: load["seconds"])
    line("bare COPY to COPY (text), the better of two", copy)
    _loads(postgres, copy, first)
    _dlt(postgres, copy, first["seconds"])
    print()
    many = _load(postgres, "many", "warehouse_many")
    print(
        f"peak memory: {first['peak_mb']:.0f} MB at {ROWS:,} rows,"
        f" {many['peak_mb']:.0f} MB at {MANY_ROWS:,} rows\n"
    )
    line(f"first load of {MANY_ROWS:,} rows", many["seconds"], copy * MANY_ROWS / ROWS)
    _publication(postgres, copy)


def _loads(postgres: LocalPostgres, copy: float, first: dict[str, float]) -> None:
    """Tell of the first load; load again, and with 1 % changed."""
    line("first load: read, type, land, check, accept, the better of two", first["seconds"], copy)
    for phase in ("pull", "accept"):
        line(f"    {phase}", first[phase])
    line("    importing libraries, once per process, not counted above", first["import"])
    again = _load(postgres, "source", "warehouse")
    line("load again, nothing changed", again["seconds"], copy)
    execute(postgres.uri("source"), CHANGE_ONE_PERCENT)
    changed = _load(postgres, "source", "warehouse")
    line("load again, 1 % changed", changed["seconds"], copy)


def _dlt(postgres: LocalPostgres, copy: float, ours: float) -> None:
    uris = (postgres.uri("source"), postgres.uri("dlt_target"))
    for job, meaning in DLT_JOBS.items():
        seconds = run("dlt_load.py", *uris, job)["seconds"]
        line(f"dlt, first load, {meaning}", seconds, copy)
        print(f"    {seconds / ours:.1f} times as long as ours")


def _publication(postgres: LocalPostgres, copy: float) -> None:
    """Measure publishing a mart of a million rows: first, unchanged and 1 % changed."""
    print()
    result = run("publish_mart.py", postgres.uri("warehouse"))
    line("publish a 1 M-row mart the first time", result["first"], copy)
    line("publish it unchanged", result["unchanged"], copy)
    line("publish it with 1 % changed", result["changed"], copy)
    line("    bare MERGE of the same 1 %, no history", result["bare_merge"])


def _load(postgres: LocalPostgres, source: str, warehouse: str) -> dict[str, float]:
    """Run one load of ours in a process of its own."""
    return run("load_once.py", postgres.uri(source), postgres.uri(warehouse))


def _copy_to_copy(postgres: LocalPostgres) -> None:
    """Stream the table from database to database with COPY, in text."""
    execute(postgres.uri("copied"), "drop table if exists bench_row")
    with (
        psycopg.connect(postgres.uri("source")) as source,
        psycopg.connect(postgres.uri("copied")) as target,
    ):
        target.execute(
            "create table bench_row (row_id int, name text, day date, changed_at timestamptz,"
            " amount numeric(18,2), qty numeric(18,6), is_open boolean, code text, note text)"
        )
        with (
            source.cursor().copy("copy bench_row to stdout") as out,
            target.cursor().copy("copy bench_row from stdin") as into,
        ):
            for chunk in out:
                into.write(chunk)
