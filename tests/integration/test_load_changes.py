"""Incremental and events: what a delivery of changes does to raw and what history keeps."""

import psycopg
from fixtures.contracts.shop import EVENING, Shop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.shop_loads import counts, history, merge

LAMP = ("A1", "Lamp", "9.90", "EUR", "front")


def test_incremental_delivery_brings_new_and_changed_rows_and_deletes_nothing(shop: Shop) -> None:
    move(shop, 1, 5, "10:00")
    move(shop, 2, 7, "11:00")
    shop.deliver("movement")
    shop.at_source("delete from movement where movement_id = 1")
    shop.at_source("update movement set qty = 8, changed_at = '2026-11-20 15:00Z'")
    move(shop, 3, 1, "15:30")
    load = shop.deliver("movement").load_id
    assert shop.counts(load, "movement") == counts(read=2, new=1, changed=1)
    assert quantities(shop) == {1: 5, 2: 8, 3: 1}
    assert history(shop, "movement", "movement_id", "qty::int") == [(2, 7, "changed", load)]


def test_incremental_reads_on_from_the_cursor_less_the_overlap(shop: Shop) -> None:
    move(shop, 1, 5, "10:00")
    first = shop.deliver("movement").load_id
    second = shop.deliver("movement").load_id
    assert shop.ask(
        "select since::text, cursor_to::text from ops.load_table"
        " where table_name = 'movement' and is_provided and load_id = any (%s) order by load_id",
        [first, second],
    ) == [
        (None, "2026-11-20 10:00:00+00"),
        ("2026-11-20 08:00:00+00", "2026-11-20 10:00:00+00"),
    ]


def test_incremental_row_committed_late_at_the_boundary_is_caught_by_the_overlap(
    shop: Shop,
) -> None:
    move(shop, 1, 5, "10:00")
    with psycopg.connect(shop.uri) as slow:
        # Stamped before the cursor, but not committed while the feed is read.
        slow.execute("insert into movement values (2, 9, null, '2026-11-20 09:00Z')")
        slow.execute("insert into movement values (3, 1, null, '2026-11-20 10:00Z')")
        first = shop.deliver("movement").load_id
        slow.commit()
    assert quantities(shop) == {1: 5}
    second = shop.deliver("movement").load_id
    assert shop.counts(first, "movement") == counts(read=1, new=1)
    assert shop.counts(second, "movement") == counts(read=3, new=2, unchanged=1)
    assert quantities(shop) == {1: 5, 2: 9, 3: 1}


def test_incremental_row_from_the_future_hides_no_later_change(shop: Shop) -> None:
    move(shop, 1, 5, "10:00")
    shop.at_source("insert into movement values (2, 9, null, '2999-01-01 00:00Z')")
    shop.deliver("movement")
    shop.at_source("insert into movement values (3, 1, null, '2026-11-20 23:00Z')")
    shop.deliver("movement")
    assert quantities(shop) == {1: 5, 2: 9, 3: 1}


def test_incremental_refused_delivery_does_not_move_the_cursor(shop: Shop) -> None:
    move(shop, 1, 5, "10:00")
    shop.deliver("movement")
    move(shop, 2, 5, "18:00")
    load = shop.pull("movement")
    shop.do("update ops.load set state = 'refused' where load_id = %s", load)
    shop.deliver("movement")
    assert quantities(shop) == {1: 5, 2: 5}


