"""Every landing check is seen failing once, by a delivery that breaks just that promise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from daymart.checks.landing import landing_checks
from daymart.connections import parse_connection
from daymart.contracts.model import Column, Feed, Severity, Table
from daymart.errors import ContractError
from daymart.load.accept import accept
from daymart.load.landing import Landing
from daymart.load.ledger import get_load, read_landed
from daymart.load.pull import pull
from daymart.sources.postgres import PostgresSource
from daymart.warehouse.connect import Role, Warehouse

EVENING = date(2026, 11, 20)
SYSTEM = "fixture"


@dataclass(frozen=True)
class Break:
    """A delivery of `tables` (rows as differences from a sound row) that breaks one check.

    Another `system` than the fixture's delivers for the first time.
    """

    feed: str
    tables: dict[str, list[dict[str, Any]]]
    subject: str
    severity: Severity = Severity.FAIL
    tamper: str = ""
    system: str = SYSTEM


FAIL, WARN = Severity.FAIL, Severity.WARN
SOUND: dict[str, Any] = {}

BREAKS = {
    "landing.row_count": Break(
        "reference",
        {"site": [SOUND, {"site_id": "y"}]},
        "reference.site",
        tamper="delete from landing.l{load}_site where site_id = 'y'",
    ),
    "landing.control_total": Break(
        "accounting",
        {"acc_allocation": [SOUND]},
        "accounting.acc_allocation",
        tamper="update landing.l{load}_acc_allocation set amount_company = amount_company + 0.01",
    ),
    "landing.business_date": Break(
        "warehouse", {"wh_stock": [{"as_of": date(2026, 11, 19)}]}, "warehouse.wh_stock"
    ),
    "landing.collapse": Break("purchasing", {"pur_order": []}, "purchasing.pur_order"),
    "landing.volume": Break(
        "reference", {"warehouse": []}, "reference.warehouse", system="another"
    ),
    "landing.reject_share": Break(
        "reference",
        {"fx_rate": [{"currency": f"bad {n}"} for n in range(11)]},
        "reference.fx_rate",
    ),
    "landing.nulls.manager_id": Break(
        "reference", {"customer": [{"manager_id": None}]}, "reference.customer", WARN
    ),
    "landing.nulls.product_code": Break(
        "reference", {"product": [{"product_code": None}]}, "reference.product", WARN
    ),
    "accounting.instalments_add_up": Break(
        "accounting",
        {"acc_document": [SOUND], "acc_instalment": [{"amount": Decimal("0.99")}]},
        "accounting.acc_document",
    ),
    "landing.relationship": Break(
        "sales",
        {
            "so_order": [SOUND, {"order_id": "sent along"}],
            "so_order_line": [
                SOUND,
                {"order_id": "sent along"},
                {"order_id": "lost"},
                {"order_id": "lost", "line_no": 2},
                {"line_no": 3, "warehouse_id": None},
            ],
        },
        "sales.so_order_line",
        WARN,
    ),
    "crm.activities_are_past": Break(
        "crm", {"crm_activity": [{"done_at": "2999-01-01T09:00:00Z"}]}, "crm.crm_activity", WARN
    ),
    "crm.accepted_after_given": Break(
        "crm",
        {"crm_handoff": [{"accepted_at": f"{EVENING}T11:59:59Z"}]},
        "crm.crm_handoff",
        WARN,
    ),
    "plan.periods_are_whole": Break(
        "plan", {"sales_plan": [{"period_end": date(2026, 11, 19)}]}, "plan.sales_plan"
    ),
    "coordination.events_follow_opening": Break(
        "coordination",
        {"case_header": [SOUND], "case_event": [{"event_id": "y", "at": f"{EVENING}T11:59:59Z"}]},
        "coordination.case_event",
        WARN,
    ),
    "registry.finish_follows_answer": Break(
        "registry", {"sla_policy": [{"ack_min": 2}]}, "registry.sla_policy"
    ),
    "logistics.happened_before_delivery": Break(
        "logistics",
        {"lg_delivery_event": [{"event_id": "y", "at": "2999-01-01T09:00:00Z"}]},
        "logistics.lg_delivery_event",
        WARN,
    ),
    "warehouse.signs_follow_kinds": Break(
        "warehouse",
        {"wh_movement": [{"kind": "receipt", "qty": -1, "reverses_movement_id": None}]},
        "warehouse.wh_movement",
        WARN,
    ),
}


class Fixture:
    """A warehouse to which every feed was delivered once, one sound row a table."""

    def __init__(self, warehouse: Warehouse, feeds: dict[str, Feed]) -> None:
        self.warehouse = warehouse
        self.feeds = feeds
        self.first: dict[str, int] = {}
        self.sound_verdicts: list[tuple[str, str]] = []
        for name, feed in feeds.items():
            load = self.pull(name, {t.name: [SOUND] for t in feed.tables})
            done = accept(warehouse, feed, load)
            self.first[name] = load
            self.sound_verdicts += [(v.check_id, v.word) for v in done.verdicts]

    def pull(self, feed: str, tables: dict[str, list[dict[str, Any]]], system: str = SYSTEM) -> int:
        """Land one delivery whose rows are written in its queries."""
        queries = {
            name: rows_sql(self.feeds[feed].table(name), rows) for name, rows in tables.items()
        }
        source = PostgresSource(system, self.warehouse.connection, queries)
        return pull(self.warehouse, self.feeds[feed], source, EVENING).load_id

    def verdicts(self, load: int) -> list[tuple[Any, ...]]:
        """Return what the ledger keeps of a delivery's checks that did not pass."""
        with self.warehouse.session(None) as session:
            return session.execute(
                "select check_id, subject, severity, verdict, owner_id, remedy,"
                " detail ->> 'saw' from ops.check_result"
                " where load_id = %s and verdict <> 'passed' order by 1",
                [load],
            ).fetchall()

    def do(self, statement: str) -> None:
        with self.warehouse.session(None) as session:
            assert session.execute(statement.encode()).rowcount == 1

    def derivable(self) -> set[str]:
        """Return the ids of all checks a delivery to this warehouse can meet."""
        found = {check_id for check_id, _ in self.sound_verdicts}
        with self.warehouse.session(Role.LOADER) as session:
            for name, load_id in self.first.items():
                load = get_load(session, load_id)
                suites = landing_checks(
                    session, self.feeds[name], Landing(load), read_landed(session, load)
                )
                found |= {check.check_id for checks in suites.values() for check in checks}
        return found


