"""`daymart demo`: a whole morning of the demo company through the real Airflow DAGs."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg

from daymart import stages
from daymart.cli.morning_report import morning_report
from daymart.cli.output import answer, say
from daymart.connections import variable_of
from daymart.demo import company as demo_company
from daymart.demo.local import (
    DATABASES,
    LocalPostgres,
    airflow_environment,
    migrate_airflow,
    start_postgres,
)
from daymart.errors import GateError
from daymart.publish.freshness import previous_working_day
from daymart.publish.ledger import last_published
from daymart.settings import Settings, find_home, load_project
from daymart.warehouse.connect import Role


def run_demo(*, seed: int, reset: bool) -> None:
    """Run the next morning of the demo company and print what it did.

    Raises GateError when nothing could be published.
    """
    home = find_home()
    for connection in DATABASES:
        # Whatever this shell is connected to, the demo plays on its own server.
        os.environ.pop(variable_of(connection), None)
    say("1/5 PostgreSQL: starting the embedded server")
    postgres = start_postgres(home, anew=reset)
    evening = _next_evening(postgres, load_project(home).settings, seed)
    say(f"2/5 demo company: its books are closed on the evening of {evening}")
    company = stages.open_company()
    stages.install(company)
    say("3/5 Airflow: preparing its metadata database")
    migrate_airflow(home)
    say("4/5 the morning: running the DAGs")
    _run_dags(home, evening)
    say("5/5 the morning's report\n")
    _report(company, evening, postgres)


def _next_evening(postgres: LocalPostgres, settings: Settings, seed: int) -> date:
    """Make the company on the first run; let its next day happen on the others."""
    source = postgres.uri("demo_erp")
    calendar = settings.calendars["default"]
    with psycopg.connect(source) as session:
        row = session.execute("select to_regclass('erp.company') is not null").fetchone()
    if row is not None and row[0]:
        return demo_company.advance(source)
    last_day = previous_working_day(datetime.now(UTC).date(), calendar)
    demo_company.create(source, seed, last_day, holidays=frozenset(calendar.holidays))
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
