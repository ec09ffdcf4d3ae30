"""Who may write: a lease per feed and for the morning, with a token that fences off the dead.

A lease lives as long as its holder's database session, or until its heartbeat is older than
`STALE_AFTER`. A killed holder is replaced at once; a paused one after that time, and when it
wakes up its token is no longer the current one, so `still_held` refuses its commit.
"""

import getpass
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from daymart.errors import FencedError
from daymart.warehouse.connect import Role, Warehouse

STALE_AFTER = "90 seconds"
HEARTBEAT_SECONDS = 15.0

ACQUIRE = """
insert into ops.lease as held (name, token, holder, backend_pid, since, heartbeat_at)
values (
    %(name)s, nextval('ops.lease_token'), %(holder)s, pg_backend_pid(), clock_timestamp(),
    clock_timestamp()
)
on conflict (name) do update set
    token = excluded.token, holder = excluded.holder, backend_pid = excluded.backend_pid,
    since = excluded.since, heartbeat_at = excluded.heartbeat_at
where held.heartbeat_at < clock_timestamp() - %(stale)s::interval
    or not exists (select from pg_stat_activity as alive where alive.pid = held.backend_pid)
returning token
"""


@dataclass(frozen=True)
class Lease:
    """The right to write, as long as `token` is the current one of `name`."""

    name: str
    token: int


def holder_name() -> str:
    """Name this process for people: user, host, process, and the Airflow run if there is one."""
    run = os.environ.get("AIRFLOW_CTX_DAG_RUN_ID")
    process = f"{getpass.getuser()}@{socket.gethostname()} pid {os.getpid()}"
    return f"{process} ({run})" if run else process


@contextmanager
def hold(warehouse: Warehouse, name: str, role: Role) -> Iterator[Lease]:
    """Take the lease `name` for the block.

    Raises FencedError at once, naming the holder and since when, when somebody else has it.
    """
    with warehouse.session(role) as guard:
        taken = guard.execute(
            ACQUIRE, {"name": name, "holder": holder_name(), "stale": STALE_AFTER}
        ).fetchone()
        if taken is None:
            raise _held_by_another(guard, name)
        lease = Lease(name, int(taken[0]))
        stop = threading.Event()
        beat = threading.Thread(target=_beat, args=(guard, lease, stop), daemon=True)
        beat.start()
        try:
            yield lease
        finally:
            stop.set()
            beat.join()
            if not guard.broken:
                guard.execute(
                    "delete from ops.lease where name = %s and token = %s", [name, lease.token]
                )


def still_held(session: psycopg.Connection, lease: Lease) -> None:
    """Lock the lease row inside the caller's transaction; FencedError when it was taken over."""
    current = session.execute(
        "select holder from ops.lease where name = %s and token = %s for update",
        [lease.name, lease.token],
    ).fetchone()
    if current is None:
        raise _held_by_another(session, lease.name)


def _beat(guard: psycopg.Connection, lease: Lease, stop: threading.Event) -> None:
    while not stop.wait(HEARTBEAT_SECONDS):
        try:
            guard.execute(
                "update ops.lease set heartbeat_at = clock_timestamp()"
                " where name = %s and token = %s",
                [lease.name, lease.token],
            )
        except psycopg.OperationalError:
            return


def _held_by_another(session: psycopg.Connection, name: str) -> FencedError:
    row = session.execute(
        "select holder, to_char(since, 'YYYY-MM-DD HH24:MI:SS TZ') from ops.lease where name = %s",
        [name],
    ).fetchone()
    holder, since = row if row else ("another run that has ended", "a moment ago")
    return FencedError(
        name,
        saw=f"{holder} has been writing since {since}",
        expected="one writer at a time",
        remedy="Wait for it to end, or end it, then run again.",
    )
