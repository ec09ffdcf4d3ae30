"""Edge cases of delivery: what a seller must see in the marts of the published demo company."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.rows import dict_row

from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, Databases, warehouse_at

KYIV = ZoneInfo("Europe/Kyiv")
Row = dict[str, Any]


@dataclass
class Delivered:
    """The marts of the published company, and its ERP with the names of its edge cases."""

    warehouse: Warehouse
    erp: psycopg.Connection[Row]

    def one(self, query: str, *values: object) -> Row:
        """Return the only row of the marts that answers."""
        with (
            self.warehouse.session(None) as session,
            session.cursor(row_factory=dict_row) as cursor,
        ):
            (row,) = cursor.execute(query.encode(), values).fetchall()
        return row

    def named(self, name: str, query: str) -> Row:
        """Return the ERP's row that `query` finds by the key of a named case."""
        named = "with named as (select * from erp.demo_case where name = %s) "
        row = self.erp.execute((named + query).encode(), [name]).fetchone()
        assert row, f"the demo company has no case {name}"
        return row

    def shipment_of(self, name: str) -> str:
        """Return the shipment of a case that names a dispatch or an event of one."""
        found = self.named(
            name,
            "select coalesce(e.dispatch_id, d.id) as id from named"
            " left join erp.dispatch_event as e"
            " on named.table_name = 'dispatch_event' and e.id::text = named.key"
            " left join erp.dispatch as d"
            " on named.table_name = 'dispatch' and d.id::text = named.key",
        )
        return str(found["id"])

    def shipment(self, name: str) -> Row:
        """Return what sellers see of the one line of a case's shipment."""
        return self.one(
            "select * from marts.shipments_daily where shipment_id = %s", self.shipment_of(name)
        )

    def line(self, order_id: object, line_no: object = 1) -> Row:
        """Return what sellers see of an order line."""
        return self.one(
            "select * from marts.delivery_otif where (order_id, order_line_no) = (%s, %s)",
            str(order_id),
            line_no,
        )

    def promised(self, name: str) -> tuple[Row, list[Row]]:
        """Return the order line of a case that names a promise, and all its promises."""
        found = self.named(
            name,
            "select p.sale_id, p.line_no from named join erp.sale_promise as p"
            " on p.id::text = named.key",
        )
        promises = self.erp.execute(
            "select * from erp.sale_promise where (sale_id, line_no) = (%s, %s)"
            " order by given_at, id",
            [found["sale_id"], found["line_no"]],
        ).fetchall()
        return self.line(found["sale_id"], found["line_no"]), promises


@pytest.fixture(scope="module")
def delivered(
    databases: Databases, published_template: str, demo_template: str
) -> Iterator[Delivered]:
    uri, source = databases.create(published_template), databases.create(demo_template)
    with psycopg.connect(source, row_factory=dict_row) as erp:
        yield Delivered(warehouse_at(uri), erp)
    databases.drop(uri)
    databases.drop(source)


def test_shipped_friday_is_shown_on_monday(delivered: Delivered) -> None:
    row = delivered.shipment("shipped_before_the_weekend")

    assert row["issued_on"].isoweekday() == 5
    assert row["shown_on"] == row["issued_on"] + timedelta(days=3)
    assert not row["is_in_morning_window"], "that Friday was another week's"


def test_today_monday_shows_what_left_since_friday(delivered: Delivered) -> None:
    window = delivered.one(
        "select min(issued_on) as first, max(issued_on) as last, min(shown_on) as first_shown,"
        " max(shown_on) as last_shown from marts.shipments_daily where is_in_morning_window"
    )
    assert DEMO_EVENING.isoweekday() == 5
    assert window == {
        "first": DEMO_EVENING,
        "last": DEMO_EVENING + timedelta(days=1),
        "first_shown": DEMO_EVENING + timedelta(days=3),
        "last_shown": DEMO_EVENING + timedelta(days=3),
    }


