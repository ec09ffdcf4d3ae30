"""The daily files of logistics tell what the ERP tells."""

import json
import os
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from daymart.contracts.model import Feed
from daymart.demo import company
from daymart.demo.departments.logistics import keep_logistics
from daymart.errors import ContractError, SourceUnavailable
from daymart.sources.protocol import Source
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, Databases, rows, warehouse_at
from tests.departments import Company, company_of, database, drop, load, rejects, same

TABLES = ("lg_shipment", "lg_shipment_line", "lg_delivery_event", "route")
KINDS = ("отгрузки", "строки", "события", "маршруты")
LAST_DAYS = 10


@pytest.fixture
def played(databases: Databases, installed_template: str, demo_source: str) -> Iterator[Company]:
    with company_of(databases, installed_template, demo_source) as company_played:
        yield company_played


@pytest.fixture(scope="module")
def history(
    databases: Databases, demo_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Offer the files logistics left in the first evening."""
    uri = databases.create(demo_template)
    folder = tmp_path_factory.mktemp("history")
    keep_logistics(uri, folder, DEMO_EVENING)
    databases.drop(uri)
    return folder


@pytest.fixture
def warehouse(databases: Databases, installed_template: str) -> Iterator[Warehouse]:
    uri = databases.create(installed_template)
    yield warehouse_at(uri)
    databases.drop(uri)


def folder_source(feed: Feed, folder: Path) -> Source:
    return drop(feed, "demo_logistics", folder)


def days_of(folder: Path) -> list[str]:
    return sorted(path.stem.rpartition("_")[2] for path in folder.glob("отгрузки_*.csv"))


def put(history: Path, folder: Path, days: list[str]) -> None:
    for path in history.iterdir():
        if any(f"_{day}." in path.name for day in days):
            shutil.copy2(path, folder)


def test_the_files_of_logistics_tell_what_the_erp_tells(
    played: Company, tmp_path: Path, feeds: dict[str, Feed]
) -> None:
    feed, folder = feeds["logistics"], tmp_path / "logistics"
    for evening in (DEMO_EVENING, None):
        day = evening or company.advance(played.erp)
        keep_logistics(played.erp, folder, day)
        load(played.by_erp, feed, database("demo", played.erp), day)
        load(played.by_department, feed, folder_source(feed, folder), day)
        same(feed, played.by_erp, played.by_department, *TABLES)
        assert len(rejects(played.by_erp)) == 1
        assert rejects(played.by_erp) == rejects(played.by_department)
    assert len(days_of(folder)) == 41


def test_the_first_evening_leaves_a_file_for_each_day_and_a_second_call_none(
    demo_source: str, tmp_path: Path
) -> None:
    keep_logistics(demo_source, tmp_path, DEMO_EVENING)
    left = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert len(left) == 40 * len(KINDS) * 2
    keep_logistics(demo_source, tmp_path, DEMO_EVENING)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == left
    lines = (tmp_path / "строки_20261120.csv").read_text("cp1251").splitlines()
    manifest = json.loads((tmp_path / "строки_20261120.manifest.json").read_text())
    numbers = [Decimal(line.split(";")[5].replace(",", ".")) for line in lines[1:]]
    assert manifest["row_count"] == len(numbers) > 0
    assert Decimal(manifest["control_total"]) == sum(numbers)


def test_a_correction_of_an_earlier_day_comes_with_the_next_file(
    played: Company, tmp_path: Path, feeds: dict[str, Feed]
) -> None:
    keep_logistics(played.erp, tmp_path, DEMO_EVENING)
    feed = feeds["logistics"]
    load(played.by_department, feed, folder_source(feed, tmp_path), DEMO_EVENING)
    day = company.advance(played.erp)
    with psycopg.connect(played.erp) as erp:
        (oldest,) = erp.execute(
            "update erp.dispatch set carrier = 'Ёлка → 2'"
            " where id = (select min(id) from erp.dispatch) returning id::text"
        ).fetchone() or ("",)
    keep_logistics(played.erp, tmp_path, day)
    load(played.by_department, feed, folder_source(feed, tmp_path), day)
    query = "select carrier, _file from raw.lg_shipment where shipment_id = %s"
    assert rows(played.by_department, query, oldest) == [("Ёлка ? 2", f"отгрузки_{day:%Y%m%d}.csv")]


def test_the_same_files_delivered_again_change_nothing(
    warehouse: Warehouse, history: Path, tmp_path: Path, feeds: dict[str, Feed]
) -> None:
    feed = feeds["logistics"]
    put(history, tmp_path, days_of(history)[-LAST_DAYS:])
    load(warehouse, feed, folder_source(feed, tmp_path), DEMO_EVENING)
    before = rows(warehouse, "select shipment_id, _load_id from raw.lg_shipment order by 1")
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes())
    again = load(warehouse, feed, folder_source(feed, tmp_path), DEMO_EVENING)
    assert before == rows(warehouse, "select shipment_id, _load_id from raw.lg_shipment order by 1")
    query = "select bool_or(is_provided) from ops.load_table where load_id = %s"
    assert rows(warehouse, query, again) == [(False,)]


@pytest.mark.parametrize(
    ("age", "error"), [(0, SourceUnavailable), (3600, ContractError)], ids=["young", "old"]
)
def test_a_file_its_manifest_does_not_describe_is_refused(
    warehouse: Warehouse,
    history: Path,
    tmp_path: Path,
    feeds: dict[str, Feed],
    age: int,
    error: type[Exception],
) -> None:
    feed = feeds["logistics"]
    put(history, tmp_path, days_of(history)[-1:])
    path = tmp_path / f"строки_{DEMO_EVENING:%Y%m%d}.csv"
    path.write_bytes(path.read_bytes().replace("шт".encode("cp1251"), "кг".encode("cp1251"), 1))
    changed = path.stat().st_mtime - age
    os.utime(path, (changed, changed))
    with pytest.raises(error, match="SHA-256"):
        load(warehouse, feed, folder_source(feed, tmp_path), DEMO_EVENING)
    assert rows(warehouse, "select count(*) from raw.lg_shipment_line") == [(0,)]


def test_a_file_with_fewer_rows_than_promised_is_refused(
    warehouse: Warehouse, history: Path, tmp_path: Path, feeds: dict[str, Feed]
) -> None:
    feed = feeds["logistics"]
    put(history, tmp_path, days_of(history)[-1:])
    path = tmp_path / f"события_{DEMO_EVENING:%Y%m%d}.manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"row_count": manifest["row_count"] + 1}))
    with pytest.raises(ContractError, match="by its manifest"):
        load(warehouse, feed, folder_source(feed, tmp_path), DEMO_EVENING)
