"""The demo company's bulk trade: consistent, repeatable, advancing, and loaded by a morning."""

from datetime import date
from typing import Any

import psycopg
import pytest

from daymart.demo import company
from daymart.demo.tables import TABLES
from daymart.demo.trade.scale import FIRST_ITEM, FIRST_PARTNER, Scale
from daymart.errors import ConfigError

FRIDAY = date(2026, 11, 20)
SEED = 7
SMALL = 0.05
BULK = {
    "stock_balance": f"item_id >= {FIRST_ITEM}",
    "ledger_total": f"partner_id >= {FIRST_PARTNER}",
    "stock_plan": f"item_id >= {FIRST_ITEM}",
    "sale": f"partner_id >= {FIRST_PARTNER}",
    "sale_line": f"item_id >= {FIRST_ITEM}",
    "sale_promise": "sale_id >= 10000000",
    "hold": f"item_id >= {FIRST_ITEM}",
    "dispatch": f"partner_id >= {FIRST_PARTNER}",
    "dispatch_line": f"item_id >= {FIRST_ITEM}",
    "dispatch_event": "dispatch_id >= 10000000",
    "stock_entry": f"item_id >= {FIRST_ITEM}",
    "purchase": f"partner_id >= {FIRST_PARTNER}",
    "purchase_line": f"item_id >= {FIRST_ITEM}",
    "purchase_date_change": "purchase_id >= 10000000",
    "purchase_transport": "purchase_id >= 10000000",
    "purchase_receipt": f"item_id >= {FIRST_ITEM}",
    "paper": f"partner_id >= {FIRST_PARTNER}",
    "paper_part": "paper_id >= 10000000",
    "paper_link": "id >= 10000000",
    "partner": f"id >= {FIRST_PARTNER}",
    "item": f"id >= {FIRST_ITEM}",
    "item_unit": f"item_id >= {FIRST_ITEM}",
}


def one(dsn: str, query: str) -> Any:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def prints(dsn: str) -> dict[str, tuple[int, str]]:
    """Count and hash the bulk rows of each table, whatever order they lie in."""
    with psycopg.connect(dsn) as connection:
        return {
            table: connection.execute(
                "select count(*), coalesce(md5(string_agg(t, ',' order by t)), '')"
                f" from (select row::text as t from erp.{table} as row where {rows}) as texts"
            ).fetchone()
            for table, rows in BULK.items()
        }


def test_small_trade_is_consistent_on_each_of_three_days(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY, 60, scale=SMALL)
    assert company.verify(postgres_database) == []
    assert one(postgres_database, "select scale::text from erp.company") == "0.05"
    for _ in range(3):
        company.advance(postgres_database)
        assert company.verify(postgres_database) == []


def test_every_bulk_table_has_rows(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY, 60, scale=SMALL)
    assert {table.TABLE for table in TABLES} >= set(BULK)
    assert [table for table, (count, _) in prints(postgres_database).items() if not count] == []


def test_advanced_days_equal_days_created_at_once(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY, 60, scale=SMALL)
    days = [company.advance(postgres_database) for _ in range(4)]
    advanced = prints(postgres_database)
    company.create(postgres_database, SEED, days[-1], 64, scale=SMALL)
    assert prints(postgres_database) == advanced


def test_same_seed_gives_the_same_rows_and_another_does_not(postgres_database: str) -> None:
    seen = []
    for seed in (SEED, SEED, SEED + 1):
        company.create(postgres_database, seed, FRIDAY, 25, scale=SMALL)
        seen.append(prints(postgres_database))
    assert seen[0] == seen[1]
    assert seen[0]["sale_line"] != seen[2]["sale_line"]


@pytest.mark.parametrize(
    ("scale", "days"), [(-1, 40), (1000, 40), (100, 5000)], ids=["below", "above", "too long"]
)
def test_impossible_scale_is_refused_in_plain_words(scale: float, days: int) -> None:
    with pytest.raises(ConfigError, match="demo company: scale"):
        company.create("postgresql://nowhere.invalid/none", SEED, FRIDAY, days, scale=scale)


def test_people_and_places_grow_slower_than_orders() -> None:
    small, large = Scale(1), Scale(100)
    assert large.orders_a_day == pytest.approx(100 * small.orders_a_day)
    assert large.customers <= 12 * small.customers
    assert large.items <= 12 * small.items
    assert large.stores <= 5 * small.stores
