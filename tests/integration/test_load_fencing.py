"""One writer a feed: the second ends at once, the dead are replaced, the paused are fenced off."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fixtures.contracts.shop import Shop

from daymart.errors import ExitCode, FencedError, WarehouseUnavailable
from daymart.load.pull import lease_name
from daymart.warehouse import lease
from daymart.warehouse.connect import Role
from daymart.warehouse.lease import hold, holder_name, still_held

TESTS = Path(__file__).parent.parent
LEASE = lease_name("shop", "shop")
LAMP = ("A1", "Lamp", "9.90", "EUR", "front")

# Another run of the shop's feed that stops itself in the middle, as a paused machine would.
RIVAL = """
import os, signal, sys
from daymart.connections import parse_connection
from daymart.errors import DaymartError
from daymart.load import accept
from daymart.warehouse.connect import Warehouse
from fixtures.contracts.shop import EVENING, Shop

def pause(*_):
    print("paused", flush=True)
    os.kill(os.getpid(), signal.SIGSTOP)
    return []

shop = Shop(sys.argv[2], Warehouse(parse_connection("warehouse", sys.argv[1])))
try:
    if sys.argv[3] == "pull":
        from daymart.load.pull import pull
        pull(shop.warehouse, shop.feed, shop.source("item"), EVENING, pause)
    else:
        accept.run_checks = pause
        shop.accept(shop.pull("item"))
except DaymartError as failed:
    print(failed, file=sys.stderr)
    sys.exit(failed.exit_code)
