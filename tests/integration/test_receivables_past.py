"""A past evening of receivables, built again a month later, is what was published then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from daymart import stages
from daymart.audit.suites import mart_suites
from daymart.build.dbt import run_variables
from daymart.checks.run import run_checks
from daymart.contracts.model import Feed
from daymart.demo.company import advance
from daymart.settings import Settings
from daymart.warehouse.connect import Role, Warehouse
from tests.conftest import (
    DEMO_EVENING,
    Databases,
    company_at,
    dbt_for,
    demo_connection,
    rows,
    warehouse_at,
)

pytestmark = pytest.mark.campaign
"""A month of advances takes a minute; the check R4.past is seen failing in every run."""

MONTH = timedelta(days=30)
FEEDS = ("accounting", "reference")

RESTATED = """
create temp table restated as
select distinct d.legal_entity, d.customer_id, coalesce(d.contract_id, '') as contract_id,
    d.currency as currency_code
from raw.acc_document as d
where (d._load_id > (select max(load_id) from ops.publication_load where publication_id = 1)
        and d.posting_date <= %(evening)s)
    or exists (
        select from raw.acc_allocation as a
        where d.document_id in (a.from_document_id, a.to_document_id)
            and a._load_id > (select max(load_id) from ops.publication_load
                where publication_id = 1)
            and a.effective_date <= %(evening)s
    )
"""
"""Accounts a paper or link of the past has changed since."""

CUSTOMER = """
select legal_entity, customer_id, contract_id, currency_code, balance_amount, not_due_amount,
    overdue_1_30_amount, overdue_31_60_amount, overdue_61_90_amount, overdue_91_plus_amount,
    unapplied_amount, overdue_amount, overdue_remaining_amount, derived_amount, disputed_amount,
    balance_company_amount, closing_company_amount, oldest_due_on
from {marts}.receivables_customer as m
where (legal_entity, customer_id, contract_id, currency_code) not in (select * from restated)
    and (balance_amount <> 0 or unapplied_amount <> 0)
order by 1, 2, 3, 4
"""

OPEN = """
select document_id, instalment_no, open_amount, open_company_amount, due_on_effective,
    ageing_bucket, allocation_basis, derived_amount, closing_company_amount
from {marts}.receivables_open as m
where (legal_entity, customer_id, contract_id, currency_code) not in (select * from restated)
order by 1, 2
"""


@dataclass(frozen=True)
class Past:
    """A warehouse whose candidate is the first evening again, and the evening a month later."""

    warehouse: Warehouse
    later: date


@pytest.fixture(scope="module")
def past(
    databases: Databases,
    published_template: str,
    demo_template: str,
    feeds: dict[str, Feed],
    settings: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Past]:
    uri, source = databases.create(published_template), databases.create(demo_template)
    evening = DEMO_EVENING
    while evening < DEMO_EVENING + MONTH:
        evening = advance(source)
    company = company_at(uri, feeds, settings)
    with demo_connection(source):
        for feed in FEEDS:
            stages.accept(company, feed, stages.pull(company, feed, evening))
    databases.drop(source)
    target = tmp_path_factory.mktemp("dbt")
    dbt = dbt_for(company.warehouse, Path(target))
    run_at = datetime(2026, 12, 24, 6, tzinfo=UTC)
    variables = run_variables(DEMO_EVENING, run_at, settings.currency)
    results = dbt.build(variables, "receivables_customer", "receivables_open")
    assert [r for r in results if r.failed and r.resource_type == "model"] == []
    yield Past(warehouse_at(uri), evening)
    databases.drop(uri)


@pytest.mark.parametrize("query", [CUSTOMER, OPEN], ids=["customer", "open"])
def test_past_evening_built_again_equals_what_was_published(past: Past, query: str) -> None:
    with past.warehouse.session(None) as session:
        session.execute(RESTATED.encode(), {"evening": DEMO_EVENING})
        then = session.execute(query.format(marts="published").encode()).fetchall()
        again = session.execute(query.format(marts="candidate").encode()).fetchall()

    assert len(then) > 60
    assert again == then


def test_much_happened_since_the_evening_that_is_built_again(past: Past) -> None:
    papers = rows(
        past.warehouse,
        "select count(*) from raw.acc_document where posting_date > %s",
        DEMO_EVENING + timedelta(days=1),
    )
    assert papers[0][0] > 300


def test_r4_of_the_past_holds_and_sees_the_accounts_of_then(past: Past) -> None:
    suites = {
        subject: [c for c in checks if c.check_id == "R4.past"]
        for subject, checks in mart_suites(past.later).items()
        if subject.label == "receivables_customer"
    }
    (verdict,) = run_checks(past.warehouse.sqlalchemy_url(Role.PUBLISHER), suites)

    assert verdict.passed, verdict.detail
    assert verdict.left == verdict.right
    assert verdict.left is not None and verdict.left > 0
