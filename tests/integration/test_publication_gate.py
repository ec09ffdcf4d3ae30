"""The gate: nothing is published on a doubt, and readers are told why yesterday's rows stay."""

import threading
from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest

from daymart import stages
from daymart.audit.suites import required_checks
from daymart.errors import ExitCode, FencedError, GateError
from daymart.publish.ledger import MORNING_LEASE
from daymart.publish.run import publish, rollback
from daymart.stages import Company
from daymart.warehouse.connect import Role
from daymart.warehouse.lease import hold
from tests.conftest import DEMO_EVENING, rows
from tests.faults.republish import audited_again, stamp_candidate, what_readers_see

SHOWN = "select distinct publication_id, freshness_status, stale_reason from marts.{}"


@pytest.fixture
def company(published_company: Company) -> Iterator[Company]:
    """Offer a company whose next candidate differs from what is published."""
    stamp_candidate(published_company.warehouse, "new")
    yield published_company


@pytest.fixture(scope="module")
def held_company(shared_company: Company) -> Company:
    """Offer a company like it whose every morning is held: for readers nothing ever changes."""
    stamp_candidate(shared_company.warehouse, "new")
    return shared_company


def seen_by_readers(company: Company) -> dict[str, list[str]]:
    """Return the rows of every mart as the reader role sees them."""
    with company.warehouse.session(Role.READER) as session:
        return what_readers_see(session)


def assert_held(company: Company, publication_id: int, *reasons: str) -> None:
    """Assert that the publication is held, and that its reason stands beside every row."""
    state, reason, published_at = rows(
        company.warehouse,
        "select state, reason, published_at from ops.publication where publication_id = %s",
        publication_id,
    )[0]
    assert (state, published_at) == ("held", None)
    for words in reasons:
        assert words in reason
    for mart in ("stock_availability", "receivables_open", "feed_freshness"):
        assert rows(company.warehouse, SHOWN.format(mart)) == [(1, "stale", reason)]


BLOCKERS = {
    "a failed model": (
        "update ops.build_result set status = 'error', message = 'division by zero'"
        " where publication_id = %s and node_id = 'model.daymart.shipments_daily'",
        ("model.daymart.shipments_daily", "error", "division by zero"),
    ),
    "a failed dbt test": (
        "update ops.build_result set status = 'fail', message = 'Got 3 results'"
        " where publication_id = %s and node_id = (select min(node_id) from ops.build_result"
        " where resource_type = 'test')",
        ("dbt: test.daymart.", "Got 3 results"),
    ),
    "a skipped model": (
        "update ops.build_result set status = 'skipped'"
        " where publication_id = %s and node_id = 'model.daymart.stg_sales__orders'",
        ("model.daymart.stg_sales__orders skipped",),
    ),
    "a model missing from the results": (
        "delete from ops.build_result"
        " where publication_id = %s and node_id = 'model.daymart.inbound_supply'",
        ("mart inbound_supply is missing from dbt's results",),
    ),
    "no mart at all": (
        "delete from ops.mart_definition where publication_id = %s",
        ("dbt named no mart at all",),
    ),
    "a check without verdict": (
        "delete from ops.check_result where publication_id = %s and check_id = 'R12'",
        ("check R12 gave no verdict",),
    ),
    "a failed hard check": (
        "update ops.check_result set verdict = 'failed',"
        ' detail = \'{"saw": "2 rows are wrong"}\''
        " where publication_id = %s and check_id = 'R3'",
        (
            "R3 on receivables_customer: 2 rows are wrong",
            "Customers named here owe another sum",
            "owner: accounting.chief",
        ),
    ),
}


@pytest.mark.parametrize("blocker", BLOCKERS)
def test_publish_with_a_blocker_publishes_nothing_and_says_why(
    held_company: Company, blocker: str
) -> None:
    statement, reasons = BLOCKERS[blocker]
    before = seen_by_readers(held_company)
    publication_id = audited_again(held_company.warehouse)
    with held_company.warehouse.session(None) as session:
        assert session.execute(statement.encode(), [publication_id]).rowcount > 0

    with pytest.raises(GateError) as held:
        stages.publish(held_company, publication_id)

    assert held.value.exit_code == ExitCode.REJECTED == 6
    assert f"daymart publication show {publication_id}" in str(held.value)
    assert_held(held_company, publication_id, *reasons)
    assert seen_by_readers(held_company) == before
    assert not rows(
        held_company.warehouse,
        "select 1 from ops.publication_mart where publication_id = %s",
        publication_id,
    )


