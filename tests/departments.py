"""A feed loaded from the demo ERP and from the department that keeps it, side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from daymart.connections import parse_connection
from daymart.contracts.model import Feed
from daymart.load.accept import accept
from daymart.load.pull import pull
from daymart.settings import Binding, Project, Settings
from daymart.sources.odata import ODataSource
from daymart.sources.postgres import PostgresSource
from daymart.sources.protocol import Source
from daymart.sources.queries import read_queries
from daymart.sources.registry import sources_of
from daymart.warehouse.connect import Warehouse
from tests.conftest import HOME, Databases, rows, warehouse_at


@dataclass
class Company:
    """The ERP, and a Daymart that believes it beside one that believes a department."""

    erp: str
    by_erp: Warehouse
    by_department: Warehouse


@contextmanager
def company_of(databases: Databases, template: str, erp: str) -> Iterator[Company]:
    """Two empty warehouses made from the template, for as long as the context lasts."""
    uris = [databases.create(template) for _ in range(2)]
    yield Company(erp, *map(warehouse_at, uris))
    for uri in uris:
        databases.drop(uri)


def database(system: str, uri: str) -> Source:
    queries = read_queries(Path(HOME) / "systems" / system)
    return PostgresSource(system, parse_connection(system, uri), queries)


def binding(system: str) -> Binding:
    """Return how the project's own `daymart.yaml` binds a system."""
    told = yaml.safe_load((HOME / "daymart.yaml").read_text(encoding="utf-8"))
    (bound,) = (b for b in Settings.model_validate(told).bindings if b.system == system)
    return bound


def drop(feed: Feed, system: str, folder: Path, **told: object) -> Source:
    """Return a department's files as `daymart.yaml` binds them, but in `folder` and for `told`."""
    bound = binding(system)
    files = {name: file.model_copy(update=told) for name, file in bound.files.items()}
    here = bound.model_copy(update={"folder": str(folder), "files": files})
    settings = Settings(company="Files", currency="EUR", bindings=(here,))
    (source,) = sources_of(feed, Project(HOME, settings))
    return source


def service_source(url: str) -> ODataSource:
    """Return the CRM's OData service as `daymart.yaml` binds it, but at `url`."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = parse_connection("demo_crm", f"http://demo:demo@{host}/?base_path={path}")
    settings = binding("demo_crm").odata
    assert settings is not None
    return ODataSource(
        "demo_crm", connection, read_queries(HOME / "systems" / "demo_crm"), settings
    )


def load(warehouse: Warehouse, feed: Feed, source: Source, evening: date) -> int:
    loaded = pull(warehouse, feed, source, evening)
    accept(warehouse, feed, loaded.load_id)
    return loaded.load_id


def same(feed: Feed, here: Warehouse, there: Warehouse, *tables: str) -> None:
    """Hold that both warehouses have the same raw rows of these tables, and some."""
    for name in tables:
        columns = ", ".join(feed.table(name).column_names)
        query = f"select {columns} from raw.{name} order by {', '.join(feed.table(name).key)}"
        found = rows(here, query)
        assert found, name
        assert found == rows(there, query), name


def rejects(warehouse: Warehouse) -> list[tuple]:
    """Return what waits in quarantine, and why."""
    return rows(
        warehouse,
        "select table_name, key_values, violations from quarantine.reject where state = 'open'"
        " order by table_name, key_values::text",
    )
