"""The demo company's bulk trade: consistent, repeatable, advancing, and loaded by a morning."""

from datetime import date
from typing import Any

import psycopg
import pytest

from daymart import stages
from daymart.contracts.model import Feed
from daymart.demo import company
from daymart.demo.tables import TABLES
from daymart.demo.trade.fill import LINES_A_SPAN, open_trade
from daymart.demo.trade.scale import FIRST_ITEM, FIRST_PARTNER, Scale
from daymart.demo.workdays import Workdays
from daymart.errors import ConfigError
from daymart.settings import Project, Settings
from daymart.warehouse.connect import Warehouse
from tests.conftest import HOME, demo_connection, load_everything, publish_everything, rows

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


@pytest.mark.parametrize("scale", [0.05, 1, 100], ids=["S0.05", "S1", "S100"])
def test_history_is_drawn_in_spans_of_bounded_size(scale: float) -> None:
    trade = open_trade(SEED, scale, date(2025, 11, 24), 260, Workdays(), [])
    spans = list(trade.spans(0, 259))
    assert [day for first, last in spans for day in range(first, last + 1)] == list(range(260))
    born = trade.born(*spans[0])
    assert 0 < len(born.lines.order) < 1.5 * LINES_A_SPAN


BALANCES = """
with debts as (
    select part.paper_id, part.part_no, paper.entity, paper.partner_id,
        coalesce(paper.agreement, '') as agreement, paper.currency,
        (select last_day from erp.company) - part.due_on as late,
        part.amount - coalesce((
            select sum(link.amount) from erp.paper_link as link
            where (link.paid_id, link.paid_part) = (part.paper_id, part.part_no)
        ), 0) as left_amount
    from erp.paper_part as part join erp.paper on paper.id = part.paper_id
    where paper.side = 'D' and part.amount > 0
)
select 'NL' || total.entity, partner.code, total.agreement, total.currency, total.balance,
    coalesce(sum(left_amount) filter (where late <= 0 or late is null), 0),
    coalesce(sum(left_amount) filter (where late between 1 and 30), 0),
    coalesce(sum(left_amount) filter (where late between 31 and 60), 0),
    coalesce(sum(left_amount) filter (where late between 61 and 90), 0),
    coalesce(sum(left_amount) filter (where late > 90), 0),
    total.balance - coalesce(sum(left_amount), 0)
from erp.ledger_total as total
join erp.company on company.last_day = total.day
join erp.partner on partner.id = total.partner_id
left join debts on (debts.entity, debts.partner_id, debts.agreement, debts.currency)
    = (total.entity, total.partner_id, total.agreement, total.currency)
where total.partner_id > 1000000
group by total.entity, partner.code, total.agreement, total.currency, total.balance
"""

STOCK = """
with lying as (
    select store, item_id, sum(qty) as qty, sum(qty) filter (where quality = 'A') as usable
    from erp.stock_balance join erp.company on company.last_day = stock_balance.day
    where item_id > 1000000 group by store, item_id
),
held as (
    select store, item_id, sum(qty) as qty from erp.hold
    where item_id > 1000000 and released_at is null group by store, item_id
)
select store, item_id::text, coalesce(lying.qty, 0), coalesce(usable, 0), coalesce(held.qty, 0),
    coalesce(usable, 0) - coalesce(held.qty, 0)
from lying full join held using (store, item_id)
"""

SHIPPED = """
select (moved_at at time zone 'Europe/Kyiv')::date, store,
    count(distinct doc) filter (where way = '-') - count(distinct doc) filter (where way = '+'),
    count(*) filter (where way = '-') - count(*) filter (where way = '+'),
    sum(case way when '-' then qty else -qty end)
from erp.stock_entry where type = 'SAL' and item_id > 1000000 group by 1, store
"""

OTIF = """
with lines as (
    select line.sale_id, line.line_no, partner.code, line.qty - line.dropped_qty as qty,
        line.wanted_on,
        (array_agg(promise.day order by given_at, promise.id))[1] as first_day,
        (array_agg(promise.day order by given_at desc, promise.id desc))[1] as last_day,
        max(promise.day) filter (where by_customer) as wish_day
    from erp.sale_line as line
    join erp.sale on sale.id = line.sale_id
    join erp.partner on partner.id = sale.partner_id
    join erp.sale_promise as promise using (sale_id, line_no)
    where line.item_id > 1000000 and line.qty > line.dropped_qty
    group by line.sale_id, line.line_no, partner.code
),
delivered as (
    select dispatch.sale_id, sent.sale_line as line_no, sum(sent.qty) as qty,
        max(event.happened_at)::date as day
    from erp.dispatch_line as sent
    join erp.dispatch on dispatch.id = sent.dispatch_id
    join erp.dispatch_event as event on event.dispatch_id = dispatch.id and event.type = 'DLV'
    where not exists (
        select from erp.dispatch_event as short where short.dispatch_id = dispatch.id
            and short.type = 'DIF' and short.line_no = sent.line_no
    ) and not exists (select from erp.dispatch as back where back.cancels_id = dispatch.id)
    and (not wants_signature or exists (
        select from erp.dispatch_event as proof where proof.dispatch_id = dispatch.id
            and proof.type = 'POD'
    ))
    group by dispatch.sale_id, sent.sale_line
),
bases as (
    select lines.*, basis, base_on
    from lines cross join lateral (values
        ('requested', coalesce(wish_day, wanted_on)),
        ('first_promised', coalesce(wish_day, first_day)), ('last_promised', last_day)
    ) as base (basis, base_on)
)
select basis, date_trunc('month', base_on)::date, code, count(*),
    count(*) filter (where delivered.qty = bases.qty and delivered.day <= base_on)
from bases left join delivered using (sale_id, line_no)
where base_on <= (select last_day from erp.company)
group by 1, 2, 3
"""

