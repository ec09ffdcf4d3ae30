"""Every promise made to sellers is seen broken once, and names the rows that broke it."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from daymart import stages
from daymart.audit.suites import mart_suites, required_checks
from daymart.checks.check import Check, Subject, Verdict
from daymart.checks.run import run_checks
from daymart.contracts.model import Feed
from daymart.demo.company import advance
from daymart.settings import Settings
from daymart.warehouse.connect import Role, Warehouse
from tests.conftest import (
    DEMO_EVENING,
    Databases,
    company_at,
    database_of,
    demo_connection,
    rows,
    warehouse_at,
)
from tests.integration.broken import coordination, delivery, money, stock, supply
from tests.integration.broken.fault import MONDAY, Fault

FAULTS = (
    *money.FAULTS,
    *stock.FAULTS,
    *supply.FAULTS,
    *delivery.FAULTS,
    *coordination.FAULTS,
)


@pytest.fixture(scope="module")
def two_evenings_template(
    databases: Databases,
    published_template: str,
    demo_template: str,
    feeds: dict[str, Feed],
    settings: Settings,
) -> Iterator[str]:
    """A published Friday, then Monday's warehouse loaded, with movements dated back by days."""
    uri, source = databases.create(published_template), databases.create(demo_template)
    advance(source)
    _date_a_movement_back(source)
    with demo_connection(source):
        company = company_at(uri, feeds, settings)
        stages.accept(company, "warehouse", stages.pull(company, "warehouse", MONDAY))
    databases.drop(source)
    yield database_of(uri)
    databases.drop(uri)


@pytest.fixture
def morning_of(
    databases: Databases, published_template: str, two_evenings_template: str
) -> Iterator[Callable[[date], Warehouse]]:
    """Offer warehouses of the test's own: Friday's morning, or Monday's warehouse on top."""
    made = []

    def make(evening: date) -> Warehouse:
        template = published_template if evening == DEMO_EVENING else two_evenings_template
        made.append(databases.create(template))
        return warehouse_at(made[-1])

    yield make
    for uri in made:
        databases.drop(uri)


def _date_a_movement_back(source: str) -> None:
    """Enter on Monday a receipt of last Tuesday, and stock that holds it."""
    with psycopg.connect(source) as session:
        session.execute(
            "insert into erp.stock_entry select max(id) + 1, '2026-11-17 09:00+00', 'BER', 1004,"
            " '', 'A', '+', 7, 'PUR', 'late', 1, null, '2026-11-23 17:00+00' from erp.stock_entry"
        )
        done = session.execute(
            "update erp.stock_balance set qty = qty + 7 where day = %s and store = 'BER'"
            " and item_id = 1004 and lot = '' and quality = 'A'",
            [MONDAY],
        )
        assert done.rowcount == 1


def judge(warehouse: Warehouse, suites: dict[Subject, list[Check]]) -> dict[str, Verdict]:
    """Run suites as the publisher does and return the verdicts by check."""
    verdicts = run_checks(warehouse.sqlalchemy_url(Role.PUBLISHER), suites)
    return {v.check_id: v for v in verdicts}


def suite_with(check_id: str, evening: date) -> dict[Subject, list[Check]]:
    """Return the suite of the mart that `check_id` belongs to.

    On the second evening only the check itself: the candidate is still the first evening's.
    """
    for subject, checks in mart_suites(evening).items():
        if check_id in {c.check_id for c in checks}:
            alone = evening != DEMO_EVENING
            return {subject: [c for c in checks if c.check_id == check_id] if alone else checks}
    raise AssertionError(f"no suite has {check_id}")


def corrupt(warehouse: Warehouse, statement: str) -> list[dict[str, Any]]:
    """Do the fault as the database's owner and return the keys it touched."""
    with warehouse.session(None) as session, session.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement.encode()).fetchall()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.check_id)
def test_check_with_its_fault_fails_and_names_it(
    morning_of: Callable[[date], Warehouse], fault: Fault
) -> None:
    warehouse = morning_of(fault.evening)
    broken = corrupt(warehouse, fault.statement)
    assert broken, "the fault touched no row: the test would prove nothing"

    verdicts = judge(warehouse, suite_with(fault.check_id, fault.evening))

    failed = {check for check, verdict in verdicts.items() if not verdict.passed}
    assert failed == {fault.check_id, *fault.also}
    verdict = verdicts[fault.check_id]
    assert (verdict.severity, verdict.owner) == (fault.severity, fault.owner)
    assert verdict.word == ("failed" if fault.severity == "fail" else "warned")
    assert fault.remedy in verdict.remedy
    assert verdict.detail["saw"] == f"{len(broken)} rows are wrong"
    assert named(verdict, broken) == sorted(map(as_told, broken), key=str)
    differences = [row["difference"] for row in broken if "difference" in row]
    if differences:
        assert verdict.left is not None and verdict.right is not None
        assert verdict.left - verdict.right == sum(differences)


