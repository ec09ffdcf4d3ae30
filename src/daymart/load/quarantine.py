"""Replay: give quarantined rows a second chance under the contract as it is now."""

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import psycopg
import pyarrow as pa
from psycopg import sql
from psycopg.rows import dict_row

from daymart.contracts.model import Feed, LoadMode, Table
from daymart.load.accept import accept
from daymart.load.hold_back import key_as_json
from daymart.load.pull import pull
from daymart.load.typing import TextFormat
from daymart.sources.protocol import ReadParams, TableStream
from daymart.warehouse.connect import Role, Warehouse


@dataclass(frozen=True)
class Replayed:
    """What a replay did: rows that entered raw, rows held back again, rows overtaken since."""

    entered: int
    held_again: int
    overtaken: int

    def __add__(self, other: "Replayed") -> "Replayed":
        return Replayed(
            self.entered + other.entered,
            self.held_again + other.held_again,
            self.overtaken + other.overtaken,
        )


@dataclass(frozen=True)
class Reject:
    """One quarantined row that waits."""

    reject_id: int
    table_name: str
    source_id: str | None
    values: Mapping[str, str | None]
    file: str | None = None
    line: int | None = None
    version: str | None = None


@dataclass(frozen=True)
class ReplaySource:
    """The quarantine as a source: the rows as they were read, corrections applied."""

    name: str
    rejects: tuple[Reject, ...]
    text: TextFormat | None

    @contextmanager
    def snapshot(self) -> Iterator["ReplaySource"]:
        """Offer the rejects as a consistent view; they do not change while they wait."""
        yield self

    def provides(self, table: Table) -> bool:
        return any(r.table_name == table.name for r in self.rejects)

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        """Stream the waiting rows of `table` as text."""
        rows: list[dict[str, str | int | None]] = [
            {
                **{name: r.values.get(name) for name in table.column_names},
                "source_id": r.source_id,
                "_file": r.file,
                "_line": r.line,
                "_version": r.version,
            }
            for r in self.rejects
            if r.table_name == table.name
        ]
        texts = (*table.column_names, "source_id", "_file", "_version")
        fields = [pa.field(name, pa.string()) for name in texts]
        schema = pa.schema([*fields, pa.field("_line", pa.int64())])
        batch = pa.RecordBatch.from_pylist(rows, schema=schema)
        yield TableStream(iter([batch]), tuple(schema.names), text=self.text)


REPLAYED = """
update quarantine.reject as old set
    state = 'replayed', closed_at = clock_timestamp(), closed_by = %(user)s || ', load ' || %(load)s
where reject_id = any (%(ids)s) and (state = 'open' or closed_by = 'load ' || %(load)s)
    and not exists (
        select from quarantine.reject as new where new.load_id = %(load)s
            and new.table_name = old.table_name and new.key_values = old.key_values
    )
"""
"""Accepting the replayed rows closed them as any delivery does; those held again stay so."""


def replay(
    warehouse: Warehouse,
    feed: Feed,
    system: str,
    reject_ids: list[int],
    corrections: Mapping[str, str],
    text: TextFormat | None = None,
) -> Replayed:
    """Send waiting rows of one system through type, land and accept again.

    A key that a later delivery has brought meanwhile is not touched: that row is newer. A row
    whose shape was broken stays where it is: nobody knows which value belongs to which column.
    So do rows of a delivery that was refused whole: they wait for it to come again.
    Replaying twice changes nothing the second time. Raises what `pull` and `accept` raise.
    """
    with warehouse.session(Role.LOADER) as session:
        overtaken = _close_overtaken(session, feed, system, reject_ids)
        rejects, as_of = _waiting(session, feed, system, reject_ids)
    if not rejects:
        return Replayed(0, 0, overtaken)
    corrected = tuple(replace(r, values={**r.values, **corrections}) for r in rejects)
    source = ReplaySource(system, corrected, text)
    load = pull(warehouse, as_a_correction(feed), source, as_of)
    held = accept(warehouse, as_a_correction(feed), load.load_id).quarantined
    with warehouse.session(Role.LOADER) as session:
        who = {"load": load.load_id, "user": getpass.getuser()}
        session.execute(REPLAYED, who | {"ids": [r.reject_id for r in rejects]})
    return Replayed(len(rejects) - held, held, overtaken)


def as_a_correction(feed: Feed) -> Feed:
    """Return the feed with tables that are no full lists: a few rows delete nothing."""
    tables = tuple(
        replace(
            table,
            mode=LoadMode.INCREMENTAL,
            cursor=None,
            partition=None,
            min_key_share=None,
            promises=(),
        )
        for table in feed.tables
    )
    return replace(feed, tables=tables, max_reject_share=1.0)


def _waiting(
    session: psycopg.Connection, feed: Feed, system: str, reject_ids: list[int]
) -> tuple[list[Reject], date]:
    with session.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            select r.reject_id, r.table_name, r.source_id, r.row_values, l.as_of,
                r.file_name, r.row_no, r.version
            from quarantine.reject as r
            inner join ops.load as l using (load_id)
            where r.reject_id = any (%s) and r.state = 'open' and r.feed_id = %s
                and r.source_system = %s
                and l.state = 'accepted'
                and not r.violations @> '[{"rule": "row_shape"}]'
            order by r.reject_id
            """,
            [reject_ids, feed.name, system],
        ).fetchall()
    found = [
        Reject(
            r["reject_id"],
            r["table_name"],
            r["source_id"],
            r["row_values"],
            r["file_name"],
            r["row_no"] if r["file_name"] else None,
            r["version"],
        )
        for r in rows
    ]
    return found, max((r["as_of"] for r in rows), default=date.min)


def _close_overtaken(
    session: psycopg.Connection, feed: Feed, system: str, reject_ids: list[int]
) -> int:
    closed = 0
    for table in feed.tables:
        statement = sql.SQL(
            "update quarantine.reject as q set state = 'superseded',"
            " closed_at = clock_timestamp(), closed_by = 'load ' || r._load_id"
            " from {raw} as r"
            " where q.reject_id = any (%s) and q.state = 'open' and q.table_name = {table}"
            " and q.source_system = %s and r.source_system = q.source_system"
            " and q.key_values = {key} and r._load_id > q.load_id"
        ).format(
            raw=sql.Identifier("raw", table.name),
            table=sql.Literal(table.name),
            key=key_as_json(table, "r"),
        )
        closed += session.execute(statement, [reject_ids, system]).rowcount
    return closed
