"""Edge cases of stock: what a seller must see in the marts of the published demo company."""

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

Row = dict[str, Any]


@dataclass
class Published:
    """The marts of the published company, and its ERP with the names of its edge cases."""

    warehouse: Warehouse
    erp: psycopg.Connection[Row]

    def ask(self, query: str, *values: object) -> list[Row]:
        """Return rows of the marts."""
        with (
            self.warehouse.session(None) as session,
            session.cursor(row_factory=dict_row) as cursor,
        ):
            return cursor.execute(query.encode(), values).fetchall()

    def one(self, query: str, *values: object) -> Row:
        """Return the only row of the marts that answers."""
        (row,) = self.ask(query, *values)
        return row

    def case(self, name: str, table_name: str) -> Row:
        """Return the ERP's row that a named case points to."""
        key = self.erp.execute(
            "select key from erp.demo_case where name = %s and table_name = %s", [name, table_name]
        ).fetchone()
        assert key, f"the demo company has no case {name} in {table_name}"
        found = self.erp.execute(
            f"select * from erp.{table_name} where id::text = %s".encode(),
            [key["key"].split("/")[0]],
        ).fetchone()
        assert found
        return found

    def stock(self, store: str, item_id: int | str) -> Row:
        """Return what sellers see of a product in a warehouse."""
        return self.one(
            "select * from marts.stock_availability where (warehouse_id, product_id) = (%s, %s)",
            store,
            str(item_id),
        )

    def count(self, name: str) -> Row:
        """Return the count line a case names."""
        key = self.erp.execute("select key from erp.demo_case where name = %s", [name]).fetchone()
        assert key
        return self.one(
            "select * from marts.stock_discrepancy"
            " where (count_id, warehouse_id, product_id, lot_id) = (%s, %s, %s, %s)",
            *key["key"].split("/"),
        )

    def reservation(self, name: str) -> Row:
        """Return the reservation a case names."""
        return self.one(
            "select * from marts.reservations where reservation_id = %s",
            str(self.case(name, "hold")["id"]),
        )


@pytest.fixture(scope="module")
def published(
    databases: Databases, published_template: str, demo_template: str
) -> Iterator[Published]:
    uri, source = databases.create(published_template), databases.create(demo_template)
    with psycopg.connect(source, row_factory=dict_row) as erp:
        yield Published(warehouse_at(uri), erp)
    databases.drop(source)
    databases.drop(uri)


def test_negative_free_shows_what_is_oversold_and_promises_nothing(published: Published) -> None:
    key = published.erp.execute(
        "select l.store, l.item_id from erp.sale_line as l join erp.demo_case as c"
        " on c.key = l.sale_id || '/' || l.line_no where c.name = 'oversold_product'"
    ).fetchone()
    assert key
    row = published.stock(key["store"], key["item_id"])

    assert row["free_qty"] < 0
    assert row["oversold_qty"] == -row["free_qty"] == row["reserved_qty"] - row["usable_qty"]
    assert row["promise_safe_qty"] == 0


def test_count_while_goods_move_is_outdated_and_not_applied(published: Published) -> None:
    count = published.count("count_while_goods_move")
    stock = published.stock(count["warehouse_id"], count["product_id"])

    assert count["variance_qty"] == -2 == count["counted_qty"] - count["book_qty"]
    assert (count["is_outdated"], count["is_repeated"]) == (True, False)
    assert count["first_moved_at"] > count["counted_at"]
    assert (count["is_open_difference"], count["open_loss_qty"]) == (False, 0)
    assert count["endangered_line_count"] == 0
    assert stock["promise_safe_qty"] == stock["free_qty"]


def test_two_counts_of_one_product_are_not_both_applied(published: Published) -> None:
    second = published.count("two_counts_of_one_product")
    place = [second[key] for key in ("warehouse_id", "product_id", "lot_id")]
    first = published.one(
        "select * from marts.stock_discrepancy where count_state = 'posted'"
        " and (warehouse_id, product_id, lot_id) = (%s, %s, %s)",
        *place,
    )
    movements = published.ask(
        "select qty from raw.wh_movement where kind = 'adjust' and document_id like 'CNT-%%'"
        " and (warehouse_id, product_id, lot_id) = (%s, %s, %s)",
        *place,
    )

    assert second["variance_qty"] == first["variance_qty"] == -1
    assert (second["is_repeated"], second["is_outdated"]) == (True, False)
    assert second["open_loss_qty"] == 0 and second["posted_movement_id"] is None
    assert (first["is_repeated"], first["count_state"]) == (False, "posted")
    assert [row["qty"] for row in movements] == [-1]


