"""The order line board: what a seller must see of open lines in the published demo company."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, Databases, warehouse_at

Row = dict[str, Any]
AREAS = ("payment", "stock", "supply", "reservation", "case", "delivery")


@dataclass
class Board:
    """The marts of the published company, and the order lines its ERP names."""

    warehouse: Warehouse
    cases: dict[str, str]

    def ask(self, query: str, *values: object) -> list[Row]:
        """Return rows of the marts as a reader sees them."""
        with (
            self.warehouse.session(None) as session,
            session.cursor(row_factory=dict_row) as cursor,
        ):
            return cursor.execute(query.encode(), values).fetchall()

    def first(self, condition: str) -> Row:
        """Return the first line of the board of which `condition` is true."""
        found = self.ask(
            f"select * from marts.order_line_board where {condition}"
            " order by order_id, order_line_no limit 1"
        )
        assert found, f"no line of the demo company has {condition}"
        return found[0]


@pytest.fixture(scope="module")
def board(databases: Databases, published_template: str, demo_template: str) -> Iterator[Board]:
    uri, source = databases.create(published_template), databases.create(demo_template)
    with psycopg.connect(source) as session:
        cases = session.execute("select name, key from erp.demo_case").fetchall()
    yield Board(warehouse_at(uri), dict(cases))
    databases.drop(source)
    databases.drop(uri)


def test_payment_stop_says_why_and_what_lifts_it(board: Board) -> None:
    row = board.first("payment_finding = 'overdue_material'")
    accounts = board.ask(
        "select * from marts.receivables_customer where customer_id = %s", row["customer_id"]
    )

    assert row["payment_status"] == row["line_status"] == "stop"
    assert row["stop_reasons"] in {account["stop_reasons"] for account in accounts}
    lifts = [a["overdue_lift_amount"] for a in accounts if a["overdue_lift_amount"] is not None]
    assert row["payment_lift_amount"] >= max(lifts) > 0
    assert row["is_lifted_by_payment"] is True
    assert (row["next_action_code"], row["urgent_area"]) == ("collect_overdue", "payment")
    assert row["ask_id"] == row["payment_ask_id"] == "E008"


def test_stop_by_hand_is_lifted_by_no_payment(board: Board) -> None:
    row = board.first("payment_finding in ('blocked_by_hand', 'risk_flag')")

    assert row["payment_status"] == "stop" and row["is_lifted_by_payment"] is False
    assert row["next_action_code"] in {"ask_why_blocked", "ask_security"}


def test_stock_doubt_names_the_count_and_what_is_safe(board: Board) -> None:
    count_id = board.cases["count_loss_endangers_orders"].split("/")[0]
    rows = board.ask(
        "select * from marts.order_line_board where endangered_count_id = %s"
        " order by endangered_qty",
        count_id,
    )

    assert [(row["customer_id"], row["endangered_qty"]) for row in rows] == [
        ("C0210", 10),
        ("C0209", 30),
    ]
    for row in rows:
        assert (row["stock_status"], row["stock_finding"]) == ("stop", "count_loss")
        assert (row["free_qty"], row["promise_safe_qty"]) == (10, 0)
        assert row["stock_ask_name"] == "Roman Melnyk"
        assert row["stock_ask_deputy_name"] == "Lena Fischer"


def test_late_supply_is_the_purchase_that_completes_the_line(board: Board) -> None:
    row = board.first("supply_finding = 'supply_late' and po_id <> ''")
    (inbound,) = board.ask(
        "select * from marts.inbound_supply where (po_id, line_no, inbound_id) = (%s, %s, %s)",
        row["po_id"],
        row["po_line_no"],
        row["inbound_id"],
    )

    assert 0 < row["lack_qty"] <= row["open_qty"]
    assert (row["eta_on"], row["slip_days"]) == (inbound["expected_on"], inbound["slip_days"])
    assert row["eta_safe_on"] == inbound["eta_safe_on"] >= row["eta_on"]
    assert row["supply_status"] == "stop" and row["supply_ask_id"] == "E009"


def test_deprived_line_names_who_allowed_the_reservation(board: Board) -> None:
    order_id, line_no = board.cases["deprived_order"].split("/")
    (row,) = board.ask(
        "select * from marts.order_line_board where (order_id, order_line_no) = (%s, %s)",
        order_id,
        int(line_no),
    )

    assert (row["reservation_status"], row["reservation_finding"]) == ("stop", "deprived")
    assert row["deprived_qty"] == 50
    assert row["depriving_reservation_id"] == board.cases["reservation_deprives_an_order"]
    assert (row["deprived_by_name"], row["deprival_approved_by_name"]) == (
        "Olena Bondar",
        "Oleh Marchenko",
    )


def test_open_case_names_who_has_not_finished(board: Board) -> None:
    row = board.first("case_id is not null")
    legs = board.ask("select * from raw.case_leg where case_id = %s", row["case_id"])
    departments = row["case_departments"].split(", ")

    assert row["case_status"] in {"watch", "stop"} and row["open_case_count"] >= 1
    assert set(departments) <= {leg["department_id"] for leg in legs}
    assert row["case_ask_id"] in {
        leg["owner_id"] for leg in legs if leg["department_id"] in departments
    }
    assert row["case_age_days"] == (DEMO_EVENING - row["case_opened_on"]).days


def test_two_troubles_of_one_line_meet_and_the_first_to_act_on_is_named(board: Board) -> None:
    stops = [f"({area}_status = 'stop')::integer" for area in AREAS]
    row = board.first(" + ".join(stops) + " >= 2")
    red = [area for area in AREAS if row[f"{area}_status"] == "stop"]

    assert row["line_status"] == "stop" and row["urgent_area"] in red
    assert row["ask_id"] == row[f"{row['urgent_area']}_ask_id"]
    findings = board.ask(
        "select finding, action from staging.board_finding where finding = any(%s)"
        " order by priority",
        [row[f"{area}_finding"] for area in AREAS],
    )
    assert findings[0] == {"finding": row["urgent_finding"], "action": row["next_action"]}


def test_line_without_trouble_asks_for_nothing(board: Board) -> None:
    row = board.first("line_status = 'ok'")

    assert row["next_action_code"] == "none" and row["urgent_area"] is None
    assert [row[f"{area}_status"] for area in AREAS] == ["ok"] * len(AREAS)
    assert [row[f"{area}_ask_id"] for area in AREAS] == [None] * len(AREAS)
    assert row["ask_id"] is None