def test_shipped_saturday_is_read_on_monday_and_counts_from_monday_evening(
    delivered: Delivered,
) -> None:
    row = delivered.shipment("shipped_at_the_weekend")

    assert row["issued_on"] == DEMO_EVENING + timedelta(days=1)
    assert (row["is_in_morning_window"], row["delivery_state"]) == (True, "in_transit")
    line = delivered.line(row["order_id"], row["order_line_no"])
    assert (line["shipped_qty"], line["open_qty"]) == (0, row["shipped_qty"])
    board = delivered.one(
        "select open_qty from marts.order_line_board where (order_id, order_line_no) = (%s, %s)",
        row["order_id"],
        row["order_line_no"],
    )
    assert board["open_qty"] == row["shipped_qty"]


def test_cancelled_shipment_next_day_leaves_both_rows_and_an_open_line(
    delivered: Delivered,
) -> None:
    back = delivered.shipment("shipment_cancelled_next_day")
    first = delivered.one(
        "select * from marts.shipments_daily where shipment_id = %s", back["cancelled_shipment_id"]
    )
    line = delivered.line(back["order_id"], back["order_line_no"])

    assert back["shipped_qty"] == -first["shipped_qty"] < 0
    assert (back["delivery_state"], first["delivery_state"]) == ("cancellation", "cancelled")
    assert first["cancelled_on"] == back["issued_on"] == first["issued_on"] + timedelta(days=1)
    assert (first["punctuality"], back["punctuality"]) == (None, None)
    assert (line["shipped_qty"], line["open_qty"]) == (0, line["ordered_qty"])
    assert line["requested_outcome"] == "late" and line["last_promised_outcome"] == "not_due"
    assert not line["is_final"]


def test_open_quantities_are_those_of_the_board(delivered: Delivered) -> None:
    row = delivered.one(
        "select status from ops.build_result"
        " where node_id = 'test.daymart.open_quantities_are_those_of_the_board'"
    )
    assert row["status"] == "pass"


def test_two_partials_second_late_is_on_time_but_never_in_full(delivered: Delivered) -> None:
    key = delivered.named("two_partials_second_late", "select key from named")["key"]
    row = delivered.line(*key.split("/"))

    assert row["delivered_qty"] == row["ordered_qty"] and row["completed_on"]
    assert row["completed_on"] > row["requested_due_on"]
    assert row["requested_outcome"] == "short"
    assert (row["is_on_time_requested"], row["is_in_full_requested"]) == (True, False)
    assert row["otif_requested"] is False and row["is_final"]
    assert row["first_fill_rate"] == Decimal("0.6")


def test_over_delivery_shows_both_quantities_and_is_no_success(delivered: Delivered) -> None:
    shipment = delivered.shipment("over_delivery")
    line = delivered.line(shipment["order_id"], shipment["order_line_no"])

    assert (shipment["delivery_state"], shipment["punctuality"]) == ("difference", "on_time")
    assert line["our_qty"] == line["ordered_qty"] + 1 == line["delivered_qty"]
    assert (line["over_delivered_qty"], line["pod_state"]) == (1, "difference_reported")
    assert (line["requested_outcome"], line["otif_requested"]) == ("over", False)
    assert line["dispute_state"] in ("open", "settled") and line["dispute_case_id"]


def test_refusal_is_no_delivery_and_is_disputed(delivered: Delivered) -> None:
    shipment = delivered.shipment("refused_at_the_door")
    line = delivered.line(shipment["order_id"], shipment["order_line_no"])

    assert shipment["punctuality"] == shipment["pod_state"] == "refused"
    assert (shipment["delivered_on"], line["delivered_qty"]) == (None, 0)
    assert line["refused_qty"] == shipment["shipped_qty"]
    assert (line["requested_outcome"], line["otif_requested"]) == ("refused", False)
    assert line["dispute_state"] is not None


def test_pod_after_ten_days_counts_for_the_day_of_delivery(delivered: Delivered) -> None:
    shipment = delivered.shipment("proof_after_ten_days")
    line = delivered.line(shipment["order_id"], shipment["order_line_no"])

    assert shipment["proof_at"] - shipment["delivered_at"] >= timedelta(days=10)
    assert (shipment["punctuality"], shipment["pod_state"]) == ("on_time", "confirmed")
    assert line["completed_on"] == line["requested_due_on"]
    assert line["otif_requested"] and line["is_final"]


