"""Departments that keep their data in ways of their own tell the same as the ERP itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from daymart.connections import parse_connection
from daymart.contracts.model import Feed
from daymart.demo import company
from daymart.demo.departments.wms import keep_warehouse
from daymart.load.accept import accept
from daymart.load.pull import pull
from daymart.sources.postgres import PostgresSource
from daymart.sources.protocol import Source
from daymart.sources.queries import read_queries
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, HOME, Databases, rows, warehouse_at


@dataclass
class Company:
    """The ERP, the warehouse's own system, and a Daymart that believes each."""

    erp: str
    wms: str
    by_erp: Warehouse
    by_department: Warehouse


@pytest.fixture
def played(databases: Databases, installed_template: str, demo_source: str) -> Iterator[Company]:
    wms = databases.create()
    uris = [databases.create(installed_template) for _ in range(2)]
    yield Company(demo_source, wms, *map(warehouse_at, uris))
    for uri in (wms, *uris):
        databases.drop(uri)


def database(system: str, uri: str) -> Source:
    queries = read_queries(Path(HOME) / "systems" / system)
    return PostgresSource(system, parse_connection(system, uri), queries)


def load(warehouse: Warehouse, feed: Feed, source: Source, evening: date) -> int:
    loaded = pull(warehouse, feed, source, evening)
    accept(warehouse, feed, loaded.load_id)
    return loaded.load_id


def same(feed: Feed, here: Warehouse, there: Warehouse, *tables: str) -> None:
    for name in tables:
        columns = ", ".join(feed.table(name).column_names)
        query = f"select {columns} from raw.{name} order by {', '.join(feed.table(name).key)}"
        found = rows(here, query)
        assert found, name
        assert found == rows(there, query), name


STOCK = ("wh_stock", "wh_movement", "wh_planned_movement", "wh_reservation")


def test_the_warehouse_system_tells_what_the_erp_tells(
    played: Company, feeds: dict[str, Feed]
) -> None:
    feed = feeds["warehouse"]
    for evening in (DEMO_EVENING, None):
        day = evening or company.advance(played.erp)
        keep_warehouse(played.erp, played.wms, day)
        load(played.by_erp, feed, database("demo", played.erp), day)
        load(played.by_department, feed, database("demo_wms", played.wms), day)
        same(feed, played.by_erp, played.by_department, *STOCK)
