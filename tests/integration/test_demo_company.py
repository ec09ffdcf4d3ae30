"""The demo company in PostgreSQL: consistent, advancing, and mapped to every contract."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from daymart.demo import company
from daymart.demo.checks import CHECKS
from daymart.demo.core.books import split
from daymart.demo.core.tables import TABLES
from daymart.demo.workdays import Workdays
from daymart.errors import ConfigError
from daymart.sources.queries import whole_query

ROOT = Path(__file__).parents[2]
FRIDAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)
SEED = 7

# For each rule one change that breaks it, so that every guard is seen failing.
BREAKS = {
    "closing stock differs from the sum of entries": "delete from erp.stock_entry where id = 100",
    "stock below nothing": "update erp.stock_balance set qty = -1 where item_id = 1002",
    "a part of an indivisible piece": "update erp.stock_balance set qty = .5 where item_id = 1002",
    "dispatch line without exactly one entry of its size": (
        "update erp.dispatch_line set qty = qty + 1 where dispatch_id = 30005"
    ),
    "entry that cancels another of a different size": (
        "update erp.stock_entry set qty = qty + 1 where cancels_id is not null"
    ),
    "receipt without an entry of its size": "delete from erp.purchase_receipt where id = 3",
    "parts do not add up to their paper": (
        "update erp.paper_part set amount = amount + 0.01 where paper_id = 10100"
    ),
    "links exceed a part or sit on the wrong side": (
        "update erp.paper_link set amount = amount * 2 where id = 10"
    ),
    "link across netting groups": (
        "update erp.paper set agreement = 'X' where id = (select payer_id from erp.paper_link"
        " where id = 10)"
    ),
    "open items differ from the ledger": "delete from erp.paper_part where paper_id = 10100",
    "papers differ from the ledger": "delete from erp.paper where id = 10100",
    "bounced payment is not closed": (
        "delete from erp.paper_link using erp.paper where paper.type = 'REV' and paid_id = paper.id"
    ),
    "shipped more than ordered": "update erp.sale_line set qty = 0 where sale_id = 20001",
    "held more than open": "update erp.hold set qty = qty + 1000 where released_at is null",
    "hold outlives its day": (
        "update erp.hold set released_at = null where why_released = 'expired'"
    ),
    "planned issues differ from open lines": "delete from erp.stock_plan where type = 'SAL'",
    "purchase quantities do not add up": "update erp.purchase_line set qty = 0 where line_no = 1",
    "transport and receipt differ": "update erp.purchase_receipt set qty = qty + 1 where id = 3",
    "first confirmed date was rewritten": (
        "update erp.purchase_line set confirmed_on = confirmed_on + 1"
    ),
    "sale line without a promise": "delete from erp.sale_promise where sale_id = 20001",
    "billed lines do not make their paper": "update erp.paper_line set net = net + 0.01",
    "billed differs from what was sent": "update erp.paper_line set qty = qty + 1",
    "claimed more than was sent": "update erp.claim set qty = qty + 1",
    "goods of open claims are not kept apart": (
        "delete from erp.stock_balance using erp.company where quality = 'R' and day = last_day"
    ),
    "claim whose dates or ending contradict its state": (
        "update erp.claim set note_id = null where ending = 'M'"
    ),
    "shares of a sale do not make 100": "delete from erp.sale_share where pct = 40",
    "book quantity of a count differs from the entries": (
        "update erp.stock_check set book = book + 1, found = found + 1"
    ),
    "posted count without exactly one entry of its difference": (
        "update erp.stock_check as twin set status = 'P', entry_id = posted.entry_id,"
        " found = twin.book + posted.found - posted.book from erp.stock_check as posted"
        " where posted.status = 'P' and twin.no = 'CNT-second' and twin.item_id = posted.item_id"
    ),
    "picked differs from what was sent": "update erp.pick set qty = qty + 1 where id = 5",
    "fault without its pick or ticket": "delete from erp.ticket where kind = 'PCK'",
    "answer without a question before it": "delete from erp.ask",
    "ticket without two departments": "update erp.ticket_side set dept = 'sales'",
    "sides of a ticket not opened together": (
        "delete from erp.ticket_log where what = 'OPN' and side_no = 2"
    ),
    "something is done in the future": (
        "update erp.touch set done_at = done_at + interval '40 days'"
    ),
    "lead handed over by nobody": "update erp.lead_pass set giver_no = 'E999' where id = 1",
    "step of a lead that does not follow": "delete from erp.lead_step where was is null",
    "targets changed after they were frozen": (
        "update erp.target set amount = amount + 1 where id = 1"
    ),
    "calendar without hours or with a half swap": (
        "update erp.calendar_day set swapped_with = null where swapped_with > day"
    ),
    "activities differ from what was sent": "delete from erp.touch where id = 1",
    "papers differ from what was sent": (
        "update erp.batch_list set total = total + 0.01 where table_name = 'acc_document'"
        " and (day, no) = ('2026-11-20', 1)"
    ),
    "goods of claims differ from what came back": (
        "update erp.stock_entry set qty = qty + 1 where type = 'RET'"
    ),
    "credit note of another sale": "update erp.claim set note_id = 10001 where note_id > 0",
    "invoice of a sale without lines": "delete from erp.paper_line where line_no = 1",
    "targets signed before they were frozen": "update erp.target_set set frozen_at = 'infinity'",
    "outlook of a seller without a target": "delete from erp.target where staff_no = 'E004'",
    "won lead without a customer": "update erp.lead set partner_id = null",
    "ticket about the sale of another customer": "update erp.sale set partner_id = 1",
    "ticket done before anybody took note": (
        "update erp.ticket_log set at = 'infinity' where what = 'ACK'"
    ),
    "credit line of somebody who does not buy": "update erp.partner set buys = false where id = 1",
}

EVENTS = (
    "wh_movement",
    "pur_eta_event",
    "lg_delivery_event",
    "so_promise_event",
    "crm_stage_event",
    "case_event",
    "batch_manifest",
)

BAD_ROWS = {
    ("customer", "terms_days", "maximum"),
    ("product", "name", "null"),
    ("fx_rate", "currency", "pattern"),
    ("uom_factor", "num", "minimum"),
    ("uom_factor", "", "duplicate"),
    ("lg_delivery_event", "kind", "enum"),
}


def contract_tables() -> list[dict[str, Any]]:
    """Read every contract table as a plain mapping."""
    paths = sorted((ROOT / "contracts").glob("*.odcs.yaml"))
    return [table for path in paths for table in yaml.safe_load(path.read_text())["schema"]]


def tables_of(dsn: str) -> dict[str, list[tuple[Any, ...]]]:
    with psycopg.connect(dsn) as connection:
        return {
            # Where rows lie in the heap is the server's business: compare them sorted.
            name: sorted(connection.execute(f"select * from erp.{name}").fetchall(), key=repr)
            for name in (*(table.TABLE for table in TABLES), "batch_list")
        }


def extract(dsn: str, table: str, as_of: date, since: str = "-infinity") -> "psycopg.Cursor[Any]":
    """Run one mapping as a source is read: read only, with its two settings."""
    connection = psycopg.connect(dsn, row_factory=psycopg.rows.dict_row)
    connection.execute("set transaction isolation level repeatable read, read only")
    connection.execute(
        "select set_config('daymart.as_of', %s, true), set_config('daymart.since', %s, true)",
        (as_of.isoformat(), since),
    )
    return connection.execute(whole_query(ROOT / "systems" / "demo" / f"{table}.sql"))


def broken_rules(table: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Name (column, rule) for every row rule of the contract that a row breaks."""
    keys = [p["name"] for p in table["properties"] if p.get("primaryKey")]
    counted = Counter(tuple(row[key] for key in keys) for row in rows)
    if max(counted.values()) > 1:
        yield "", "duplicate"
    for column in table["properties"]:
        for row in rows:
            rule = broken_rule(column, row[column["name"]])
            if rule:
                yield column["name"], rule


