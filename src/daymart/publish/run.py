"""Publish all marts of one publication in one transaction, or none."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from daymart.audit.suites import required_checks
from daymart.build.definitions import MartDefinition, load_definitions
from daymart.errors import ConfigError, FencedError, GateError, WarehouseUnavailable
from daymart.publish.freshness import Freshness, evenings_of, freshness
from daymart.publish.gate import reasons_to_hold
from daymart.publish.ledger import (
    MORNING_LEASE,
    OVERTAKEN,
    Publication,
    advance,
    get_publication,
    hold_back,
    is_whole,
    overtake,
    why_held,
)
from daymart.publish.merge import Changed, merge_mart
from daymart.publish.relations import columns_of, ensure_relations
from daymart.publish.restatement import note_restatements, shown_until
from daymart.settings import Settings
from daymart.warehouse.connect import Role, Warehouse
from daymart.warehouse.lease import Lease, hold, holder_name, still_held


def publish(warehouse: Warehouse, settings: Settings, publication_id: int) -> dict[str, Changed]:
    """Publish an audited candidate and return what changed per mart.

    A second call for a published one changes nothing. Raises GateError when the gate holds it
    back: the last publication stays and is marked stale with the reason.
    """
    try:
        with hold(warehouse, MORNING_LEASE, Role.PUBLISHER) as lease:
            return _judge_and_publish(warehouse, settings, lease, publication_id)
    except WarehouseUnavailable:
        # The answer to COMMIT may have been lost on the way: ask the ledger.
        with warehouse.session(Role.PUBLISHER) as session:
            if get_publication(session, publication_id).state == "published":
                return changes_of(session, publication_id)
        raise


def _judge_and_publish(
    warehouse: Warehouse, settings: Settings, lease: Lease, publication_id: int
) -> dict[str, Changed]:
    with warehouse.session(Role.PUBLISHER) as session:
        publication = get_publication(session, publication_id)
        if publication.state == "published":
            return changes_of(session, publication_id)
        if publication.state == "held":
            raise _already_held(publication, why_held(session, publication))
        marts = load_definitions(session, publication_id)
        reasons = reasons_to_hold(session, publication, marts, required_checks())
        if reasons:
            hold_back(session, publication, "; ".join(reasons))
            raise _held(publication, reasons)
        try:
            with session.transaction():
                return _publish(session, settings, lease, publication, marts)
        except GateError as refused:
            hold_back(session, publication, str(refused))
            raise


def _publish(
    session: psycopg.Connection,
    settings: Settings,
    lease: Lease,
    publication: Publication,
    marts: list[MartDefinition],
) -> dict[str, Changed]:
    """Merge every mart, in the order of their names, inside the caller's transaction."""
    changes = {}
    still_held(session, lease)
    advance(session, publication, "audited", "published")
    brought_on = not is_whole(session, publication)
    evenings = evenings_of(session, publication.publication_id, publication.as_of)
    for mart in marts:
        columns = ensure_relations(session, mart)
        candidate = sql.Identifier("candidate", mart.mart)
        shown = shown_until(session, mart)
        touched = mart.touched if brought_on else None
        changed = merge_mart(session, mart, columns, candidate, publication.publication_id, touched)
        note_restatements(session, mart, columns, publication, shown)
        promise = freshness(mart, evenings, publication.as_of, settings)
        _stamp(session, publication.publication_id, publication.as_of, mart, changed, promise)
        changes[mart.mart] = changed
    return changes


def _already_held(publication: Publication, reason: str) -> GateError | FencedError:
    """Build the error of a late retry: what is published by now is not marked stale again."""
    if not reason.startswith(OVERTAKEN):
        return _held(publication, [reason])
    return FencedError(
        f"publication {publication.publication_id}, {publication.as_of}",
        saw=f"it was {reason}",
        expected="the newest publication",
        remedy="Nothing to do: the newer one carries on.",
    )


def _held(publication: Publication, reasons: list[str]) -> GateError:
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return GateError(
        f"publication {publication.publication_id}, {publication.as_of}",
        saw=f"{reasons[0]}{more}",
        expected="every required check to pass",
        remedy=f"Yesterday's marts stay, marked stale. daymart publication show "
        f"{publication.publication_id} lists all reasons.",
    )


STAMP = """
insert into ops.publication_mart (
    publication_id, mart, rows_total, inserted_rows, updated_rows, deleted_rows, data_as_of,
    promised_by, due_from, stale_from, owner_id, deputy_id
)
values (
    %(publication)s, %(mart)s, %(total)s, %(inserted)s, %(updated)s, %(deleted)s, %(reaches)s,
    %(promised)s, %(due)s, %(stale)s, %(owner)s, %(deputy)s
)
"""

