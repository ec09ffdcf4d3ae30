"""The demo as users play it: the project's own settings, five kinds of systems, three evenings."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest

from daymart import stages
from daymart.demo import company as demo_company
from daymart.demo.departments.crm_service import stop_crm
from daymart.demo.departments.evening import close_evening
from daymart.demo.local import DATABASES, LocalPostgres, start_postgres
from daymart.demo.morning import advance_demo
from tests.conftest import (
    DEMO_EVENING,
    RUN_FOLDER,
    SEED,
    Databases,
    load_everything,
    make_home,
    publish_everything,
    rows,
)

HELD_BACK = 7
"""Rows of `bad_rows`: six of reference (two share a key), one of logistics; new days bring none."""

EVENINGS = [DEMO_EVENING + timedelta(days=n) for n in (0, 3, 4)]
"""A Friday, Monday and Tuesday."""

PUBLISHED = (EVENINGS[0], EVENINGS[2])
"""Monday's feeds are loaded, but nobody publishes it: the next morning brings both days."""

LOADS = """
select l.feed_id, l.source_system, l.state, sum(t.read_rows)::int,
    sum(t.new_rows + t.changed_rows + t.deleted_rows)::int
from ops.load as l inner join ops.load_table as t using (load_id)
where l.as_of = %s
group by l.load_id
"""

FIGURES = {
    "what customers owe, by the ERP": (
        "select sum(balance_company_amount + future_company_amount)"
        " from marts.receivables_customer where data_as_of = %(day)s",
        "select sum(balance_eur) from erp.ledger_total where day = %(day)s",
    ),
    "what lies in stock, by the warehouse's database": (
        "select sum(on_hand_qty) from marts.stock_availability where data_as_of = %(day)s",
        "select sum(qty) from erp.stock_balance where day = %(day)s and quality not in ('O', 'T')",
    ),
    "what left that day, by logistics' files": (
        "select count(*) from marts.shipments_daily where issued_on = %(day)s",
        "select count(*) from erp.dispatch_line as l inner join erp.dispatch as d"
        " on d.id = l.dispatch_id where d.issued_at::date = %(day)s",
    ),
    "days of supply that were moved, by purchasing's workbook": (
        "select count(*) from marts.inbound_date_changes where changed_at::date = %(day)s",
        "select count(*) from erp.purchase_date_change where changed_at::date = %(day)s",
    ),
}
"""Of a mart, and of the business as it really happened."""


@dataclass(frozen=True)
class Delivery:
    """What loading one evening left behind."""

    loads: list[tuple]
    held_back: int

    @property
    def delivered(self) -> set[tuple[str, str, str]]:
        """Feed, system and state of each load."""
        return {(feed, system, state) for feed, system, state, _, _ in self.loads}

    @property
    def moved(self) -> int:
        """How many rows of raw came, changed or went."""
        return sum(moved for *_, moved in self.loads)


@dataclass(frozen=True)
class Morning:
    """What one publication shows, each figure beside what happened."""

    evening: date
    publication: int
    figures: dict[str, tuple[object, object]]


@dataclass(frozen=True)
class Played:
    """The company after its evenings."""

    company: stages.Company
    deliveries: list[Delivery]
    mornings: list[Morning]


@pytest.fixture(scope="module")
def played(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Make the company in a folder of its own and run its mornings, without Airflow."""
    home = make_home(tmp_path_factory.mktemp("demo"))
    (home / ".daymart").mkdir()
    # A server of the demo's own would wait for the disk.
    (home / ".daymart" / "postgres").symlink_to(Path(os.environ[RUN_FOLDER]) / "pg")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAYMART_HOME", str(home))
        postgres = start_postgres(home)
        try:
            yield play(home, postgres)
        finally:
            stop_crm(home)
            for name in DATABASES.values():
                databases.drop(postgres.uri(name))


def play(home: Path, postgres: LocalPostgres) -> Played:
    """Do what `daymart demo` does, then twice `daymart demo --advance 1`, and a morning."""
    demo_company.create(postgres.uri("demo_erp"), SEED, DEMO_EVENING)
    close_evening(home, postgres, DEMO_EVENING)
    company = stages.open_company()
    stages.install(company)
    played = Played(company, [], [])
    for evening in EVENINGS:
        if evening > DEMO_EVENING:
            advance_demo(1)
        load_everything(company, evening)
        played.deliveries.append(_delivery(company, evening))
        if evening in PUBLISHED:
            publication = publish_everything(company, evening)
            played.mornings.append(_morning(company, postgres, evening, publication))
    return played


def _delivery(company: stages.Company, evening: date) -> Delivery:
    ((held_back,),) = rows(
        company.warehouse, "select count(*) from quarantine.reject where state = 'open'"
    )
    return Delivery(rows(company.warehouse, LOADS, evening), held_back)


def _morning(
    company: stages.Company, postgres: LocalPostgres, evening: date, publication: int
) -> Morning:
    with (
        psycopg.connect(postgres.uri("demo_erp")) as erp,
        company.warehouse.session(None) as session,
    ):
        figures = {
            what: tuple(
                asked.execute(query.encode(), {"day": evening}).fetchone()
                for asked, query in ((session, published), (erp, happened))
            )
            for what, (published, happened) in FIGURES.items()
        }
    return Morning(evening, publication, figures)


def test_demo_settings_name_five_kinds_of_systems(played: Played) -> None:
    bindings = played.company.project.settings.bindings
    assert {
        b.system: "service" if b.odata else next(iter(b.files.values())).kind if b.files else "sql"
        for b in bindings
    } == {
        "demo": "sql",
        "demo_wms": "sql",
        "demo_purchasing": "xlsx",
        "demo_logistics": "csv",
        "demo_crm": "service",
    }


def test_demo_morning_accepts_every_feed_from_the_system_it_is_bound_to(played: Played) -> None:
    bindings = played.company.project.settings.bindings
    bound = {(feed, b.system, "accepted") for b in bindings for feed in b.feeds}
    assert {feed for feed, _, _ in bound} == set(played.company.feeds)
    assert [delivery.delivered for delivery in played.deliveries] == [bound] * len(EVENINGS)


def test_demo_morning_holds_back_the_rows_that_are_wrong_on_purpose(played: Played) -> None:
    assert [d.held_back for d in played.deliveries] == [HELD_BACK] * len(EVENINGS)


def test_demo_mornings_are_published_though_one_was_missed(played: Played) -> None:
    found = rows(
        played.company.warehouse,
        "select publication_id, as_of, state, is_whole from ops.publication order by 1",
    )
    assert found == [
        (morning.publication, evening, "published", evening == DEMO_EVENING)
        for morning, evening in zip(played.mornings, PUBLISHED, strict=True)
    ]


def test_demo_second_and_third_evening_move_few_rows(played: Played) -> None:
    first, *others = played.deliveries
    assert first.moved == sum(read for *_, read, _ in first.loads) - HELD_BACK
    for delivery in others:
        assert 0 < delivery.moved < first.moved / 10


def test_demo_marts_show_what_happened_in_the_company(played: Played) -> None:
    for morning in played.mornings:
        for what, (published, happened) in morning.figures.items():
            assert published == happened, f"{what}, {morning.evening}"
    assert len({str(morning.figures) for morning in played.mornings}) == len(PUBLISHED)
