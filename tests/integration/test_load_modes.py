"""Snapshots and the ledger: what a full list does to raw and what history keeps."""

from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest
from fixtures.contracts.shop import EVENING, Shop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daymart.load.merge import Counts, Merge
from daymart.warehouse.connect import Role
from tests.integration.shop_loads import counts, history, merge

LAMP = ("A1", "Lamp", "9.90", "EUR", "front")
RUG = ("A2", "Rug", "120.00", "EUR", "back")
VASE = ("A3", "Vase", "35.50", "EUR", None)


def test_snapshot_new_changed_unchanged_and_deleted_rows_are_counted_and_kept(shop: Shop) -> None:
    shop.items(LAMP, RUG, VASE)
    first = shop.deliver("item").load_id
    shop.items(LAMP, ("A2", "Rug", "99.00", "EUR", "back"), ("A4", "Clock", "70", "EUR", None))
    second = shop.deliver("item").load_id
    assert shop.counts(first, "item") == counts(read=3, new=3)
    assert shop.counts(second, "item") == counts(read=3, new=1, changed=1, unchanged=1, deleted=1)
    assert shop.ask("select item_id, price, _load_id from raw.item order by 1") == [
        ("A1", Decimal("9.90"), first),
        ("A2", Decimal("99.00"), second),
        ("A4", Decimal("70.00"), second),
    ]
    assert history(shop, "item", "item_id", "price", "_load_id") == [
        ("A2", Decimal("120.00"), first, "changed", second),
        ("A3", Decimal("35.50"), first, "deleted", second),
    ]


KEY = "select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'raw.item'::regclass"


