"""Accept: judge a landed delivery, then merge it in one transaction or refuse it whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from daymart.checks.check import Verdict, write_verdicts
from daymart.checks.files_sent import files_sent
from daymart.checks.landing import landing_checks
from daymart.checks.missing_days import missing_days
from daymart.checks.run import run_checks
from daymart.contracts.model import Feed, LoadMode, Severity, Table
from daymart.errors import ContractError, WarehouseUnavailable
from daymart.load.landing import Landing
from daymart.load.ledger import Landed, Load, as_delivered, get_load, read_landed, superseded
from daymart.load.merge import Counts, Merge
from daymart.load.pull import lease_name
from daymart.warehouse.connect import Role, Warehouse
from daymart.warehouse.lease import Lease, hold, still_held


@dataclass(frozen=True)
class Accepted:
    """What accepting a delivery did; `quarantined` rows wait for a person."""

    load_id: int
    quarantined: int
    verdicts: tuple[Verdict, ...]


def accept(warehouse: Warehouse, feed: Feed, load_id: int) -> Accepted:
    """Judge and merge one landed delivery; a second call for it changes nothing.

    Raises ContractError when a check of severity `fail` fails or too many rows are held back
    (the rows stay in quarantine, raw stays as it was), FencedError when a newer delivery began.
    """
    with warehouse.session(Role.LOADER) as session:
        load = get_load(session, load_id)
        if load.state == "accepted":
            return Accepted(load_id, 0, ())
    try:
        with hold(warehouse, lease_name(feed.name, load.source_system), Role.LOADER) as lease:
            return _accept(warehouse, feed, load, lease)
    except WarehouseUnavailable:
        if _was_committed(warehouse, load_id):
            return Accepted(load_id, 0, ())
        raise


def _was_committed(warehouse: Warehouse, load_id: int) -> bool:
    """Ask the ledger whether a COMMIT whose answer was lost took effect."""
    with warehouse.session(Role.LOADER) as session:
        return get_load(session, load_id).state == "accepted"


def _accept(warehouse: Warehouse, feed: Feed, load: Load, lease: Lease) -> Accepted:
    landing = Landing(load)
    with warehouse.session(Role.LOADER) as session:
        if get_load(session, load.load_id).state != "landed":
            raise superseded(load)
        landed = read_landed(session, load)
        feed = as_delivered(feed, landed)
        suites = landing_checks(session, feed, landing, landed)
        # The empty file first: it is the cause of what its list then breaks.
        verdicts = [
            *files_sent(session, feed, load),
            *run_checks(warehouse.sqlalchemy_url(Role.LOADER), suites),
            *_reject_shares(feed, landed),
            *missing_days(session, feed, load),
        ]
        blocking = [v for v in verdicts if v.blocks]
        with session.transaction():
            still_held(session, lease)
            _lock_landed(session, load)
            if not blocking:
                for count in landed:
                    if count.is_provided:
                        _merge(session, feed.table(count.table_name), landing)
            held = _to_quarantine(session, feed, landing, landed if not blocking else ())
            write_verdicts(session, verdicts, load_id=load.load_id)
            _close(session, load, blocking)
        landing.drop(session, feed)
    if blocking:
        raise refusal(feed, load, blocking)
    return Accepted(load.load_id, held, tuple(verdicts))


def refusal(feed: Feed, load: Load, blocking: Sequence[Verdict]) -> ContractError:
    """Build the error of a delivery that was refused whole."""
    first = blocking[0]
    more = f" (and {len(blocking) - 1} more)" if len(blocking) > 1 else ""
    return ContractError(
        f"{feed.name} {load.as_of} (load {load.load_id})",
        saw=f"{first.check_id} failed on {first.subject}: {first.detail.get('saw')}{more}",
        expected="a delivery that keeps its contract; raw stays as it was",
        remedy=f"{first.remedy} Ask {feed.owner}; details: daymart status --feed {feed.name}",
    )


def _reject_shares(feed: Feed, landed: list[Landed]) -> list[Verdict]:
    """Judge the share of rows held back per table against the contract's limit."""
    return [
        Verdict(
            check_id="landing.reject_share",
            subject=f"{feed.name}.{count.table_name}",
            severity=Severity.FAIL,
            passed=count.quarantined_rows <= feed.max_reject_share * count.read_rows
            or count.quarantined_rows <= feed.max_reject_rows,
            owner=feed.owner,
            remedy="See daymart quarantine list; mend the rows at the source and export again.",
            detail={
                "saw": f"{count.quarantined_rows} of {count.read_rows} rows held back, at most"
                f" {feed.max_reject_share:.2%} allowed"
            },
        )
        for count in landed
        if count.is_provided
    ]


def _lock_landed(session: psycopg.Connection, load: Load) -> None:
    row = session.execute(
        "select state from ops.load where load_id = %s for update", [load.load_id]
    ).fetchone()
    if row is None or row[0] != "landed":
        raise superseded(load)


