"""What changed in figures readers had seen: told once, by row and measure, with the paper."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import psycopg

from daymart import stages
from daymart.stages import Company
from daymart.warehouse.connect import Role
from tests.conftest import rows
from tests.faults.republish import audited_again, publish_again

Row = Sequence[Any]
Session = psycopg.Connection

TOLD = """
select mart, key_values, measure, business_on, old_value, new_value, what_happened,
    document_number, publication_id
from marts.restatement order by mart, business_on, key_values::text, measure
"""


IS_PAID = "where (payment_id, allocation_id) = (%s, %s)"


def some_payment(session: Session) -> Row:
    """Return a row of receipts_daily: its key, day, amount and paper."""
    return one(
        session,
        "select payment_id, allocation_id, paid_on, paid_amount, payment_number"
        " from candidate.receipts_daily where paid_amount > 1 order by 1, 2 limit 1",
    )


def add_payment_like(session: Session, key: Row, changed: str) -> Row:
    """Add a row that is as the one of `key` but for what `changed` says, as JSON."""
    return one(
        session,
        "insert into candidate.receipts_daily select (jsonb_populate_record(r, %s)).*"
        f" from candidate.receipts_daily as r {IS_PAID}"  # noqa: S608
        " returning paid_on, paid_amount, paid_company_amount",
        changed,
        *key,
    )


def one(session: Session, statement: str, *values: object) -> Row:
    row = session.execute(statement.encode(), values or None).fetchone()
    assert row is not None
    return row


def test_first_publication_restates_nothing(published_company: Company) -> None:
    assert rows(published_company.warehouse, TOLD) == []


def test_changed_added_and_removed_figures_of_seen_days_are_told(
    published_company: Company,
) -> None:
    company = published_company
    with company.warehouse.session(None) as session:
        *key, day, amount, number = some_payment(session)
        session.execute(
            f"update candidate.receipts_daily set paid_amount = paid_amount - 1 {IS_PAID}",  # noqa: S608
            key,
        )
        paid_on, late, late_company = add_payment_like(session, key, '{"payment_id": "late"}')
        # Tomorrow's money is news, not a change of what was seen.
        add_payment_like(session, key, '{"payment_id": "next", "paid_on": "2026-11-21"}')
        issued_on, qty, value, shipment = one(
            session,
            "delete from candidate.shipments_daily where ctid = (select min(ctid)"
            " from candidate.shipments_daily where net_amount > 0 and issued_on > '2026-11-01')"
            " returning issued_on, shipped_qty, net_amount, shipment_number",
        )
    number_of_this = audited_again(company.warehouse)
    stages.publish(company, number_of_this)

    told = {
        (row[0], row[1].get("payment_id"), row[2]): row[3:] for row in rows(company.warehouse, TOLD)
    }
    receipts, shipments = "receipts_daily", "shipments_daily"
    expected = {
        (receipts, key[0], "paid_amount"): (day, amount, amount - 1, "changed", number),
        (receipts, "late", "paid_amount"): (paid_on, None, late, "added", number),
        (receipts, "late", "paid_company_amount"): (paid_on, None, late_company, "added", number),
        (shipments, None, "shipped_qty"): (issued_on, qty, None, "removed", shipment),
        (shipments, None, "net_amount"): (issued_on, value, None, "removed", shipment),
    }
    assert told == {key: (*row, number_of_this) for key, row in expected.items()}


def test_row_that_moved_to_another_day_is_told_on_both(published_company: Company) -> None:
    company = published_company
    with company.warehouse.session(None) as session:
        issued_on, qty, value = one(
            session,
            "update candidate.shipments_daily set issued_on = issued_on - 1"
            " where ctid = (select min(ctid) from candidate.shipments_daily"
            " where net_amount > 0 and issued_on > '2026-11-01')"
            " returning issued_on + 1, shipped_qty, net_amount",
        )
    stages.publish(company, audited_again(company.warehouse))
    told = [(row[2], *row[3:7]) for row in rows(company.warehouse, TOLD)]
    eve = issued_on - timedelta(days=1)
    assert told == [
        ("net_amount", eve, None, value, "added"),
        ("shipped_qty", eve, None, qty, "added"),
        ("net_amount", issued_on, value, None, "removed"),
        ("shipped_qty", issued_on, qty, None, "removed"),
    ]


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
