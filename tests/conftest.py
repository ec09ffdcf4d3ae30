"""Real servers for the tests: one embedded PostgreSQL a session, databases from templates."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import hypothesis
import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from daymart import stages
from daymart.build.dbt import DbtProject
from daymart.connections import parse_connection
from daymart.contracts.model import Feed
from daymart.contracts.read import read_feeds
from daymart.demo import company as demo_company
from daymart.demo.local import LocalPostgres, join_postgres_in, stop_postgres_in
from daymart.settings import Project, Settings, load_project
from daymart.warehouse.connect import Warehouse

HOME = Path(__file__).resolve().parent.parent
SHARED_DATA = HOME.parent / "shared" / "data"
BUILDS = HOME / ".daymart/dbt"
DEMO_EVENING = date(2026, 11, 20)
SEED = 7
RUN_FOLDER = "DAYMART_TEST_RUN"
"""Names the folder of a test run to its workers."""

IN_MEMORY = Path("/dev/shm")
ROOM_OF_A_RUN = 6 * 1024**3
"""Bytes; a run takes less than one of the six GiB."""

PARTS = ("contracts", "systems", "dags", "daymart.yaml", "dbt_project", "expectations")
"""What a project folder holds besides its state."""

ONE_DATABASE = HOME / "tests/fixtures/companies/one_database.yaml"
"""The demo company as its ERP alone tells it; its departments' own places have their own tests."""


@pytest.fixture(scope="session", autouse=True)
def _project_home() -> Iterator[None]:
    """Let every test find the project, and no test a developer's own connections."""
    kept = {k: os.environ.pop(k) for k in list(os.environ) if k.startswith("AIRFLOW_CONN_")}
    os.environ["DAYMART_HOME"] = str(HOME)
    yield
    os.environ.update(kept)


def pytest_configure(config: pytest.Config) -> None:
    """Name one folder for the run: its workers share what stands there."""
    # How long an example takes says how busy the machine is.
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    if not hasattr(config, "workerinput"):
        # Not in pytest's own folder: it forgets old sessions' folders, running ones included.
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="daymart-", dir=_where_files_are_cheap())
        # Before the workers are: two that make the server at once spoil each other's.
        _make_forgetful(join_postgres_in(Path(os.environ[RUN_FOLDER]) / "pg"))


def _where_files_are_cheap() -> Path | None:
    """Return the folder in memory if it has room; a database is made of hundreds of files."""
    if not IN_MEMORY.is_dir():
        return None
    room = min(shutil.disk_usage(IN_MEMORY).free, psutil.virtual_memory().available)
    return IN_MEMORY if room > ROOM_OF_A_RUN else None


def _make_forgetful(postgres: LocalPostgres) -> None:
    """Let the run's server not tidy up nor wait for the disk: no SIGKILL loses what it wrote."""
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as session:
        for setting in ("fsync", "full_page_writes", "autovacuum"):
            session.execute(f"alter system set {setting} = off".encode())
        session.execute("select pg_reload_conf()")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the run's server when all workers are done."""
    if not hasattr(config, "workerinput"):
        for parsed in BUILDS.glob(f"{_run_prefix()}*"):
            shutil.rmtree(parsed, ignore_errors=True)
        folder = Path(os.environ.pop(RUN_FOLDER))
        stop_postgres_in(folder / "pg")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> LocalPostgres:
    """Offer the run's PostgreSQL 18, one for all workers."""
    return join_postgres_in(Path(os.environ[RUN_FOLDER]) / "pg")


WAREHOUSES = ("installed", "published")
"""Templates of warehouses."""


