"""The ledger: what was delivered, what became of it, and from where to go on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import psycopg

from daymart.contracts.model import Feed, LoadMode, Table
from daymart.errors import FencedError
from daymart.warehouse.lease import holder_name


@dataclass(frozen=True)
class Load:
    """One delivery of a feed from one system."""

    load_id: int
    feed_id: str
    source_system: str
    as_of: date
    state: str


@dataclass(frozen=True)
class Landed:
    """What was landed of one table. Control totals are None where none could be taken."""

    table_name: str
    is_provided: bool
    read_rows: int
    quarantined_rows: int
    since: datetime | None = None
    source_rows: int | None = None
    source_control: Decimal | None = None
    extra_columns: tuple[str, ...] = ()
    seconds: float = 0.0


def open_load(session: psycopg.Connection, feed: str, system: str, as_of: date) -> Load:
    """Write down that a delivery begins; earlier unfinished ones of the feed are superseded."""
    with session.transaction():
        session.execute(
            """
            update ops.load set state = 'superseded', reason = 'a newer delivery began'
            where feed_id = %s and source_system = %s and state in ('pulling', 'landed')
            """,
            [feed, system],
        )
        row = session.execute(
            """
            insert into ops.load (feed_id, source_system, as_of, state, holder)
            values (%s, %s, %s, 'pulling', %s)
            returning load_id
            """,
            [feed, system, as_of, holder_name()],
        ).fetchone()
    assert row is not None
    return Load(int(row[0]), feed, system, as_of, "pulling")


def get_load(session: psycopg.Connection, load_id: int) -> Load:
    """Read one ledger row; KeyError when there is none."""
    row = session.execute(
        "select load_id, feed_id, source_system, as_of, state from ops.load where load_id = %s",
        [load_id],
    ).fetchone()
    if row is None:
        raise KeyError(load_id)
    return Load(*row)


def mark_landed(
    session: psycopg.Connection, load: Load, tables: list[Landed], reason: str | None = None
) -> None:
    """Write down what was landed; FencedError when a newer delivery began meanwhile."""
    with session.transaction():
        marked = session.execute(
            """
            update ops.load set state = 'landed', landed_at = clock_timestamp(),
                read_rows = %s, quarantined_rows = %s, as_of = %s, reason = %s
            where load_id = %s and state = 'pulling'
            """,
            [
                sum(t.read_rows for t in tables),
                sum(t.quarantined_rows for t in tables),
                load.as_of,
                reason,
                load.load_id,
            ],
        )
        if marked.rowcount != 1:
            raise superseded(load)
        for t in tables:
            session.execute(
                """
                insert into ops.load_table (
                    load_id, table_name, is_provided, since, source_rows, source_control,
                    read_rows, quarantined_rows, extra_columns, seconds
                )
                values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
                """,
                [
                    load.load_id,
                    t.table_name,
                    t.is_provided,
                    t.since,
                    t.source_rows,
                    t.source_control,
                    t.read_rows,
                    t.quarantined_rows,
                    list(t.extra_columns),
                    round(t.seconds, 3),
                ],
            )


def read_landed(session: psycopg.Connection, load: Load) -> list[Landed]:
    """Read back what `mark_landed` wrote."""
    rows = session.execute(
        """
        select table_name, is_provided, read_rows, quarantined_rows, since, source_rows,
            source_control
        from ops.load_table where load_id = %s order by table_name
        """,
        [load.load_id],
    )
    return [Landed(*row) for row in rows]


def close_load(session: psycopg.Connection, load: Load, state: str, reason: str) -> None:
    """Write down that a delivery ended without being accepted."""
    session.execute(
        """
        update ops.load set state = %s, reason = %s
        where load_id = %s and state in ('pulling', 'landed')
        """,
        [state, reason, load.load_id],
    )


def superseded(load: Load) -> FencedError:
    """Build the error of a delivery that was overtaken by a newer one."""
    return FencedError(
        f"{load.feed_id} load {load.load_id}",
        saw="a newer delivery of this feed began meanwhile",
        expected="this one to be the latest",
        remedy="Nothing was lost: the newer one carries on.",
    )


def as_delivered(feed: Feed, landed: Iterable[Landed]) -> Feed:
    """Return the feed as this delivery is to be merged.

    A full list that was read from a point in time on is a list of changes: what it leaves out
    did not vanish, and how many rows the list has is not promised of its changes.
    """
    since = {t.table_name: t.since for t in landed}
    tables = tuple(
        replace(
            t,
            mode=LoadMode.INCREMENTAL,
            promises=tuple(p for p in t.promises if p.metric != "rowCount"),
        )
        if t.mode is LoadMode.SNAPSHOT and since.get(t.name) is not None
        else t
        for t in feed.tables
    )
    return replace(feed, tables=tables)


def evening_of(session: psycopg.Connection, system: str, table: Table) -> datetime | None:
    """Return from where to read changes of a full list: the last evening known, less the overlap.

    None on the first load. Midnight UTC of a day before that evening, or as many as the contract
    says, so that what was written late is read, too.
    """
    row = session.execute(
        """
        select max(l.as_of)
        from ops.load_table as t
        inner join ops.load as l using (load_id)
        where l.state = 'accepted' and t.is_provided and l.source_system = %s
            and t.table_name = %s
        """,
        [system, table.name],
    ).fetchone()
    if row is None or row[0] is None:
        return None
    return datetime.combine(row[0], time(), UTC) - max(table.overlap, timedelta(days=1))


def cursor_of(session: psycopg.Connection, system: str, table: Table) -> datetime | None:
    """Return from where to read on: the furthest accepted cursor less the overlap.

    None on the first load and for tables without a cursor. A cursor beyond its evening is a clock
    that is wrong: believed, it would hide every change up to that day.
    """
    if table.cursor is None:
        return None
    row = session.execute(
        """
        select max(least(t.cursor_to, (l.as_of + 1)::timestamp at time zone 'UTC'))
        from ops.load_table as t
        inner join ops.load as l using (load_id)
        where l.state = 'accepted' and l.source_system = %s and t.table_name = %s
            and t.cursor_to is not null
        """,
        [system, table.name],
    ).fetchone()
    furthest = row[0] if row else None
    return None if furthest is None else furthest - table.overlap
