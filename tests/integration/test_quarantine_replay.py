"""Replay: rows held back get a second chance, enter once, and are closed with who and when."""

import getpass
from dataclasses import replace
from decimal import Decimal

import pytest
from fixtures.contracts.shop import Shop

from daymart.contracts.model import Feed
from daymart.errors import ContractError
from daymart.load.quarantine import Replayed, replay

LAMP = ("A1", "Lamp", "9.90", "EUR", "front")
RUG = ("A2", "Rug", "120.00", "EUR", "cellar")
VASE = ("A3", "Vase", "35.50", "EURO", None)


@pytest.fixture
def shop(shared_shop: Shop) -> Shop:
    """Offer a shop with two rows in quarantine: an unknown shelf and a bad currency."""
    shared_shop.begin_anew().items(LAMP, RUG, VASE)
    assert shared_shop.deliver("item").quarantined == 2
    return shared_shop


def amended(feed: Feed) -> Feed:
    """Return the feed under a contract that knows the cellar."""
    item = feed.table("item")
    columns = tuple(
        replace(c, allowed=("front", "back", "cellar")) if c.name == "shelf" else c
        for c in item.columns
    )
    rest = tuple(t for t in feed.tables if t.name != "item")
    return replace(feed, tables=(replace(item, columns=columns), *rest))


def waiting(shop: Shop) -> list[int]:
    return [
        number
        for (number,) in shop.ask(
            "select reject_id from quarantine.reject where state = 'open' order by 1"
        )
    ]


def again(shop: Shop, feed: Feed | None = None, **corrections: str) -> Replayed:
    return replay(shop.warehouse, feed or shop.feed, "shop", waiting(shop), corrections)


def items(shop: Shop) -> list[str]:
    return [key for (key,) in shop.ask("select item_id from raw.item order by 1")]


def states(shop: Shop) -> dict[str, str]:
    return dict(
        shop.ask(
            "select distinct on (1) row_values ->> 'item_id', state from quarantine.reject"
            " order by 1, reject_id desc"
        )
    )


def test_replay_after_a_contract_fix_enters_what_now_fits_and_holds_the_rest(shop: Shop) -> None:
    assert again(shop, amended(shop.feed)) == Replayed(entered=1, held_again=1, overtaken=0)
    assert items(shop) == ["A1", "A2"]
    assert len(waiting(shop)) == 1
    assert shop.ask("select shelf from raw.item where item_id = 'A2'") == [("cellar",)]


def test_replay_without_a_fix_enters_nothing(shop: Shop) -> None:
    before = shop.fingerprint()
    assert again(shop) == Replayed(entered=0, held_again=2, overtaken=0)
    assert shop.fingerprint() == before
    assert len(waiting(shop)) == 2


def test_replay_with_corrections_enters_the_corrected_rows(shop: Shop) -> None:
    assert again(shop, shelf="back", currency="EUR") == Replayed(2, 0, 0)
    assert items(shop) == ["A1", "A2", "A3"]
    assert shop.ask("select shelf, currency, price from raw.item where item_id = 'A3'") == [
        ("back", "EUR", Decimal("35.50"))
    ]


def test_replay_twice_enters_once_and_changes_nothing_the_second_time(shop: Shop) -> None:
    numbers = waiting(shop)
    feed = amended(shop.feed)
    replay(shop.warehouse, feed, "shop", numbers, {"currency": "EUR"})
    before = shop.fingerprint()
    loads = shop.ask("select count(*) from ops.load")
    second = replay(shop.warehouse, feed, "shop", numbers, {"currency": "EUR"})
    assert second == Replayed(0, 0, 0)
    assert shop.fingerprint() == before
    assert shop.ask("select count(*) from ops.load") == loads
    assert items(shop) == ["A1", "A2", "A3"]


