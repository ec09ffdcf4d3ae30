"""Whole mornings of the demo company by its size: the first one, and the following day.

Each stage is a process of its own, as Airflow runs them, but one after another: with more cores
Airflow runs the feeds beside each other. What a process spends outside its stage's own work
counts as start-up: the interpreter, imports, contracts, dbt's parse, Great Expectations' context.
"""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from measure import HERE, MeasurementFailed, execute, print_machine, run

from daymart.demo.local import LocalPostgres, postgres_in
from daymart.settings import load_project

FIRST_EVENING = "2026-11-20"
SHARES = ("start-up", "moving", "checking", "building", "publishing")
STAGES = ("pull", "accept", "build", "audit", "publish")
PROJECT = ("contracts", "systems", "dbt_project")
SETTINGS = HERE.parent / "tests/fixtures/companies/one_database.yaml"
"""Every feed from the ERP's database: what departments' own files and services cost is theirs."""
LINES = "select count(*) from erp.sale_line"
SLOWEST = {
    "tables to pull": """
        select feed_id || '.' || table_name, seconds, load_table.read_rows
        from ops.load_table inner join ops.load using (load_id)
        where as_of = %s and seconds is not null order by seconds desc limit 3
    """,
    "nodes to build": """
        select split_part(node_id, '.', 3), seconds, null::bigint
        from ops.build_result inner join ops.publication using (publication_id)
        where as_of = %s and seconds is not null order by seconds desc limit 3
    """,
}

Seconds = defaultdict[str, float]


@dataclass
class Morning:
    """What the stages of one morning took: seconds by stage and by share, and peak memory."""

    evening: str
    environment: dict[str, str]
    stages: Seconds = field(default_factory=lambda: defaultdict(float))
    start_ups: Seconds = field(default_factory=lambda: defaultdict(float))
    shares: Seconds = field(default_factory=lambda: defaultdict(float))
    peaks: dict[str, float] = field(default_factory=dict)
    held: int = 0

    def run(self, stage: str, *arguments: object) -> Any:
        """Run one stage, add up what it took and return its result."""
        started = time.monotonic()
        found = run("run_stage.py", stage, *map(str, arguments), **self.environment)
        whole = time.monotonic() - started
        self.stages[stage] += whole
        work = {share: s for share, s in found["shares"].items() if share != "start-up"}
        start_up = whole - sum(work.values())
        for share, seconds in {**work, "start-up": start_up}.items():
            self.shares[share] += seconds
        self.start_ups[stage] += start_up
        self.peaks[stage] = max(self.peaks.get(stage, 0), found["peak_mb"])
        return found["returned"]

    def play(self, feeds: list[str]) -> None:
        """Run every stage of the morning; MeasurementFailed with the first error."""
        for feed in feeds:
            self.held += self.run("accept", feed, *self.run("pull", feed, self.evening))
        self.publish(self.run("build", self.evening))

    def publish(self, publication: int) -> None:
        """Judge what was built and show it."""
        self.run("audit", publication)
        self.run("publish", publication)


def measure_mornings(
    postgres: LocalPostgres, scales: list[float] | None = None, days: int | None = None
) -> None:
    """Measure two mornings per scale; SCALES and DAYS in the environment stand in for arguments."""
    for scale in scales or scales_of(os.environ.get("SCALES", "0.2 1")):
        with company_at(postgres) as environment:
            try:
                _measure(scale, days or int(os.environ.get("DAYS", "60")), environment)
            except MeasurementFailed as failed:
                print(f"      scale {scale:g} ends here: {failed}\n", flush=True)


def scales_of(text: str) -> list[float]:
    """Read a list of scales, separated by commas or blanks."""
    return [float(scale) for scale in text.replace(",", " ").split()]


