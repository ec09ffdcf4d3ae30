"""Two real evenings of an Odoo 18 database against Odoo's own figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pytest

from daymart import stages
from daymart.acceptance.evenings import Comparison, compare, morning, odoo_company, restore
from daymart.demo.local import LocalPostgres
from tests.conftest import rows

EVENINGS = (date(2026, 11, 14), date(2026, 11, 15))


@dataclass(frozen=True)
class Evenings:
    """The company after both evenings, and how each compared on its own evening."""

    company: stages.Company
    compared: dict[date, list[Comparison]]
    answers: Path


@pytest.fixture(scope="module")
def evenings(postgres: LocalPostgres, shared_data: Path) -> Iterator[Evenings]:
    folder = shared_data / "odoo"
    compared = {}
    company = None
    for evening in EVENINGS:
        restore(postgres, folder / f"{evening}.sql.gz")
        company = company or odoo_company(postgres)
        morning(company, evening)
        compared[evening] = compare(company.warehouse, folder / "answers", evening)
    assert company is not None
    yield Evenings(company, compared, folder / "answers")


@pytest.mark.parametrize("evening", EVENINGS, ids=str)
def test_odoo_figures_on_each_evening_match_all(evenings: Evenings, evening: date) -> None:
    stock, receivables = evenings.compared[evening]

    assert stock.differences == ()
    assert (stock.matched, stock.total) == (110, 110)
    assert receivables.differences == ()
    assert receivables.matched == receivables.total == {14: 60, 15: 61}[evening.day]


def test_comparison_with_one_cent_moved_names_the_customer(evenings: Evenings) -> None:
    warehouse = evenings.company.warehouse
    moved = """
        update published.receivables_customer set balance_company_amount =
            balance_company_amount + 0.01
        where customer_id = (select min(customer_id) from published.receivables_customer
            where balance_company_amount <> 0)
        returning customer_id
    """
    back = moved.replace("+ 0.01", "- 0.01")
    (customer,) = rows(warehouse, moved)[0]

    receivables = compare(warehouse, evenings.answers, EVENINGS[-1])[1]
    rows(warehouse, back)

    assert [d.key for d in receivables.differences] == [customer]
    assert receivables.matched == receivables.total - 1


def test_second_evening_moves_only_what_changed(evenings: Evenings) -> None:
    counts = dict(
        (name, (new, changed, unchanged))
        for name, new, changed, unchanged in rows(
            evenings.company.warehouse,
            """
            select table_name, new_rows, changed_rows, unchanged_rows from ops.load_table
            inner join ops.load as l using (load_id) where l.as_of = '2026-11-15'
            """,
        )
    )

    assert counts["product"] == (0, 0, 122)
    assert counts["acc_document"] == (13, 0, 330)
    assert counts["wh_movement"][0] == 15


def test_open_buckets_add_up_to_the_balance(evenings: Evenings) -> None:
    wrong = rows(
        evenings.company.warehouse,
        """
        select customer_id from marts.receivables_customer
        where not_due_amount + overdue_1_30_amount + overdue_31_60_amount
            + overdue_61_90_amount + overdue_91_plus_amount + unapplied_amount
            <> balance_amount
        """,
    )
    assert wrong == []


def test_first_evening_can_be_read_again(evenings: Evenings) -> None:
    first, total = rows(
        evenings.company.warehouse,
        """
        select (select sum(balance_company_amount + future_company_amount)
                from marts.receivables_customer_at(1)),
            (select sum(balance_company_amount + future_company_amount)
                from marts.receivables_customer)
        """,
    )[0]
    with (evenings.answers / "receivables-2026-11-14.csv").open(encoding="utf-8") as file:
        answered = sum(float(line.rsplit(",", 1)[1]) for line in file.readlines()[1:])

    assert float(first) == pytest.approx(answered, abs=0.005)
    assert first != total


def test_every_reconciliation_passed_on_both_evenings(evenings: Evenings) -> None:
    failed = rows(
        evenings.company.warehouse,
        "select check_id, subject, detail ->> 'saw' from ops.check_result where verdict = 'failed'",
    )
    assert failed == []


def test_source_rights_are_read_only(evenings: Evenings, postgres: LocalPostgres) -> None:
    """The loader's session on the source refuses to write."""
    feed = evenings.company.feed("sales")
    from daymart.sources.registry import sources_of

    (source,) = sources_of(feed, evenings.company.project)
    with source.snapshot() as snapshot:
        cursor = snapshot._database.cursor()
        with cursor, pytest.raises(Exception, match="read-only"):
            cursor.execute("delete from sale_order")
    with psycopg.connect(postgres.uri("odoo")) as session:
        assert session.execute("select count(*) > 0 from sale_order").fetchone() == (True,)
