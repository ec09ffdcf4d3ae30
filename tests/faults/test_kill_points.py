"""Death anywhere in load and publish, then a rerun: the end is that of an undisturbed run."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest

from daymart.demo import company as demo_company
from daymart.demo.local import postgres_in
from daymart.stages import Company
from daymart.warehouse.connect import Warehouse
from tests.conftest import (
    DEMO_EVENING,
    SEED,
    Databases,
    company_at,
    database_of,
    demo_connection,
    load_everything,
    warehouse_at,
)
from tests.faults import fingerprint
from tests.faults.fork_server import Ended, ForkServer, fork_server
from tests.faults.order import Order
from tests.faults.scenes import (
    Scene,
    first_publication,
    next_publication,
    rerun,
    undisturbed,
)
from tests.faults.slow_server import (
    AT_COMMIT,
    AT_MERGE,
    slow_down,
    speed_up,
    wait_for_backend,
    wait_for_lock,
    wait_for_recovery,
)

MONDAY = "2026-11-23"
SAMPLE = {"reference": 7, "warehouse": 7, "next publication": 7, "first publication": 6}
RANDOM_KILLS = 3
CAMPAIGN_SEEDS = 25
CAMPAIGN_POINTS = 12


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """Offer a process that has imported everything and forks."""
    with fork_server(tmp_path_factory.mktemp("fork") / "children.log") as serving:
        yield serving


@pytest.fixture(scope="module")
def monday(databases: Databases, demo_template: str) -> Iterator[str]:
    """Offer the demo company a working day later: changes, deletions and bad rows."""
    uri = databases.create(demo_template)
    demo_company.advance(uri)
    yield uri
    databases.drop(uri)


@pytest.fixture(scope="module")
def scenes(
    databases: Databases, published_template: str, server: ForkServer, monday: str
) -> Iterator[dict[str, Scene]]:
    """Run each work once undisturbed."""
    loads = {
        feed: (published_template, Order("", source=monday, feeds=(feed,), evening=MONDAY))
        for feed in ("reference", "warehouse")
    }
    made = {
        "next publication": next_publication(databases, published_template),
        "first publication": first_publication(databases, published_template),
    }
    warm = databases.create(published_template)
    server.rehearse(replace(loads["reference"][1], warehouse=warm))
    databases.drop(warm)
    yield {
        name: undisturbed(name, databases, server, template, order)
        for name, (template, order) in (loads | made).items()
    }
    for template, _ in made.values():
        databases.drop(database_uri(databases, template))


def database_uri(databases: Databases, name: str) -> str:
    """Return the URI of a database by its name."""
    other = databases.create()
    databases.drop(other)
    return other.replace(database_of(other), name)


@pytest.fixture
def stage(databases: Databases) -> Iterator[Callable[[Scene], Order]]:
    """Set scenes up: each call copies the scene's template and addresses its order there."""
    made = []

    def set_up(scene: Scene) -> Order:
        made.append(databases.create(scene.template))
        return replace(scene.order, warehouse=made[-1])

    yield set_up
    for uri in made:
        databases.drop(uri)


def assert_whole_after_death(scene: Scene, warehouse: Warehouse) -> None:
    """Assert that nothing half-done can be read: all of the work is there, or none of it."""
    fingerprint.wait_until_gone(warehouse)
    assert scene.fingerprint(warehouse) in (scene.before, scene.after)
    assert fingerprint.seen_by_readers(warehouse) in scene.seen


def assert_like_undisturbed(scene: Scene, order: Order, ended: Ended) -> None:
    """Assert that the rerun succeeded and came to the undisturbed end, with nothing left over."""
    warehouse = warehouse_at(order.warehouse)
    assert (ended.signal, ended.code, ended.error) == (0, 0, "")
    fingerprint.wait_until_gone(warehouse)
    found = scene.fingerprint(warehouse)
    assert {t: v for t, v in found.items() if v != scene.after.get(t)} == {}
    assert found.keys() == scene.after.keys()
    assert fingerprint.seen_by_readers(warehouse) == scene.seen[1]
    assert fingerprint.leftovers(warehouse) == []


def kill_and_rerun(server: ForkServer, scene: Scene, order: Order, point: int) -> None:
    """Kill at one point, look, run again, look."""
    where = scene.points[point - 1]
    killed = server.run(replace(order, kill_at=point))
    assert killed.was_killed, f"{scene.name} outlived point {point}, {where}"
    assert_whole_after_death(scene, warehouse_at(order.warehouse))
    assert_like_undisturbed(scene, order, rerun(server, order))


