"""The demo company's bulk trade: consistent, repeatable, advancing, and loaded by a morning."""

from datetime import date
from typing import Any

import psycopg
import pyarrow as pa
import pytest

from daymart import stages
from daymart.acceptance.comparison import compare
from daymart.contracts.model import Feed
from daymart.demo import company
from daymart.demo.core.tables import TABLES
from daymart.demo.trade.fill import KEYS, LINES_A_SPAN, open_trade
from daymart.demo.trade.scale import FIRST_COUNT, FIRST_ITEM, FIRST_PARTNER, Scale
from daymart.demo.workdays import Workdays
from daymart.errors import ConfigError
from daymart.settings import Project, Settings
from daymart.warehouse.connect import Warehouse
from tests.conftest import HOME, demo_connection, load_everything, publish_everything, rows
from tests.integration.answer_sql.wrong_answers import ALTERED, ALTERED_ON_BOARD

FRIDAY = date(2026, 11, 20)
NOVEMBER_ENDS = date(2026, 11, 27)
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
    "route": "code ~ '^R[0-9]+$'",
    "credit_line": f"partner_id >= {FIRST_PARTNER}",
    "paper_line": f"item_id >= {FIRST_ITEM}",
    "sale_share": "sale_id >= 10000000",
    "stock_check": f"item_id >= {FIRST_ITEM}",
    "pick": "dispatch_id >= 10000000",
    "pick_fault": "id >= 10000000",
    "claim": "id >= 10000000",
    "ask": "id >= 10000000",
    "ask_reply": "ask_id >= 10000000",
    "lead": "id >= 10000000",
    "lead_step": "id >= 10000000",
    "lead_pass": "id >= 10000000",
    "touch": "id >= 10000000",
    "target": "id >= 10000000",
    "target_signature": "staff_no ~ '^T'",
    "outlook": "id >= 10000000",
    "gap_note": "id >= 10000000",
    "ticket": f"id >= {FIRST_COUNT}",
    "ticket_side": f"ticket_id >= {FIRST_COUNT}",
    "ticket_log": f"ticket_id >= {FIRST_COUNT}",
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
                " from (select (to_jsonb(row) - 'touched_on')::text as t"
                f" from erp.{table} as row where {rows}) as texts"
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


def test_days_advanced_into_a_month_equal_days_created_at_once(postgres_database: str) -> None:
    company.create(postgres_database, SEED, NOVEMBER_ENDS, 60, scale=SMALL)
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


@pytest.mark.parametrize("scale", [0.05, 1, 100], ids=["S0.05", "S1", "S100"])
def test_history_is_drawn_in_spans_of_bounded_size(scale: float) -> None:
    trade = open_trade(SEED, scale, date(2025, 11, 24), 260, Workdays(), [])
    spans = list(trade.spans(0, 259))
    assert [day for first, last in spans for day in range(first, last + 1)] == list(range(260))
    born = trade.born(*spans[0])
    assert 0 < len(born.lines.order) < 1.5 * LINES_A_SPAN


@pytest.mark.parametrize("scale", [0.05, 100], ids=["S0.05", "S100"])
def test_no_two_rows_have_one_key(scale: float) -> None:
    """A row's number is computed from its order, so that nothing is counted while drawing."""
    days = 3
    trade = open_trade(SEED, scale, date(2026, 6, 1), days, Workdays(), [])
    keys: dict[str, list[pa.Table]] = {}
    for first, last in trade.spans(0, days):
        for table in trade.tables_of_orders(trade.born(first, last), days + 200):
            key = KEYS.get(table.name, ("id",))
            written = table.filled(0, days + 200).columns
            keys.setdefault(table.name, []).append(pa.table({name: written[name] for name in key}))
    seen = {name: pa.concat_tables(tables) for name, tables in keys.items()}
    twice = {
        name: len(rows) - rows.group_by(rows.column_names).aggregate([]).num_rows
        for name, rows in seen.items()
    }
    assert len(twice) > 15
    assert {name: count for name, count in twice.items() if count} == {}


