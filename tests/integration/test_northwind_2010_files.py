"""The files of Northwind 2010 through the real load, held against a count of them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.integration.real_files import (
    Desk,
    Folder,
    Opened,
    all_loaded,
    grouped,
    records,
    rewritten,
)

NORTHWIND_2010_EVENING = date(2006, 6, 23)
EVERY_FEED = ["reference", "sales", "logistics", "warehouse", "purchasing", "accounting"]


@pytest.fixture(scope="module")
def northwind_2010(opened: Opened, shared_data: Path) -> Desk:
    desk = opened(Folder.of("northwind_2010"))
    desk.load(EVERY_FEED, NORTHWIND_2010_EVENING)
    return desk


def test_northwind_2010_every_row_of_the_files_is_loaded(northwind_2010: Desk) -> None:
    files = {name: records(path) for name, path in northwind_2010.folder.entities.items()}
    shipped = {o["id"] for o in files["orders"] if o["shipped_date"]}
    paid = {o["id"] for o in files["orders"] if o["paid_date"]}
    payments = sum(i["order_id"] in paid for i in files["invoices"])
    held = [t for t in files["inventory_transactions"] if t["transaction_type"] == "3"]
    assert all_loaded(northwind_2010) == {
        "site": 1,
        "warehouse": 1,
        "customer": len(files["customers"]),
        "supplier": len(files["suppliers"]),
        "product": len(files["products"]),
        "so_order": len(files["orders"]),
        "so_order_line": len(files["order_details"]),
        "lg_shipment": len(shipped),
        "lg_shipment_line": sum(line["order_id"] in shipped for line in files["order_details"]),
        "wh_reservation": len(held),
        "wh_movement": len(files["inventory_transactions"]) - len(held),
        "wh_stock": len({t["product_id"] for t in files["inventory_transactions"]} - {""}),
        "pur_order": len(files["purchase_orders"]),
        "pur_order_line": len(files["purchase_order_details"]),
        "pur_receipt": sum(bool(x["date_received"]) for x in files["purchase_order_details"]),
        "acc_document": len(files["invoices"]) + payments,
        "acc_instalment": len(files["invoices"]) + payments,
        "acc_allocation": payments,
    }


def test_northwind_2010_goods_on_hold_are_reserved_and_still_there(northwind_2010: Desk) -> None:
    path = northwind_2010.folder.entities["inventory_transactions"]
    by_type = grouped(records(path), "transaction_type", "quantity")
    assert by_type == {"1": 3550, "2": 2487, "3": 578}
    assert northwind_2010.number("sum(qty) from raw.wh_stock") == by_type["1"] - by_type["2"]
    assert northwind_2010.number("sum(qty) from raw.wh_reservation where hard") == by_type["3"]
    assert northwind_2010.groups("kind", "wh_movement", "sum(qty)") == {
        "receipt": by_type["1"],
        "sale_issue": -by_type["2"],
    }


def test_northwind_2010_a_hold_and_its_order_take_goods_once(
    northwind_2010: Desk, tmp_path: Path
) -> None:
    """Free stock is less what is on hold; promises are less open orders and holds of nobody's.

    The calendar begins in 2020, so the promise is looked at by a later evening: all is past due.
    """
    northwind_2010.build(date(2026, 11, 20), tmp_path, "stock_availability", "atp_daily")
    files = northwind_2010.folder.entities
    held = [t for t in records(files["inventory_transactions"]) if t["transaction_type"] == "3"]
    reserved = grouped(held, "product_id", "quantity")
    assert dict(
        northwind_2010.ask(
            "select product_id, reserved_qty from candidate.stock_availability"
            " where reserved_qty > 0"
        )
    ) == {product: qty for product, qty in reserved.items() if qty}
    shipped = {o["id"] for o in records(files["orders"]) if o["shipped_date"]}
    lines = records(files["order_details"])
    taken = grouped(
        [line for line in lines if line["order_id"] not in shipped], "product_id", "quantity"
    )
    of_lines = {line["inventory_id"] for line in lines}
    for hold in held:
        if not hold["customer_order_id"] and hold["id"] not in of_lines:
            taken[hold["product_id"]] = taken.get(hold["product_id"], Decimal(0)) + Decimal(
                hold["quantity"]
            )
    first_day = northwind_2010.ask(
        "select a.product_id, a.demand_qty, a.atp_qty, coalesce(s.usable_qty, 0)"
        " from candidate.atp_daily as a left join candidate.stock_availability as s"
        " using (warehouse_id, product_id) where a.available_on = '2026-11-23'"
    )
    assert {product: demand for product, demand, *_ in first_day if demand} == {
        product: qty for product, qty in taken.items() if qty
    }
    assert all(atp == usable - demand for _, demand, atp, usable in first_day)
    assert any(reserved.get(product) and demand for product, demand, *_ in first_day)


def test_northwind_2010_lines_lead_from_hold_to_order(northwind_2010: Desk) -> None:
    assert northwind_2010.ask(
        "select order_id, order_line_no, qty::int from raw.wh_reservation"
        " where reservation_id in ('104', '96') order by 1"
    ) == [("41", 42, 300), (None, None, 12)]


def test_northwind_2010_dates_received_decide_states(northwind_2010: Desk) -> None:
    states = northwind_2010.groups("state", "pur_order_line")
    assert states == {"received": 43, "confirmed": 8, "ordered": 4}


def test_northwind_2010_paid_invoices_owe_nothing(northwind_2010: Desk) -> None:
    folder = northwind_2010.folder.entities
    orders = {o["id"]: o for o in records(folder["orders"])}
    due = dict.fromkeys(orders, Decimal(0))
    for line in records(folder["order_details"]):
        price = Decimal(line["unit_price"]) * (1 - Decimal(line["discount"]))
        due[line["order_id"]] += Decimal(line["quantity"]) * price
    billed = [orders[i["order_id"]] for i in records(folder["invoices"])]

    def worth(found: list[dict[str, str]]) -> Decimal:
        return sum(due[o["id"]] + Decimal(o["shipping_fee"]) + Decimal(o["taxes"]) for o in found)

    unpaid = [o for o in billed if not o["paid_date"]]
    assert northwind_2010.number(
        "sum(amount_gross) from raw.acc_document where kind = 'invoice'"
    ) == worth(billed)
    owed = northwind_2010.number("sum(amount_gross) from raw.acc_document")
    assert owed == worth(unpaid) > 0


def test_northwind_2010_first_of_two_evenings_knows_no_later_stock(
    opened: Opened, shared_data: Path, tmp_path: Path
) -> None:
    folder = Folder.of("northwind_2010").moved_to(tmp_path)
    today = folder.entities["inventory_transactions"]
    whole = today.read_bytes()
    today.write_bytes(whole[: whole.rstrip().rindex(b"\n") + 1])
    desk = opened(folder)
    desk.load(["warehouse"], date(2006, 3, 23))
    today.write_bytes(whole)
    desk.load(["warehouse"], date(2006, 3, 24))
    found = records(shared_data / "northwind_2010" / "inventory_transactions.csv")
    until = {
        day: sum(
            Decimal(t["quantity"]) * {"1": 1, "2": -1, "3": 0}[t["transaction_type"]]
            for t in found
            if t["transaction_created_date"][:10] <= day
        )
        for day in ("2006-03-23", "2006-03-24")
    }
    assert desk.groups("as_of::text", "wh_stock", "sum(qty)") == until
    assert until["2006-03-23"] != until["2006-03-24"]


def test_northwind_2010_unfit_lines_wait_with_what_was_written(
    opened: Opened, shared_data: Path, tmp_path: Path
) -> None:
    folder = Folder.of("northwind_2010")
    details = folder.entities["order_details"]
    spoilt = rewritten(details, tmp_path, "\n27,30,34,100,", "\n27,30,34,a hundred,")
    spoilt.write_text(spoilt.read_text().replace("\n29,31,7,10,", "\n29,31,7,10,10,"))
    desk = opened(folder.moved_to(tmp_path / "elsewhere", order_details=spoilt))
    assert desk.load(["sales"], NORTHWIND_2010_EVENING)["sales"].quarantined == 2
    assert desk.ask(
        "select file_name, row_no, violations -> 0 ->> 'rule', row_values ->> 'qty'"
        " from quarantine.reject order by row_no"
    ) == [
        ("order_details.csv", 2, "type", "a hundred"),
        ("order_details.csv", 4, "row_shape", "10"),
    ]
    assert desk.loaded()["so_order_line"] == 58 - 2