print("wrote", flush=True)
"""


@pytest.fixture
def shop(shared_shop: Shop) -> Shop:
    shared_shop.begin_anew().items(LAMP)
    return shared_shop


@contextmanager
def paused_rival(shop: Shop, uri: str, stage: str) -> Iterator[subprocess.Popen[str]]:
    """Start another run that holds the feed and has stopped in `stage`."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
    rival = subprocess.Popen(
        [sys.executable, "-c", RIVAL, uri, shop.uri, stage],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert rival.stdout is not None
        assert rival.stdout.readline() == "paused\n", rival.stderr and rival.stderr.read()
        yield rival
    finally:
        if rival.poll() is None:
            rival.kill()
        rival.communicate()


def test_second_run_ends_at_once_naming_the_holder_and_since_when(shop: Shop) -> None:
    with hold(shop.warehouse, LEASE, Role.LOADER):
        started = time.monotonic()
        with pytest.raises(FencedError) as caught:
            shop.deliver("item")
        assert time.monotonic() - started < 5
    message = str(caught.value)
    assert message.startswith(f"feed shop from shop: {holder_name()} has been writing since 20")
    assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", message)
    assert "Wait for it to end" in message
    assert caught.value.exit_code == ExitCode.FENCED
    assert shop.ask("select count(*) from ops.load") == [(0,)]


def test_second_run_may_accept_nothing_while_the_first_writes(shop: Shop) -> None:
    load = shop.pull("item")
    with hold(shop.warehouse, LEASE, Role.LOADER), pytest.raises(FencedError):
        shop.accept(load)
    assert shop.ask("select count(*) from raw.item") == [(0,)]
    assert shop.accept(load).quarantined == 0


def test_another_system_of_the_feed_is_not_fenced(shop: Shop) -> None:
    with hold(shop.warehouse, lease_name("shop", "other"), Role.LOADER):
        shop.deliver("item")
    assert shop.ask("select count(*) from raw.item") == [(1,)]


def test_lease_is_given_back_after_success_and_after_failure(shop: Shop) -> None:
    shop.deliver("item")
    assert shop.ask("select count(*) from ops.lease") == [(0,)]
    with pytest.raises(RuntimeError), hold(shop.warehouse, LEASE, Role.LOADER):
        raise RuntimeError("a bug")
    assert shop.ask("select count(*) from ops.lease") == [(0,)]


def test_lease_tokens_only_grow(shop: Shop) -> None:
    tokens = []
    for _ in range(3):
        with hold(shop.warehouse, LEASE, Role.LOADER) as held:
            tokens.append(held.token)
    assert tokens == sorted(set(tokens))


def test_lease_taken_over_is_no_longer_held(shop: Shop) -> None:
    with hold(shop.warehouse, LEASE, Role.LOADER) as mine, shop.warehouse.session(None) as session:
        still_held(session, mine)
        session.execute("update ops.lease set token = token + 1, holder = 'somebody else'")
        with pytest.raises(FencedError, match="somebody else"):
            still_held(session, mine)


def test_heartbeat_keeps_a_long_holder_from_being_overtaken(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "STALE_AFTER", "2 seconds")
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", 0.2)
    with hold(shop.warehouse, LEASE, Role.LOADER):
        time.sleep(3)
        with pytest.raises(FencedError):
            shop.pull("item")


def test_newer_delivery_supersedes_a_landed_one(shop: Shop) -> None:
    old, new = shop.pull("item"), shop.pull("item")
    with pytest.raises(FencedError, match="a newer delivery of this feed began meanwhile"):
        shop.accept(old)
    shop.accept(new)
    assert shop.ask("select load_id, state from ops.load order by 1") == [
        (old, "superseded"),
        (new, "accepted"),
    ]
    assert shop.ask("select tablename from pg_tables where schemaname = 'landing'") == []


def test_killed_holder_is_replaced_at_once(shop: Shop) -> None:
    uri = uri_of(shop)
    with paused_rival(shop, uri, "pull") as rival:
        with pytest.raises(FencedError, match=f"pid {rival.pid}"):
            shop.pull("item")
        rival.send_signal(signal.SIGKILL)
        rival.wait()
        wait_for_its_session_to_end(shop)
        started = time.monotonic()
        shop.deliver("item")
        assert time.monotonic() - started < 30
    assert shop.ask("select state from ops.load order by load_id") == [
        ("superseded",),
        ("accepted",),
    ]
    assert shop.ask("select tablename from pg_tables where schemaname = 'landing'") == []


@pytest.mark.parametrize("stage", ["pull", "accept"])
def test_paused_holder_is_overtaken_after_the_stale_time_and_then_fenced(
    shop: Shop, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with paused_rival(shop, uri_of(shop), stage) as rival:
        with pytest.raises(FencedError, match=f"pid {rival.pid}"):
            shop.pull("item")
        monkeypatch.setattr(lease, "STALE_AFTER", "1 second")
        time.sleep(1.5)
        shop.items(("A1", "Lamp", "8.00", "EUR", "front"))
        accepted = shop.deliver("item").load_id
        before = shop.fingerprint()
        rival.send_signal(signal.SIGCONT)
        out, err = rival.communicate(timeout=60)
    assert rival.returncode == ExitCode.FENCED, err
    assert "wrote" not in out
    assert "Traceback" not in err
    assert shop.fingerprint() == before
    assert shop.ask("select price::text, _load_id from raw.item") == [("8.00", accepted)]


def test_paused_holder_whose_session_was_ended_cannot_write_either(shop: Shop) -> None:
    load = shop.pull("item")
    with pytest.raises(WarehouseUnavailable), hold(shop.warehouse, LEASE, Role.LOADER):
        shop.ask("select pg_terminate_backend(backend_pid) from ops.lease where name = %s", LEASE)
        time.sleep(0.2)
    shop.accept(load)
    assert shop.ask("select count(*) from raw.item") == [(1,)]


def uri_of(shop: Shop) -> str:
    """Return the warehouse's connection as text for another process."""
    connection = shop.warehouse.connection
    return f"postgresql://{connection.login}:@/{connection.database}?host={connection.host}"


def wait_for_its_session_to_end(shop: Shop) -> None:
    alive = (
        "select count(*) from ops.lease as l"
        " inner join pg_stat_activity as a on a.pid = l.backend_pid"
    )
    for _ in range(50):
        if shop.ask(alive) == [(0,)]:
            return
        time.sleep(0.1)
    pytest.fail("PostgreSQL keeps the session of a dead process for more than five seconds")
