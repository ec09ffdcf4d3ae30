"""Edge cases of supply: what a seller must see in the marts of the published demo company."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from daymart.warehouse.connect import Warehouse
from tests.conftest import Databases, warehouse_at

FIRST_DAY, EXAMPLE_ITEM = date(2026, 11, 23), "2007"


@dataclass
class Published:
    """The marts of the published company, and the names of its edge cases."""

    warehouse: Warehouse
    cases: dict[str, str]

    def ask(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Return rows of the marts as a reader sees them."""
        with (
            self.warehouse.session(None) as session,
            session.cursor(row_factory=dict_row) as cursor,
        ):
            return cursor.execute(query, values).fetchall()

    def line(self, case: str) -> list[dict[str, Any]]:
        """Return the inbound rows of the purchase line a case names."""
        po_id, line_no = self.cases[case].split("/")
        return self.ask(
            "select * from marts.inbound_supply where (po_id, line_no) = (%s, %s)"
            " order by inbound_id",
            po_id,
            int(line_no),
        )

    def promised(self, row: dict[str, Any]) -> dict[date, dict[str, Any]]:
        """Return the days of the product and warehouse of an inbound row."""
        days = self.ask(
            "select * from marts.atp_daily where (warehouse_id, product_id) = (%s, %s)",
            row["warehouse_id"],
            row["product_id"],
        )
        return {day["available_on"]: day for day in days}


@pytest.fixture(scope="module")
def published(
    databases: Databases, published_template: str, demo_template: str
) -> Iterator[Published]:
    uri, source = databases.create(published_template), databases.create(demo_template)
    with psycopg.connect(source) as session:
        cases = session.execute("select name, key from erp.demo_case").fetchall()
    yield Published(warehouse_at(uri), {name: key for name, key in cases})
    databases.drop(source)
    databases.drop(uri)


def test_date_moved_three_times_shows_first_last_and_every_step(published: Published) -> None:
    (row,) = published.line("po_date_moved_three_times")
    assert row["date_change_count"] == 3
    assert (row["absence_reason"], row["date_change_reason"]) == ("transport", "transport")
    assert row["slip_days"] == (row["expected_on"] - row["first_confirmed_on"]).days > 0
    assert row["eta_safe_on"] > row["expected_on"]
    assert row["eta_safe_basis"] in {"supplier", "category"}
    steps = published.ask(
        "select * from marts.inbound_date_changes where (po_id, line_no) = (%s, %s)"
        " order by event_no",
        row["po_id"],
        row["line_no"],
    )
    assert [step["is_first_date"] for step in steps] == [True, False, False, False]
    assert steps[0]["new_expected_on"] == row["first_confirmed_on"]
    assert steps[-1]["new_expected_on"] == row["expected_on"]
    assert [step["old_expected_on"] for step in steps[1:]] == [
        step["new_expected_on"] for step in steps[:-1]
    ]
    assert [step["absence_reason"] for step in steps] == [
        None,
        "supplier_late",
        "customs",
        "transport",
    ]


def test_overdue_and_silent_is_expected_on_no_day_and_sold_by_nobody(published: Published) -> None:
    (row,) = published.line("po_overdue_and_silent")
    assert row["is_overdue_silent"] and row["absence_reason"] == "supplier_late"
    assert row["expected_on"] < row["data_as_of"]
    assert (row["eta_safe_on"], row["free_to_sell_qty"]) == (None, 0)
    ordered = row["not_shipped_qty"]
    assert all(day["supply_qty"] < ordered for day in published.promised(row).values())


def test_split_inbound_is_here_in_part_and_on_the_way_in_part(published: Published) -> None:
    here, coming = published.line("split_inbound")
    assert (here["inbound_state"], here["in_transit_qty"]) == ("available", 0)
    assert (coming["inbound_state"], coming["received_qty"]) == ("shipped", 0)
    assert here["received_qty"] + coming["in_transit_qty"] == here["ordered_qty"]
    assert here["free_to_sell_qty"] == 0
    day = published.promised(coming)[coming["expected_on"]]
    assert day["supply_qty"] >= coming["in_transit_qty"]
    assert coming["free_to_sell_qty"] <= min(coming["in_transit_qty"], day["free_supply_qty"])


def test_received_more_than_ordered_shows_the_surplus(published: Published) -> None:
    (row,) = published.line("received_more_than_ordered")
    assert (row["ordered_qty"], row["received_qty"], row["over_qty"]) == (50, 52, 2)
    assert (row["in_transit_qty"], row["not_shipped_qty"]) == (0, 0)