@contextmanager
def company_at(postgres: LocalPostgres) -> Iterator[dict[str, str]]:
    """Offer the environment of a new company: a project folder and two databases of its own."""
    databases = ("morning_erp", "morning_warehouse")
    for database in databases:
        execute(postgres.uri("postgres"), f"create database {database}")
    with tempfile.TemporaryDirectory() as folder:
        for name in PROJECT:
            (Path(folder) / name).symlink_to(HERE.parent / name)
        (Path(folder) / "daymart.yaml").symlink_to(SETTINGS)
        try:
            yield {
                "DAYMART_HOME": folder,
                "AIRFLOW_CONN_DEMO_ERP": postgres.uri("morning_erp"),
                "AIRFLOW_CONN_WAREHOUSE": postgres.uri("morning_warehouse"),
            }
        finally:
            for database in databases:
                execute(postgres.uri("postgres"), f"drop database {database} with (force)")


def _measure(scale: float, days: int, environment: dict[str, str]) -> None:
    """Make a company, then run its first morning and the one of the following day."""
    make_company(scale, days, environment)
    names = "  ".join(f"{share:>10}" for share in SHARES)
    print(f"  {'':<24}{'total':>9}  {names}", flush=True)
    bindings = load_project(Path(environment["DAYMART_HOME"])).settings.bindings
    feeds = sorted({feed for binding in bindings for feed in binding.feeds})
    _show("first morning", Morning(FIRST_EVENING, environment), feeds)
    evening = run("run_stage.py", "advance", **environment)["returned"]
    _show("following day", Morning(evening, environment), feeds)
    print()


def make_company(scale: float, days: int, environment: dict[str, str]) -> None:
    """Write a company and an empty warehouse; print its size and what writing it took."""
    started = time.monotonic()
    made = run("run_stage.py", "create", f"{scale:g}", str(days), **environment)
    took = time.monotonic() - started
    run("run_stage.py", "install", **environment)
    (lines,) = rows(environment["AIRFLOW_CONN_DEMO_ERP"], LINES)[0]
    print(
        f"scale {scale:g}, {days} working days, {lines:,} order lines"
        f" (made in {took:.0f} s, peak {made['peak_mb']:.0f} MB)",
        flush=True,
    )


def _show(name: str, morning: Morning, feeds: list[str]) -> None:
    """Play a morning and print its shares, its stages and what was slowest."""
    failure = None
    try:
        morning.play(feeds)
    except MeasurementFailed as failed:
        failure = failed
    total = sum(morning.shares.values())
    shares = (
        f"{morning.shares[share]:6.1f} {morning.shares[share] / (total or 1):3.0%}"
        for share in SHARES
    )
    print(f"  {name + ', ' + morning.evening:<24}{total:7.1f} s  {'  '.join(shares)}")
    for stage in (stage for stage in STAGES if stage in morning.peaks):
        print(
            f"      {stage:<20}{morning.stages[stage]:7.1f} s  {morning.start_ups[stage]:6.1f}"
            f"      peak {morning.peaks[stage]:5.0f} MB"
        )
    for what, query in SLOWEST.items():
        found = rows(morning.environment["AIRFLOW_CONN_WAREHOUSE"], query, morning.evening)
        named = (f"{n} {s} s" + (f" ({count:,} rows)" if count else "") for n, s, count in found)
        print(f"      slowest {what}: {', '.join(named)}")
    print(f"      {morning.held} rows held back", flush=True)
    if failure:
        raise failure


def rows(uri: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    with psycopg.connect(uri) as session:
        return session.execute(query.encode(), values or None).fetchall()


def measure_alone(
    measure: Callable[[LocalPostgres, list[float] | None, int | None], None], about: str
) -> None:
    """Measure one theme at the sizes the command line names, on a server of its own."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--scale", type=float, nargs="+", metavar="S", help="company sizes")
    parser.add_argument("--days", type=int, help="working days of history (a year has 260)")
    given = parser.parse_args()
    print_machine()
    with tempfile.TemporaryDirectory() as folder, postgres_in(Path(folder) / "pg") as postgres:
        measure(postgres, given.scale, given.days)


if __name__ == "__main__":
    measure_alone(measure_mornings, __doc__ or "")