def test_quarantine_return_is_on_hand_and_not_usable(published: Published) -> None:
    claim = published.case("quarantine_return", "claim")
    entry = published.erp.execute(
        "select store, item_id from erp.stock_entry where type = 'RET' and doc = %s",
        [str(claim["dispatch_id"])],
    ).fetchone()
    waiting = published.erp.execute(
        "select sum(qty) as qty from erp.stock_balance, erp.company where day = last_day"
        " and quality = 'R' and (store, item_id) = (%(store)s, %(item_id)s)",
        entry,
    ).fetchone()
    assert entry and waiting
    row = published.stock(entry["store"], entry["item_id"])

    assert row["on_hand_qty"] - row["usable_qty"] == waiting["qty"] >= claim["qty"]
    assert row["free_qty"] == row["usable_qty"] - row["reserved_qty"]


def test_transfer_over_midnight_is_on_hand_nowhere(published: Published) -> None:
    entry = published.case("transfer_over_midnight", "stock_entry")
    road = published.stock(entry["store"], entry["item_id"])
    there = published.stock("BER", entry["item_id"])

    assert road["in_transfer_qty"] == entry["qty"] == 12
    assert (road["on_hand_qty"], road["free_qty"], road["is_transit_warehouse"]) == (0, 0, True)
    assert there["transfer_in_qty"] == entry["qty"]


def test_un_posted_movement_leaves_stock_as_it_was(published: Published) -> None:
    undone = published.case("un_posted_movement", "stock_entry")
    row = published.stock(undone["store"], undone["item_id"])
    pair = published.ask(
        "select qty from raw.wh_movement where %s in (movement_id, reverses_movement_id)"
        " or movement_id = %s order by qty",
        str(undone["cancels_id"]),
        str(undone["id"]),
    )
    rest = published.one(
        "select sum(qty) as qty from raw.wh_movement where (warehouse_id, product_id) = (%s, %s)"
        " and movement_id not in (%s, %s)",
        undone["store"],
        str(undone["item_id"]),
        str(undone["id"]),
        str(undone["cancels_id"]),
    )

    assert [p["qty"] for p in pair] == [-30, 30]
    assert row["on_hand_qty"] == rest["qty"]


def test_case_piece_and_dozen_leave_in_pieces(published: Published) -> None:
    sale = published.case("case_piece_and_dozen", "sale")
    left = 48 * 1 + 12 * 2 + 5
    shipped = published.one(
        "select sum(shipped_qty) as qty from marts.shipments_daily where order_id = %s",
        str(sale["id"]),
    )
    row = published.stock("KYV", 2001)

    assert shipped["qty"] == left
    assert (row["base_uom"], row["on_hand_qty"]) == ("pcs", 200 - left)


def test_whole_unit_fraction_is_seen_and_never_posted(published: Published) -> None:
    count = published.count("whole_unit_fraction")
    stock = published.stock(count["warehouse_id"], count["product_id"])

    assert count["variance_qty"] == Decimal("0.5")
    assert (count["count_state"], count["cause"]) == ("cancelled", "half a piece was typed")
    assert count["posted_movement_id"] is None and count["open_loss_qty"] == 0
    assert stock["on_hand_qty"] == int(stock["on_hand_qty"])
    assert stock["last_counted_at"] is None or stock["last_counted_at"] != count["counted_at"]


def test_expired_reservation_holds_nothing_and_deprives_nobody(published: Published) -> None:
    row = published.reservation("reservation_expired")

    assert (row["is_hard"], row["is_expired"], row["reservation_state"]) == (True, True, "released")
    assert (row["reason"], row["released_at"]) == ("expired", row["valid_until_at"])
    assert row["deprived_line_count"] == 0
    live = published.one(
        "select coalesce(sum(reserved_qty), 0) as qty from marts.reservations"
        " where reservation_state = 'live' and is_hard"
        " and (warehouse_id, product_id) = (%s, %s)",
        row["warehouse_id"],
        row["product_id"],
    )
    stock = published.stock(row["warehouse_id"], row["product_id"])
    assert stock["reserved_qty"] == live["qty"]


def test_soft_hold_is_shown_and_not_subtracted(published: Published) -> None:
    row = published.reservation("soft_hold")
    stock = published.stock(row["warehouse_id"], row["product_id"])

    assert (row["is_hard"], row["reservation_state"], row["order_id"]) == (False, "live", None)
    assert row["deprived_line_count"] == 0
    assert stock["soft_hold_qty"] == row["reserved_qty"] == 10
    assert stock["free_qty"] == stock["usable_qty"] - stock["reserved_qty"]


