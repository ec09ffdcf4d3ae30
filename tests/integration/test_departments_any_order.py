"""Ten evenings of a department's files: in turn, in any order or at once, raw is the same."""

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from daymart.contracts.model import Feed
from daymart.demo import company
from daymart.demo.departments.logistics import keep_logistics
from daymart.demo.departments.workbooks import keep_purchasing
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, Databases, warehouse_at
from tests.departments import drop, load, rejects, same

DAYS = 10
KEPT_BY = {"logistics": keep_logistics, "purchasing": keep_purchasing}
Arrivals = dict[date, list[Path]]


@pytest.fixture(scope="module")
def files(
    databases: Databases, demo_template: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Arrivals]:
    """Let ten days happen; return what each department's folder gained on each evening."""
    erp, evening = databases.create(demo_template), DEMO_EVENING
    folders = {name: tmp_path_factory.mktemp(name) for name in KEPT_BY}
    gained: dict[str, Arrivals] = {name: {} for name in KEPT_BY}
    for day in range(DAYS + 1):
        evening = company.advance(erp) if day else evening
        for name, keep in KEPT_BY.items():
            before = set(folders[name].iterdir())
            keep(erp, folders[name], evening)
            gained[name][evening] = sorted(set(folders[name].iterdir()) - before)
    databases.drop(erp)
    return gained


@pytest.fixture
def new_warehouse(
    databases: Databases, installed_template: str
) -> Iterator[Callable[[], Warehouse]]:
    uris: list[str] = []

    def make() -> Warehouse:
        uris.append(databases.create(installed_template))
        return warehouse_at(uris[-1])

    yield make
    for uri in uris:
        databases.drop(uri)


@pytest.mark.parametrize("name", KEPT_BY)
def test_files_of_ten_evenings_in_any_order_or_at_once_give_the_raw_rows_of_one_by_one(
    files: dict[str, Arrivals],
    feeds: dict[str, Feed],
    new_warehouse: Callable[[], Warehouse],
    tmp_path: Path,
    name: str,
) -> None:
    feed, (first, *days) = feeds[name], files[name]

    def delivered(how: str, deliveries: list[list[date]]) -> Warehouse:
        warehouse, folder, newest = new_warehouse(), tmp_path / how, first
        folder.mkdir()
        for evenings in deliveries:
            for path in (path for evening in evenings for path in files[name][evening]):
                shutil.copy2(path, folder)
            newest = max(newest, *evenings)
            load(warehouse, feed, drop(feed, f"demo_{name}", folder), newest)
        return warehouse

    shuffled = random.Random(DAYS).sample(days, DAYS)
    one_by_one = delivered("one by one", [[evening] for evening in (first, *days)])
    for other in (
        delivered("shuffled", [[first], *([day] for day in shuffled)]),
        delivered("at once", [[first, *days]]),
    ):
        same(feed, one_by_one, other, *(table.name for table in feed.tables))
        assert rejects(one_by_one) == rejects(other)
