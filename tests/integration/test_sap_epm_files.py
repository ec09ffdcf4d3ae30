"""The files of SAP's Enterprise Procurement Model through the real load, and a count of them."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.integration.real_files import Desk, Folder, Opened, all_loaded, records, rewritten, total

SAP_EVENING = date(2015, 12, 31)


@pytest.fixture(scope="module")
def sap_epm(opened: Opened, shared_data: Path) -> Desk:
    desk = opened(Folder.of("sap_epm"))
    desk.load(["reference", "sales", "purchasing"], SAP_EVENING)
    return desk


def test_sap_rows_are_loaded_but_for_orders_not_placed(sap_epm: Desk) -> None:
    files = {name: records(path) for name, path in sap_epm.folder.entities.items()}
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
    heads, items = (
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
    heads, items = (
        sap_epm.folder.entities[name] for name in ("purchase_order", "purchase_order_item")
    )
    placed = {o["PURCHASEORDERID"] for o in records(heads) if o["LIFECYCLESTATUS"] != "N"}
    known = [i for i in records(items) if i["HEADER.PURCHASEORDERID"] in placed]
    euros = [i for i in known if i["CURRENCY"] == "EUR"]
    assert 0 < len(euros) < len(known)
    assert sap_epm.number("count(price) from raw.pur_order_line") == len(euros)
    worth = sap_epm.number("sum(round(qty * price, 2)) from raw.pur_order_line")
    assert worth == total(euros, "NETAMOUNT")


def test_sap_ids_with_leading_zeros_are_the_same_ids(
    opened: Opened, shared_data: Path, tmp_path: Path
) -> None:
    folder = Folder.of("sap_epm")
    items = folder.entities["purchase_order_item"]
    padded = rewritten(items, tmp_path, "\n3", "\n03")
    desk = opened(folder.moved_to(tmp_path / "elsewhere", purchase_order_item=padded))
    desk.load(["purchasing"], SAP_EVENING)
    assert desk.ask("select count(*) from raw.pur_order_line where po_id like '0%%'") == [(0,)]
    assert desk.groups("state", "pur_order_line")["received"] == 408