def test_consigned_goods_are_ours_and_not_usable_and_others_goods_are_not_ours(
    published: Published,
) -> None:
    entry = published.case("consigned_goods", "stock_entry")
    lent = published.stock(entry["store"], entry["item_id"])
    assert lent["on_hand_qty"] == lent["consigned_qty"] == entry["qty"] == 20
    assert (lent["usable_qty"], lent["free_qty"], lent["promise_safe_qty"]) == (0, 0, 0)

    kept = published.case("others_goods_here", "stock_entry")
    here = published.stock(kept["store"], kept["item_id"])
    assert here["not_owned_qty"] == kept["qty"] == 15
    assert here["on_hand_qty"] == here["usable_qty"] == 200


def test_picked_goods_are_reserved_once_and_still_on_hand(published: Published) -> None:
    pick = published.case("picked_before_the_truck_came", "pick")
    row = published.stock("KYV", 2010)

    assert row["picked_qty"] == pick["qty"] == row["reserved_qty"] == 12
    assert (row["on_hand_qty"], row["free_qty"]) == (200, 188)


def test_count_loss_takes_off_the_safe_promise_and_names_the_largest_customer(
    published: Published,
) -> None:
    count = published.count("count_loss_endangers_orders")
    stock = published.stock(count["warehouse_id"], count["product_id"])
    orders = published.ask(
        "select * from marts.stock_discrepancy_orders where count_id = %s order by customer_rank",
        count["count_id"],
    )

    assert (count["variance_qty"], count["is_open_difference"]) == (-50, True)
    assert (stock["free_qty"], stock["promise_safe_qty"], stock["open_discrepancy_qty"]) == (
        10,
        0,
        -50,
    )
    assert stock["is_count_in_doubt"] and stock["last_variance_qty"] == -50
    # Of 190 held pieces 150 are there: the line owed last lacks all 30, the one before it 10.
    assert [(row["customer_id"], row["endangered_qty"]) for row in orders] == [
        ("C0209", 30),
        ("C0210", 10),
    ]
    assert (count["endangered_line_count"], count["endangered_qty"]) == (2, 40)
    assert count["endangered_amount"] == sum(row["endangered_amount"] for row in orders) == 1000
    assert (count["largest_customer_id"], count["largest_customer_amount"]) == ("C0209", 750)
    assert count["value_basis"] == "last_sales_price" and count["variance_amount"] == -1250
    assert count["ask_name"] == "Roman Melnyk"


def test_reservation_for_a_later_day_names_the_order_it_deprives(published: Published) -> None:
    row = published.reservation("reservation_deprives_an_order")
    (deprived,) = published.ask(
        "select * from marts.reservation_deprivals where reservation_id = %s",
        row["reservation_id"],
    )

    assert (row["reservation_state"], row["reserved_qty"]) == ("live", 200)
    assert (row["made_by_name"], row["approved_by_name"]) == ("Olena Bondar", "Oleh Marchenko")
    assert (row["deprived_line_count"], row["deprived_qty"]) == (1, 50)
    assert row["deprived_amount"] == deprived["deprived_amount"] == 1250
    assert row["largest_deprived_customer_id"] == deprived["customer_id"] == "C0210"
    assert deprived["promised_on"] < date(2026, 12, 1)


def test_released_reservation_says_why_and_deprives_nobody(published: Published) -> None:
    row = published.reservation("reservation_let_go")

    assert (row["reservation_state"], row["is_expired"]) == ("released", False)
    assert row["reason"] == "given to a customer who pays at once"
    assert row["deprived_line_count"] == 0


def test_net_of_pluses_and_minuses_is_no_accuracy(published: Published) -> None:
    rows = published.ask("select * from marts.inventory_accuracy")
    lines = published.ask(
        "select d.warehouse_id, p.abc, d.book_qty, d.variance_qty from marts.stock_discrepancy"
        " as d join raw.product as p on p.product_id = d.product_id"
        " where d.count_state <> 'cancelled' and not d.is_repeated"
    )
    tolerance = {"A": 1, "B": 3, "C": 5}

    assert rows
    for row in rows:
        own = [
            line
            for line in lines
            if (line["warehouse_id"], line["abc"]) == (row["warehouse_id"], row["abc_class"])
        ]
        hits = [
            line
            for line in own
            if abs(line["variance_qty"]) * 100 <= line["book_qty"] * tolerance[row["abc_class"]]
        ]
        assert (row["counted_record_count"], row["accurate_record_count"]) == (len(own), len(hits))
        assert row["is_below_floor"] == (100 * len(hits) < 95 * len(own))