def test_incremental_tombstone_removes_its_row_and_reinsertion_revives_it(shop: Shop) -> None:
    move(shop, 1, 5, "10:00")
    move(shop, 2, 7, "10:00")
    shop.deliver("movement")
    shop.at_source(
        "update movement set is_deleted = true, qty = 0, changed_at = '2026-11-20 11:00Z'"
        " where movement_id = 1"
    )
    buried = shop.deliver("movement").load_id
    assert shop.counts(buried, "movement") == counts(read=2, changed=1, unchanged=1, deleted=1)
    assert quantities(shop) == {2: 7}
    assert history(shop, "movement", "movement_id", "qty::int") == [(1, 5, "deleted", buried)]
    again = shop.deliver("movement").load_id
    assert shop.counts(again, "movement") == counts(read=2, unchanged=2)
    shop.at_source(
        "update movement set is_deleted = false, qty = 6, changed_at = '2026-11-20 12:00Z'"
        " where movement_id = 1"
    )
    revived = shop.deliver("movement").load_id
    assert shop.counts(revived, "movement") == counts(read=2, new=1, unchanged=1)
    assert quantities(shop) == {1: 6, 2: 7}


def test_incremental_tombstone_of_a_key_never_known_is_nothing(shop: Shop) -> None:
    shop.at_source("insert into movement values (9, 0, null, '2026-11-20 11:00Z', true)")
    load = shop.deliver("movement").load_id
    assert shop.counts(load, "movement") == counts(read=1, unchanged=1)
    assert quantities(shop) == {}


def test_events_repeated_are_unchanged_and_vanished_ones_stay(shop: Shop) -> None:
    visit(shop, 1, "09:00", "calm")
    visit(shop, 2, "10:00", "glad")
    shop.deliver("visit")
    shop.at_source("delete from visit where visit_no = 1")
    visit(shop, 3, "12:00", "late")
    load = shop.deliver("visit").load_id
    assert shop.counts(load, "visit") == counts(read=2, new=1, unchanged=1)
    assert shop.ask("select visit_no from raw.visit order by 1") == [(1,), (2,), (3,)]


def test_event_that_changed_is_held_back_and_the_first_telling_stays(shop: Shop) -> None:
    visit(shop, 1, "09:00", "calm")
    shop.deliver("visit")
    shop.at_source("update visit set mood = 'angry'")
    load = shop.deliver("visit")
    assert load.quarantined == 1
    assert shop.counts(load.load_id, "visit") == counts(read=1, quarantined=1)
    assert shop.ask("select mood from raw.visit") == [("calm",)]
    ((violation, values),) = shop.ask("select violations -> 0, row_values from quarantine.reject")
    assert (violation["rule"], violation["column"]) == ("append_only", "visit_no")
    assert values["mood"] == "angry"


def test_delivery_without_a_table_leaves_that_table_alone(shop: Shop) -> None:
    shop.items(LAMP)
    move(shop, 1, 5, "10:00")
    shop.deliver("item", "movement")
    load = shop.deliver("movement").load_id
    assert shop.ask("select count(*) from raw.item") == [(1,)]
    assert shop.ask(
        "select is_provided from ops.load_table where load_id = %s and table_name = 'item'", load
    ) == [(False,)]


@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.permutations([{1: 5}, {2: 7, 3: 1}, {3: 1, 4: 2}, {5: 3}]))
def test_any_order_of_incremental_deliveries_of_distinct_rows_ends_the_same(
    shop: Shop, deliveries: list[dict[int, int]]
) -> None:
    shop.do("truncate raw.movement, raw_history.movement")
    for delivery in deliveries:
        shop.at_source("delete from movement")
        for number, quantity in delivery.items():
            move(shop, number, quantity, "10:00")
        merge(shop, "movement")
    assert quantities(shop) == {1: 5, 2: 7, 3: 1, 4: 2, 5: 3}
    assert history(shop, "movement", "movement_id") == []


def move(shop: Shop, number: int, quantity: int, clock: str) -> None:
    shop.at_source(
        f"insert into movement values ({number}, {quantity}, null, '{EVENING} {clock}Z')"
    )


def visit(shop: Shop, number: int, clock: str, mood: str) -> None:
    shop.at_source(f"insert into visit values ({number}, '{EVENING} {clock}Z', '{mood}')")


def quantities(shop: Shop) -> dict[int, int]:
    return dict(shop.ask("select movement_id, qty::int from raw.movement order by 1"))
