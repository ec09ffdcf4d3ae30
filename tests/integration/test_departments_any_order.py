"""Ten evenings of the departments: in turn, in any order or at once, raw is the same."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from daymart.contracts.model import Feed
from daymart.demo import company
from daymart.demo.departments.crm import keep_crm
from daymart.demo.departments.logistics import keep_logistics
from daymart.demo.departments.wms import keep_warehouse
from daymart.demo.departments.workbooks import keep_purchasing
from daymart.demo.odata_server import Service, serve, sets_in
from daymart.sources.protocol import Source
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, Databases, warehouse_at
from tests.departments import database, drop, load, rejects, same, service_source

DAYS = 10
FILES_KEPT_BY = {"logistics": keep_logistics, "purchasing": keep_purchasing}
ASKED = ("accounting", "warehouse", "crm")
EVENINGS_LISTS = {"wh_stock", "acc_balance_control"}
"""Lists that a system can tell of its last evening only: files keep them, a database does not."""


@dataclass(frozen=True)
class Played:
    """Ten days of one company: what folders gained, and systems that were asked each evening."""

    erp: str
    wms: str
    files: dict[str, dict[date, list[Path]]]
    asked_daily: dict[str, Warehouse]

    @property
    def evenings(self) -> list[date]:
        return list(self.files["logistics"])

    @contextmanager
    def system(self, name: str) -> Iterator[Source]:
        """Offer the system that keeps a feed, as it is now."""
        if name == "crm":
            with serve(Service(self.erp, sets_in(self.erp, "odata"), most=1000)) as url:
                yield service_source(url)
        else:
            keeper = ("demo_wms", self.wms) if name == "warehouse" else ("demo", self.erp)
            yield database(*keeper)

    def keep(self, folders: Path, evening: date) -> None:
        """Let the departments take the day over into what they keep themselves."""
        keep_warehouse(self.erp, self.wms, evening)
        keep_crm(self.erp)
        for name, keep in FILES_KEPT_BY.items():
            folder = folders / name
            folder.mkdir(exist_ok=True)
            before = set(folder.iterdir())
            keep(self.erp, folder, evening)
            self.files[name][evening] = sorted(set(folder.iterdir()) - before)


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def played(
    databases: Databases,
    demo_template: str,
    feeds: dict[str, Feed],
    new_warehouse: Callable[[], Warehouse],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Played]:
    folders = tmp_path_factory.mktemp("folders")
    told = Played(
        erp=databases.create(demo_template),
        wms=databases.create(),
        files={name: {} for name in FILES_KEPT_BY},
        asked_daily={name: new_warehouse() for name in ASKED},
    )
    evening = DEMO_EVENING
    for day in range(DAYS + 1):
        evening = company.advance(told.erp) if day else evening
        told.keep(folders, evening)
        for name in ASKED:
            with told.system(name) as source:
                load(told.asked_daily[name], feeds[name], source, evening)
    yield told
    databases.drop(told.erp)
    databases.drop(told.wms)


@pytest.mark.parametrize("name", FILES_KEPT_BY)
def test_files_of_ten_evenings_in_any_order_or_at_once_give_the_raw_rows_of_one_by_one(
    played: Played,
    feeds: dict[str, Feed],
    new_warehouse: Callable[[], Warehouse],
    tmp_path: Path,
    name: str,
) -> None:
    feed, (first, *days) = feeds[name], played.evenings

    def delivered(how: str, deliveries: list[list[date]]) -> Warehouse:
        warehouse, folder, newest = new_warehouse(), tmp_path / how, first
        folder.mkdir()
        for evenings in deliveries:
            for path in (path for evening in evenings for path in played.files[name][evening]):
                shutil.copy2(path, folder)
            newest = max(newest, *evenings)
            load(warehouse, feed, drop(feed, f"demo_{name}", folder), newest)
        return warehouse

    shuffled = random.Random(DAYS).sample(days, DAYS)
    one_by_one = delivered("one by one", [[evening] for evening in played.evenings])
    for other in (
        delivered("shuffled", [[first], *([day] for day in shuffled)]),
        delivered("at once", [played.evenings]),
    ):
        same(feed, one_by_one, other, *(table.name for table in feed.tables))
        assert rejects(one_by_one) == rejects(other)


@pytest.mark.parametrize("name", ASKED)
def test_a_system_asked_each_evening_told_what_it_tells_once_on_the_last(
    played: Played, feeds: dict[str, Feed], new_warehouse: Callable[[], Warehouse], name: str
) -> None:
    feed, last_alone, daily = feeds[name], new_warehouse(), played.asked_daily[name]
    with played.system(name) as source:
        load(last_alone, feed, source, played.evenings[-1])
    same(feed, daily, last_alone, *(t.name for t in feed.tables if t.name not in EVENINGS_LISTS))
    assert rejects(daily) == rejects(last_alone)