def broken_rule(column: dict[str, Any], value: Any) -> str | None:
    if value is None:
        return "null" if column.get("required") else None
    options = column.get("logicalTypeOptions", {})
    allowed = [
        quality["arguments"]["validValues"]
        for quality in column.get("quality", [])
        if quality["metric"] == "invalidValues"
    ]
    broken = {
        "pattern": "pattern" in options and not re.search(options["pattern"], value),
        "minimum": "minimum" in options and value < options["minimum"],
        "maximum": "maximum" in options and value > options["maximum"],
        "enum": any(value not in values for values in allowed),
    }
    return next((rule for rule, is_broken in broken.items() if is_broken), None)


def physical_type(column: Any) -> str:
    names = {25: "text", 1082: "date", 1184: "timestamptz", 16: "boolean", 23: "integer"}
    if column.type_code == 1700:
        return f"numeric({column.precision},{column.scale})"
    return names[column.type_code]


@pytest.mark.parametrize("days", [25, 40])
def test_created_company_is_consistent_on_each_of_three_days(
    postgres_database: str, days: int
) -> None:
    company.create(postgres_database, SEED, FRIDAY, days)
    assert company.verify(postgres_database) == []
    for expected in (MONDAY, date(2026, 11, 24), date(2026, 11, 25)):
        assert company.advance(postgres_database) == expected
        assert company.verify(postgres_database) == []