def rows_of(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return sorted(connection.execute(query.encode()).fetchall(), key=repr)


SENT = """
select table_name, sum(row_count)
from (
    select distinct on (table_name, control_unit, business_date) table_name, row_count
    from raw.batch_manifest
    order by table_name, control_unit, business_date, batch_no desc
) as told
group by table_name
"""
TOLD = {
    "acc_document": f"posting_date <= '{FRIDAY}'",
    "crm_activity": f"coalesce(planned_at, done_at) < '{FRIDAY}'",
    "crm_stage_event": f"at < '{FRIDAY}'",
    "lg_shipment": f"issued_at < date '{FRIDAY}' + 1",
}
"""Later-dated papers, Friday's CRM and the weekend's shipments are told on a later evening."""


def test_morning_of_a_small_trade_publishes_what_its_simulator_answers(
    databases: Any, warehouse: Warehouse, feeds: dict[str, Feed], settings: Settings
) -> None:
    source = databases.create()
    company.create(source, SEED, FRIDAY, 60, scale=SMALL)
    company.answer(source)
    with demo_connection(source):
        morning = stages.Company(Project(HOME, settings), feeds, warehouse)
        load_everything(morning, FRIDAY)
        publish_everything(morning, FRIDAY)
    held = rows(warehouse, "select count(*) from quarantine.reject")
    bulk = rows(
        warehouse,
        "select table_name, source_id from quarantine.reject"
        r" where source_id ~ '(^|\D)(T[0-9]+|[0-9]{7,})'",
    )
    assert held == [(7,)], "five bad rows of the core, and a unit typed twice"
    assert bulk == []
    sent = dict(rows(warehouse, SENT))
    assert sent.keys() > {"wh_movement", "so_order", *TOLD}
    assert sent == {
        name: rows(warehouse, f"select count(*) from raw.{name} where {known}")[0][0]
        for name, known in {**dict.fromkeys(sent, "true"), **TOLD}.items()
    }
    verdicts = rows(
        warehouse,
        "select verdict, left_value = right_value and left_value > 100000 from ops.check_result"
        " where check_id = 'R1.manifest'",
    )
    assert verdicts == [("passed", True)]
    compared = compare(warehouse, source, FRIDAY)
    assert [found for found in compared if not found.holds] == []

    wrong_lines = [0]
    for statement in ALTERED_ON_BOARD:
        with psycopg.connect(source) as answers:
            answers.execute(statement.encode())
        board = {found.table: found for found in compare(warehouse, source, FRIDAY)}["open_line"]
        wrong_lines.append(board.total - board.matched)
    assert wrong_lines == sorted(set(wrong_lines)), "each adds lines that differ"

    otif = "update answers.otif set line_count = line_count + 1 where basis = 'requested'"
    with psycopg.connect(source) as answers:
        answers.execute("delete from answers.stock where warehouse_id = 'T01'")
        wrong = answers.execute(otif).rowcount
        answers.execute(
            "insert into answers.shipped select as_of, shipped_on, 'elsewhere', 1, 1, 1"
            " from answers.shipped order by shipped_on desc limit 1"
        )
        wrong_rows = {table: answers.execute(ALTERED[table].encode()).rowcount for table in ALTERED}
    assert 0 not in wrong_rows.values()
    again = {found.table: found for found in compare(warehouse, source, FRIDAY)}
    assert again["otif"].total - again["otif"].matched == wrong
    assert "line_count mart" in again["otif"].differences[0]
    assert "no answer" in again["stock"].differences[0]
    assert [d for d in again["shipped"].differences if "elsewhere: no row in the marts" in d]
    assert {table for table, found in again.items() if not found.holds} == {
        "otif", "stock", "shipped", *wrong_rows,
    }  # fmt: skip
    differing = {table: again[table].total - again[table].matched for table in ALTERED}
    for table in ("open_line", "open_item"):
        assert differing.pop(table) > wrong_rows.pop(table), "of what it gathers, too"
    assert differing == wrong_rows
    databases.drop(source)
