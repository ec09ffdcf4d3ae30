"""A feed that is late is told beside the figures; it moves no day that is counted."""

from datetime import date, timedelta

from daymart import stages
from daymart.publish.run import rollback
from daymart.stages import Company
from daymart.warehouse.install import install
from tests.conftest import DEMO_EVENING, rows
from tests.faults.republish import audited_again

EVE = DEMO_EVENING - timedelta(days=1)
COUNTED = {
    "receivables_open": "days_past_due",
    "returns_quality": "days_open, days_in_state",
    "delivery_otif": "backorder_days",
    "order_line_board": "days_open, days_late, case_age_days",
    "shipments_daily": "is_in_morning_window",
    "atp_daily": "first_available_on",
}
"""What readers' views compute from the evening of the publication."""

NOT_OF_THEIR_BUCKET = """
select m.document_id, m.ageing_bucket, m.days_past_due
from marts.receivables_open as m
left join staging.ageing_bucket as b on b.bucket = m.ageing_bucket
where m.days_past_due not between coalesce(b.from_day, 0) and coalesce(b.to_day, 10000)
"""


def counted(company: Company) -> dict[str, list[tuple]]:
    """Return how often each combination of counted figures stands in its mart."""
    return {
        mart: rows(
            company.warehouse,
            f"select {figures}, count(*) from marts.{mart} group by {figures} order by {figures}",
        )
        for mart, figures in COUNTED.items()
    }


def told(company: Company) -> list[tuple[date, date]]:
    return rows(
        company.warehouse,
        "select distinct as_of, data_as_of from ops.mart_state where mart = any (%s)",
        list(COUNTED),
    )


def test_late_feed_is_told_and_moves_no_day_that_is_counted(published_company: Company) -> None:
    company = published_company
    on_time = counted(company)
    assert all(len(found) > 1 for found in on_time.values())
    assert told(company) == [(DEMO_EVENING, DEMO_EVENING)]
    with company.warehouse.session(None) as session:
        session.execute("update ops.load set as_of = %s where feed_id = 'reference'", [EVE])

    stages.publish(company, audited_again(company.warehouse))

    assert told(company) == [(DEMO_EVENING, EVE)]
    assert counted(company) == on_time
    assert rows(company.warehouse, NOT_OF_THEIR_BUCKET) == []
    rollback(company.warehouse, 1, "the late feed came")
    assert told(company) == [(DEMO_EVENING, DEMO_EVENING)]


def test_install_dates_the_marts_of_a_warehouse_from_before(published_company: Company) -> None:
    company = published_company
    with company.warehouse.session(None) as session:
        session.execute("alter table ops.mart_state drop column as_of cascade")
    install(company.warehouse, company.feeds.values(), company.project.settings.calendars)
    assert told(company) == [(DEMO_EVENING, DEMO_EVENING)]