ATP = """
with events as (
    select store, item_id, greatest(coalesce(plan.day, company.last_day), company.last_day) as day,
        case way when '+' then qty else -qty end as qty
    from erp.stock_plan as plan cross join erp.company
    where item_id > 1000000 and (way = '-' or plan.day > company.last_day)
    union all
    select store, item_id, day, qty
    from erp.stock_balance as balance join erp.company on company.last_day = balance.day
    where item_id > 1000000 and quality = 'A'
),
days as (select store, item_id, day, sum(qty) as qty from events group by store, item_id, day),
running as (
    select *, sum(qty) over (partition by store, item_id order by day) as level from days
)
select store, item_id::text,
    min(level) over (partition by store, item_id order by day
        rows between current row and unbounded following) as atp,
    day
from running
"""


def rows_of(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return sorted(connection.execute(query.encode()).fetchall(), key=repr)


@pytest.fixture(scope="module")
def answered(databases: Any) -> Any:
    """Offer a small company of half a year with its answers."""
    uri = databases.create()
    company.create(uri, SEED, FRIDAY, 130, scale=SMALL)
    assert company.answer(uri) == FRIDAY
    yield uri
    databases.drop(uri)


@pytest.mark.parametrize(
    ("table", "columns", "query"),
    [
        ("customer_balance", "legal_entity, customer_id, contract_id, currency_code,"
         " balance_amount, not_due_amount, overdue_1_30_amount, overdue_31_60_amount,"
         " overdue_61_90_amount, overdue_91_plus_amount, unapplied_amount", BALANCES),
        ("stock", "warehouse_id, product_id, on_hand_qty, usable_qty, reserved_qty, free_qty",
         STOCK),
        ("shipped", "shipped_on, warehouse_id, shipment_count, line_count, shipped_qty", SHIPPED),
        ("otif", "basis, month_on, customer_id, line_count, on_time_in_full_count", OTIF),
    ],
    ids=["customer_balance", "stock", "shipped", "otif"],
)  # fmt: skip
def test_answers_equal_an_independent_query(
    answered: str, table: str, columns: str, query: str
) -> None:
    found = rows_of(answered, f"select {columns} from answers.{table}")
    assert found, "nothing was answered"
    expected = sorted(
        (tuple(plain(value) for value in row) for row in rows_of(answered, query)), key=repr
    )
    assert sorted((tuple(plain(v) for v in row) for row in found), key=repr) == expected


def test_atp_answer_equals_an_independent_query(answered: str) -> None:
    steps: dict[tuple[str, str], list[tuple[date, int]]] = {}
    for store, item, atp, day in rows_of(answered, ATP):
        steps.setdefault((store, item), []).append((day, int(atp)))
    checked = 0
    query = "select warehouse_id, product_id, from_on, atp_qty from answers.atp"
    for store, item, day, atp in rows_of(answered, query):
        known = sorted(steps.get((store, item), []))
        level = [qty for on, qty in known if on <= day]
        # Before the first event the least of all later levels holds; empty places have none.
        expected = level[-1] if level else (min([0, *(qty for _, qty in known)]))
        assert atp == expected, (store, item, day)
        checked += 1
    assert checked > len(steps) > 0


def plain(value: Any) -> Any:
    """Compare numbers by value, whatever their type and scale."""
    return float(value) if hasattr(value, "as_tuple") or isinstance(value, int) else value


def test_morning_of_a_small_trade_holds_back_only_the_known_bad_rows(
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
    marts = rows(
        warehouse,
        "select legal_entity, customer_id, contract_id, currency_code, balance_amount,"
        " not_due_amount, overdue_1_30_amount, overdue_31_60_amount, overdue_61_90_amount,"
        " overdue_91_plus_amount from marts.receivables_customer where customer_id like 'T%%'"
        " and balance_amount <> 0",
    )
    answers = rows_of(
        source,
        "select legal_entity, customer_id, contract_id, currency_code, balance_amount,"
        " not_due_amount, overdue_1_30_amount, overdue_31_60_amount, overdue_61_90_amount,"
        " overdue_91_plus_amount from answers.customer_balance where balance_amount <> 0",
    )
    assert marts
    databases.drop(source)
    assert sorted(marts, key=repr) == answers
