"""`make answers SCALE=1 DAYS=30`: mornings of a bulk company, held against its simulator's answers.

The simulator writes what the marts must say (schema `answers`) from its own state; the marts come
from the feeds. A company of HISTORY working days gets its first morning, then DAYS working days
follow: each is played, loaded, built by what its deliveries touched, audited and published, and
every table of answers is compared, past days and months included, as corrections changed them.
Targets (`plan_fact`) have no mart yet and are left out.

At the end two past evenings are built again from what is known by then, audited, published and
compared with the answers that can be asked for the past.

Every day is a process of its own: what a library keeps does not add up over the days.
"""

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

import psycopg

from daymart import stages
from daymart.acceptance.comparison import Comparison, compare, compare_past
from daymart.acceptance.questions import LEFT_OUT
from daymart.cli.output import complain, console, say
from daymart.connections import get_connection, variable_of
from daymart.demo import company as demo_company
from daymart.demo.local import LocalPostgres, postgres_in
from daymart.errors import DaymartError, SourceError
from daymart.settings import find_home
from daymart.warehouse.connect import Role

P = ParamSpec("P")
T = TypeVar("T")

SEED = 7
FIRST_EVENING = date(2026, 11, 20)
HISTORY = 60
"""Working days of business before the first morning."""
SOURCE = "demo_erp"
PROJECT = ("contracts", "systems", "dbt_project")
SETTINGS = "tests/fixtures/companies/one_database.yaml"
"""Every feed from the ERP's database."""


@dataclass(frozen=True)
class Day:
    """One evening's morning and its comparisons; `failure` is why it was not published."""

    evening: date
    comparisons: tuple[Comparison, ...]
    failure: str
    kind: str
    seconds: float
    peak_mb: float

    @property
    def holds(self) -> bool:
        """Tell whether the morning was published and every table of answers equals the marts."""
        return not self.failure and all(found.holds for found in self.comparisons)