@pytest.mark.parametrize("check", sorted(required_checks()))
def test_publish_without_the_verdict_of_any_one_check_is_held(
    held_company: Company, check: str
) -> None:
    publication_id = audited_again(held_company.warehouse)
    with held_company.warehouse.session(None) as session:
        session.execute(
            "delete from ops.check_result where publication_id = %s and check_id = %s",
            [publication_id, check],
        )
    with pytest.raises(GateError, match=f"check {check} gave no verdict"):
        stages.publish(held_company, publication_id)


def test_publish_with_a_warning_publishes(company: Company) -> None:
    publication_id = audited_again(company.warehouse)
    with company.warehouse.session(None) as session:
        session.execute(
            "update ops.check_result set verdict = 'warned'"
            " where publication_id = %s and check_id = 'R8.negative'",
            [publication_id],
        )
    stages.publish(company, publication_id)
    shown = rows(company.warehouse, SHOWN.format("stock_availability"))
    assert [(row[0], row[2]) for row in shown] == [(publication_id, None)]


def test_publish_after_a_held_morning_takes_the_reason_away(company: Company) -> None:
    held = audited_again(company.warehouse)
    with company.warehouse.session(None) as session:
        session.execute("delete from ops.check_result where publication_id = %s", [held])
    with pytest.raises(GateError):
        stages.publish(company, held)

    better = audited_again(company.warehouse)
    stages.publish(company, better)

    assert [(r[0], r[2]) for r in rows(company.warehouse, SHOWN.format("receipts_daily"))] == [
        (better, None)
    ]
    # A task of the held morning that is retried later must not spoil what is published now.
    with pytest.raises(GateError):
        stages.publish(company, held)
    assert [(r[0], r[2]) for r in rows(company.warehouse, SHOWN.format("receipts_daily"))] == [
        (better, None)
    ]


def test_publish_of_an_overtaken_morning_is_fenced(company: Company) -> None:
    overtaken = audited_again(company.warehouse)
    newer = audited_again(company.warehouse)
    with pytest.raises(FencedError) as fenced:
        stages.publish(company, overtaken)
    assert fenced.value.exit_code == ExitCode.FENCED == 5
    stages.publish(company, newer)
    with pytest.raises(FencedError):
        stages.publish(company, overtaken)
    assert rows(company.warehouse, SHOWN.format("inbound_supply"))[0][0] == newer


def test_publish_while_another_morning_writes_is_fenced_at_once(company: Company) -> None:
    publication_id = audited_again(company.warehouse)
    before = seen_by_readers(company)
    with (
        hold(company.warehouse, MORNING_LEASE, Role.PUBLISHER),
        pytest.raises(FencedError, match=r"pid \d+ has been writing since 20") as fenced,
    ):
        stages.publish(company, publication_id)
    assert fenced.value.exit_code == 5
    assert seen_by_readers(company) == before


def test_build_while_another_morning_writes_is_fenced_at_once(company: Company) -> None:
    with (
        hold(company.warehouse, MORNING_LEASE, Role.PUBLISHER),
        pytest.raises(FencedError, match="one writer at a time"),
    ):
        stages.build(company, DEMO_EVENING)
    assert rows(company.warehouse, "select count(*) from ops.publication") == [(1,)]