def _merge(session: psycopg.Connection, table: Table, landing: Landing) -> None:
    counts = Merge(session, table, landing).run()
    _count(session, table, landing, counts)


COUNT = """
update ops.load_table set
    new_rows = %(new)s, changed_rows = %(changed)s, unchanged_rows = %(unchanged)s,
    deleted_rows = %(deleted)s, superseded_rows = %(superseded)s,
    landed_control = (select {control} from {landing}),
    cursor_to = (select {cursor} from {landing})
where load_id = %(load)s and table_name = %(table)s
"""


def _count(session: psycopg.Connection, table: Table, landing: Landing, counts: Counts) -> None:
    """Write the counts; the ledger's own constraint refuses an unaccounted row."""

    def aggregate(function: str, column: str | None, kind: str) -> sql.Composable:
        if column is None:
            return sql.SQL(f"max(null::{kind})")
        return sql.SQL("{}({})").format(sql.SQL(function), sql.Identifier(column))

    statement = sql.SQL(COUNT).format(
        control=aggregate("sum", table.control_measure, "numeric"),
        cursor=aggregate("max", table.cursor, "timestamptz"),
        landing=landing.table(table),
    )
    values: dict[str, Any] = {
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "deleted": counts.deleted,
        "superseded": counts.superseded,
        "load": landing.load.load_id,
        "table": table.name,
    }
    session.execute(statement, values)


QUARANTINE = """
insert into quarantine.reject (
    load_id, feed_id, table_name, source_system, source_id, key_values, file_name, row_no,
    violations, row_values, version
)
select %(load)s, %(feed)s, table_name, %(system)s, source_id, key_values, file_name, row_no,
    violations, row_values, version
from {rejects}
"""

OVERTAKE = """
update quarantine.reject as old set
    state = 'superseded', closed_at = transaction_timestamp(), closed_by = 'load ' || %(load)s
where old.state = 'open' and old.source_system = %(system)s and old.table_name = %(table)s
    and old.load_id < %(load)s and ({overtaken})
"""

HELD_AGAIN = """exists (
    select from quarantine.reject as new where new.load_id = %(load)s
        and new.table_name = old.table_name and new.key_values = old.key_values
)"""

CAME_WELL = """exists (
    select from {landing} as l
    where {same_key} and coalesce(l._version >= old.version, true)
)"""


def _to_quarantine(
    session: psycopg.Connection, feed: Feed, landing: Landing, merged: Sequence[Landed]
) -> int:
    """Keep this delivery's rejects, and close older ones of rows that it delivers anew.

    `merged` are the tables whose good rows entered raw. Of a full list every older reject is
    closed: a row it leaves out was deleted.
    """
    load = landing.load
    values = {"load": load.load_id, "feed": feed.name, "system": load.source_system}
    held = session.execute(sql.SQL(QUARANTINE).format(rejects=landing.rejects), values).rowcount
    entered = {count.table_name for count in merged if count.is_provided}
    for table in feed.tables:
        overtaken: sql.Composable = sql.SQL(HELD_AGAIN)
        if table.name in entered and table.mode is LoadMode.SNAPSHOT:
            overtaken = sql.SQL("true")
        elif table.name in entered:
            overtaken = sql.SQL(" or ").join((overtaken, _came_well(table, landing)))
        statement = sql.SQL(OVERTAKE).format(overtaken=overtaken)
        session.execute(statement, values | {"table": table.name})
    return held


def _came_well(table: Table, landing: Landing) -> sql.Composed:
    """Compare keys as texts: that of a row held back need not be of its column's type."""
    same = sql.SQL(" and ").join(
        sql.SQL("old.key_values ->> {} = {}::text").format(
            sql.Literal(name), sql.Identifier("l", name)
        )
        for name in table.key
    )
    return sql.SQL(CAME_WELL).format(landing=landing.table(table), same_key=same)


def _close(session: psycopg.Connection, load: Load, blocking: list[Verdict]) -> None:
    if blocking:
        session.execute(
            "update ops.load set state = 'refused', reason = %s where load_id = %s",
            ["; ".join(v.sentence() for v in blocking), load.load_id],
        )
    else:
        session.execute(
            "update ops.load set state = 'accepted', accepted_at = transaction_timestamp()"
            " where load_id = %s",
            [load.load_id],
        )
        # A feed is promised from the first evening it ever delivered.
        session.execute(
            """
            update ops.feed set valid_from = %(as_of)s
            where feed_id = %(feed)s and valid_from > %(as_of)s and not exists (
                select from ops.load
                where feed_id = %(feed)s and state = 'accepted' and load_id <> %(load)s
            )
            """,
            {"as_of": load.as_of, "feed": load.feed_id, "load": load.load_id},
        )