def test_arrived_without_papers_is_here_under_its_receipt(published: Published) -> None:
    receipt_id, line_no = published.cases["goods_without_papers"].split("/")
    (row,) = published.ask(
        "select * from marts.inbound_supply where po_id = '' and (inbound_id, line_no) = (%s, %s)",
        receipt_id,
        int(line_no),
    )
    assert (row["place_and_title"], row["inbound_state"]) == ("goods_without_papers", "available")
    assert row["received_qty"] == 24 == row["over_qty"]
    (stock,) = published.ask(
        "select on_hand_qty from marts.stock_availability"
        " where (warehouse_id, product_id) = (%s, %s)",
        row["warehouse_id"],
        row["product_id"],
    )
    assert stock["on_hand_qty"] >= 24


def test_papers_without_goods_are_ours_and_not_to_be_shipped(published: Published) -> None:
    (row,) = published.ask(
        "select * from marts.inbound_supply where inbound_id = %s",
        published.cases["papers_without_goods"],
    )
    assert (row["place_and_title"], row["arrived_on"]) == ("papers_without_goods", None)
    assert row["title_passed_on"] <= row["data_as_of"]
    assert (row["in_transit_qty"], row["received_qty"]) == (30, 0)
    days = published.promised(row)
    eve = max(day for day in days if day < row["expected_on"])
    assert days[row["expected_on"]]["supply_qty"] == 30
    assert days[row["expected_on"]]["atp_qty"] - days[eve]["atp_qty"] == row["free_to_sell_qty"]


def test_cancelled_remainder_will_not_come_and_is_called_short(published: Published) -> None:
    (row,) = published.line("po_rest_cancelled")
    assert row["cancelled_qty"] > 0 and row["absence_reason"] == "quantity_short"
    assert row["received_qty"] + row["cancelled_qty"] == row["ordered_qty"]
    assert (row["in_transit_qty"], row["not_shipped_qty"]) == (0, 0)


def test_supplier_with_fewer_than_ten_receipts_borrows_its_categorys_slip(
    published: Published,
) -> None:
    (supplier,) = published.ask(
        "select supplier_id from raw.supplier where source_id = %s",
        published.cases["supplier_with_few_receipts"],
    )
    (known,) = published.ask(
        "select sum(receipt_count) as receipts from marts.supplier_reliability"
        " where supplier_id = %s",
        supplier["supplier_id"],
    )
    assert 1 <= known["receipts"] < 10
    awaited = published.ask(
        "select expected_on, eta_safe_on, eta_safe_basis from marts.inbound_supply"
        " where supplier_id = %s and eta_safe_on is not null",
        supplier["supplier_id"],
    )
    assert awaited and "supplier" not in {row["eta_safe_basis"] for row in awaited}
    borrowed = [row for row in awaited if row["eta_safe_basis"] == "category"]
    assert borrowed and all(row["eta_safe_on"] >= row["expected_on"] for row in borrowed)


def test_example_of_the_reference_promises_nothing_before_the_sixth_day(
    published: Published,
) -> None:
    days = published.ask(
        "select * from marts.atp_daily where product_id = %s order by available_on", EXAMPLE_ITEM
    )
    assert len(days) == 60 and days[0]["available_on"] == FIRST_DAY
    assert [day["cumulative_qty"] for day in days[:6]] == [70, 70, 10, 50, 0, 100]
    assert [day["atp_qty"] for day in days[:6]] == [0, 0, 0, 0, 0, 100]
    assert {day["first_available_on"] for day in days} == {days[5]["available_on"]}


def test_what_is_available_now_is_available_from_the_next_working_day(
    published: Published,
) -> None:
    now = published.ask("select * from marts.atp_daily where availability = 'now'")
    assert now and {day["available_from_on"] for day in now} == {None}
    assert {day["first_available_on"] for day in now} == {FIRST_DAY}
    safe = published.ask("select * from marts.atp_daily where availability_safe = 'now'")
    assert safe and {day["first_available_safe_on"] for day in safe} == {FIRST_DAY}


def test_free_to_sell_adds_up_to_no_more_than_is_free_that_day(published: Published) -> None:
    (total,) = published.ask(
        "select (select sum(free_to_sell_qty) from marts.inbound_supply) as rows_free,"
        " (select sum(free_supply_qty) from marts.atp_daily) as days_free"
    )
    assert Decimal(0) < total["rows_free"] <= total["days_free"]