def test_large_first_fill_leaves_the_key_in_place(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shop.ask(f"{KEY} and contype = 'p'")
    monkeypatch.setattr("daymart.load.merge.MANY_ROWS", 2)
    shop.items(LAMP, RUG, VASE)
    first = shop.deliver("item").load_id
    assert shop.counts(first, "item") == counts(read=3, new=3)
    assert shop.ask(f"{KEY} and contype = 'p'") == before


@pytest.mark.parametrize("filled", [True, False])
def test_only_an_empty_table_gives_its_key_up(shop: Shop, filled: bool) -> None:
    if filled:
        shop.items(LAMP)
        shop.deliver("item")
    with shop.warehouse.session(Role.LOADER) as session, session.transaction(force_rollback=True):
        assert session.execute("select ops.suspend_key('item')").fetchone() == (not filled,)


def test_snapshot_delivered_again_changes_nothing_in_raw(shop: Shop) -> None:
    shop.items(LAMP, RUG)
    shop.deliver("item")
    before = shop.fingerprint()
    again = shop.deliver("item").load_id
    assert shop.counts(again, "item") == counts(read=2, unchanged=2)
    assert shop.fingerprint() == before


def test_accept_called_twice_for_one_load_changes_nothing(shop: Shop) -> None:
    shop.items(LAMP, RUG)
    load = shop.deliver("item").load_id
    before = shop.fingerprint()
    assert shop.accept(load).verdicts == ()
    assert shop.fingerprint() == before
    assert shop.ask("select count(*) from ops.load_table") == [(4,)]


def test_snapshot_deleted_then_reinserted_row_lives_again(shop: Shop) -> None:
    shop.items(LAMP, RUG)
    shop.deliver("item")
    shop.items(RUG)
    gone = shop.deliver("item").load_id
    shop.items(LAMP, RUG)
    back = shop.deliver("item").load_id
    assert shop.counts(back, "item") == counts(read=2, new=1, unchanged=1)
    assert shop.ask("select _load_id from raw.item where item_id = 'A1'") == [(back,)]
    assert history(shop, "item", "item_id") == [("A1", "deleted", gone)]


def test_changed_row_keeps_when_its_key_was_first_known(shop: Shop) -> None:
    shop.items(LAMP)
    shop.deliver("item")
    ((known, loaded),) = shop.ask("select _known_at, _loaded_at from raw.item")
    shop.items(("A1", "Lamp", "8.00", "EUR", "front"))
    shop.deliver("item")
    ((known_after, loaded_after),) = shop.ask("select _known_at, _loaded_at from raw.item")
    assert known_after == known == loaded
    assert loaded_after > loaded


def test_rows_of_another_system_are_not_deleted_by_a_snapshot(shop: Shop) -> None:
    shop.items(LAMP, RUG)
    shop.deliver("item")
    shop.do(
        "insert into raw.item select item_id, name, price, currency, shelf, 'other', source_id,"
        " _load_id, _loaded_at, _known_at, _row_hash, _file, _line from raw.item"
    )
    shop.items(RUG)
    shop.deliver("item")
    assert shop.ask("select source_system, count(*) from raw.item group by 1 order by 1") == [
        ("other", 2),
        ("shop", 1),
    ]


def test_rejected_row_with_a_readable_key_is_not_deleted(shop: Shop) -> None:
    shop.items(LAMP, RUG, VASE)
    shop.deliver("item")
    shop.items(LAMP, ("A2", "Rug", "1.234", "EUR", "back"))
    load = shop.deliver("item").load_id
    assert shop.counts(load, "item") == counts(read=2, unchanged=1, quarantined=1, deleted=1)
    assert shop.ask("select item_id, price from raw.item order by 1") == [
        ("A1", Decimal("9.90")),
        ("A2", Decimal("120.00")),
    ]


def test_rejected_row_without_a_readable_key_suspends_deletions(shop: Shop) -> None:
    shop.items(LAMP, RUG, VASE)
    shop.deliver("item")
    shop.items(LAMP, RUG, (None, "Vase", "35.50", "EUR", None))
    load = shop.deliver("item").load_id
    assert shop.counts(load, "item") == counts(read=3, unchanged=2, quarantined=1)
    assert shop.ask("select count(*) from raw.item") == [(3,)]


def test_doubled_key_holds_back_both_rows_and_keeps_the_known_one(shop: Shop) -> None:
    shop.items(LAMP, RUG)
    shop.deliver("item")
    shop.items(LAMP, ("A2", "Rug", "1", "EUR", None), ("A2", "Rug", "2", "EUR", None))
    load = shop.deliver("item").load_id
    assert shop.counts(load, "item") == counts(read=3, unchanged=1, quarantined=2)
    assert shop.ask("select price from raw.item where item_id = 'A2'") == [(Decimal("120.00"),)]
    assert shop.ask("select distinct violations -> 0 ->> 'rule' from quarantine.reject") == [
        ("duplicate_key",)
    ]


def test_partitioned_snapshot_deletes_inside_its_evening_only(shop: Shop) -> None:
    today, yesterday = EVENING, EVENING - timedelta(days=1)
    count(shop, yesterday, A1=5, A2=6)
    shop.deliver("stock", as_of=yesterday)
    count(shop, today, A1=4, A2=6)
    shop.deliver("stock", as_of=today)
    shop.at_source(f"delete from stock where as_of = '{today}' and item_id = 'A2'")
    shop.at_source(f"delete from stock where as_of = '{yesterday}'")
    load = shop.deliver("stock", as_of=today).load_id
    assert shop.counts(load, "stock") == counts(read=1, unchanged=1, deleted=1)
    assert shop.ask("select as_of, item_id, qty::int from raw.stock order by 1, 2") == [
        (yesterday, "A1", 5),
        (yesterday, "A2", 6),
        (today, "A1", 4),
    ]
    assert history(shop, "stock", "as_of", "item_id") == [(today, "A2", "deleted", load)]


def test_landing_tables_are_gone_after_a_delivery(shop: Shop) -> None:
    shop.items(LAMP)
    shop.deliver("item")
    assert shop.ask("select tablename from pg_tables where schemaname = 'landing'") == []


def test_ledger_unaccounted_row_is_denied_by_its_constraint(shop: Shop) -> None:
    shop.items(LAMP, RUG)
    load = shop.deliver("item").load_id
    for change in ("new_rows = 1", "read_rows = 3", "unchanged_rows = 1", "quarantined_rows = 1"):
        with pytest.raises(psycopg.errors.CheckViolation, match="every_row_accounted_for"):
            shop.do(
                f"update ops.load_table set {change} where load_id = %s and table_name = 'item'",
                load,
            )


def test_ledger_merge_that_loses_a_row_rolls_the_whole_delivery_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.items(LAMP, RUG)
    load = shop.pull("item")
    merge = Merge.run

    def losing(self: Merge) -> Counts:
        done = merge(self)
        return Counts(done.new - 1, done.changed, done.unchanged, done.deleted)

    monkeypatch.setattr(Merge, "run", losing)
    with pytest.raises(psycopg.errors.CheckViolation):
        shop.accept(load)
    assert shop.ask("select count(*) from raw.item") == [(0,)]
    assert shop.ask("select state from ops.load where load_id = %s", load) == [("landed",)]


VERSIONS = st.dictionaries(
    st.sampled_from(["A1", "A2", "A3", "A4"]), st.sampled_from(["1.00", "2.00"]), max_size=4
)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(VERSIONS, min_size=1, max_size=4))
def test_any_sequence_of_snapshots_ends_in_the_last_one_with_every_version_kept(
    shop: Shop, deliveries: list[dict[str, str]]
) -> None:
    shop.do("truncate raw.item, raw_history.item")
    known: dict[str, str] = {}
    superseded: list[tuple[str, Decimal, str]] = []
    for delivery in deliveries:
        shop.items(*((key, "x", price, "EUR", None) for key, price in delivery.items()))
        merge(shop, "item")
        for key, price in known.items():
            if delivery.get(key) != price:
                reason = "changed" if key in delivery else "deleted"
                superseded.append((key, Decimal(price), reason))
        known = delivery
    assert dict(shop.ask("select item_id, price::text from raw.item")) == known
    kept = shop.ask("select item_id, price, _reason from raw_history.item")
    assert sorted(kept) == sorted(superseded)


def count(shop: Shop, day: date, **pieces: int) -> None:
    for item, quantity in pieces.items():
        shop.at_source(f"insert into stock values ('{day}', '{item}', {quantity})")