class Databases:
    """Makes databases on the session's server, empty or from a template."""

    def __init__(self, postgres: LocalPostgres) -> None:
        self._postgres = postgres
        self._taken: set[str] = set()

    def create(self, template: str | None = None) -> str:
        """Create a database and return its connection URI.

        Its name is one of those no longer taken, and warehouses have names of their own: what dbt
        parsed for one, in as long as half a build, is good for the next.
        """
        kind = "warehouse" if template in WAREHOUSES else "other"
        name = next(n for n in _names(kind) if n not in self._taken)
        self._taken.add(name)
        source = f" template {template}" if template else ""
        with psycopg.connect(self._postgres.uri("postgres"), autocommit=True) as session:
            session.execute(f"create database {name}{source}".encode())
        return self._postgres.uri(name)

    def template(self, name: str, make: Callable[[str], None], based_on: str | None = None) -> str:
        """Return the database `name`, made by the first worker of the run that asks for it."""
        with psycopg.connect(self._postgres.uri("postgres"), autocommit=True) as session:
            session.execute("select pg_advisory_lock(hashtext(%s))", [name])
            known = session.execute("select from pg_database where datname = %s", [name])
            if known.fetchone() is None:
                uri = self.create(based_on)
                make(uri)
                session.execute(f"alter database {database_of(uri)} rename to {name}".encode())
                self._leave(database_of(uri))
        return name

    def drop(self, uri: str) -> None:
        """Drop a database with whoever is connected to it, and what builds left of it."""
        with psycopg.connect(self._postgres.uri("postgres"), autocommit=True) as session:
            session.execute(f"drop database if exists {database_of(uri)} with (force)".encode())
        self._leave(database_of(uri))

    def _leave(self, name: str) -> None:
        for folder in (BUILDS / name).glob("[0-9]*"):
            shutil.rmtree(folder, ignore_errors=True)
        self._taken.discard(name)


def _names(kind: str) -> Iterator[str]:
    """Count up the names that this worker of this run gives to databases of a kind."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
    return (f"{_run_prefix()}{worker}_{kind}_{number}" for number in itertools.count(1))


def _run_prefix() -> str:
    return f"t_{Path(os.environ[RUN_FOLDER]).name.removeprefix('daymart-')}_"


def database_of(uri: str) -> str:
    """Return the database's name within a URI."""
    return parse_connection("any", uri).database


@pytest.fixture(scope="session")
def databases(postgres: LocalPostgres) -> Databases:
    """Offer a maker of databases."""
    return Databases(postgres)


@pytest.fixture
def postgres_database(databases: Databases) -> Iterator[str]:
    """Offer an empty database as a URI."""
    uri = databases.create()
    yield uri
    databases.drop(uri)


@pytest.fixture(scope="session")
def feeds() -> dict[str, Feed]:
    """Offer the project's own contracts."""
    return read_feeds(HOME / "contracts")


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Offer the demo company's settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAYMART_SETTINGS", str(ONE_DATABASE))
        return load_project(HOME).settings


@pytest.fixture(scope="session")
def installed_template(databases: Databases, feeds: dict[str, Feed], settings: Settings) -> str:
    """Install an empty warehouse once; tests copy it."""
    return databases.template(
        "installed", lambda uri: stages.install(company_at(uri, feeds, settings))
    )


@pytest.fixture
def warehouse(databases: Databases, installed_template: str) -> Iterator[Warehouse]:
    """Offer an installed, empty warehouse of the test's own."""
    uri = databases.create(installed_template)
    yield warehouse_at(uri)
    databases.drop(uri)


@pytest.fixture(scope="session")
def demo_template(databases: Databases) -> str:
    """Make the demo company once; tests copy it."""
    return databases.template("demo", lambda uri: demo_company.create(uri, SEED, DEMO_EVENING))


@pytest.fixture
def demo_source(databases: Databases, demo_template: str) -> Iterator[str]:
    """Offer a demo company of the test's own, as a URI."""
    uri = databases.create(demo_template)
    yield uri
    databases.drop(uri)