def test_publish_by_a_process_that_lost_its_lease_writes_nothing(company: Company) -> None:
    """A paused publisher wakes up after another one took the lease over: its commit is refused."""
    publication_id = audited_again(company.warehouse)
    before = seen_by_readers(company)
    caught: list[BaseException] = []

    def publish_and_catch() -> None:
        try:
            publish(company.warehouse, company.project.settings, publication_id)
        except FencedError as fenced:
            caught.append(fenced)

    with company.warehouse.session(None) as blocker, blocker.transaction():
        # It stops where it reads its publication, with the lease already in its hands.
        blocker.execute("lock table ops.publication in access exclusive mode")
        paused = threading.Thread(target=publish_and_catch)
        paused.start()
        wait_for_lease(company)
        with company.warehouse.session(None) as session:
            session.execute(
                "update ops.lease set token = nextval('ops.lease_token'), holder = 'the second'"
            )
    paused.join(30)

    assert len(caught) == 1 and "the second has been writing" in str(caught[0])
    assert seen_by_readers(company) == before
    assert rows(
        company.warehouse,
        "select state from ops.publication where publication_id = %s",
        publication_id,
    ) == [("audited",)]


def wait_for_lease(company: Company) -> None:
    """Wait until somebody holds the morning's lease."""
    for _ in range(500):
        if rows(company.warehouse, "select 1, pg_sleep(0.01) from ops.lease"):
            return
        rows(company.warehouse, "select pg_sleep(0.01)")
    raise AssertionError("nobody took the lease")


def test_rollback_while_a_morning_waits_to_be_published_overtakes_it(company: Company) -> None:
    """A morning that was audited before the rollback would undo it: it is held back."""
    waiting = audited_again(company.warehouse)
    back = rollback(company.warehouse, 1, "wrong prices")
    assert back.publication_id > waiting
    with pytest.raises(FencedError):
        stages.publish(company, waiting)
    shown = rows(company.warehouse, SHOWN.format("stock_availability"))
    assert [row[0] for row in shown] == [back.publication_id]


def test_morning_with_a_broken_ledger_total_is_held_by_the_real_stages(
    published_company: Company,
) -> None:
    """The whole way: dbt builds, Great Expectations finds the cent, the gate holds back."""
    company = published_company
    before = seen_by_readers(company)
    with company.warehouse.session(None) as session:
        session.execute(
            "update raw.acc_balance_control set balance = balance + 0.01"
            " where ctid = (select min(ctid) from raw.acc_balance_control"
            " where as_of = (select max(as_of) from raw.acc_balance_control))"
        )
    publication_id = stages.build(company, DEMO_EVENING)
    stages.audit(company, publication_id)
    with pytest.raises(GateError) as held:
        stages.publish(company, publication_id)
    assert held.value.exit_code == 6
    assert_held(company, publication_id, "R3 on receivables_customer: 1 rows are wrong")
    assert seen_by_readers(company) == before
    assert rows(
        company.warehouse,
        "select difference, severity, verdict from ops.check_result"
        " where publication_id = %s and check_id = 'R3'",
        publication_id,
    ) == [(Decimal("-0.01"), "fail", "failed")]


def test_morning_with_a_failing_dbt_test_is_held_by_the_real_stages(
    published_company: Company,
) -> None:
    company = published_company
    before = seen_by_readers(company)
    with company.warehouse.session(None) as session:
        _deliver_a_product_twice(session)
    with pytest.raises(GateError) as held:
        stages.build(company, DEMO_EVENING)
    assert held.value.exit_code == 6
    publication_id = rows(company.warehouse, "select max(publication_id) from ops.publication")
    assert_held(company, publication_id[0][0], "build of publication")
    assert seen_by_readers(company) == before
    assert rows(
        company.warehouse,
        "select status, message from ops.build_result"
        " where publication_id = %s and node_id = 'test.daymart.keys_are_known_to_one_system'",
        publication_id[0][0],
    ) == [("fail", "Got 1 result, configured to fail if != 0")]


def _deliver_a_product_twice(session: psycopg.Connection) -> None:
    """Let two systems know one product: a key that is no longer one."""
    columns = [
        row[0]
        for row in session.execute(
            "select attname from pg_attribute where attrelid = 'raw.product'::regclass"
            " and attnum > 0 and not attisdropped and attname <> 'source_system'"
        )
    ]
    listed = ", ".join(columns)
    session.execute(
        "insert into ops.load (feed_id, source_system, as_of, state, holder)"
        " values ('reference', 'other', %s, 'accepted', 'test')",
        [DEMO_EVENING],
    )
    session.execute(
        f"insert into raw.product (source_system, {listed})"
        f" select 'other', {listed} from raw.product order by product_id limit 1".encode()
    )
