"""What departments say they sent, over two evenings: what is dated back is told again."""

from datetime import date

import psycopg

from daymart import stages
from daymart.audit.suites import mart_suites
from daymart.checks.check import Verdict
from daymart.checks.run import run_checks
from daymart.demo.company import advance
from daymart.warehouse.connect import Role
from tests.conftest import DEMO_EVENING, rows

MONDAY = date(2026, 11, 23)
DATED_BACK = """
with invoice as (
    insert into erp.paper select (
        jsonb_populate_record(paper, jsonb_build_object(
            'id', 999999, 'no', 'INV-999999', 'booked_on', '2026-11-18',
            'entered_at', '2026-11-23 15:30+00', 'touched_on', '2026-11-23'
        ))
    ).* from erp.paper where type = 'INV' and currency = 'EUR' and booked_on = '2026-11-17'
    order by id limit 1
    returning id, total, total_eur
)
insert into erp.paper_part (paper_id, part_no, due_on, amount, amount_eur, touched_on)
select id, 1, '2026-12-18', total, total_eur, '2026-11-23' from invoice
"""


def held_against_its_manifest(company: stages.Company) -> Verdict:
    """Judge receipts of the published evening against the manifests that raw holds now."""
    suites = {
        subject: [check for check in checks if check.check_id == "R1.manifest"]
        for subject, checks in mart_suites(DEMO_EVENING).items()
    }
    chosen = {subject: checks for subject, checks in suites.items() if checks}
    [verdict] = run_checks(company.warehouse.sqlalchemy_url(Role.PUBLISHER), chosen)
    return verdict


def test_day_with_a_paper_dated_back_is_told_again(
    published_company: stages.Company, demo_source: str
) -> None:
    company = published_company
    with psycopg.connect(demo_source) as erp:
        assert erp.execute(DATED_BACK).rowcount == 1
    assert advance(demo_source) == MONDAY
    for feed in ("accounting", "registry"):
        stages.accept(company, feed, stages.pull(company, feed, MONDAY))
    told = rows(
        company.warehouse,
        "select batch_no, row_count - lag(row_count) over (order by batch_no), complete_through"
        " from raw.batch_manifest where table_name = 'acc_document' and control_unit = 'EUR'"
        " and business_date = '2026-11-18' order by batch_no desc limit 1",
    )
    assert [(more, sent) for _, more, sent in told] == [(1, MONDAY)]
    verdict = held_against_its_manifest(company)
    assert verdict.passed, verdict.detail
    assert verdict.left

    with company.warehouse.session(None) as session:
        session.execute(
            "delete from raw.batch_manifest where feed_id = 'accounting'"
            " and business_date = '2026-11-18' and batch_no = %s",
            [told[0][0]],
        )
    verdict = held_against_its_manifest(company)
    assert not verdict.passed
    assert {row["paid_on"] for row in verdict.detail["rows"]} == {"2026-11-18"}


def test_owners_of_the_registry_are_employees(shared_company: stages.Company) -> None:
    found = rows(
        shared_company.warehouse,
        "select check_id, verdict from ops.check_result join ops.load using (load_id)"
        " where feed_id = 'registry' and check_id = 'landing.relationship'",
    )
    assert {verdict for _, verdict in found} == {"passed"}