def named(verdict: Verdict, broken: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the verdict says of each wrong row, in the columns of `broken`."""
    told = [
        as_told({column: row[column] for column in broken[0]}) for row in verdict.detail["rows"]
    ]
    return sorted(told, key=str)


def as_told(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row's values comparable: numbers as numbers, the rest as text."""
    numbers = {"difference", "on_hand_qty", "in_transit_qty"}
    return {k: Decimal(str(v)).normalize() if k in numbers else str(v) for k, v in row.items()}


def test_required_checks_are_all_seen_failing() -> None:
    assert {fault.check_id for fault in FAULTS} == set(required_checks())


def test_checks_on_an_untouched_morning_pass(morning_of: Callable[[date], Warehouse]) -> None:
    warehouse = morning_of(DEMO_EVENING)
    verdicts = judge(warehouse, mart_suites(DEMO_EVENING))
    assert set(verdicts) == required_checks()
    assert [v.sentence() for v in verdicts.values() if not v.passed] == []


def test_r6_over_two_evenings_with_backdated_movements_passes(
    morning_of: Callable[[date], Warehouse],
) -> None:
    """Stock follows the movements learnt since Friday, whatever day they are dated."""
    warehouse = morning_of(MONDAY)
    learnt = rows(
        warehouse,
        "select count(*), count(*) filter (where moved_at < '2026-11-20') from raw.wh_movement"
        " where _load_id = (select max(load_id) from ops.load)",
    )
    assert learnt[0][0] > 1 and learnt[0][1] >= 1

    verdict = judge(warehouse, suite_with("R6", MONDAY))["R6"]

    assert verdict.passed, verdict.detail
    assert verdict.left is not None and verdict.left != 0


def test_r6_with_a_correction_of_a_known_movement_counts_only_the_change(
    morning_of: Callable[[date], Warehouse],
) -> None:
    """A movement changed after the stock was closed shows by the size of the change."""
    warehouse = morning_of(MONDAY)
    corrupt(
        warehouse,
        "with old as (select * from raw.wh_movement where _load_id < (select max(load_id)"
        " from ops.load) and uom = 'pcs' order by movement_id limit 1),"
        " kept as (insert into raw_history.wh_movement select o.*, (select max(load_id)"
        " from ops.load), now(), 'changed' from old as o)"
        " update raw.wh_movement as m set qty = m.qty + 2,"
        " _load_id = (select max(load_id) from ops.load) from old as o"
        " where m.movement_id = o.movement_id returning m.movement_id",
    )
    verdict = judge(warehouse, suite_with("R6", MONDAY))["R6"]
    assert [Decimal(r["difference"]) for r in verdict.detail["rows"]] == [Decimal(-2)]


NEWEST = "(select max(load_id) from ops.load)"
LINKED = (
    "raw.acc_allocation where allocation_id = (select min(allocation_id) from raw.acc_allocation)"
)
ITS_PAPER = f"(select from_document_id from {LINKED})"
TOUCHED_SINCE = {
    "nothing": "select 1 as done",
    "a paper": f"update raw.acc_document set _load_id = {NEWEST} where document_id = {ITS_PAPER}"
    " returning document_id",
    "a link": f"update {LINKED.replace(' where', f' set _load_id = {NEWEST} where')}"
    " returning allocation_id",
    "a link that went": "with gone as (insert into raw_history.acc_allocation"
    f" select a.*, {NEWEST}, now(), 'removed' from (select * from {LINKED}) as a"
    " returning allocation_id) delete from raw.acc_allocation as a using gone"
    " where a.allocation_id = gone.allocation_id returning a.allocation_id",
}


@pytest.mark.parametrize("touch", TOUCHED_SINCE)
def test_r3_of_a_past_evening_leaves_out_accounts_touched_since(
    morning_of: Callable[[date], Warehouse], touch: str
) -> None:
    warehouse = morning_of(MONDAY)
    broken = corrupt(
        warehouse,
        "update candidate.receivables_customer as m set balance_amount = balance_amount + 1"
        " from raw.acc_document as d where m.customer_id = d.customer_id"
        " and m.legal_entity = d.legal_entity and m.currency_code = d.currency"
        f" and m.contract_id = coalesce(d.contract_id, '') and d.document_id = {ITS_PAPER}"
        " returning m.customer_id",
    )
    assert len(broken) == 1
    assert corrupt(warehouse, TOUCHED_SINCE[touch])

    verdict = judge(warehouse, suite_with("R3", DEMO_EVENING))["R3"]

    assert verdict.passed == (touch != "nothing"), verdict.detail
    assert verdict.left is not None and verdict.left > 0
