"""A place where entities of a source that speaks no SQL become tables, for the length of a load."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from daymart.sources.protocol import ControlTotal, ReadParams

MEMORY = "256MB"
"""Beyond it DuckDB goes to disk: a load's memory does not grow with its rows."""

FIRST_LOAD = "0001-01-01T00:00:00+00:00"
INCOMING = "_incoming"
BATCH_ROWS = 50_000


class Stage:
    """A DuckDB database on disk. Mapping SQL reads its tables, `as_of` and `since`, nothing else.

    In the mapping: `getvariable('as_of')` is a date, `getvariable('since')` a timestamptz.
    """

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database

    def fill(self, entity: str, rows: pa.RecordBatchReader) -> int:
        """Make a table of an entity's rows, in place of one before; return how many there are."""
        self._database.register(INCOMING, rows)
        try:
            self._database.execute(f"create or replace table {quoted(entity)} as from {INCOMING}")
        finally:
            self._database.unregister(INCOMING)
        return self.scalar(f"select count(*) from {quoted(entity)}")  # noqa: S608

    def set_parameters(self, params: ReadParams) -> None:
        """Let queries ask for the evening and for the cursor."""
        since = params.since.isoformat() if params.since else FIRST_LOAD
        self._database.execute(f"set variable as_of = date '{params.as_of.isoformat()}'")
        self._database.execute(f"set variable since = timestamptz '{since}'")

    def tables_in(self, query: str) -> set[str]:
        """Return the tables a query names; its own common table expressions are none."""
        return set(self._database.get_table_names(query))

    def columns(self, query: str) -> tuple[str, ...]:
        """Return the columns a query yields, without running it."""
        described = self._database.execute(f"describe ({query}\n)").fetchall()
        return tuple(str(row[0]) for row in described)

    def control_total(self, query: str, measure: str | None) -> ControlTotal:
        """Count what a query yields and add up its measure, where it is a number."""
        total = f"sum(try_cast({quoted(measure)} as decimal(38, 6)))" if measure else "null"
        counted = f"select count(*), {total} from (\n{query}\n)"  # noqa: S608
        rows, summed = self._database.execute(counted).fetchall()[0]
        return ControlTotal(rows=int(rows), measure=summed)

    def read(self, query: str) -> Iterator[pa.RecordBatch]:
        """Stream a query's rows."""
        yield from self._database.sql(query).to_arrow_reader(BATCH_ROWS)

    def scalar(self, query: str) -> int:
        """Return the one number a query yields."""
        return int(self._database.execute(query).fetchall()[0][0])


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Open an empty stage and remove it in the end, with what it spilled."""
    with tempfile.TemporaryDirectory(prefix="daymart-stage-") as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "threads": 1,
            "temp_directory": str(Path(folder) / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        with duckdb.connect(str(Path(folder) / "stage.duckdb"), config=config) as database:
            database.execute("set timezone = 'UTC'")
            # A mapping reads what was staged: no other file, no network, no way back.
            database.execute("set enable_external_access = false")
            database.execute("set lock_configuration = true")
            yield Stage(database)


def quoted(name: str) -> str:
    """Quote an identifier for DuckDB."""
    return '"' + name.replace('"', '""') + '"'
