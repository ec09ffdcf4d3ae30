"""One warehouse for all hostile files of a test module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daymart.contracts.model import Feed
from daymart.warehouse.connect import Warehouse
from daymart.warehouse.install import install
from tests.conftest import Databases, warehouse_at
from tests.faults.desk import Desk
from tests.faults.hostile.case import FEED, hostile_feed


@pytest.fixture(scope="module")
def hostile_warehouse(databases: Databases, feeds: dict[str, Feed]) -> Iterator[Warehouse]:
    uri = databases.create()
    warehouse = warehouse_at(uri)
    install(warehouse, [hostile_feed(feeds[FEED])], {})
    yield warehouse
    databases.drop(uri)


@pytest.fixture
def desk(hostile_warehouse: Warehouse, feeds: dict[str, Feed], tmp_path: Path) -> Desk:
    return Desk(hostile_warehouse, hostile_feed(feeds[FEED]), tmp_path)
