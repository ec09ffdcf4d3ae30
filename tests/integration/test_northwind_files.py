"""The files of Northwind 1996-1998 through the real load, held against a count of them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.integration.real_files import Desk, Folder, Opened, all_loaded, records, total

NORTHWIND_EVENING = date(1998, 5, 6)


@pytest.fixture(scope="module")
def northwind(opened: Opened, shared_data: Path) -> Desk:
    desk = opened(Folder.of("northwind"))
    desk.load(["reference", "sales", "logistics", "warehouse"], NORTHWIND_EVENING)
    return desk


def test_northwind_every_row_of_the_files_is_loaded(northwind: Desk, shared_data: Path) -> None:
    files = {name: records(path) for name, path in northwind.folder.entities.items()}
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
