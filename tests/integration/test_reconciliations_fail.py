"""Every promise made to sellers is seen broken once, and names the rows that broke it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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

MONDAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Fault:
    """A fault as it would happen and what the check must say of it.

    `statement` corrupts rows and returns, for each key that the check must name, the key's
    columns; `difference` beside them where the check has two sides. `also` are other checks of
    the same mart that see this fault too.
    """

    check_id: str
    statement: str
    owner: str
    remedy: str
    severity: str = "fail"
    also: tuple[str, ...] = ()
    evening: date = DEMO_EVENING


FAULTS = (
    Fault(
        "R1",
        # A payment was lost on the way to the mart.
        "with lost as (delete from candidate.receipts_daily where payment_id = '11631' returning *)"
        " select paid_on, currency_code, -sum(paid_amount) as difference from lost"
        " group by paid_on, currency_code",
        "accounting.chief",
        "Receipts of the days named here differ from the posted payments",
        also=("R2",),
    ),
    Fault(
        "R2",
        # Money of one payment is shown under another: the day's total stays the same.
        "update candidate.receipts_daily as r set paid_amount = r.paid_amount + d.moved"
        " from (values ('11625', '737', 100.00), ('11631', '750', -100.00))"
        " as d (payment_id, allocation_id, moved)"
        " where r.payment_id = d.payment_id and r.allocation_id = d.allocation_id"
        " returning r.payment_id, d.moved as difference",
        "accounting.chief",
        "Payments named here do not add up from what they paid",
    ),
    Fault(
        "R2.settled",
        # The same allocation was delivered under two numbers.
        "with doubled as (insert into raw.acc_allocation"
        " select '0' || allocation_id, from_document_id, from_instalment_no, to_document_id,"
        " to_instalment_no, amount, from_amount, amount_company, effective_date, source_system,"
        " source_id, _load_id, _loaded_at, _known_at, _row_hash, _file, _line"
        " from raw.acc_allocation where allocation_id = '750' returning *)"
        " select to_document_id as document_id, to_instalment_no as instalment_no from doubled",
        "accounting.chief",
        "Instalments named here are paid beyond their amount",
    ),
    Fault(
        "R3",
        # A customer's group vanished from the mart: a missing side counts as nothing.
        "with one as (select * from candidate.receivables_customer where balance_amount > 0"
        " and future_amount = 0 order by customer_id, contract_id limit 1)"
        " delete from candidate.receivables_customer as m using one"
        " where (m.legal_entity, m.customer_id, m.contract_id, m.currency_code)"
        " = (one.legal_entity, one.customer_id, one.contract_id, one.currency_code)"
        " returning m.customer_id, m.contract_id, m.currency_code,"
        " -m.balance_amount as difference",
        "accounting.chief",
        "Customers named here owe another sum in the ledger",
        also=("R3.company", "R4.items"),
    ),
    Fault(
        "R3.company",
        # A balance was converted at another day's rate, a cent apart.
        "update candidate.receivables_customer set"
        " balance_company_amount = balance_company_amount + 0.01"
        " where ctid = (select min(ctid) from candidate.receivables_customer)"
        " returning customer_id, contract_id, currency_code, 0.01 as difference",
        "accounting.chief",
        "Customers named here owe another sum in the ledger",
    ),
    Fault(
        "R4",
        # An open amount fell into no ageing bucket.
        "update candidate.receivables_customer set not_due_amount = 0"
        " where ctid = (select min(ctid) from candidate.receivables_customer"
        " where not_due_amount > 0)"
        " returning old.customer_id, old.contract_id, -old.not_due_amount as difference",
        "accounting.chief",
        "An open amount fell into no bucket",
    ),
    Fault(
        "R4.items",
        # An open instalment is missing from the list under the balance.
        "delete from candidate.receivables_open"
        " where ctid = (select min(ctid) from candidate.receivables_open where open_amount > 0)"
        " returning customer_id, contract_id, -open_amount as difference",
        "accounting.chief",
        "receivables_open and receivables_customer disagree",
    ),
    Fault(
        "R6",
        # A movement of the day was never delivered, so stock changed without one.
        "delete from raw.wh_movement where ctid = (select min(ctid) from raw.wh_movement"
        " where _load_id = (select max(load_id) from ops.load) and kind = 'sale_issue'"
        " and uom = 'pcs')"
        " returning warehouse_id, product_id, lot_id, quality_status, qty as difference",
        "warehouse.manager",
        "Stock named here changed without a movement, or moved without changing",
        evening=MONDAY,
    ),
    Fault(
        "R6.closing",
        # A join doubled the stock of one product.
        "update candidate.stock_availability set on_hand_qty = on_hand_qty * 2"
        " where warehouse_id = 'BER' and product_id = '1004'"
        " returning warehouse_id, product_id, old.on_hand_qty as difference",
        "warehouse.manager",
        "On hand named here is not the closing stock",
    ),
    Fault(
        "R7",
        # A reservation was released, and the mart still counts it.
        "update raw.wh_reservation set released_at = '2026-11-20 10:00+00'"
        " where ctid = (select min(ctid) from raw.wh_reservation where hard and uom = 'pcs'"
        " and released_at is null and valid_until > '2026-11-21')"
        " returning warehouse_id, product_id, qty as difference",
        "warehouse.manager",
        "Reserved named here differs from the live reservations",
    ),
    Fault(
        "R7.order_line",
        # The customer cancelled the line, and its goods are still held.
        "update raw.so_order_line as l set cancelled_qty = l.qty"
        " from (select min(r.order_id) as order_id from raw.wh_reservation as r"
        " where hard and released_at is null and valid_until > '2026-11-21') as held"
        " where l.order_id = held.order_id and exists (select from raw.wh_reservation as r"
        " where r.order_id = l.order_id and r.order_line_no = l.line_no and hard"
        " and released_at is null)"
        " returning l.order_id, l.line_no as order_line_no",
        "warehouse.manager",
        "Order lines named here hold more than was ordered",
        severity="warn",
    ),
    Fault(
        "R8",
        # Free stock was promised without looking at reservations.
        "update candidate.stock_availability set free_qty = usable_qty"
        " where reserved_qty > 0 and warehouse_id = 'BER' and product_id = '1006'"
        " returning warehouse_id, product_id, reserved_qty as difference",
        "warehouse.manager",
        "Free quantity is computed wrongly",
    ),
    Fault(
        "R8.negative",
        "update candidate.stock_availability set on_hand_qty = -1"
        " where warehouse_id = 'BER' and product_id = '1004'"
        " returning warehouse_id, product_id, product_code, on_hand_qty",
        "warehouse.manager",
        "Stock below zero cannot exist",
        severity="warn",
        also=("R6.closing",),
    ),
    Fault(
        "R8.whole_units",
        "update candidate.stock_availability set on_hand_qty = on_hand_qty - 0.5"
        " where warehouse_id = 'BER' and product_id = '1004'"
        " returning warehouse_id, product_id, on_hand_qty",
        "warehouse.manager",
        "Pieces came out as fractions",
        severity="warn",
        also=("R6.closing",),
    ),
    Fault(
        "R12",
        # What was not shipped yet fell out of the mart.
        "update candidate.inbound_supply set not_shipped_qty = 0"
        " where ctid = (select min(ctid) from candidate.inbound_supply"
        " where not_shipped_qty > 0)"
        " returning po_id, line_no, -old.not_shipped_qty as difference",
        "purchasing.head",
        "Purchase lines named here do not add up",
    ),
    Fault(
        "R12.transit",
        # Goods on the way were moved to the wrong bucket; the line still adds up.
        "update candidate.inbound_supply set in_transit_qty = 0,"
        " not_shipped_qty = not_shipped_qty + in_transit_qty"
        " where ctid = (select min(ctid) from candidate.inbound_supply"
        " where in_transit_qty > 0)"
        " returning po_id, line_no, inbound_id, -old.in_transit_qty as difference",
        "purchasing.head",
        "In transit is computed wrongly",
    ),
    Fault(
        "R12.negative",
        # More came than was sent, and nothing capped it.
        "update candidate.inbound_supply set received_qty = received_qty + 5,"
        " in_transit_qty = in_transit_qty - 5"
        " where ctid = (select min(ctid) from candidate.inbound_supply"
        " where in_transit_qty = 0)"
        " returning po_id, line_no, inbound_id, in_transit_qty",
        "purchasing.head",
        "More was received than sent",
    ),
    Fault(
        "R14",
        # Logistics knows of a piece the warehouse never issued.
        "update candidate.shipments_daily set shipped_qty = shipped_qty + 1"
        " where ctid = (select min(ctid) from candidate.shipments_daily"
        " where issued_on = '2026-11-19')"
        " returning issued_on as day, product_id, 1 as difference",
        "logistics.manager",
        "Logistics and warehouse disagree",
    ),
    Fault(
        "R26.feeds",
        "with lost as (delete from candidate.feed_freshness where feed_id = 'logistics'"
        " returning feed_id) select distinct feed_id from lost",
        "masterdata.owner",
        "Feeds named here are on no list",
    ),
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
    assert sorted(fault.check_id for fault in FAULTS) == sorted(required_checks())


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