def test_replayed_row_is_closed_with_who_and_when(shop: Shop) -> None:
    again(shop, amended(shop.feed), currency="EUR")
    found = shop.ask(
        "select state, closed_by, closed_at > rejected_at from quarantine.reject order by 1"
    )
    ((load,),) = shop.ask("select max(load_id) from ops.load")
    assert found == [("replayed", f"{getpass.getuser()}, load {load}", True)] * 2


def test_replay_ends_where_a_clean_load_ends(shop: Shop) -> None:
    again(shop, amended(shop.feed), currency="EUR")
    business = "select item_id, name, price, currency, shelf, _row_hash from raw.item order by 1"
    replayed = shop.ask(business)
    shop.begin_anew().items(LAMP, RUG, ("A3", "Vase", "35.50", "EUR", None))
    shop.feed = amended(shop.feed)
    shop.deliver("item")
    assert shop.ask(business) == replayed


def test_replay_deletes_nothing_though_its_table_is_a_full_list(shop: Shop) -> None:
    again(shop, amended(shop.feed))
    assert "A1" in items(shop)
    assert shop.ask("select count(*) from raw_history.item") == [(0,)]


def test_row_overtaken_by_a_later_delivery_stays_out(shop: Shop) -> None:
    numbers = waiting(shop)
    shop.items(LAMP, ("A2", "Rug", "80.00", "EUR", "back"), VASE)
    later = shop.deliver("item").load_id
    done = replay(shop.warehouse, amended(shop.feed), "shop", numbers, {"currency": "EUR"})
    assert done.entered == 0
    assert shop.ask("select price, _load_id from raw.item where item_id = 'A2'") == [
        (Decimal("80.00"), later)
    ]


def test_incremental_row_overtaken_by_a_later_delivery_stays_out(shop: Shop) -> None:
    shop.at_source("insert into movement values (1, null, null, '2026-11-20 10:00Z')")
    shop.deliver("movement")
    (number,) = [
        n
        for (n,) in shop.ask(
            "select reject_id from quarantine.reject where table_name = 'movement'"
        )
    ]
    shop.at_source("update movement set qty = 7, changed_at = '2026-11-20 11:00Z'")
    shop.deliver("movement")
    done = replay(shop.warehouse, shop.feed, "shop", [number], {"qty": "3"})
    assert done == Replayed(0, 0, 0)
    assert shop.ask("select qty::int from raw.movement") == [(7,)]
    assert shop.ask("select state from quarantine.reject where reject_id = %s", number) == [
        ("superseded",)
    ]


def test_refused_delivery_closes_no_older_row(shop: Shop) -> None:
    older = waiting(shop)
    shop.items(LAMP, ("A4", "Clock", "12.00", "EURO", None))
    shop.feed = replace(shop.feed, max_reject_share=0.0, max_reject_rows=0)
    with pytest.raises(ContractError, match="reject_share"):
        shop.deliver("item")
    assert waiting(shop)[:2] == older


def test_replay_of_another_system_s_rows_touches_nothing(shop: Shop) -> None:
    done = replay(shop.warehouse, amended(shop.feed), "other", waiting(shop), {})
    assert done == Replayed(0, 0, 0)
    assert items(shop) == ["A1"]


def test_replay_does_not_move_the_cursor_of_its_feed(shop: Shop) -> None:
    shop.at_source("insert into movement values (1, null, null, '2026-11-20 23:00Z')")
    shop.at_source("insert into movement values (2, 1, null, '2026-11-20 10:00Z')")
    shop.deliver("movement")
    numbers = [
        n
        for (n,) in shop.ask(
            "select reject_id from quarantine.reject where table_name = 'movement'"
        )
    ]
    assert replay(shop.warehouse, shop.feed, "shop", numbers, {"qty": "3"}).entered == 1
    shop.at_source("insert into movement values (3, 5, null, '2026-11-20 09:00Z')")
    shop.deliver("movement")
    assert shop.ask("select movement_id from raw.movement order by 1") == [(1,), (2,), (3,)]