def test_create_and_advance_twice_give_identical_rows(postgres_database: str) -> None:
    seen = []
    for _ in range(2):
        company.create(postgres_database, SEED, FRIDAY)
        company.advance(postgres_database)
        seen.append(tables_of(postgres_database))
    assert seen[0] == seen[1]


def test_other_seed_gives_other_rows(postgres_database: str) -> None:
    seen = []
    for seed in (SEED, SEED + 1):
        company.create(postgres_database, seed, FRIDAY, 25)
        seen.append(tables_of(postgres_database)["sale"])
    assert seen[0] != seen[1]


def test_advance_skips_a_holiday(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY, holidays=frozenset({MONDAY}))
    assert company.advance(postgres_database) == date(2026, 11, 24)


def test_advance_corrects_earlier_days(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY)
    company.advance(postgres_database)
    with psycopg.connect(postgres_database) as connection:
        bounced, cancelled, moved = connection.execute(
            """
            select
                (select count(*) from erp.paper where type = 'REV' and booked_on = %(day)s),
                (
                    select count(*) from erp.dispatch
                    where cancels_id is not null and issued_at::date = %(day)s
                ),
                (
                    select count(*) from erp.purchase_date_change
                    where was is not null and changed_at::date = %(day)s
                )
            """,
            {"day": MONDAY},
        ).fetchone()
    assert bounced and cancelled and moved


def test_advance_keeps_what_others_changed(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY)
    with psycopg.connect(postgres_database) as connection:
        connection.execute("update erp.paper set contested = true where id = 10001")
    company.advance(postgres_database)
    with psycopg.connect(postgres_database) as connection:
        query = "select contested from erp.paper where id = 10001"
        assert connection.execute(query).fetchone() == (True,)


def test_verify_each_rule_sees_its_own_break(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY)
    assert BREAKS.keys() == CHECKS.keys()
    blind = []
    with psycopg.connect(postgres_database) as connection:
        for rule, change in BREAKS.items():
            connection.execute(change)
            if not connection.execute(CHECKS[rule]).fetchall():
                blind.append(rule)
            connection.rollback()
    assert blind == []


