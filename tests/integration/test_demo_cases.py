"""Every edge case of the reference is in the demo company, by name and in fact."""

from datetime import date

import psycopg
import pytest

from daymart.demo import company
from tests.integration.demo_case_proofs import PROOFS, VIEWS

COMPANIES = {
    "autumn clocks": (date(2026, 11, 20), 25),
    "no clocks moved": (date(2026, 7, 1), 40),
    "first of a month": (date(2026, 4, 1), 30),
}


def unproved(session: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    """Name the cases whose named row does not show them."""
    session.execute(VIEWS)
    missing = []
    for phrase, (name, proof) in PROOFS.items():
        named = "with named as (select key, table_name from erp.demo_case where name = %s)"
        if session.execute(f"{named} select 1 {proof}".encode(), (name,)).fetchone() is None:
            missing.append(f"{phrase}: {name}")
    return missing


@pytest.mark.parametrize(("last_day", "days"), COMPANIES.values(), ids=COMPANIES)
def test_every_case_of_the_reference_is_shown_by_its_row(
    postgres_database: str, last_day: date, days: int
) -> None:
    company.create(postgres_database, 7, last_day, days)
    assert company.verify(postgres_database) == []
    with psycopg.connect(postgres_database) as session:
        assert unproved(session) == []


def test_proof_of_a_case_that_names_another_row_fails(demo_source: str) -> None:
    with psycopg.connect(demo_source) as session:
        session.execute("update erp.demo_case set key = 'nothing'")
        assert len(unproved(session)) == len(PROOFS)


def test_clocks_move_within_the_days_a_truck_arrives_that_night(demo_source: str) -> None:
    with psycopg.connect(demo_source) as session:
        query = "select table_name from erp.demo_case where name = 'daylight_saving_night'"
        assert session.execute(query).fetchone() == ("dispatch_event",)
