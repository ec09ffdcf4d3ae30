"""`daymart demo`: a whole morning of the demo company through the real Airflow DAGs."""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg

from daymart import stages
from daymart.cli.morning_report import morning_report
from daymart.cli.output import answer, say
from daymart.cli.progress import steps
from daymart.connections import variable_of
from daymart.demo import company as demo_company
from daymart.demo.departments.evening import CRM, close_evening, forget
from daymart.demo.local import (
    DATABASES,
    LocalPostgres,
    airflow_environment,
    migrate_airflow,
    start_postgres,
)
from daymart.errors import ConfigError, GateError
from daymart.publish.freshness import previous_working_day
from daymart.publish.ledger import last_published
from daymart.settings import Settings, find_home, load_project
from daymart.warehouse.connect import Role

DEFAULT_DAYS = 40


@dataclass(frozen=True)
class NewCompany:
    """What a new demo company is to be like; None where nothing was asked for."""

    seed: int
    scale: float | None = None
    days: int | None = None


def run_demo(new: NewCompany, *, reset: bool) -> None:
    """Run the next morning of the demo company and print what it did.

    Raises GateError when nothing could be published.
    """
    home = _own_home()
    demo_company.require_playable(new.scale or 0, DEFAULT_DAYS if new.days is None else new.days)
    say("1/5 PostgreSQL: starting the embedded server")
    postgres = start_postgres(home, anew=reset)
    if reset:
        forget(home)
    evening = _next_evening(postgres, load_project(home).settings, new)
    close_evening(home, postgres, evening)
    say(f"2/5 demo company: its books are closed on the evening of {evening}")
    company = stages.open_company()
    stages.install(company)
    say("3/5 Airflow: preparing its metadata database")
    migrate_airflow(home)
    say("4/5 the morning: running the DAGs")
    _run_dags(home, evening)
    say("5/5 the morning's report\n")
    _report(company, evening, postgres)


def advance_demo(days: int) -> None:
    """Let working days happen in the demo company and its departments, without a morning.

    Raises SourceError when there is no demo company.
    """
    home = _own_home()
    postgres = start_postgres(home)
    for _ in range(days):
        evening = demo_company.advance(postgres.uri("demo_erp"))
        close_evening(home, postgres, evening)
        say(f"{evening}: its books are closed")


def answer_demo() -> None:
    """Write right answers for the last evening's bulk trade into the ERP's schema `answers`.

    Raises SourceError when there is no demo company, ConfigError when it has no bulk trade.
    """
    evening = demo_company.answer(start_postgres(_own_home()).uri("demo_erp"))
    if evening is None:
        raise ConfigError(
            "demo answers",
            saw="a company of scale 0",
            expected="bulk trade",
            remedy="Make one: daymart demo --reset --scale 1",
        )
    say(f"schema answers of demo_erp describes the bulk trade on the evening of {evening}")


def _own_home() -> Path:
    """Return the project's home, with this shell's own connections out of the demo's way."""
    for connection in (*DATABASES, CRM):
        os.environ.pop(variable_of(connection), None)
    return find_home()


def _next_evening(postgres: LocalPostgres, settings: Settings, new: NewCompany) -> date:
    """Make the company on the first run; let its next day happen on the others."""
    source = postgres.uri("demo_erp")
    calendar = settings.calendars["default"]
    with psycopg.connect(source) as session:
        row = session.execute("select to_regclass('erp.company') is not null").fetchone()
    if row is not None and row[0]:
        if new.scale is not None or new.days is not None:
            raise ConfigError(
                "daymart demo",
                saw="--scale or --days, but there is a company already",
                expected="its next day",
                remedy="Add --reset to begin anew, or leave them out.",
            )
        return demo_company.advance(source)
    last_day = previous_working_day(datetime.now(UTC).date(), calendar)
    with steps(quiet=False) as step:
        demo_company.create(
            source,
            new.seed,
            last_day,
            DEFAULT_DAYS if new.days is None else new.days,
            frozenset(calendar.holidays),
            new.scale or 0,
            step,
        )
    return last_day


def _run_dags(home: Path, evening: date) -> None:
    """Show the lines of the DAG runs as they come; keep everything else in a log."""
    log = home / ".daymart" / "demo.log"
    with (
        log.open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "daymart.demo.dag_runs", evening.isoformat()],
            env=airflow_environment(home),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as runs,
    ):
        assert runs.stdout is not None
        for line in runs.stdout:
            if line.startswith("DAG "):
                say("    " + line.removeprefix("DAG ").rstrip())
            else:
                errors.write(line)
    if runs.returncode:
        say(f"    a DAG failed; its log is {log.relative_to(home)}")


def _report(company: stages.Company, evening: date, postgres: LocalPostgres) -> None:
    with company.warehouse.session(Role.PUBLISHER) as session:
        published = last_published(session)
    if published is None or published.as_of != evening:
        raise GateError(
            f"the morning of {evening}",
            saw="nothing was published",
            expected="a publication of this evening",
            remedy="See: daymart publication list, and .daymart/demo.log",
        )
    answer(False, morning_report(company, published.publication_id))
    say("\nLook at the marts:")
    say(f"  {postgres.psql('warehouse')} -c 'table marts.receivables_customer limit 5'")
    say("Go on:  make demo (the next working day)   make up (keep it running)   make help")