@pytest.mark.parametrize(
    ("work", "nth"), [(work, n) for work, count in SAMPLE.items() for n in range(count)]
)
def test_kill_at_a_point_then_rerun_ends_like_an_undisturbed_run(
    server: ForkServer,
    scenes: dict[str, Scene],
    stage: Callable[[Scene], Order],
    work: str,
    nth: int,
) -> None:
    scene = scenes[work]
    point = scene.spread(SAMPLE[work])[nth]
    print(f"{work}: point {point} of {len(scene.points)}, {scene.points[point - 1]}")
    kill_and_rerun(server, scene, stage(scene), point)


def test_points_cover_each_step_of_load_and_publish(scenes: dict[str, Scene]) -> None:
    """The count is worth something only if it passes the statements that write."""
    load, publication = scenes["warehouse"].points, scenes["next publication"].points
    for passed, steps in (
        (load, ("load.ledger.open_load", "load.landing.copy", "load.merge.run", "accept._close")),
        (publication, ("publish.merge.merge_mart", "publish.run._stamp", "lease.still_held")),
    ):
        for step in steps:
            assert any(step in point for point in passed), step
    assert sum(map(len, (s.points for s in scenes.values()))) > 2_000


def test_five_deaths_in_a_row_then_a_rerun_end_like_an_undisturbed_run(
    server: ForkServer, scenes: dict[str, Scene], stage: Callable[[Scene], Order]
) -> None:
    scene = scenes["reference"]
    order = stage(scene)
    for point in scene.spread(7)[1:6]:
        assert server.run(replace(order, kill_at=point)).was_killed
        assert_whole_after_death(scene, warehouse_at(order.warehouse))
    assert_like_undisturbed(scene, order, rerun(server, order))


@pytest.mark.parametrize("nth", range(RANDOM_KILLS))
@pytest.mark.parametrize("work", ["reference", "next publication"])
def test_kill_from_outside_at_a_random_moment_then_rerun_ends_undisturbed(
    server: ForkServer,
    scenes: dict[str, Scene],
    stage: Callable[[Scene], Order],
    work: str,
    nth: int,
) -> None:
    scene = scenes[work]
    order = stage(scene)
    moment = random.Random(f"{work} {nth}").uniform(0, scene.seconds)
    print(f"{work}: killed after {moment * 1000:.0f} of {scene.seconds * 1000:.0f} ms")
    pid = server.start(order)
    time.sleep(moment)
    kill_if_alive(pid)
    server.wait()
    assert_whole_after_death(scene, warehouse_at(order.warehouse))
    assert_like_undisturbed(scene, order, rerun(server, order))


def kill_if_alive(pid: int) -> None:
    """SIGKILL a child of the fork server that may have ended meanwhile."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


BUSY = {
    "reference, in COMMIT": (
        "reference",
        AT_COMMIT.format(table="ops.load", when="new.state = 'accepted'"),
        "commit",
    ),
    "reference, in MERGE": ("reference", AT_MERGE.format(table="raw.customer"), "merge into"),
    "publication, in COMMIT": (
        "next publication",
        AT_COMMIT.format(table="ops.publication", when="new.state = 'published'"),
        "commit",
    ),
    "publication, in MERGE": (
        "next publication",
        AT_MERGE.format(table="published.stock_availability"),
        "merge into",
    ),
}


@pytest.mark.parametrize("busy", BUSY)
def test_kill_while_the_server_works_then_rerun_ends_undisturbed(
    server: ForkServer, scenes: dict[str, Scene], stage: Callable[[Scene], Order], busy: str
) -> None:
    """The client dies while PostgreSQL commits or merges, and never learns how it ended."""
    work, slow, doing = BUSY[busy]
    scene = scenes[work]
    order = stage(scene)
    slow_down(order, slow)
    pid = server.start(order)
    wait_for_backend(order, doing)
    os.kill(pid, signal.SIGKILL)
    assert server.wait().was_killed
    warehouse = warehouse_at(order.warehouse)
    fingerprint.wait_until_gone(warehouse)
    committed = scene.fingerprint(warehouse) == scene.after
    assert committed == (doing == "commit"), "a COMMIT that was begun ends, a MERGE does not"
    assert_whole_after_death(scene, warehouse)
    speed_up(order)
    assert_like_undisturbed(scene, order, rerun(server, order))


@pytest.mark.parametrize("busy", BUSY)
def test_terminated_backend_then_rerun_ends_undisturbed(
    server: ForkServer, scenes: dict[str, Scene], stage: Callable[[Scene], Order], busy: str
) -> None:
    """An administrator ends the session: a named transient error, nothing half-done."""
    work, slow, doing = BUSY[busy]
    scene = scenes[work]
    order = stage(scene)
    slow_down(order, slow)
    server.start(order)
    backend = wait_for_backend(order, doing)
    with psycopg.connect(order.warehouse, autocommit=True) as admin:
        admin.execute("select pg_terminate_backend(%s)", [backend])
    ended = server.wait()
    assert (ended.signal, ended.code) == (0, 4), ended.error
    assert "warehouse" in ended.error and "terminating connection" in ended.error
    assert_whole_after_death(scene, warehouse_at(order.warehouse))
    speed_up(order)
    assert_like_undisturbed(scene, order, rerun(server, order))


def test_terminated_copy_session_is_a_named_error_and_a_rerun_ends_undisturbed(
    server: ForkServer, scenes: dict[str, Scene], stage: Callable[[Scene], Order], monday: str
) -> None:
    """The session that copies into landing is not psycopg's; its end must be named as well."""
    scene = scenes["reference"]
    order = stage(scene)
    with psycopg.connect(monday) as source:
        source.execute("lock table erp.item in access exclusive mode")
        server.start(order)
        wait_for_lock(monday)
        with psycopg.connect(order.warehouse, autocommit=True) as admin:
            # The copying session is the one opened last, for the table that is being read.
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and application_name like 'daymart%'"
                " order by backend_start desc limit 1"
            )
    ended = server.wait()
    assert (ended.signal, ended.code) == (0, 4), ended.error
    assert_whole_after_death(scene, warehouse_at(order.warehouse))
    assert_like_undisturbed(scene, order, rerun(server, order))


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Offer a PostgreSQL of this module's own: its crash restarts the whole cluster."""
    with postgres_in(tmp_path_factory.mktemp("crash")) as local:
        yield Databases(local)