@pytest.fixture(scope="session")
def published_template(
    databases: Databases,
    installed_template: str,
    demo_template: str,
    feeds: dict[str, Feed],
    settings: Settings,
) -> str:
    """Run one whole morning of the demo company; tests copy the published warehouse."""

    def make(uri: str) -> None:
        source = databases.create(demo_template)
        with demo_connection(source):
            company = company_at(uri, feeds, settings)
            load_everything(company, DEMO_EVENING)
            publish_everything(company, DEMO_EVENING)
        databases.drop(source)

    return databases.template("published", make, based_on=installed_template)


@pytest.fixture
def published_company(
    databases: Databases,
    published_template: str,
    demo_source: str,
    feeds: dict[str, Feed],
    settings: Settings,
) -> Iterator[stages.Company]:
    """Offer a company whose first morning is published, with its source connected."""
    uri = databases.create(published_template)
    with demo_connection(demo_source):
        yield company_at(uri, feeds, settings)
    databases.drop(uri)


@pytest.fixture(scope="module")
def shared_company(
    databases: Databases, published_template: str, feeds: dict[str, Feed], settings: Settings
) -> Iterator[stages.Company]:
    """Offer a module one published company, without its source, for tests that disturb no other."""
    uri = databases.create(published_template)
    yield company_at(uri, feeds, settings)
    databases.drop(uri)


@pytest.fixture
def demo_company_at_start(
    warehouse: Warehouse, demo_source: str, feeds: dict[str, Feed], settings: Settings
) -> Iterator[stages.Company]:
    """Offer a company with an empty warehouse and its source connected."""
    with demo_connection(demo_source):
        yield stages.Company(Project(HOME, settings), feeds, warehouse)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Offer the real input data; skip where it is absent, fail in CI."""
    if SHARED_DATA.is_dir():
        return SHARED_DATA
    if os.environ.get("CI") == "true":
        pytest.fail("CI must run on the real input data, and ../shared/data is missing")
    pytest.skip("the real input data of ../shared/data is not here")


def make_home(folder: Path) -> Path:
    """Make a project folder of its own, without state."""
    for part in PARTS:
        (folder / part).symlink_to(HOME / part)
    return folder


class demo_connection:  # noqa: N801  # reads as a statement
    """Connect the demo company's ERP for a block, and let it be the only source."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._patch = pytest.MonkeyPatch()

    def __enter__(self) -> None:
        self._patch.setenv("AIRFLOW_CONN_DEMO_ERP", self._uri)
        self._patch.setenv("DAYMART_SETTINGS", str(ONE_DATABASE))

    def __exit__(self, *_: object) -> None:
        self._patch.undo()


def warehouse_at(uri: str) -> Warehouse:
    """Return the warehouse in the database at `uri`."""
    return Warehouse(parse_connection("warehouse", uri))


def dbt_for(warehouse: Warehouse, target: Path) -> DbtProject:
    """Return the project's dbt for a warehouse, which compiles into `target`."""
    parsed = BUILDS / warehouse.connection.database / "parsed"
    return DbtProject(HOME / "dbt_project", target, warehouse.connection, parsed)


def company_at(uri: str, feeds: dict[str, Feed], settings: Settings) -> stages.Company:
    """Return the demo company with its warehouse at `uri`."""
    return stages.Company(Project(HOME, settings), feeds, warehouse_at(uri))


def load_everything(company: stages.Company, evening: date, *, whole: bool = False) -> None:
    """Pull and accept every feed; `whole` reads every table from its beginning."""
    for name in company.bound:
        stages.accept(company, name, stages.pull(company, name, evening, whole=whole))


def publish_everything(company: stages.Company, evening: date) -> int:
    """Build, audit and publish; return the publication's number."""
    publication_id = stages.build(company, evening)
    stages.audit(company, publication_id)
    stages.publish(company, publication_id)
    return publication_id


def rows(warehouse: Warehouse, statement: str, *values: object) -> list[tuple]:
    """Run a query on the warehouse as its login and return all rows."""
    with warehouse.session(None) as session:
        return session.execute(statement.encode(), values or None).fetchall()
