"""The files of Adventure Works through the real load, held against a count of them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.integration.real_files import Desk, Folder, Opened, all_loaded, grouped, records, total

ADVENTUREWORKS_EVENING = date(2025, 9, 21)


@pytest.fixture(scope="module")
def adventureworks(opened: Opened, shared_data: Path) -> Desk:
    desk = opened(Folder.of("adventureworks"))
    desk.load(["reference", "warehouse", "purchasing", "plan"], ADVENTUREWORKS_EVENING)
    return desk


@pytest.fixture(scope="module")
def purchases(shared_data: Path) -> dict[str, list[dict[str, str]]]:
    """Offer Adventure Works' purchase lines by their order's status."""
    folder = shared_data / "adventureworks_purchasing_stock"
    heads = records(folder / "Purchasing.PurchaseOrderHeader.csv")
    status = {head["PurchaseOrderID"]: head["Status"] for head in heads}
    lines: dict[str, list[dict[str, str]]] = {"1": [], "2": [], "3": [], "4": []}
    for line in records(folder / "Purchasing.PurchaseOrderDetail.csv"):
        lines[status[line["PurchaseOrderID"]]].append(line)
    return lines


def test_adventureworks_rows_are_loaded_but_for_pending_orders(
    adventureworks: Desk, purchases: dict[str, list[dict[str, str]]]
) -> None:
    files = {name: len(records(path)) for name, path in adventureworks.folder.entities.items()}
    complete = purchases["4"]
    receipts = sum(Decimal(x["StockedQty"]) != 0 for x in complete)
    returns = sum(Decimal(x["RejectedQty"]) != 0 for x in complete)
    assert (files["purchase_order_header"], files["purchase_order_detail"]) == (4012, 8845)
    assert all_loaded(adventureworks) == {
        "site": 1,
        "warehouse": files["location"],
        "customer": files["customer"],
        "supplier": files["vendor"],
        "product": files["product"],
        "fx_rate": 13_532,
        "sales_plan": 163,
        "wh_stock": files["product_inventory"],
        "pur_order": 4012 - 225,
        "pur_order_line": 8845 - len(purchases["1"]),
        "pur_receipt": receipts + returns,
    }


def test_adventureworks_status_and_not_received_qty_decides_what_came(
    adventureworks: Desk, purchases: dict[str, list[dict[str, str]]]
) -> None:
    assert all(total(lines, "ReceivedQty") > 0 for lines in purchases.values())
    assert adventureworks.number("sum(qty) from raw.pur_receipt") == total(
        purchases["4"], "ReceivedQty"
    )
    assert adventureworks.groups("quality_status", "pur_receipt", "sum(qty)") == {
        "usable": total(purchases["4"], "StockedQty"),
        "return_hold": total(purchases["4"], "RejectedQty"),
    }
    assert adventureworks.groups("state", "pur_order_line", "sum(qty)") == {
        "confirmed": total(purchases["2"], "OrderQty"),
        "cancelled": total(purchases["3"], "OrderQty"),
        "received": total(purchases["4"], "OrderQty"),
    }


def test_adventureworks_what_a_complete_order_lacks_will_not_come(
    adventureworks: Desk, purchases: dict[str, list[dict[str, str]]]
) -> None:
    short = total(purchases["4"], "OrderQty") - total(purchases["4"], "ReceivedQty")
    assert adventureworks.groups("state", "pur_order_line", "sum(cancelled_qty)") == {
        "confirmed": 0,
        "cancelled": total(purchases["3"], "OrderQty"),
        "received": short,
    }
    assert adventureworks.ask(
        "select count(*) from raw.pur_order_line as l where state = 'received' and l.qty <>"
        " l.cancelled_qty + (select coalesce(sum(r.qty), 0) from raw.pur_receipt as r"
        " where r.po_id = l.po_id and r.po_line_no = l.line_no)"
    ) == [(0,)]


def test_adventureworks_money_and_stock_are_those_of_the_files(
    adventureworks: Desk, purchases: dict[str, list[dict[str, str]]], shared_data: Path
) -> None:
    worth = sum(total(purchases[status], "LineTotal") for status in "234")
    assert adventureworks.number("sum(qty * price) from raw.pur_order_line") == worth
    path = adventureworks.folder.entities["product_inventory"]
    assert adventureworks.groups("warehouse_id", "wh_stock", "sum(qty)") == grouped(
        records(path), "LocationID", "Quantity"
    )


def test_adventureworks_each_rate_is_turned_round_to_its_last_digit(adventureworks: Desk) -> None:
    path = adventureworks.folder.entities["currency_rate"]
    expected = {
        (r["ToCurrencyCode"], r["CurrencyRateDate"][:10]): round(
            1000 / Decimal(r["EndOfDayRate"]), 8
        )
        for r in records(path)
    }
    found = adventureworks.ask("select currency, rate_date::text, rate, nominal from raw.fx_rate")
    assert {(currency, day): rate for currency, day, rate, _ in found} == expected
    assert {nominal for *_, nominal in found} == {1000}


def test_adventureworks_quotas_add_up_per_day_and_leave_no_day_without_one(
    adventureworks: Desk,
) -> None:
    quotas = records(adventureworks.folder.entities["sales_person_quota"])
    assert adventureworks.number("sum(value) from raw.sales_plan") == total(quotas, "SalesQuota")
    assert adventureworks.groups("period_start::text", "sales_plan", "sum(value)") == {
        day[:10]: quota for day, quota in grouped(quotas, "QuotaDate", "SalesQuota").items()
    }
    assert adventureworks.groups("slice::json ->> 'employee'", "sales_plan", "sum(value)") == (
        grouped(quotas, "BusinessEntityID", "SalesQuota")
    )
    gaps = "lead(period_start) over (order by period_start) - period_end"
    periods = "(select distinct period_start, period_end from raw.sales_plan) as p"
    assert adventureworks.ask(f"select {gaps} from {periods}") == [(1,)] * 11 + [(None,)]  # noqa: S608


@pytest.fixture(scope="module")
def marts(adventureworks: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Offer the company with its marts built."""
    marts = ("inbound_supply", "atp_daily", "stock_availability", "supplier_reliability")
    adventureworks.build(ADVENTUREWORKS_EVENING, tmp_path_factory.mktemp("dbt"), *marts)
    return adventureworks