def test_sigkill_of_a_backend_restarts_the_cluster_and_a_rerun_ends_undisturbed(
    server: ForkServer,
    own_server: Databases,
    published_company: Company,
    scenes: dict[str, Scene],
) -> None:
    """`kill -9` of one backend ends every session and empties unlogged tables."""
    order = crashing_company(own_server, published_company)
    warehouse = warehouse_at(order.warehouse)
    before = fingerprint.of_raw(warehouse)
    slow_down(order, AT_MERGE.format(table="raw.customer"))
    server.start(order)
    os.kill(wait_for_backend(order, "merge into"), signal.SIGKILL)
    ended = server.wait()
    assert (ended.signal, ended.code) == (0, 4), ended.error
    wait_for_recovery(order)
    assert fingerprint.of_raw(warehouse) == before
    speed_up(order)
    ended = rerun(server, order)
    assert (ended.code, ended.error) == (0, "")
    after = scenes["reference"].after
    found = fingerprint.of_raw(warehouse)
    assert {t: v for t, v in found.items() if v != after[t] and t.startswith("raw")} == {}
    assert fingerprint.leftovers(warehouse) == []


def crashing_company(own_server: Databases, company: Company) -> Order:
    """Make the same company on the server that will crash: Friday loaded, Monday to come."""
    from daymart.warehouse.install import install

    settings = company.project.settings
    uri, source = own_server.create(), own_server.create()
    install(warehouse_at(uri), company.feeds.values(), settings.calendars, company.bound)
    # The registry tells how feeds come by the root settings, as in the scenes compared with.
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAYMART_SETTINGS")
        demo_company.create(source, SEED, DEMO_EVENING)
    with demo_connection(source):
        load_everything(company_at(uri, dict(company.feeds), settings), DEMO_EVENING)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAYMART_SETTINGS")
        demo_company.advance(source)
    return Order(uri, source=source, feeds=("reference",), evening=MONDAY)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(CAMPAIGN_SEEDS))
def test_kill_campaign_ends_like_undisturbed_runs(
    server: ForkServer,
    databases: Databases,
    published_template: str,
    stage: Callable[[Scene], Order],
    seed: int,
) -> None:
    """1,200 deaths: 12 points of each of four works, other points and another company a seed."""
    source = databases.create()
    demo_company.create(source, SEED, DEMO_EVENING)
    for _ in range(1 + seed % 3):
        demo_company.advance(source)
    works = {
        feed: (published_template, Order("", source=source, feeds=(feed,), evening=MONDAY))
        for feed in ("reference", "warehouse")
    } | {
        "next publication": next_publication(databases, published_template),
        "first publication": first_publication(databases, published_template),
    }
    for name, (template, order) in works.items():
        scene = undisturbed(name, databases, server, template, order)
        chance = random.Random(f"{name} {seed}")
        for point in chance.sample(range(1, len(scene.points) + 1), CAMPAIGN_POINTS):
            kill_and_rerun(server, scene, stage(scene), point)
    for name in (template for template, _ in works.values() if template != published_template):
        databases.drop(database_uri(databases, name))
    databases.drop(source)
