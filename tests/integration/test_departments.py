"""Departments that keep their data in ways of their own tell the same as the ERP itself."""

from collections.abc import Iterator

import psycopg
import pytest

from daymart.contracts.model import Feed
from daymart.demo import company
from daymart.demo.departments.wms import keep_warehouse
from tests.conftest import DEMO_EVENING, Databases
from tests.departments import Company, company_of, database, load, rejects, same


@pytest.fixture
def played(databases: Databases, installed_template: str, demo_source: str) -> Iterator[Company]:
    with company_of(databases, installed_template, demo_source) as company_played:
        yield company_played


@pytest.fixture
def wms(databases: Databases) -> Iterator[str]:
    uri = databases.create()
    yield uri
    databases.drop(uri)


STOCK = ("wh_stock", "wh_movement", "wh_planned_movement", "wh_reservation")
DESK = ("wh_count", "wh_pick_line", "wh_pick_error")
UNKNOWN_WORDS = """
    update erp.stock_check set status = '?' where no = (select min(no) from erp.stock_check);
    update erp.pick_fault set type = 'XXX' where id = 1;
    update erp.pick_fault set seen_by = 'X' where id = 2;
"""


def test_the_warehouse_system_tells_what_the_erp_tells(
    played: Company, wms: str, feeds: dict[str, Feed]
) -> None:
    feed = feeds["warehouse"]
    for evening in (DEMO_EVENING, None):
        day = evening or company.advance(played.erp)
        keep_warehouse(played.erp, wms, day)
        load(played.by_erp, feed, database("demo", played.erp), day)
        load(played.by_department, feed, database("demo_wms", wms), day)
        same(feed, played.by_erp, played.by_department, *STOCK, *DESK)


def test_words_nobody_knows_arrive_by_the_warehouse_system(
    played: Company, wms: str, feeds: dict[str, Feed]
) -> None:
    feed = feeds["warehouse"]
    with psycopg.connect(played.erp) as erp:
        erp.execute(UNKNOWN_WORDS)
    keep_warehouse(played.erp, wms, DEMO_EVENING)
    load(played.by_erp, feed, database("demo", played.erp), DEMO_EVENING)
    load(played.by_department, feed, database("demo_wms", wms), DEMO_EVENING)
    found = rejects(played.by_erp)
    assert {table for table, _, _ in found} == {"wh_count", "wh_pick_error"}
    assert found == rejects(played.by_department)


def test_three_evenings_of_the_warehouse_one_by_one_equal_the_last_alone(
    played: Company, wms: str, feeds: dict[str, Feed]
) -> None:
    feed, one_by_one, last_alone = feeds["warehouse"], played.by_department, played.by_erp
    for _ in range(3):
        evening = company.advance(played.erp)
        keep_warehouse(played.erp, wms, evening)
        load(one_by_one, feed, database("demo_wms", wms), evening)
    load(last_alone, feed, database("demo_wms", wms), evening)
    same(feed, one_by_one, last_alone, *STOCK[1:], *DESK)
