"""The ledger of publications: one row per morning, published or held back."""

from dataclasses import dataclass
from datetime import date, datetime

import psycopg

from daymart.errors import ConfigError, FencedError
from daymart.warehouse.lease import holder_name

MORNING_LEASE = "morning"
"""The lease of building and publishing: one morning at a time."""

OVERTAKEN = "overtaken by"
"""How the reason of a publication begins that was held back for a newer one."""


@dataclass(frozen=True)
class Publication:
    """One publication and where it stands."""

    publication_id: int
    as_of: date
    state: str
    run_at: datetime


def open_publication(session: psycopg.Connection, as_of: date, run_at: datetime) -> Publication:
    """Begin a publication; an unfinished earlier one is held back as overtaken."""
    with session.transaction():
        overtake(session, "a newer run")
        row = session.execute(
            """
            insert into ops.publication (as_of, state, holder, run_at)
            values (%s, 'building', %s, %s)
            returning publication_id
            """,
            [as_of, holder_name(), run_at],
        ).fetchone()
        assert row is not None
        session.execute(
            """
            insert into ops.publication_load (publication_id, load_id)
            select %s, max(load_id) from ops.load
            where state = 'accepted' group by feed_id, source_system
            """,
            [row[0]],
        )
    return Publication(int(row[0]), as_of, "building", run_at)


def overtake(session: psycopg.Connection, by: str) -> None:
    """Hold back every unfinished publication: published late, it would undo a newer one."""
    session.execute(
        "update ops.publication set state = 'held', reason = %s"
        " where state in ('building', 'built', 'audited')",
        [f"{OVERTAKEN} {by}"],
    )


def get_publication(session: psycopg.Connection, publication_id: int) -> Publication:
    """Read one publication; ConfigError when there is none of that number."""
    row = session.execute(
        "select publication_id, as_of, state, run_at from ops.publication"
        " where publication_id = %s",
        [publication_id],
    ).fetchone()
    if row is None:
        raise ConfigError(
            f"publication {publication_id}",
            saw="no such publication",
            remedy="See: daymart publication list",
        )
    return Publication(*row)


def advance(session: psycopg.Connection, publication: Publication, before: str, after: str) -> None:
    """Move a publication to its next state; FencedError when another run moved it."""
    moved = session.execute(
        """
        update ops.publication set state = %(after)s,
            built_at = case when %(after)s = 'built' then clock_timestamp() else built_at end,
            published_at =
                case when %(after)s = 'published' then clock_timestamp() else published_at end
        where publication_id = %(id)s and state = %(before)s
        """,
        {"id": publication.publication_id, "before": before, "after": after},
    )
    if moved.rowcount != 1:
        raise FencedError(
            f"publication {publication.publication_id}",
            saw=f"it is no longer {before}",
            expected="nobody else to have gone on with it",
            remedy="Start a new morning: daymart run",
        )


def is_whole(session: psycopg.Connection, publication: Publication) -> bool:
    """Tell whether every row of the candidate was built anew for this publication."""
    row = session.execute(
        "select is_whole from ops.publication where publication_id = %s",
        [publication.publication_id],
    ).fetchone()
    return row is None or bool(row[0])


def why_held(session: psycopg.Connection, publication: Publication) -> str:
    """Return the reason of a publication that was held back."""
    row = session.execute(
        "select reason from ops.publication where publication_id = %s",
        [publication.publication_id],
    ).fetchone()
    return str(row[0]) if row else ""


def hold_back(session: psycopg.Connection, publication: Publication, reason: str) -> None:
    """Keep the last publication in place and mark it stale, in one transaction."""
    with session.transaction():
        session.execute(
            "update ops.publication set state = 'held', reason = %s where publication_id = %s",
            [reason, publication.publication_id],
        )
        session.execute("update ops.mart_state set stale_reason = %s", [reason])


def last_published(session: psycopg.Connection) -> Publication | None:
    """Return what readers see now."""
    row = session.execute(
        """
        select publication_id, as_of, state, run_at from ops.publication
        where state = 'published' order by publication_id desc limit 1
        """
    ).fetchone()
    return Publication(*row) if row else None


def newest_loads(session: psycopg.Connection) -> set[int]:
    """Return the newest accepted delivery of every feed and system."""
    rows = session.execute(
        "select max(load_id) from ops.load where state = 'accepted' group by feed_id, source_system"
    )
    return {row[0] for row in rows}


def published_loads(session: psycopg.Connection, as_of: date) -> set[int]:
    """Return the deliveries behind what readers see, if that shows `as_of`; else nothing."""
    rows = session.execute(
        """
        select load_id from ops.publication_load
        where publication_id = (
            select publication_id from ops.publication
            where state = 'published' order by publication_id desc limit 1
        )
        and publication_id in (select publication_id from ops.publication where as_of = %s)
        """,
        [as_of],
    )
    return {row[0] for row in rows}