def main(scale: float, days: int) -> int:
    """Play the days and print a line for each; 0 when every figure of every day is right."""
    started = time.monotonic()
    played = []
    with _company():
        say(f"a company of scale {scale:g} with {HISTORY} working days of history")
        _apart(make_company, scale)
        for number in range(days + 1):
            played.append(_apart(first_day) if number == 0 else _apart(next_day))
            _show(played[-1])
        for number in sorted({days // 3, 2 * days // 3} - {days}):
            played.append(_apart(past_day, played[number].evening, played[days].evening))
            _show(played[-1])
    for table, reason in LEFT_OUT.items():
        say(f"not compared: {table}, because {reason}")
    wrong = [day.evening for day in played if not day.holds]
    told = ", ".join(map(str, wrong)) or "none"
    right = len(played) - len(wrong)
    took = time.monotonic() - started
    say(f"{right} of {len(played)} evenings right in {took:.0f} s; wrong: {told}")
    return 1 if wrong else 0


def _apart(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Run `work` in a process of its own and return its result."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *given, **named).result()


def make_company(scale: float) -> None:
    """Make the company and install its empty warehouse."""
    company = stages.open_company()
    holidays = frozenset(company.project.settings.calendars["default"].holidays)
    demo_company.create(_source(company), SEED, FIRST_EVENING, HISTORY, holidays, scale, say)
    stages.install(company)


def first_day() -> Day:
    """Run the first morning, of the evening the company was made for."""
    return _day(FIRST_EVENING)


def next_day() -> Day:
    """Let the next working day happen and run its morning."""
    return _day(demo_company.advance(_source(stages.open_company())))


def past_day(evening: date, known_on: date) -> Day:
    """Publish a past evening again, from what is known on a later one, and compare it."""

    def publish_again(company: stages.Company) -> list[Comparison]:
        _publish(company, evening, known_on)
        demo_company.answer(_source(company), evening)
        return compare_past(company.warehouse, _source(company), evening)

    day = _judged(evening, publish_again)
    return replace(day, kind=f"{day.kind}, as known on {known_on}")


def _day(evening: date) -> Day:
    def play(company: stages.Company) -> list[Comparison]:
        morning(company, evening)
        return _held_against_answers(company, evening)

    return _judged(evening, play)


def _judged(evening: date, work: Callable[[stages.Company], list[Comparison]]) -> Day:
    company = stages.open_company()
    started = time.monotonic()
    comparisons: list[Comparison] = []
    failure = ""
    try:
        comparisons = work(company)
    except DaymartError as failed:
        failure = str(failed)
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Day(evening, tuple(comparisons), failure, _kind(company), seconds, peak)


def morning(company: stages.Company, evening: date) -> None:
    """Load every feed, build, audit and publish one evening."""
    for feed in company.bound:
        stages.accept(company, feed, stages.pull(company, feed, evening))
    _publish(company, evening, evening)


def _publish(company: stages.Company, evening: date, known_on: date) -> None:
    publication_id = stages.build(company, evening, _next_morning(known_on))
    stages.audit(company, publication_id)
    stages.publish(company, publication_id)


def _next_morning(evening: date) -> datetime:
    """Return when a morning runs: the evenings played here may lie ahead of the clock."""
    return datetime.combine(evening + timedelta(days=1), time_of_day(6), UTC)


def _held_against_answers(company: stages.Company, evening: date) -> list[Comparison]:
    answered = demo_company.answer(_source(company))
    if answered != evening:
        raise SourceError(
            "schema answers",
            saw=f"answers for {answered}",
            expected=str(evening),
            remedy="Give the company a scale above 0.",
        )
    return compare(company.warehouse, _source(company), evening)


def _kind(company: stages.Company) -> str:
    """Tell how the last publication was built: as a whole, or by what deliveries touched."""
    with company.warehouse.session(Role.PUBLISHER) as session:
        row = session.execute(
            "select is_whole from ops.publication order by publication_id desc limit 1"
        ).fetchone()
    return "not built" if row is None else "whole" if row[0] else "touched"


def _source(company: stages.Company) -> str:
    return get_connection(SOURCE, company.project.home).conninfo()


def _show(day: Day) -> None:
    told = "  ".join(f"{c.table} {c.matched}/{c.total}" for c in day.comparisons)
    console.print(
        f"{day.evening}  {told}  ({day.kind}, {day.seconds:.0f} s, {day.peak_mb:.0f} MB)",
        soft_wrap=True,
    )
    if day.failure:
        complain(f"    {day.failure}")
    for found in day.comparisons:
        if not found.total:
            say(f"    {found.table}: nothing to compare")
        for difference in found.differences:
            console.print(f"    {found.table} {difference}", soft_wrap=True, markup=False)


@contextmanager
def _company() -> Iterator[None]:
    """Point this process, and those it starts, at a project and databases of their own."""
    folder = Path(tempfile.mkdtemp(prefix="daymart-answers-"))
    try:
        with postgres_in(folder / "pg") as postgres:
            os.environ.update(_environment(folder, postgres))
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path, postgres: LocalPostgres) -> dict[str, str]:
    home = find_home()
    for name in PROJECT:
        (folder / name).symlink_to(home / name)
    (folder / "daymart.yaml").symlink_to(home / SETTINGS)
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as session:
        for database in ("erp", "warehouse"):
            session.execute(f"create database {database}".encode())
    return {
        "DAYMART_HOME": str(folder),
        "DAYMART_SETTINGS": str(folder / "daymart.yaml"),
        variable_of(SOURCE): postgres.uri("erp"),
        variable_of("warehouse"): postgres.uri("warehouse"),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scale", type=float, default=1, help="1: about 50,000 order lines a year")
    parser.add_argument("--days", type=int, default=30, help="working days after the first morning")
    given = parser.parse_args()
    try:
        sys.exit(main(given.scale, given.days))
    except DaymartError as failed:
        complain(str(failed))
        sys.exit(failed.exit_code)
