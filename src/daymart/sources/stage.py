"""A place where entities of a source that speaks no SQL become tables, for the length of a load."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from daymart.load.typing import TextFormat, number_pattern, thousands_pattern
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

    def control_total(
        self, query: str, measure: str | None, text: TextFormat | None = None
    ) -> ControlTotal:
        """Count what a query yields and add up its measure; text as `text` says it is written."""
        total = f"sum({self._as_number(query, measure, text)})" if measure else "null"
        counted = f"select count(*), {total} from (\n{query}\n)"  # noqa: S608
        rows, summed = self._database.execute(counted).fetchall()[0]
        return ControlTotal(rows=int(rows), measure=summed)

    def _as_number(self, query: str, measure: str, text: TextFormat | None) -> str:
        """Return an expression that is null where a value will not pass for a number."""
        value = quoted(measure)
        if text is not None and self._type_of(query, measure) == "VARCHAR":
            fits = f"regexp_matches({value}, {literal(number_pattern(text))})"
            if text.thousands:
                mark = literal(thousands_pattern(text))
                value = f"regexp_replace({value}, {mark}, '', 'g')"
            value = f"replace({value}, {literal(text.decimal)}, '.')"
            value = f"case when {fits} then {value} end"
        return f"try_cast({value} as decimal(38, 6))"

    def _type_of(self, query: str, column: str) -> str:
        described = self._database.execute(f"describe ({query}\n)").fetchall()
        return next(str(row[1]) for row in described if row[0] == column)

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


def literal(text: str) -> str:
    """Write a text for DuckDB."""
    return "'" + text.replace("'", "''") + "'"