def test_every_demo_case_names_an_existing_row(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY)
    keys = {table.TABLE: table.KEY for table in TABLES}
    with psycopg.connect(postgres_database) as connection:
        cases = connection.execute("select name, table_name, key from erp.demo_case").fetchall()
        missing = [
            name
            for name, table, key in cases
            if not connection.execute(
                f"select 1 from erp.{table} where concat_ws('/', {', '.join(keys[table])}) = %s",
                (key,),
            ).fetchone()
        ]
    assert missing == []
    assert len(cases) >= 50
    assert sum(name.startswith("bad_row_") for name, _, _ in cases) == len(BAD_ROWS)


def test_mappings_fit_their_contracts_except_the_bad_rows(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY)
    company.advance(postgres_database)
    mapped = {path.stem for path in (ROOT / "systems" / "demo").glob("*.sql")}
    tables = {table["name"]: table for table in contract_tables()}
    broken = []
    for table in [tables[name] for name in sorted(mapped)]:
        cursor = extract(postgres_database, table["name"], MONDAY)
        wanted = {column["name"]: column["physicalType"] for column in table["properties"]}
        given = {column.name: physical_type(column) for column in cursor.description or []}
        assert given == {**wanted, "source_id": "text"}, table["name"]
        rows = cursor.fetchall()
        assert rows, table["name"]
        assert all(row["source_id"] for row in rows), table["name"]
        broken += [(table["name"], *rule) for rule in broken_rules(table, rows)]
        cursor.connection.close()
    assert Counter(broken) == Counter(BAD_ROWS)


def test_mappings_of_the_next_day_send_only_new_events(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY)
    company.advance(postgres_database)
    for table in EVENTS:
        whole = extract(postgres_database, table, MONDAY).fetchall()
        fresh = extract(postgres_database, table, MONDAY, "2026-11-20 23:59:59+00").fetchall()
        assert 0 < len(fresh) < len(whole) / 5, table


def test_mapped_open_items_equal_the_balance_control(postgres_database: str) -> None:
    company.create(postgres_database, SEED, FRIDAY)
    company.advance(postgres_database)
    group = ("legal_entity", "customer_id", "contract_id", "currency")
    papers = {row["document_id"]: row for row in extract(postgres_database, "acc_document", MONDAY)}
    items: Counter[tuple[str, ...]] = Counter()

    def add(document_id: str, amount: Any) -> None:
        items[tuple(papers[document_id][column] for column in group)] += amount

    for row in extract(postgres_database, "acc_instalment", MONDAY):
        add(row["document_id"], row["amount"])
    for row in extract(postgres_database, "acc_allocation", MONDAY):
        add(row["to_document_id"], -row["amount"])
        add(row["from_document_id"], row["from_amount"])
    control = {
        tuple(row[column] for column in group): row["balance"]
        for row in extract(postgres_database, "acc_balance_control", MONDAY)
    }
    assert dict(items) == control


def test_workdays_shift_over_weekend_and_holiday_skips_both() -> None:
    workdays = Workdays(frozenset({MONDAY}))
    assert workdays.shift(FRIDAY, 1) == date(2026, 11, 24)
    assert workdays.shift(date(2026, 11, 24), -1) == FRIDAY


def test_workdays_on_or_after_working_day_keeps_it() -> None:
    assert Workdays().on_or_after(FRIDAY) == FRIDAY
    assert Workdays().on_or_after(date(2026, 11, 21)) == MONDAY


def test_split_in_three_leaves_cents_to_the_last() -> None:
    parts = split(Decimal("100.00"), 3)
    assert parts == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


@pytest.mark.parametrize(
    ("last_day", "days"), [(date(2026, 11, 21), 40), (FRIDAY, 24)], ids=["day off", "too short"]
)
def test_create_with_impossible_days_says_so(last_day: date, days: int) -> None:
    with pytest.raises(ConfigError, match="demo company"):
        company.create("postgresql://nowhere.invalid/none", 7, last_day, days)