def test_adventureworks_in_transit_respects_status(
    marts: Desk, purchases: dict[str, list[dict[str, str]]]
) -> None:
    """ReceivedQty is filled for orders nobody received: only a complete order was."""
    awaited = marts.ask(
        "select sum(in_transit_qty + not_shipped_qty), sum(received_qty), min(ordered_on) <= %s"
        " from candidate.inbound_supply where supply_state = 'confirmed'",
        ADVENTUREWORKS_EVENING,
    )
    assert awaited == [(total(purchases["2"], "OrderQty"), 0, True)]
    assert total(purchases["2"], "ReceivedQty") > 0
    shut = "from candidate.inbound_supply where supply_state in ('received', 'cancelled')"
    assert marts.number(f"coalesce(sum(in_transit_qty + not_shipped_qty), 0) {shut}") == 0


def test_adventureworks_promises_no_supply_that_has_no_day(marts: Desk) -> None:
    """No day was ever confirmed, so what can be promised is the stock of each place."""
    assert marts.number("sum(supply_qty) from candidate.atp_daily") == 0
    assert marts.ask(
        "select count(*) from candidate.atp_daily as a full join candidate.stock_availability as s"
        " using (warehouse_id, product_id) where a.atp_qty is distinct from s.usable_qty"
        " and s.on_hand_qty <> 0"
    ) == [(0,)]
    assert marts.number("count(*) from candidate.supplier_reliability") == 0
