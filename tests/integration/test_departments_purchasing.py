"""Purchasing's workbooks tell the same as the ERP, to the last digit and the last bad row."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from daymart.contracts.model import Feed
from daymart.demo import company
from daymart.demo.departments.workbooks import keep_purchasing
from daymart.sources.protocol import Source
from tests.conftest import DEMO_EVENING, Databases, rows
from tests.departments import Company, company_of, database, drop, load, rejects, same

ODD_ROWS = """
    update erp.purchase set currency = 'EURO' where id = (select max(id) from erp.purchase);
    update erp.purchase_line set stage = '?' where purchase_id = 4001 and line_no = 1;
    update erp.purchase_line set qty = 123456789012.345678, price = 1234567890.1234, unit = 'sack'
    where purchase_id = 4002 and line_no = 1;
    update erp.purchase_transport set qty = 0.000001, carrier = '=1+1' where id = 1;
    update erp.purchase_receipt set quality = 'Z', typed_at = typed_at + interval '59 s'
    where id = 1 and line_no = 1;
    update erp.ask_reply set verdict = 'X', words = ' two' || chr(10) || 'lines '
    where ask_id = (select min(ask_id) from erp.ask_reply);
"""
"""Words nobody knows, more digits than Excel keeps in a number, texts that look like formulas."""


@pytest.fixture
def played(databases: Databases, installed_template: str, demo_source: str) -> Iterator[Company]:
    with company_of(databases, installed_template, demo_source) as company_played:
        yield company_played


@pytest.fixture
def feed(feeds: dict[str, Feed]) -> Feed:
    return feeds["purchasing"]


def workbooks(feed: Feed, folder: Path) -> Source:
    return drop(feed, "demo_purchasing", folder)


def load_both(played: Company, feed: Feed, folder: Path, evening: date) -> None:
    keep_purchasing(played.erp, folder, evening)
    load(played.by_erp, feed, database("demo", played.erp), evening)
    load(played.by_department, feed, workbooks(feed, folder), evening)


def names(feed: Feed) -> list[str]:
    return [table.name for table in feed.tables]


def test_workbooks_tell_what_the_erp_tells(played: Company, feed: Feed, tmp_path: Path) -> None:
    for evening in (DEMO_EVENING, None):
        load_both(played, feed, tmp_path, evening or company.advance(played.erp))
        same(feed, played.by_erp, played.by_department, *names(feed))


def test_digits_and_bad_rows_of_the_erp_arrive_by_workbook(
    played: Company, feed: Feed, tmp_path: Path
) -> None:
    with psycopg.connect(played.erp) as erp:
        erp.execute(ODD_ROWS)
    load_both(played, feed, tmp_path, DEMO_EVENING)
    same(feed, played.by_erp, played.by_department, *names(feed))
    found = rejects(played.by_erp)
    held = {table for table, _, _ in found}
    assert held == {"pur_order", "pur_order_line", "pur_receipt", "pur_demand_reply"}
    assert found == rejects(played.by_department)


def test_an_evening_without_news_is_a_delivery_all_the_same(
    played: Company, feed: Feed, tmp_path: Path
) -> None:
    day_after = DEMO_EVENING + timedelta(days=1)
    for evening in (DEMO_EVENING, day_after):
        load_both(played, feed, tmp_path, evening)
    first, second = sorted(tmp_path.iterdir())
    assert first.read_bytes() == second.read_bytes()
    same(feed, played.by_erp, played.by_department, *names(feed))
    evenings = "select max(as_of) from ops.load where state = 'accepted'"
    assert rows(played.by_department, evenings) == [(day_after,)]


def test_an_evening_written_again_is_the_same_file(demo_source: str, tmp_path: Path) -> None:
    keep_purchasing(demo_source, tmp_path, DEMO_EVENING)
    (book,) = tmp_path.iterdir()
    written = book.read_bytes()
    keep_purchasing(demo_source, tmp_path, DEMO_EVENING)
    assert list(tmp_path.iterdir()) == [book]
    assert book.read_bytes() == written
