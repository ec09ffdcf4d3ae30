"""Deliveries that are refused: raw stays as it was, the ledger says why, rejects are kept."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from fixtures.contracts.shop import EVENING, Shop

from daymart.connections import parse_connection
from daymart.errors import (
    ContractError,
    DaymartError,
    ExitCode,
    PermanentError,
    SourceError,
    SourceUnavailable,
    TransientError,
    WarehouseUnavailable,
)
from daymart.load.pull import pull
from daymart.sources.postgres import PostgresSource
from daymart.warehouse.connect import Warehouse

GOOD = [(f"A{n}", f"Item {n}", f"{n}.50", "EUR", None) for n in range(1, 9)]


def refusal(shop: Shop, *tables: str) -> tuple[int, ContractError]:
    """Deliver what must be refused; check that raw is untouched; return load and error."""
    before = shop.fingerprint()
    load = shop.pull(*tables)
    with pytest.raises(ContractError) as caught:
        shop.accept(load)
    assert shop.fingerprint() == before
    assert caught.value.exit_code == ExitCode.REJECTED
    assert isinstance(caught.value, PermanentError)
    return load, caught.value


def ledger(shop: Shop, load: int) -> tuple[str, str]:
    ((state, reason),) = shop.ask("select state, reason from ops.load where load_id = %s", load)
    return state, reason


def test_collapsed_snapshot_is_refused_with_the_reason_in_the_ledger(shop: Shop) -> None:
    shop.items(*GOOD)
    shop.deliver("item")
    shop.items(*GOOD[:3])
    load, error = refusal(shop, "item")
    assert "landing.collapse failed on shop.item: 3, expected at least 4" in str(error)
    assert "Ask shop.owner" in str(error)
    state, reason = ledger(shop, load)
    assert state == "refused"
    assert "8 keys are known" in reason
    assert shop.ask("select count(*) from raw.item") == [(8,)]


def test_snapshot_that_keeps_the_promised_share_is_accepted(shop: Shop) -> None:
    shop.items(*GOOD)
    shop.deliver("item")
    shop.items(*GOOD[:4])
    shop.deliver("item")
    assert shop.ask("select count(*) from raw.item") == [(4,)]


def test_empty_snapshot_is_refused(shop: Shop) -> None:
    shop.items(*GOOD)
    shop.deliver("item")
    shop.items()
    _, error = refusal(shop, "item")
    assert "and 1 more" in str(error)


def test_collapsed_partition_is_held_against_the_evening_before(shop: Shop) -> None:
    for day, pieces in (("2026-11-19", 6), ("2026-11-20", 2)):
        for n in range(pieces):
            shop.at_source(f"insert into stock values ('{day}', 'A{n}', 1)")
    shop.deliver("stock", as_of=EVENING.replace(day=19))
    _, error = refusal(shop, "stock")
    assert "landing.collapse" in str(error)


def test_too_many_rejects_are_refused_and_kept_in_quarantine(shop: Shop) -> None:
    shop.items(*GOOD[:4])
    shop.deliver("item")
    bad = [(key, name, "-1", "EUR", None) for key, name, *_ in GOOD[4:]]
    shop.items(*GOOD[:4], *bad)
    load, error = refusal(shop, "item")
    assert "landing.reject_share failed on shop.item: 4 of 8 rows held back" in str(error)
    assert "at most 20.00% allowed" in str(error)
    assert ledger(shop, load)[0] == "refused"
    kept = shop.ask(
        "select state, count(*) from quarantine.reject where load_id = %s group by 1", load
    )
    assert kept == [("open", 4)]


def test_rejects_within_the_limit_are_held_back_and_the_rest_is_accepted(shop: Shop) -> None:
    bad = [(key, name, "-1", "EUR", None) for key, name, *_ in GOOD[:3]]
    shop.items(*bad, *GOOD[3:])
    assert shop.deliver("item").quarantined == 3
    assert shop.ask("select count(*) from raw.item") == [(5,)]


def test_reject_explains_feed_system_key_rule_and_value(shop: Shop) -> None:
    shop.items(("A1", "Lamp", "1.005", "EURO", "cellar"), *GOOD[1:])
    load = shop.deliver("item").load_id
    ((*place, violations, values),) = shop.ask(
        "select feed_id, table_name, source_system, source_id, key_values, load_id, state,"
        " violations, row_values from quarantine.reject"
    )
    assert place == ["shop", "item", "shop", None, {"item_id": "A1"}, load, "open"]
    assert {(v["column"], v["rule"], v["value"]) for v in violations} == {
        ("price", "type", "1.005"),
        ("currency", "pattern", "EURO"),
        ("shelf", "allowed", "cellar"),
    }
    assert values["name"] == "Lamp"


def test_reject_delivered_well_later_is_closed_as_superseded(shop: Shop) -> None:
    shop.items(("A1", "Lamp", "-1", "EUR", None), *GOOD[1:])
    shop.deliver("item")
    shop.items(*GOOD)
    good = shop.deliver("item").load_id
    assert shop.ask("select state, closed_by, closed_at is not null from quarantine.reject") == [
        ("superseded", f"load {good}", True)
    ]


def test_good_delivery_after_a_refused_one_is_accepted(shop: Shop) -> None:
    shop.items(*GOOD)
    shop.deliver("item")
    shop.items(*GOOD[:1])
    refusal(shop, "item")
    shop.items(*GOOD[:7])
    shop.deliver("item")
    assert shop.ask("select count(*) from raw.item") == [(7,)]


def test_refused_table_holds_back_the_whole_feed(shop: Shop) -> None:
    shop.at_source("insert into visit values (1, '2026-11-20 09:00Z', 'calm')")
    _, error = refusal(shop, "item", "visit")
    assert "landing.volume failed on shop.item: 0, expected at least 1" in str(error)
    assert shop.ask("select count(*) from raw.visit") == [(0,)]


def test_refused_delivery_accepted_again_is_refused_again(shop: Shop) -> None:
    load, _ = refusal(shop, "item")
    with pytest.raises(DaymartError):
        shop.accept(load)


def test_control_totals_of_both_sides_are_in_the_ledger(shop: Shop) -> None:
    shop.items(("A1", "Lamp", "0.10", "EUR", None), ("A2", "Rug", "0.20", "EUR", None))
    shop.at_source("insert into movement values (1, -2.5, null, '2026-11-20 10:00Z')")
    load = shop.deliver("item", "movement").load_id
    assert shop.ask(
        "select table_name, source_rows, source_control, landed_control from ops.load_table"
        " where load_id = %s and is_provided order by 1",
        load,
    ) == [
        ("item", 2, Decimal("0.30"), Decimal("0.30")),
        ("movement", 1, Decimal("-2.5"), Decimal("-2.500000")),
    ]


def test_control_total_counts_rejected_rows_in(shop: Shop) -> None:
    shop.items(*GOOD[:7], ("A8", "Item 8", "100.00", "EURO", None))
    load = shop.deliver("item").load_id
    ((source, landed),) = shop.ask(
        "select source_control, landed_control from ops.load_table"
        " where load_id = %s and table_name = 'item'",
        load,
    )
    assert (source, landed) == (Decimal("131.50"), Decimal("31.50"))
    assert shop.ask(
        "select verdict, left_value, right_value, difference from ops.check_result"
        " where load_id = %s and check_id = 'landing.control_total'",
        load,
    ) == [("passed", Decimal("131.50"), Decimal("131.50"), Decimal(0))]


def test_every_verdict_of_a_delivery_is_a_row_with_owner_and_remedy(shop: Shop) -> None:
    shop.items(*GOOD)
    accepted = shop.deliver("item")
    found = shop.ask(
        "select check_id, verdict, owner_id, remedy <> '' from ops.check_result"
        " where load_id = %s order by check_id",
        accepted.load_id,
    )
    assert found == [
        (name, "passed", "shop.owner", True)
        for name in (
            "landing.control_total",
            "landing.nulls.name",
            "landing.reject_share",
            "landing.row_count",
            "landing.volume",
        )
    ]
    assert len(accepted.verdicts) == len(found)


def test_missing_column_is_refused_before_landing_with_the_closest_name(shop: Shop) -> None:
    shop.queries["item"] = "select item_id, name, price as prise, currency, shelf from item"
    with pytest.raises(ContractError) as caught:
        shop.pull("item")
    assert str(caught.value) == (
        "shop.item 2026-11-20: column 'price' is missing (4 of 5 found; did you mean 'prise'?)."
        " Ask the feed's owner, or amend the contract or the mapping."
    )
    ((state, reason),) = shop.ask("select state, reason from ops.load")
    assert (state, reason) == ("refused", str(caught.value))
    assert shop.ask("select tablename from pg_tables where schemaname = 'landing'") == []


def test_extra_column_is_noted_and_ignored(shop: Shop) -> None:
    shop.items(*GOOD[:1])
    shop.queries["item"] = "select *, 'red' as colour, 3 as weight from item"
    load = shop.deliver("item").load_id
    assert shop.ask(
        "select extra_columns from ops.load_table where load_id = %s and table_name = 'item'", load
    ) == [(["colour", "weight"],)]


def test_columns_in_another_order_land_under_their_names(shop: Shop) -> None:
    shop.items(("A1", "Lamp", "9.90", "EUR", "front"))
    shop.queries["item"] = "select shelf, currency, price, name, item_id from item"
    shop.deliver("item")
    assert shop.ask("select item_id, name, shelf from raw.item") == [("A1", "Lamp", "front")]


def test_source_that_is_down_is_unavailable_with_exit_3_and_may_be_retried(
    shop: Shop, tmp_path: Path
) -> None:
    nowhere = parse_connection("shop_erp", f"postgresql://me:hunter2@/x?host={tmp_path}")
    source = PostgresSource("shop", nowhere, shop.queries)
    with pytest.raises(SourceUnavailable) as caught:
        pull(shop.warehouse, shop.feed, source, EVENING)
    assert caught.value.exit_code == ExitCode.SOURCE_UNAVAILABLE
    assert isinstance(caught.value, TransientError)
    assert "source shop (shop_erp)" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert shop.ask("select state from ops.load") == [("failed",)]


def test_mapping_query_that_does_not_run_names_its_file_with_exit_3(shop: Shop) -> None:
    shop.queries["item"] = "select nonsense from item"
    with pytest.raises(SourceError, match=r"systems/shop/item\.sql") as caught:
        shop.pull("item")
    assert 'column "nonsense" does not exist' in str(caught.value)
    assert caught.value.exit_code == ExitCode.SOURCE_UNAVAILABLE
    assert isinstance(caught.value, PermanentError)


def test_mapping_query_that_fails_midway_is_a_source_error_and_nothing_is_landed(
    shop: Shop,
) -> None:
    shop.items(*GOOD)
    shop.queries["item"] = (
        "select item_id, name, currency, shelf,"
        " price / (case when random() < 2 and item_id = 'A8' then 0 else 1 end) as price from item"
    )
    with pytest.raises(SourceError, match="division by zero"):
        shop.pull("item")
    assert shop.ask("select state from ops.load") == [("failed",)]


def test_warehouse_that_is_down_is_unavailable_with_exit_4(shop: Shop, tmp_path: Path) -> None:
    nowhere = Warehouse(
        parse_connection("warehouse", f"postgresql://me:hunter2@/x?host={tmp_path}")
    )
    with pytest.raises(WarehouseUnavailable) as caught:
        pull(nowhere, shop.feed, shop.source("item"), EVENING)
    assert caught.value.exit_code == ExitCode.WAREHOUSE_UNAVAILABLE
    assert isinstance(caught.value, TransientError)
    assert "hunter2" not in str(caught.value)


def test_source_is_read_only_for_a_mapping_query(shop: Shop) -> None:
    shop.items(*GOOD)
    shop.at_source(
        "create function grab() returns text language sql as"
        " $$ delete from item returning item_id $$"
    )
    shop.queries["item"] = "select grab() as item_id, name, price, currency, shelf from item"
    with pytest.raises(SourceError, match="read-only transaction"):
        shop.pull("item")
    shop.at_source("drop function grab()")


def test_not_a_number_at_the_source_is_held_back_like_any_bad_value(shop: Shop) -> None:
    shop.items(*GOOD[:7], ("A8", "Item 8", "NaN", "EUR", None))
    assert shop.deliver("item").quarantined == 1
    assert shop.ask("select count(*) from raw.item") == [(7,)]


def test_stricter_limit_in_the_contract_refuses_one_reject(shop: Shop) -> None:
    shop.feed = replace(shop.feed, max_reject_share=0.0, max_reject_rows=0)
    shop.items(*GOOD[:7], ("A8", "Item 8", "-1", "EUR", None))
    _, error = refusal(shop, "item")
    assert "1 of 8 rows held back" in str(error)
