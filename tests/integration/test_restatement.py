"""What changed in figures readers had seen: told once, by row and measure, with the paper."""

from datetime import date
from decimal import Decimal

from daymart import stages
from daymart.stages import Company
from daymart.warehouse.connect import Role
from tests.conftest import rows
from tests.faults.republish import audited_again, publish_again

TOLD = """
select mart, key_values, measure, business_on, old_value, new_value, what_happened,
    document_number, publication_id
from marts.restatement order by mart, business_on, key_values::text, measure
"""


def payment(company: Company) -> tuple[str, str, date, Decimal, str]:
    return rows(
        company.warehouse,
        "select payment_id, allocation_id, paid_on, paid_amount, payment_number"
        " from candidate.receipts_daily where paid_amount > 1 order by 1, 2 limit 1",
    )[0]


def test_first_publication_restates_nothing(published_company: Company) -> None:
    assert rows(published_company.warehouse, TOLD) == []


def test_changed_added_and_removed_figures_of_seen_days_are_told(
    published_company: Company,
) -> None:
    company = published_company
    paid, allocation, day, amount, number = payment(company)
    key = {"payment_id": paid, "allocation_id": allocation}
    with company.warehouse.session(None) as session:
        session.execute(
            "update candidate.receipts_daily set paid_amount = paid_amount - 1"
            " where payment_id = %s and allocation_id = %s",
            [paid, allocation],
        )
        gone = session.execute(
            "delete from candidate.shipments_daily where ctid = (select min(ctid)"
            " from candidate.shipments_daily where net_amount > 0 and issued_on > '2026-11-01')"
            " returning shipment_id, line_no, issued_on, shipped_qty, net_amount, shipment_number"
        ).fetchone()
        late = session.execute(
            "insert into candidate.receipts_daily"
            """ select (jsonb_populate_record(r, '{"payment_id": "late"}')).*"""
            " from candidate.receipts_daily as r where payment_id = %s and allocation_id = %s"
            " returning paid_on, paid_amount, paid_company_amount",
            [paid, allocation],
        ).fetchone()
        # Tomorrow's money is news, not a change of what was seen.
        session.execute(
            "insert into candidate.receipts_daily select (jsonb_populate_record(r,"
            """ '{"payment_id": "next", "paid_on": "2026-11-21"}')).*"""
            " from candidate.receipts_daily as r where payment_id = %s and allocation_id = %s",
            [paid, allocation],
        )
    assert gone is not None and late is not None
    publication = audited_again(company.warehouse)
    stages.publish(company, publication)

    told = {
        (row[0], row[1].get("payment_id"), row[2]): row[3:] for row in rows(company.warehouse, TOLD)
    }
    assert told == {
        ("receipts_daily", paid, "paid_amount"): (
            day,
            amount,
            amount - 1,
            "changed",
            number,
            publication,
        ),
        ("receipts_daily", "late", "paid_amount"): (
            late[0],
            None,
            late[1],
            "added",
            number,
            publication,
        ),
        ("receipts_daily", "late", "paid_company_amount"): (
            late[0],
            None,
            late[2],
            "added",
            number,
            publication,
        ),
        ("shipments_daily", None, "shipped_qty"): (
            gone[2],
            gone[3],
            None,
            "removed",
            gone[5],
            publication,
        ),
        ("shipments_daily", None, "net_amount"): (
            gone[2],
            gone[4],
            None,
            "removed",
            gone[5],
            publication,
        ),
    }
    assert key["payment_id"] == paid


def test_unchanged_measure_or_untold_column_is_no_restatement(published_company: Company) -> None:
    company = published_company
    with company.warehouse.session(None) as session:
        session.execute("update candidate.receipts_daily set manager_name = 'somebody else'")
    publish_again(company.warehouse, company.project.settings, "new")
    assert rows(company.warehouse, TOLD) == []


def test_rows_that_leave_a_mart_by_age_are_no_restatement(published_company: Company) -> None:
    company = published_company
    with company.warehouse.session(None) as session:
        aged = session.execute(
            "update candidate.shipments_daily set issued_on = '2026-09-01'"
            " where ctid = (select min(ctid) from candidate.shipments_daily)"
            " returning shipment_id, line_no"
        ).fetchone()
        assert aged is not None
        session.execute(
            "update published.shipments_daily set issued_on = '2026-09-01'"
            " where (shipment_id, line_no) = (%s, %s)",
            aged,
        )
        session.execute(
            "delete from candidate.shipments_daily where (shipment_id, line_no) = (%s, %s)", aged
        )
    stages.publish(company, audited_again(company.warehouse))
    assert rows(company.warehouse, TOLD) == []


def test_sellers_are_told_of_their_own_customers_only(published_company: Company) -> None:
    company = published_company
    with company.warehouse.session(None) as session:
        session.execute("update candidate.receipts_daily set paid_amount = paid_amount + 1")
    stages.publish(company, audited_again(company.warehouse))
    everything = rows(
        company.warehouse, "select manager_id, count(*) from published.restatement group by 1"
    )
    assert len(everything) > 1
    with company.warehouse.session(Role.SELLER) as session:
        for manager, count in everything:
            session.execute("select set_config('daymart.employee_id', %s, false)", [manager or "-"])
            seen = session.execute(
                "select count(*), count(distinct key_values) > 0 from marts.restatement"
            ).fetchone()
            nobodys = dict(everything).get(None, 0)
            assert seen is not None and seen[0] == (count if manager is None else count + nobodys)
