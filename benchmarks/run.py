"""`make bench`: what a load and a publication cost, as ratios to PostgreSQL's own COPY.

Everything is measured in the same run on the same embedded server. Each of our measurements is
a process of its own, so that its peak memory is its own; importing libraries is told apart.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from daymart.demo.local import LocalPostgres, postgres_in

HERE = Path(__file__).resolve().parent
ROWS = 1_000_000
MANY_ROWS = 5_000_000

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
    "scd2": "the same job: by hash, with history",
}
ENTITY_SET = """
create unique index on bench_row (row_id);
create schema odata;
create view odata."Catalog_Rows" as
select row_id as "Ref_Key", name, day, changed_at at time zone 'UTC' as changed_at, amount, qty,
    is_open, code, note
from bench_row
where row_id <= 100000
"""
CHANGE_ONE_PERCENT = "update bench_row set amount = amount + 1 where row_id % 100 = 0"


def main() -> None:
    """Measure and print; nothing is asserted, machines differ."""
    with tempfile.TemporaryDirectory() as folder, postgres_in(Path(folder) / "pg") as postgres:
        for name in ("source", "copied", "warehouse", "many", "dlt_target"):
            execute(postgres, "postgres", f"create database {name}")
        execute(postgres, "source", SOURCE.format(rows=ROWS))
        execute(postgres, "many", SOURCE.format(rows=MANY_ROWS))
        print(f"{ROWS:,} rows of 9 columns; ratios are COPY's time divided by ours\n")
        copy = min(timed(lambda: copy_to_copy(postgres)) for _ in range(2))
        line("bare COPY to COPY (text)", copy)
        first = load(postgres, "source", "warehouse")
        line("first load: read, type, land, check, accept", first["seconds"], copy)
        for phase in ("pull", "accept"):
            line(f"    {phase}", first[phase])
        line("    importing libraries, once per process, not counted above", first["import"])
        again = load(postgres, "source", "warehouse")
        line("load again, nothing changed", again["seconds"], copy)
        execute(postgres, "source", CHANGE_ONE_PERCENT)
        changed = load(postgres, "source", "warehouse")
        line("load again, 1 % changed", changed["seconds"], copy)
        for job, meaning in DLT_JOBS.items():
            uris = (postgres.uri("source"), postgres.uri("dlt_target"))
            dlt = run("dlt_load.py", *uris, job)["seconds"]
            line(f"dlt, first load, {meaning}", dlt, copy)
            print(f"    {dlt / first['seconds']:.1f} times as long as ours")
        print()
        execute(postgres, "postgres", "create database warehouse_many")
        many = load(postgres, "many", "warehouse_many")
        print(
            f"peak memory: {first['peak_mb']:.0f} MB at {ROWS:,} rows,"
            f" {many['peak_mb']:.0f} MB at {MANY_ROWS:,} rows\n"
        )
        line(f"first load of {MANY_ROWS:,} rows", many["seconds"], copy * MANY_ROWS / ROWS)
        publication(postgres, copy)
        odata(postgres)
        simulator(postgres)


def publication(postgres: LocalPostgres, copy: float) -> None:
    """Measure publishing a mart of a million rows: first, unchanged and 1 % changed."""
    print()
    result = run("publish_mart.py", postgres.uri("warehouse"))
    line("publish a 1 M-row mart the first time", result["first"], copy)
    line("publish it unchanged", result["unchanged"], copy)
    line("publish it with 1 % changed", result["changed"], copy)
    line("    bare MERGE of the same 1 %, no history", result["bare_merge"])


def odata(postgres: LocalPostgres) -> None:
    """Measure reading an entity set from the demo's OData server, a process of its own."""
    execute(postgres, "source", ENTITY_SET)
    served = [sys.executable, "-m", "daymart.demo.odata_server", "--dsn", postgres.uri("source")]
    with subprocess.Popen(served, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            result = run("read_odata.py", server.stdout.readline().strip())
        finally:
            server.terminate()
    rate = result["rows"] / result["seconds"]
    print()
    line(f"read {result['rows']:,} rows of 9 fields over OData", result["seconds"])
    print(f"    {rate:,.0f} rows/s, peak memory {result['peak_mb']:.0f} MB")


def simulator(postgres: LocalPostgres) -> None:
    """Measure how fast the demo company's bulk trade is drawn and written."""
    print()
    execute(postgres, "postgres", "create database played")
    result = run("play_trade.py", postgres.uri("played"))
    line(f"play {result['lines']:,.0f} order lines of bulk trade", result["seconds"])
    rate = result["lines"] / result["seconds"]
    print(f"    {rate:,.0f} order lines a second; peak memory {result['peak_mb']:.0f} MB")


def load(postgres: LocalPostgres, source: str, warehouse: str) -> dict[str, float]:
    """Run one load of ours in a process of its own."""
    return run("load_once.py", postgres.uri(source), postgres.uri(warehouse))


def run(script: str, *arguments: str) -> dict[str, float]:
    """Run a measuring script and return what it prints as JSON on its last line."""
    done = subprocess.run(
        [sys.executable, HERE / script, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{script} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def copy_to_copy(postgres: LocalPostgres) -> None:
    """Stream the table from database to database with COPY, in text."""
    execute(postgres, "copied", "drop table if exists bench_row")
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


def execute(postgres: LocalPostgres, database: str, statement: str) -> None:
    """Run one statement on its own."""
    with psycopg.connect(postgres.uri(database), autocommit=True) as session:
        session.execute(statement.encode())


def timed(work: Callable[[], None]) -> float:
    """Return how long `work` took, in seconds."""
    started = time.monotonic()
    work()
    return time.monotonic() - started


def line(what: str, seconds: float, copy: float | None = None) -> None:
    """Print one measurement."""
    ratio = f"   {copy / seconds:5.2f} of COPY" if copy else ""
    print(f"{what:<62} {seconds:7.2f} s{ratio}", flush=True)


if __name__ == "__main__":
    main()
