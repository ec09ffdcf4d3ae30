"""Landing: where a delivery lies between being read and being accepted."""

from collections.abc import Iterator

import psycopg
import pyarrow as pa
from adbc_driver_manager import Error, OperationalError
from psycopg import sql

from daymart.contracts.ddl import landing_ddl
from daymart.contracts.model import Feed, Table
from daymart.errors import WarehouseUnavailable
from daymart.load.batch import REJECT_SCHEMA, Split, Splitter
from daymart.load.ledger import Load
from daymart.load.read_ahead import read_ahead

REJECTS_DDL = (
    "create unlogged table {} (table_name text, source_id text, key_values jsonb, file_name text,"
    " row_no bigint, violations jsonb, row_values jsonb, version text,"
    " measure text)"
)


class Landing:
    """The landing tables of one load."""

    def __init__(self, load: Load) -> None:
        self.load = load

    def name(self, table: Table) -> str:
        return f"l{self.load.load_id}_{table.name}"[:63]

    def table(self, table: Table) -> sql.Identifier:
        """Return the landing table of `table` as an identifier."""
        return sql.Identifier("landing", self.name(table))

    @property
    def rejects(self) -> sql.Identifier:
        """Return the table that holds the rejected rows of this load."""
        return sql.Identifier("landing", f"l{self.load.load_id}__rejects")

    def create(self, session: psycopg.Connection, tables: list[Table]) -> None:
        """Create the landing tables of `tables` and of the rejects."""
        session.execute(sql.SQL(REJECTS_DDL).format(self.rejects))
        for table in tables:
            session.execute(landing_ddl(table, self.table(table)))

    def drop(self, session: psycopg.Connection, feed: Feed) -> None:
        """Drop every landing table of this load."""
        for table in feed.tables:
            session.execute(sql.SQL("drop table if exists {}").format(self.table(table)))
        session.execute(sql.SQL("drop table if exists {}").format(self.rejects))


def sweep(session: psycopg.Connection, feed: Feed, system: str) -> None:
    """Drop what ended or overtaken loads of this feed left behind, e.g. when they were killed."""
    rows = session.execute(
        """
        select load_id, feed_id, source_system, as_of, state from ops.load
        where feed_id = %s and source_system = %s and state not in ('pulling', 'landed')
            and exists (
                select from pg_catalog.pg_class as c
                inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
                where n.nspname = 'landing' and c.relname = 'l' || load_id || '__rejects'
            )
        """,
        [feed.name, system],
    ).fetchall()
    for row in rows:
        try:
            with session.transaction():
                session.execute("set local lock_timeout = '1s'")
                Landing(Load(*row)).drop(session, feed)
        except psycopg.errors.LockNotAvailable:
            continue  # an overtaken run that is paused still copies there; a later sweep drops it


SERVER_GONE = ("08", "53", "57")
"""Classes of SQLSTATE that blame the server, not the rows: connection, resources, shutdown."""


def _blames_the_server(error: Error) -> bool:
    """Tell a lost server from rows it does not take; a lost connection carries no SQLSTATE."""
    state = error.sqlstate
    return isinstance(error, OperationalError) and (not state or state[:2] in SERVER_GONE)


def _gone(error: Error) -> WarehouseUnavailable:
    return WarehouseUnavailable(
        "warehouse (copying into landing)",
        saw=str(error).strip().splitlines()[0],
        remedy="Is PostgreSQL up, with room on its disk? Then run again.",
    )


class Copier:
    """Copies typed batches into landing by COPY and rejected rows beside them.

    One serves all tables of a load: whenever the driver connects, it reads every column's type of
    the whole database.
    """

    def __init__(self, conninfo: str, session: psycopg.Connection, landing: Landing) -> None:
        # Brings pandas, seconds that only a load needs.
        from adbc_driver_postgresql import dbapi

        try:
            self._database = dbapi.connect(conninfo, autocommit=True)
        except OperationalError as down:
            raise _gone(down) from down
        self._session = session
        self._landing = landing

    def __enter__(self) -> "Copier":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def copy(self, table: Table, splitter: Splitter, batches: Iterator[pa.RecordBatch]) -> int:
        """Stream `batches` through `splitter` into the landing table; count the rows set aside.

        Raises what reading the batches raises.
        """
        failures: list[Exception] = []
        rejected: list[int] = []
        stream = pa.RecordBatchReader.from_batches(
            splitter.schema, _noting(self._good(splitter, batches, rejected), failures)
        )
        try:
            with self._database.cursor() as cursor:
                cursor.adbc_ingest(
                    self._landing.name(table), stream, mode="append", db_schema_name="landing"
                )
        except Error as broken:
            # The driver tells of a failing stream as an error of its own, without the reason.
            if failures:
                raise failures[0] from broken
            if _blames_the_server(broken):
                raise _gone(broken) from broken
            raise
        return sum(rejected)

    def _good(
        self, splitter: Splitter, batches: Iterator[pa.RecordBatch], rejected: list[int]
    ) -> Iterator[pa.RecordBatch]:
        splits: Iterator[Split] = (splitter.split(batch) for batch in batches)
        for split in read_ahead(splits):
            if split.rejects.num_rows:
                self._set_aside(split.rejects)
                rejected.append(split.rejects.num_rows)
            yield split.good

    def _set_aside(self, rejects: pa.RecordBatch) -> None:
        columns = sql.SQL(", ").join(sql.Identifier(n) for n in REJECT_SCHEMA.names)
        statement = sql.SQL("copy {} ({}) from stdin").format(self._landing.rejects, columns)
        with self._session.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rejects.to_pylist():
                copy.write_row(tuple(row.values()))


def _noting(
    batches: Iterator[pa.RecordBatch], failures: list[Exception]
) -> Iterator[pa.RecordBatch]:
    """Pass batches on and keep the error that ends them."""
    try:
        yield from batches
    except Exception as failed:
        failures.append(failed)
        raise
