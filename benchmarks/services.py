"""Reading an entity set of the demo's OData server."""

import subprocess
import sys

from measure import execute, line, run
from tables import SOURCE

from daymart.demo.local import LocalPostgres

ROWS = 100_000
ENTITY_SET = """
create unique index on bench_row (row_id);
create schema odata;
create view odata."Catalog_Rows" as
select row_id as "Ref_Key", name, day, changed_at at time zone 'UTC' as changed_at, amount, qty,
    is_open, code, note
from bench_row
"""


def measure_services(postgres: LocalPostgres) -> None:
    """Measure reading an entity set; the server is a process of its own."""
    execute(postgres.uri("postgres"), "create database served")
    execute(postgres.uri("served"), SOURCE.format(rows=ROWS))
    execute(postgres.uri("served"), ENTITY_SET)
    served = [sys.executable, "-m", "daymart.demo.odata_server", "--dsn", postgres.uri("served")]
    with subprocess.Popen(served, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            result = run("read_odata.py", server.stdout.readline().strip())
        finally:
            server.terminate()
    rate = result["rows"] / result["seconds"]
    line(f"read {result['rows']:,} rows of 9 fields over OData", result["seconds"])
    print(f"    {rate:,.0f} rows/s, peak memory {result['peak_mb']:.0f} MB")