SHOW = """
insert into ops.mart_state (
    mart, publication_id, as_of, data_as_of, promised_by, due_from, stale_from, stale_reason,
    owner_id, deputy_id
)
values (
    %(mart)s, %(publication)s, %(as_of)s, %(reaches)s, %(promised)s, %(due)s, %(stale)s,
    %(reason)s, %(owner)s, %(deputy)s
)
on conflict (mart) do update set
    publication_id = excluded.publication_id, as_of = excluded.as_of,
    data_as_of = excluded.data_as_of,
    promised_by = excluded.promised_by, due_from = excluded.due_from,
    stale_from = excluded.stale_from, stale_reason = excluded.stale_reason,
    owner_id = excluded.owner_id, deputy_id = excluded.deputy_id
"""


def _stamp(
    session: psycopg.Connection,
    publication_id: int,
    as_of: date,
    mart: MartDefinition,
    changed: Changed,
    promise: Freshness,
    reason: str | None = None,
) -> None:
    """Write what readers see beside every row of `mart`."""
    values: Mapping[str, Any] = {
        "publication": publication_id,
        "mart": mart.mart,
        "total": changed.total,
        "inserted": changed.inserted,
        "updated": changed.updated,
        "deleted": changed.deleted,
        "as_of": as_of,
        "reaches": promise.data_as_of,
        "promised": promise.promised_by,
        "due": promise.due_from,
        "stale": promise.stale_from,
        "reason": reason,
        "owner": mart.owner,
        "deputy": mart.deputy,
    }
    session.execute(STAMP, values)
    session.execute(SHOW, values)


def changes_of(session: psycopg.Connection, publication_id: int) -> dict[str, Changed]:
    """Read back what a publication changed."""
    rows = session.execute(
        """
        select mart, rows_total, inserted_rows, updated_rows, deleted_rows
        from ops.publication_mart where publication_id = %s order by mart
        """,
        [publication_id],
    )
    return {row[0]: Changed(*row[1:]) for row in rows}


def rollback(warehouse: Warehouse, publication_id: int, reason: str) -> Publication:
    """Publish the rows of an earlier publication again, as a publication of its own.

    Raises ConfigError when that number was never published.
    """
    with (
        hold(warehouse, MORNING_LEASE, Role.PUBLISHER) as lease,
        warehouse.session(Role.PUBLISHER) as session,
    ):
        old = get_publication(session, publication_id)
        if old.state != "published":
            raise ConfigError(
                f"publication {publication_id}",
                saw=f"it is {old.state}",
                expected="one that was published",
                remedy="See: daymart publication list",
            )
        with session.transaction():
            still_held(session, lease)
            overtake(session, "a rollback")
            new_id = _open_rollback(session, old, reason)
            for mart in load_definitions(session, _definitions_of(session, publication_id)):
                _restore(session, mart, old, new_id, reason)
        return get_publication(session, new_id)


def _open_rollback(session: psycopg.Connection, old: Publication, reason: str) -> int:
    row = session.execute(
        """
        insert into ops.publication (
            as_of, kind, state, of_publication_id, holder, reason, run_at, published_at
        )
        values (%s, 'rollback', 'published', %s, %s, %s, clock_timestamp(), clock_timestamp())
        returning publication_id
        """,
        [old.as_of, old.publication_id, holder_name(), reason],
    ).fetchone()
    assert row is not None
    return int(row[0])


def _definitions_of(session: psycopg.Connection, publication_id: int) -> int:
    """Follow rollbacks to the morning that defined the marts."""
    row = session.execute(
        """
        with recursive chain as (
            select publication_id, of_publication_id from ops.publication
            where publication_id = %s
            union all
            select p.publication_id, p.of_publication_id from ops.publication as p
            inner join chain as c on p.publication_id = c.of_publication_id
        )
        select min(publication_id) from chain
        """,
        [publication_id],
    ).fetchone()
    assert row is not None
    return int(row[0])


def _restore(
    session: psycopg.Connection, mart: MartDefinition, old: Publication, new_id: int, reason: str
) -> None:
    columns = _stored_columns(session, mart)
    then = sql.SQL("{}({})").format(
        sql.Identifier("marts", f"{mart.mart}_at"), sql.Literal(old.publication_id)
    )
    changed = merge_mart(session, mart, columns, then, new_id)
    row = session.execute(
        """
        select data_as_of, promised_by, due_from, stale_from from ops.publication_mart
        where publication_id = %s and mart = %s
        """,
        [old.publication_id, mart.mart],
    ).fetchone()
    assert row is not None
    shown = f"rolled back to publication {old.publication_id}: {reason}"
    _stamp(session, new_id, old.as_of, mart, changed, Freshness(*row), shown)


def _stored_columns(session: psycopg.Connection, mart: MartDefinition) -> tuple[str, ...]:
    found = columns_of(session, "published", mart.mart)
    return tuple(c.name for c in found if not c.name.startswith("_"))
