"""PostgreSQL as a source: ADBC streams Arrow by COPY, one snapshot per load."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
from adbc_driver_manager import DatabaseError, OperationalError

from daymart.connections import Connection
from daymart.contracts.model import Table
from daymart.errors import SourceError, SourceUnavailable
from daymart.sources.protocol import ControlTotal, Queries, ReadParams, TableStream

if TYPE_CHECKING:
    from adbc_driver_postgresql import dbapi

SINCE = "daymart.since"
FIRST_LOAD = "-infinity"
FINITE = "<> all ('{NaN,Infinity,-Infinity}'::numeric[])"
BATCH_SIZE = {"adbc.postgresql.batch_size_hint_bytes": str(4 * 1024 * 1024)}
"""Large enough for COPY to run at full speed, small enough for memory to stay flat."""


@dataclass(frozen=True)
class PostgresSource:
    """A PostgreSQL database whose tables are mapped by `systems/<system>/<table>.sql`."""

    name: str
    connection: Connection
    queries: Queries

    @contextmanager
    def snapshot(self) -> Iterator["PostgresSnapshot"]:
        """Open a read-only REPEATABLE READ transaction and keep it for the whole load."""
        # Brings pandas, seconds that only a load needs.
        from adbc_driver_postgresql import dbapi

        try:
            opened = dbapi.connect(self.connection.conninfo(application="daymart-read"))
        except (OperationalError, DatabaseError) as down:
            raise SourceUnavailable(
                f"source {self.name} ({self.connection.name})",
                saw=first_line(down),
                remedy="Is the database up, and does the connection name the right host?",
            ) from down
        with opened as database, database.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute("set local timezone = 'UTC'")
            yield PostgresSnapshot(self, database)


class PostgresSnapshot:
    """One transaction on a PostgreSQL source."""

    def __init__(self, source: PostgresSource, database: "dbapi.Connection") -> None:
        self._source = source
        self._database = database

    def provides(self, table: Table) -> bool:
        return table.name in self._source.queries

    def knows_changes(self, table: Table) -> bool:
        """Tell whether the mapping query asks from when on it should read."""
        return SINCE in self._source.queries[table.name]

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        """Count at the source, then stream the same rows.

        Raises SourceError when the mapping query does not run there.
        """
        query = self._source.queries[table.name]
        with self._explained(table):
            self._set_parameters(params)
            control = self._control_total(query, self._measure(table, params))
            with self._database.cursor() as cursor:
                cursor.adbc_statement.set_options(**BATCH_SIZE)
                cursor.execute(query)
                reader = cursor.fetch_record_batch()
                yield TableStream(
                    batches=_batches(reader),
                    columns=tuple(reader.schema.names),
                    control=control,
                )

    def columns(self, table: Table, params: ReadParams) -> tuple[str, ...]:
        """Return the columns the mapping query of `table` yields, without reading a row."""
        query = self._source.queries[table.name]
        with self._explained(table), self._database.cursor() as cursor:
            self._set_parameters(params)
            cursor.execute(f"select * from (\n{query}\n) as delivery limit 0")  # noqa: S608
            return tuple(cursor.fetch_record_batch().schema.names)

    @contextmanager
    def _explained(self, table: Table) -> Iterator[None]:
        """Turn a driver's error into one that names the mapping file."""
        try:
            yield
        except (DatabaseError, OperationalError) as broken:
            raise SourceError(
                f"{self._source.name}.{table.name}",
                saw=first_line(broken),
                expected=f"systems/{self._source.name}/{table.name}.sql to run at the source",
                remedy="Check rights and column names; the whole query, for psql there: "
                f"daymart contracts mapping {self._source.name} {table.name}",
            ) from broken

    def _set_parameters(self, params: ReadParams) -> None:
        since = params.since.isoformat() if params.since else FIRST_LOAD
        with self._database.cursor() as cursor:
            cursor.execute(
                f"select set_config('daymart.as_of', $1, true), set_config('{SINCE}', $2, true)",
                (params.as_of.isoformat(), since),
            )
            cursor.fetchall()

    def _measure(self, table: Table, params: ReadParams) -> str | None:
        """Return the column to add up; a missing one is for the contract to complain about."""
        measure = table.control_measure
        return measure if measure and measure in self.columns(table, params) else None

    def _control_total(self, query: str, measure: str | None) -> ControlTotal:
        total = self._total(query, f'sum("{measure}")' if measure else "null::numeric")
        if total.measure is None or total.measure.is_finite():
            return total
        # NaN and infinity go to quarantine row by row; they must not swallow the other rows' sum.
        return self._total(query, f'sum("{measure}") filter (where "{measure}"::numeric {FINITE})')

    def _total(self, query: str, measure: str) -> ControlTotal:
        with self._database.cursor() as cursor:
            cursor.execute(f"select count(*), {measure} from (\n{query}\n) as delivery")  # noqa: S608
            rows, total = cursor.fetchone()
        return ControlTotal(rows=int(rows), measure=None if total is None else Decimal(str(total)))


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    for batch in reader:
        if batch.num_rows:
            yield batch


def first_line(error: Exception) -> str:
    """Return the driver's message without its context lines."""
    text = str(error).strip()
    for line in text.splitlines():
        if "ERROR:" in line or "FATAL:" in line:
            return line.split("ERROR:")[-1].split("FATAL:")[-1].strip()
    return text.splitlines()[0] if text else type(error).__name__