@pytest.fixture(scope="module")
def fixture(databases: Any, installed_template: str, feeds: dict[str, Feed]) -> Iterator[Fixture]:
    uri = databases.create(installed_template)
    yield Fixture(Warehouse(parse_connection("warehouse", uri)), feeds)
    databases.drop(uri)


def test_sound_deliveries_pass_every_check(fixture: Fixture) -> None:
    assert {word for _, word in fixture.sound_verdicts} == {"passed"}


@pytest.mark.parametrize("check_id", BREAKS)
def test_delivery_that_breaks_one_promise_fails_just_that_check(
    fixture: Fixture, check_id: str
) -> None:
    broken = BREAKS[check_id]
    feed = fixture.feeds[broken.feed]
    load = fixture.pull(broken.feed, broken.tables, broken.system)
    if broken.tamper:
        fixture.do(broken.tamper.format(load=load))
    if broken.severity is FAIL:
        with pytest.raises(ContractError, match=check_id):
            accept(fixture.warehouse, feed, load)
    else:
        accept(fixture.warehouse, feed, load)
    found = {row[0]: row[1:] for row in fixture.verdicts(load)}
    assert check_id in found
    subject, severity, verdict, owner, remedy, saw = found[check_id]
    assert (subject, severity, owner) == (broken.subject, broken.severity, feed.owner)
    assert verdict == ("failed" if broken.severity is FAIL else "warned")
    assert remedy.endswith((".", "day."))
    assert saw and "could not be evaluated" not in saw
    assert set(found) == {check_id}


def test_dangling_reference_is_named_with_its_key_and_the_number_of_rows(
    fixture: Fixture,
) -> None:
    load = fixture.pull(
        "warehouse",
        {"wh_reservation": [{"reservation_id": "y", "order_line_no": 9}, {"made_by": "who"}]},
    )
    accept(fixture.warehouse, fixture.feeds["warehouse"], load)
    with fixture.warehouse.session(None) as session:
        found = session.execute(
            "select r ->> 'reference', r ->> 'key', r ->> 'row_count' from ops.check_result,"
            " jsonb_array_elements(detail -> 'rows') as r"
            " where load_id = %s and check_id = 'landing.relationship' order by 1",
            [load],
        ).fetchall()
    assert found == [
        ("made_by -> employee", "who", "1"),
        ("order_id, order_line_no -> so_order_line", "x / 9", "1"),
    ]
    said = {row[0]: row[-1] for row in fixture.verdicts(load)}["landing.relationship"]
    assert said.startswith("2 rows are wrong: ")
    assert "order_id, order_line_no -> so_order_line x / 9 (1 rows)" in said


def test_reference_to_a_table_never_loaded_is_not_judged(
    warehouse: Warehouse, feeds: dict[str, Feed]
) -> None:
    source = PostgresSource(
        SYSTEM,
        warehouse.connection,
        {"so_credit": rows_sql(feeds["sales"].table("so_credit"), [SOUND])},
    )
    load = pull(warehouse, feeds["sales"], source, EVENING).load_id
    done = accept(warehouse, feeds["sales"], load)
    assert "landing.relationship" not in {v.check_id for v in done.verdicts}


def test_every_check_of_contracts_and_landing_suites_is_shown_failing(fixture: Fixture) -> None:
    assert fixture.derivable() == set(BREAKS), "give each landing check a delivery that breaks it"


def rows_sql(table: Table, rows: Sequence[dict[str, Any]]) -> str:
    """Write rows as a query: a sound row of the contract with each row's differences."""
    selects = [f"select {columns_sql(table, row)}" for row in rows]
    return " union all ".join(selects) or f"select {columns_sql(table, {})} where false"


def columns_sql(table: Table, differences: dict[str, Any]) -> str:
    values = {c.name: sound_value(c) for c in table.columns} | differences
    assert len(values) == len(table.columns), f"{table.name} has no such column: {differences}"
    return ", ".join(
        f"{literal(values[c.name])}::{c.physical_type} as {c.name}" for c in table.columns
    )


def sound_value(column: Column) -> Any:
    """Return a value that keeps every row rule of `column`."""
    if column.allowed:
        return column.allowed[0]
    if column.pattern:
        return column.example
    kind = column.physical_type.split("(")[0]
    return {
        "text": "x",
        "date": EVENING,
        "timestamptz": f"{EVENING}T12:00:00Z",
        "boolean": False,
    }.get(kind, 1)


def literal(value: Any) -> str:
    return "null" if value is None else f"'{value}'"
