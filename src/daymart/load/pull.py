"""Pull: read one delivery of a feed, type it and land it. Nothing is accepted here."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import psycopg
import pyarrow as pa

from daymart.contracts.model import Feed, LoadMode, Table
from daymart.errors import ContractError, DaymartError
from daymart.load.batch import Splitter, check_columns
from daymart.load.files_ledger import LoadFiles
from daymart.load.hold_back import hold_back
from daymart.load.landing import Copier, Landing, sweep
from daymart.load.ledger import (
    Landed,
    Load,
    close_load,
    cursor_of,
    evening_of,
    mark_landed,
    open_load,
)
from daymart.sources.protocol import (
    ControlTotal,
    ReadParams,
    Snapshot,
    Source,
    TableStream,
    TellsChanges,
)
from daymart.warehouse.connect import Role, Warehouse
from daymart.warehouse.lease import hold

Progress = Callable[[str, int, int | None], None]
"""Called with a table, the rows read of it so far, and the rows to come where that is known."""


def no_progress(table: str, rows: int, total: int | None) -> None:
    """Tell nobody."""


def lease_name(feed: str, system: str) -> str:
    """Name the right to write one feed from one system."""
    return f"feed {feed} from {system}"


def pull(
    warehouse: Warehouse,
    feed: Feed,
    source: Source,
    as_of: date,
    progress: Progress = no_progress,
) -> Load:
    """Land one delivery and return its ledger row.

    Raises FencedError when another run has the feed, SourceUnavailable or SourceError when the
    source fails, ContractError when the delivery cannot be read as the contract says.
    """
    with (
        hold(warehouse, lease_name(feed.name, source.name), Role.LOADER),
        warehouse.session(Role.LOADER) as session,
    ):
        load = open_load(session, feed.name, source.name, as_of)
        sweep(session, feed, source.name)
        files = LoadFiles(session, load)
        try:
            landed = _land(warehouse, session, feed, source, load, files, progress)
        except DaymartError as failed:
            _give_up(session, feed, load, files, failed)
            raise
        # A load is of the evening its files reach, whatever evening it was asked for.
        load = replace(load, as_of=files.covered)
        with session.transaction():
            mark_landed(session, load, landed, _reason(landed, files))
            files.write()
    return load


def _reason(landed: list[Landed], files: LoadFiles) -> str | None:
    """Say what the ledger should tell of a delivery that brought nothing, or not all."""
    if files.reached and not any(table.is_provided for table in landed):
        return "; ".join(part for part in ("already delivered", files.sentence) if part)
    return files.sentence


def _give_up(
    session: psycopg.Connection, feed: Feed, load: Load, files: LoadFiles, failed: DaymartError
) -> None:
    if not session.broken:
        # What came and breaks its promise is refused; what never came whole has failed.
        state = "refused" if isinstance(failed, ContractError) else "failed"
        close_load(session, load, state, str(failed))
        files.write_failed(failed)
        Landing(load).drop(session, feed)


def _land(
    warehouse: Warehouse,
    session: psycopg.Connection,
    feed: Feed,
    source: Source,
    load: Load,
    files: LoadFiles,
    progress: Progress,
) -> list[Landed]:
    landing = Landing(load)
    with source.snapshot() as snapshot:
        provided = [t for t in feed.tables if snapshot.provides(t)]
        absent = [t for t in feed.tables if t not in provided]
        landing.create(session, provided)
        results = [
            Landed(t.name, is_provided=False, read_rows=0, quarantined_rows=0) for t in absent
        ]
        with Copier(warehouse.conninfo(Role.LOADER), session, landing) as copier:
            results += [
                _land_table(session, copier, snapshot, table, landing, files, progress)
                for table in provided
            ]
    return results


def _land_table(
    session: psycopg.Connection,
    copier: Copier,
    snapshot: Snapshot,
    table: Table,
    landing: Landing,
    files: LoadFiles,
    progress: Progress,
) -> Landed:
    started = time.monotonic()
    load = landing.load
    params = ReadParams(load.as_of, _since(session, snapshot, table, load), files)
    read, rejected, total, extra, streams = 0, 0, _Total(), [], 0
    for stream in snapshot.read(table, params):
        streams += 1
        what = f"{load.feed_id}.{table.name} {load.as_of}"
        extra += [*check_columns(what, table, stream.columns), *stream.unasked]
        splitter = Splitter(table, stream.columns, stream.text, stream.file_name, stream.versions)
        rejected += copier.copy(table, splitter, _told(stream, table, read, progress))
        read += splitter.rows_seen
        total.add(stream.control, splitter.no_records)
    if not streams:
        return Landed(table.name, is_provided=False, read_rows=0, quarantined_rows=0)
    held = hold_back(session, landing, table)
    return Landed(
        table_name=table.name,
        is_provided=True,
        read_rows=read,
        quarantined_rows=rejected + held,
        since=params.since,
        source_rows=total.rows,
        source_control=total.measure,
        extra_columns=tuple(sorted(set(extra))),
        seconds=time.monotonic() - started,
    )


def _since(
    session: psycopg.Connection, snapshot: Snapshot, table: Table, load: Load
) -> datetime | None:
    """Return from where to read on; None for a table that is read whole."""
    if table.mode is not LoadMode.SNAPSHOT:
        return cursor_of(session, load.source_system, table)
    if isinstance(snapshot, TellsChanges) and snapshot.knows_changes(table):
        return evening_of(session, load.source_system, table)
    return None


def _told(
    stream: TableStream, table: Table, rows: int, progress: Progress
) -> Iterator[pa.RecordBatch]:
    """Pass batches on and tell how far the table is."""
    total = stream.control.rows if stream.control else None
    for batch in stream.batches:
        rows += len(batch)
        progress(table.name, rows, total)
        yield batch


class _Total:
    """What the streams of one table say they hold; nothing once one of them cannot tell."""

    def __init__(self) -> None:
        self.rows: int | None = 0
        self.measure: Decimal | None = Decimal(0)

    def add(self, control: ControlTotal | None, no_records: int) -> None:
        """Add one stream; rows that stand for no record were read, but nobody counts them."""
        if control is None or self.rows is None:
            self.rows = self.measure = None
            return
        self.rows += control.rows + (no_records if control.is_promised else 0)
        if control.measure is None or self.measure is None:
            self.measure = None
        else:
            self.measure += control.measure
