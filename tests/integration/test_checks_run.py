"""How a check is run: its query once, and a query that cannot run is a check that failed."""

from decimal import Decimal

import pytest

from daymart.checks.check import Check, Reconciliation, Subject, Verdict
from daymart.checks.run import run_checks
from daymart.contracts.model import Severity
from daymart.warehouse.connect import Role, Warehouse
from tests.conftest import rows

COUNTED = "select nextval('public.times_asked') as key, 3 as left_value, 5 as right_value"
WRONG_ROWS = "select nextval('public.times_asked') as key"
BROKEN = "select a_column_nobody_has from ops.feed"


@pytest.fixture
def counter(warehouse: Warehouse) -> Warehouse:
    """Offer a warehouse that counts how often a query was run."""
    with warehouse.session(None) as session:
        session.execute("create sequence public.times_asked")
        session.execute("grant usage on sequence public.times_asked to public")
    return warehouse


def judge(warehouse: Warehouse, check: Check) -> Verdict:
    """Return what one check says of the feeds' list."""
    suites = {Subject("ops", "feed", "feeds"): [check]}
    (verdict,) = run_checks(warehouse.sqlalchemy_url(Role.PUBLISHER), suites)
    return verdict


def check_of(query: str, *, two_sided: bool) -> Check:
    return Check(
        check_id="tried",
        severity=Severity.FAIL,
        owner="accounting.chief",
        remedy="Look again.",
        arguments={} if two_sided else {"unexpected_rows_query": query},
        reconciliation=Reconciliation(query) if two_sided else None,
    )


@pytest.mark.parametrize("two_sided", [True, False])
def test_failing_query_runs_once(counter: Warehouse, two_sided: bool) -> None:
    verdict = judge(counter, check_of(COUNTED if two_sided else WRONG_ROWS, two_sided=two_sided))

    assert verdict.word == "failed"
    assert verdict.detail["saw"] == "1 rows are wrong"
    assert [row["key"] for row in verdict.detail["rows"]] == ["1"]
    assert (verdict.left, verdict.right) == (
        (Decimal(3), Decimal(5)) if two_sided else (None, None)
    )
    assert rows(counter, "select last_value from public.times_asked") == [(1,)]


@pytest.mark.parametrize("two_sided", [True, False])
def test_query_that_cannot_run_has_failed_and_says_why(
    warehouse: Warehouse, two_sided: bool
) -> None:
    verdict = judge(warehouse, check_of(BROKEN, two_sided=two_sided))

    assert verdict.word == "failed"
    assert "could not be evaluated" in verdict.detail["saw"]
    assert "a_column_nobody_has" in verdict.detail["saw"]
    assert (verdict.left, verdict.right) == (None, None)
