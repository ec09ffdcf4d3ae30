"""Real files of four companies through the real load, held against a count of the files."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from daymart.contracts.model import Feed
from tests.conftest import Databases, warehouse_at
from tests.integration.real_files import Desk, Folder, records, total

Opened = Callable[[Folder], Desk]


@pytest.fixture(scope="module")
def opened(
    databases: Databases, installed_template: str, feeds: dict[str, Feed]
) -> Iterator[Opened]:
    """Offer a maker of desks, each with an empty warehouse of its own."""
    uris = []

    def open_desk(folder: Folder) -> Desk:
        uris.append(databases.create(installed_template))
        return Desk(folder, warehouse_at(uris[-1]), feeds)

    yield open_desk
    for uri in uris:
        databases.drop(uri)


def grouped(rows: list[dict[str, str]], key: str, value: str) -> dict[str, Decimal]:
    found: Counter[str] = Counter()
    for row in rows:
        found[row[key]] += Decimal(row[value])  # type: ignore[assignment]
    return dict(found)  # type: ignore[arg-type]


def all_loaded(desk: Desk) -> dict[str, int]:
    """Return how many rows each table took, once nothing was held back or lost."""
    counts, loaded = desk.counts(), desk.loaded()
    assert {name: (read, 0) for name, read in loaded.items()} == counts
    return loaded


# --- Northwind 1996-1998 -----------------------------------------------------------------------

NORTHWIND_EVENING = date(1998, 5, 6)


@pytest.fixture(scope="module")
def northwind(opened: Opened, shared_data: Path) -> Desk:
    desk = opened(Folder.of("northwind"))
    desk.load(["reference", "sales", "logistics", "warehouse"], NORTHWIND_EVENING)
    return desk


def test_northwind_every_row_of_the_files_is_loaded(northwind: Desk, shared_data: Path) -> None:
    files = {name: records(path) for name, (path,) in northwind.folder.entities.items()}
    shipped = {o["order_id"] for o in files["orders"] if o["shipped_date"]}
    assert len(shipped) == 809
    assert all_loaded(northwind) == {
        "site": 1,
        "warehouse": 1,
        "customer": len(files["customers"]),
        "supplier": len(files["suppliers"]),
        "employee": len(files["employees"]),
        "product": len(files["products"]),
        "so_order": len(files["orders"]),
        "so_order_line": len(files["order_details"]),
        "lg_shipment": len(shipped),
        "lg_shipment_line": sum(line["order_id"] in shipped for line in files["order_details"]),
        "wh_stock": len(files["products"]),
        "wh_planned_movement": sum(p["units_on_order"] != "0" for p in files["products"]),
    }


def test_northwind_money_and_goods_are_those_of_the_files(
    northwind: Desk, shared_data: Path
) -> None:
    folder = shared_data / "northwind_1996_1998"
    lines, products = records(folder / "order_details.csv"), records(folder / "products.csv")
    worth = sum(
        Decimal(line["quantity"]) * Decimal(line["unit_price"]) * (1 - Decimal(line["discount"]))
        for line in lines
    )
    assert northwind.number("sum(qty * price_net) from raw.so_order_line") == worth
    assert northwind.number("sum(qty) from raw.so_order_line") == total(lines, "quantity")
    assert northwind.number("sum(qty) from raw.wh_stock") == total(products, "units_in_stock")
    on_order = total(products, "units_on_order")
    assert northwind.number("sum(qty) from raw.wh_planned_movement") == on_order


def test_northwind_late_shipments_stay_late_through_time_zones(
    northwind: Desk, shared_data: Path
) -> None:
    orders = records(shared_data / "northwind_1996_1998" / "orders.csv")
    late = sum(o["shipped_date"] > o["required_date"] for o in orders)
    assert late == 37
    assert late == northwind.number(
        "count(*) from raw.lg_shipment where issued_at > planned_delivery_to"
    )


def test_northwind_letters_beyond_ascii_survive(northwind: Desk) -> None:
    assert northwind.ask("select name from raw.customer where customer_id = 'BERGS'") == [
        ("Berglunds snabbköp",)
    ]


# --- Northwind 2010 ----------------------------------------------------------------------------

NORTHWIND_2010_EVENING = date(2006, 6, 23)
EVERY_FEED = ["reference", "sales", "logistics", "warehouse", "purchasing", "accounting"]


@pytest.fixture(scope="module")
def northwind_2010(opened: Opened, shared_data: Path) -> Desk:
    desk = opened(Folder.of("northwind_2010"))
    desk.load(EVERY_FEED, NORTHWIND_2010_EVENING)
    return desk


def test_northwind_2010_every_row_of_the_files_is_loaded(northwind_2010: Desk) -> None:
    files = {name: records(path) for name, (path,) in northwind_2010.folder.entities.items()}
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
    (path,) = northwind_2010.folder.entities["inventory_transactions"]
    by_type = grouped(records(path), "transaction_type", "quantity")
    assert by_type == {"1": 3550, "2": 2487, "3": 578}
    assert northwind_2010.number("sum(qty) from raw.wh_stock") == by_type["1"] - by_type["2"]
    assert northwind_2010.number("sum(qty) from raw.wh_reservation where hard") == by_type["3"]
    assert northwind_2010.groups("kind", "wh_movement", "sum(qty)") == {
        "receipt": by_type["1"],
        "sale_issue": -by_type["2"],
    }


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
    orders = {o["id"]: o for o in records(folder["orders"][0])}
    due = dict.fromkeys(orders, Decimal(0))
    for line in records(folder["order_details"][0]):
        price = Decimal(line["unit_price"]) * (1 - Decimal(line["discount"]))
        due[line["order_id"]] += Decimal(line["quantity"]) * price
    billed = [orders[i["order_id"]] for i in records(folder["invoices"][0])]

    def worth(found: list[dict[str, str]]) -> Decimal:
        return sum(due[o["id"]] + Decimal(o["shipping_fee"]) + Decimal(o["taxes"]) for o in found)

    unpaid = [o for o in billed if not o["paid_date"]]
    assert northwind_2010.number(
        "sum(amount_gross) from raw.acc_document where kind = 'invoice'"
    ) == worth(billed)
    owed = northwind_2010.number("sum(amount_gross) from raw.acc_document")
    assert owed == worth(unpaid) > 0


def test_northwind_2010_first_of_two_evenings_knows_no_later_stock(
    opened: Opened, shared_data: Path
) -> None:
    desk = opened(Folder.of("northwind_2010"))
    desk.load(["warehouse"], date(2006, 3, 23))
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
    (details,) = folder.entities["order_details"]
    spoilt = rewritten(details, tmp_path, "\n27,30,34,100,", "\n27,30,34,a hundred,")
    spoilt.write_text(spoilt.read_text().replace("\n29,31,7,10,", "\n29,31,7,10,10,"))
    desk = opened(folder.with_files(order_details=[spoilt]))
    assert desk.load(["sales"], NORTHWIND_2010_EVENING)["sales"].quarantined == 2
    assert desk.ask(
        "select file_name, row_no, violations -> 0 ->> 'rule', row_values ->> 'qty'"
        " from quarantine.reject order by row_no"
    ) == [
        ("order_details.csv", 2, "type", "a hundred"),
        ("order_details.csv", 4, "row_shape", "10"),
    ]
    assert desk.loaded()["so_order_line"] == 58 - 2


# --- Adventure Works ---------------------------------------------------------------------------

ADVENTUREWORKS_EVENING = date(2025, 9, 21)


@pytest.fixture(scope="module")
def adventureworks(opened: Opened, shared_data: Path) -> Desk:
    desk = opened(Folder.of("adventureworks"))
    desk.load(["reference", "warehouse", "purchasing"], ADVENTUREWORKS_EVENING)
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
    files = {name: len(records(path)) for name, (path,) in adventureworks.folder.entities.items()}
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
    (path,) = adventureworks.folder.entities["product_inventory"]
    assert adventureworks.groups("warehouse_id", "wh_stock", "sum(qty)") == grouped(
        records(path), "LocationID", "Quantity"
    )


def test_adventureworks_each_rate_is_turned_round_to_its_last_digit(adventureworks: Desk) -> None:
    (path,) = adventureworks.folder.entities["currency_rate"]
    expected = {
        (r["ToCurrencyCode"], r["CurrencyRateDate"][:10]): round(
            1000 / Decimal(r["EndOfDayRate"]), 8
        )
        for r in records(path)
    }
    found = adventureworks.ask("select currency, rate_date::text, rate, nominal from raw.fx_rate")
    assert {(currency, day): rate for currency, day, rate, _ in found} == expected
    assert {nominal for *_, nominal in found} == {1000}


# --- SAP Enterprise Procurement Model ----------------------------------------------------------

SAP_EVENING = date(2015, 12, 31)


@pytest.fixture(scope="module")
def sap_epm(opened: Opened, shared_data: Path) -> Desk:
    desk = opened(Folder.of("sap_epm"))
    desk.load(["reference", "sales", "purchasing"], SAP_EVENING)
    return desk


def test_sap_rows_are_loaded_but_for_orders_not_placed(sap_epm: Desk) -> None:
    files = {name: records(path) for name, (path,) in sap_epm.folder.entities.items()}
    life = {o["PURCHASEORDERID"]: o["LIFECYCLESTATUS"] for o in files["purchase_order"]}
    sales = Counter(o["LIFECYCLESTATUS"] for o in files["sales_order"])
    items = Counter(life[i["HEADER.PURCHASEORDERID"]] for i in files["purchase_order_item"])
    assert sales == {"N": 258, "P": 258, "C": 259, "X": 254}
    assert all_loaded(sap_epm) == {
        "site": 1,
        "warehouse": 1,
        "customer": len({o["PARTNER.PARTNERID"] for o in files["sales_order"]}),
        "supplier": 45,
        "product": len(files["products"]),
        "so_order": sales["P"] + sales["C"],
        "pur_order": len(life) - 202,
        "pur_order_line": len(files["purchase_order_item"]) - items["N"],
        "pur_receipt": items["C"],
    }


def test_sap_two_statuses_become_one_state(sap_epm: Desk) -> None:
    (heads,), (items,) = (
        sap_epm.folder.entities[name] for name in ("purchase_order", "purchase_order_item")
    )
    status = {
        o["PURCHASEORDERID"]: o["LIFECYCLESTATUS"] + o["CONFIRMSTATUS"] for o in records(heads)
    }
    state = {"CS": "received", "XX": "cancelled", "RX": "cancelled", "PC": "confirmed"}
    expected: Counter[str] = Counter()
    for item in records(items):
        if (found := status[item["HEADER.PURCHASEORDERID"]]) != "NI":
            expected[state.get(found, "ordered")] += int(item["QUANTITY"])
    assert sap_epm.groups("state", "pur_order_line", "sum(qty)") == expected
    assert sap_epm.number("sum(cancelled_qty) from raw.pur_order_line") == expected["cancelled"]
    assert sap_epm.number("sum(qty) from raw.pur_receipt") == expected["received"]


def test_sap_price_in_another_currency_is_no_price(sap_epm: Desk) -> None:
    (heads,), (items,) = (
        sap_epm.folder.entities[name] for name in ("purchase_order", "purchase_order_item")
    )
    placed = {o["PURCHASEORDERID"] for o in records(heads) if o["LIFECYCLESTATUS"] != "N"}
    known = [i for i in records(items) if i["HEADER.PURCHASEORDERID"] in placed]
    euros = [i for i in known if i["CURRENCY"] == "EUR"]
    assert 0 < len(euros) < len(known)
    assert sap_epm.number("count(price) from raw.pur_order_line") == len(euros)
    worth = sap_epm.number("sum(round(qty * price, 2)) from raw.pur_order_line")
    assert worth == total(euros, "NETAMOUNT")


def rewritten(path: Path, folder: Path, old: str, new: str) -> Path:
    """Return a copy of a file with one text replaced wherever it stands."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    copy = folder / path.name
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return copy


def test_sap_ids_with_leading_zeros_are_the_same_ids(
    opened: Opened, shared_data: Path, tmp_path: Path
) -> None:
    folder = Folder.of("sap_epm")
    (items,) = folder.entities["purchase_order_item"]
    padded = rewritten(items, tmp_path, "\n3", "\n03")
    desk = opened(folder.with_files(purchase_order_item=[padded]))
    desk.load(["purchasing"], SAP_EVENING)
    assert desk.ask("select count(*) from raw.pur_order_line where po_id like '0%%'") == [(0,)]
    assert desk.groups("state", "pur_order_line")["received"] == 408
