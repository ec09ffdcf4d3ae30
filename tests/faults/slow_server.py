"""Make one moment of the server's work last long enough to be hit, and see it there."""

import time

import psycopg

from tests.faults.order import Order

SLOW = """
create function public.dawdle() returns trigger language plpgsql as $$
begin
    perform pg_sleep(0.7);
    return null;
end $$;
"""
AT_COMMIT = """
create constraint trigger dawdle after insert or update on {table}
deferrable initially deferred for each row when ({when}) execute function public.dawdle()
"""
AT_MERGE = """
create trigger dawdle after insert or update on {table}
for each statement execute function public.dawdle()
"""


def slow_down(order: Order, trigger: str) -> None:
    """Make one moment of the work last long enough to be hit."""
    with psycopg.connect(order.warehouse) as session:
        session.execute(SLOW)
        session.execute(trigger.encode())


def speed_up(order: Order) -> None:
    """Take the delay away again."""
    with psycopg.connect(order.warehouse) as session:
        session.execute("drop function public.dawdle cascade")


def wait_for_backend(order: Order, doing: str) -> int:
    """Return the backend that is held up in a statement with the words `doing`."""
    deadline = time.monotonic() + 60
    with psycopg.connect(order.warehouse, autocommit=True) as session:
        while time.monotonic() < deadline:
            found = session.execute(
                "select pid from pg_stat_activity where datname = current_database()"
                " and state = 'active' and query ilike %s and wait_event = 'PgSleep'",
                [f"{'%' if ' ' in doing else ''}{doing}%"],
            ).fetchone()
            if found:
                return int(found[0])
            time.sleep(0.002)
    raise AssertionError(f"nobody was seen doing {doing}")


def wait_for_lock(database: str) -> None:
    """Wait until somebody waits for a lock there."""
    deadline = time.monotonic() + 60
    with psycopg.connect(database, autocommit=True) as session:
        while time.monotonic() < deadline:
            if session.execute(
                "select pid from pg_stat_activity where datname = current_database()"
                " and wait_event_type = 'Lock'"
            ).fetchone():
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")


def wait_for_recovery(order: Order) -> None:
    """Wait until the server takes sessions again."""
    for _ in range(300):
        try:
            psycopg.connect(order.warehouse).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not come back")