def test_no_pod_is_unconfirmed_and_never_on_time(delivered: Delivered) -> None:
    shipment = delivered.shipment("proof_never_came")
    line = delivered.line(shipment["order_id"], shipment["order_line_no"])

    assert shipment["punctuality"] == "unconfirmed"
    assert (line["requested_outcome"], line["pod_state"]) == ("unconfirmed", "awaited")
    assert (line["is_on_time_requested"], line["delivered_qty"]) == (False, 0)
    assert not line["is_final"], "a proof may still come"


def test_customer_changed_the_date_sets_a_new_base(delivered: Delivered) -> None:
    line, promises = delivered.promised("promise_moved_by_customer")
    wish = max(p["day"] for p in promises if p["by_customer"])

    assert line["first_promised_on"] == promises[0]["day"] < wish
    assert line["requested_due_on"] == line["first_promised_due_on"] == wish


def test_we_changed_the_date_moves_the_last_base_only(delivered: Delivered) -> None:
    line, promises = delivered.promised("promise_moved_by_us")

    assert not any(p["by_customer"] for p in promises)
    assert line["requested_due_on"] == line["requested_on"]
    assert line["first_promised_due_on"] == line["first_promised_on"] == promises[0]["day"]
    assert line["last_promised_on"] == promises[-1]["day"] > promises[0]["day"]


def test_daylight_saving_night_changes_hours_but_no_day(delivered: Delivered) -> None:
    row = delivered.shipment("daylight_saving_night")

    left, came = row["issued_at"].astimezone(KYIV), row["delivered_at"].astimezone(KYIV)
    assert left.utcoffset() != came.utcoffset(), "the clocks moved while it was on the road"
    assert (row["issued_on"], row["delivered_on"]) == (left.date(), came.date())
    assert row["delivered_on"] == row["planned_delivery_on"] and row["punctuality"] == "on_time"


def test_night_shift_after_cut_off_keeps_its_day_and_is_planned_for_the_next(
    delivered: Delivered,
) -> None:
    row = delivered.shipment("night_shift_after_the_cut_off")

    assert row["issued_on"] == row["issued_at"].astimezone(KYIV).date()
    assert row["planning_on"] == row["shown_on"] > row["issued_on"]


def test_quarantine_return_is_held_until_it_is_inspected(delivered: Delivered) -> None:
    key = delivered.named("quarantine_return", "select key from named")["key"]
    rma_id, line_no = key.split("/")
    row = delivered.one(
        "select * from marts.returns_quality where (rma_id, line_no) = (%s, %s)", rma_id, line_no
    )
    assert (row["return_state"], row["inspected_on"]) == ("received", None)
    assert row["quarantine_qty"] == row["received_qty"] == row["returned_qty"] > 0
    assert row["days_in_state"] == (DEMO_EVENING - row["received_on"]).days
    assert not row["is_over_returned"]


def test_return_lowers_the_month_its_goods_were_delivered_in(delivered: Delivered) -> None:
    key = delivered.named("quarantine_return", "select key from named")["key"]
    row = delivered.one(
        "select q.*, r.returned_line_count, r.returned_qty as cohort_qty"
        " from marts.returns_quality as q join marts.return_rates as r"
        " on r.customer_id = q.customer_id"
        " and r.delivered_month_on = date_trunc('month', q.delivered_on)::date"
        " where (q.rma_id, q.line_no) = (%s, %s)",
        *key.split("/"),
    )
    assert row["delivered_on"] < row["received_on"]
    assert row["returned_line_count"] >= 1 and row["cohort_qty"] >= row["returned_qty"]


def test_final_lines_have_no_day_ahead_and_nothing_open(delivered: Delivered) -> None:
    row = delivered.one(
        "select count(*) as lines, sum(open_qty) as open_qty,"
        " max(greatest(requested_due_on, last_promised_due_on)) as last_due"
        " from marts.delivery_otif where is_final and requested_outcome <> 'cancelled'"
    )
    assert row["lines"] > 0 and row["open_qty"] == 0
    assert row["last_due"] <= DEMO_EVENING
