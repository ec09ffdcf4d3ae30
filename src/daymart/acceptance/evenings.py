"""`make evenings DIR=FOLDER`: a morning per Odoo dump, held against Odoo's own figures.

FOLDER has `YYYY-MM-DD.sql.gz` dumps and `answers/{stock,receivables}-YYYY-MM-DD.csv`. Every
evening is a morning on one warehouse, in the order of their dates; gaps between them are fine.
"""

import csv
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg

from daymart import stages
from daymart.cli.output import complain, say
from daymart.connections import parse_connection, variable_of
from daymart.contracts.read import read_feeds
from daymart.demo.local import LocalPostgres, postgres_in
from daymart.errors import ConfigError, DaymartError, ExitCode
from daymart.publish.ledger import last_published
from daymart.settings import Binding, Project, Settings, find_home
from daymart.sources.queries import read_queries
from daymart.warehouse.connect import Role, Warehouse

CONNECTION = "evening_odoo"
STOCK_FIGURES = {
    "qty_available": "on_hand_qty",
    "free_qty": "free_qty",
    "outgoing_qty": "outgoing_qty",
    "incoming_qty": "incoming_qty",
    "virtual_available": "forecast_qty",
}
"""Odoo's figure -> the mart's column."""

STOCK = """
select product_id, sum(on_hand_qty), sum(free_qty), sum(outgoing_qty), sum(incoming_qty),
    sum(forecast_qty)
from marts.stock_availability where not is_transit_warehouse group by product_id
"""

RECEIVABLES = """
select customer_id, sum(balance_company_amount + future_company_amount)
from marts.receivables_customer group by customer_id
"""
"""Odoo counts later-dated papers at once; the mart shows them apart."""


@dataclass(frozen=True)
class Difference:
    """One figure on which the mart and Odoo disagree."""

    key: str
    figure: str
    mart: Decimal
    odoo: Decimal


@dataclass(frozen=True)
class Comparison:
    """One list held against its answers."""

    subject: str
    matched: int
    total: int
    differences: tuple[Difference, ...]


def main(folder: Path) -> int:
    """Run every evening of `folder` and print matched of total; 0 when all match."""
    dumps = sorted(folder.glob("????-??-??.sql.gz"))
    if not dumps:
        raise ConfigError(
            f"make evenings DIR={folder}",
            saw="no YYYY-MM-DD.sql.gz there",
            remedy="Name a folder with dumps and an answers/ folder.",
        )
    perfect = True
    with _server() as postgres:
        company: stages.Company | None = None
        for dump in dumps:
            evening = date.fromisoformat(dump.name.removesuffix(".sql.gz"))
            restore(postgres, dump)
            company = company or odoo_company(postgres)
            perfect = _evening(company, folder, evening) and perfect
    return 0 if perfect else 1


def _evening(company: stages.Company, folder: Path, evening: date) -> bool:
    good = True
    try:
        morning(company, evening)
    except DaymartError as held:
        # Readers keep the last publication: the figures below are what they see.
        complain(f"{evening} {held}")
        good = False
        if not _anything_published(company.warehouse):
            return False
    for found in compare(company.warehouse, folder / "answers", evening):
        say(f"{evening} {found.subject:<11} {found.matched}/{found.total} matched")
        for d in found.differences[:20]:
            say(f"    {d.key} {d.figure}: mart {d.mart}, Odoo {d.odoo}")
        good = good and not found.differences
    return good


def _anything_published(warehouse: Warehouse) -> bool:
    with warehouse.session(Role.PUBLISHER) as session:
        return last_published(session) is not None


@contextmanager
def _server() -> Iterator[LocalPostgres]:
    """Run an embedded PostgreSQL of our own for the block."""
    folder = Path(tempfile.mkdtemp(prefix="daymart-evenings-"))
    with postgres_in(folder) as postgres:
        yield postgres
    shutil.rmtree(folder, ignore_errors=True)


def restore(postgres: LocalPostgres, dump: Path, database: str = "odoo") -> None:
    """Restore one dump as the source database, in place of the one before."""
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as session:
        session.execute(f"drop database if exists {database} with (force)".encode())
        session.execute(f"create database {database}".encode())
    with gzip.open(dump) as content:
        done = subprocess.run(
            [
                str(postgres.programs / "psql"),
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--output=/dev/null",
                f"--dbname={postgres.uri(database)}",
            ],
            input=content.read(),
            capture_output=True,
            check=False,
        )
    if done.returncode:
        raise ConfigError(f"restoring {dump.name}", saw=done.stderr.decode().strip()[:500])


def odoo_company(postgres: LocalPostgres, source: str = "odoo") -> stages.Company:
    """Return a company with an empty warehouse whose feeds come from the Odoo database.

    A feed of which systems/odoo maps no table stays unbound.
    """
    home = find_home()
    feeds = read_feeds(home / "contracts")
    queries = read_queries(home / "systems" / "odoo")
    mapped = tuple(f for f in feeds if any(t.name in queries for t in feeds[f].tables))
    with psycopg.connect(postgres.uri("postgres"), autocommit=True) as session:
        session.execute("create database evenings")
    settings = Settings(
        company="Odoo evenings",
        currency=_company_currency(postgres.uri(source)),
        bindings=(Binding(system="odoo", connection=CONNECTION, feeds=mapped),),
    )
    warehouse = Warehouse(parse_connection("warehouse", postgres.uri("evenings")))
    company = stages.Company(Project(home, settings), feeds, warehouse)
    os.environ[variable_of(CONNECTION)] = postgres.uri(source)
    stages.install(company)
    return company


def _company_currency(uri: str) -> str:
    with psycopg.connect(uri) as session:
        row = session.execute(
            "select c.name from res_company as own"
            " inner join res_currency as c on c.id = own.currency_id order by own.id limit 1"
        ).fetchone()
    assert row is not None
    return str(row[0])


def morning(company: stages.Company, evening: date) -> None:
    """Load every feed, build, audit and publish one evening."""
    for feed in company.bound:
        stages.accept(company, feed, stages.pull(company, feed, evening))
    publication_id = stages.build(company, evening)
    stages.audit(company, publication_id)
    stages.publish(company, publication_id)


def compare(warehouse: Warehouse, answers: Path, evening: date) -> list[Comparison]:
    """Hold the published marts against the answers of one evening."""
    with warehouse.session(Role.READER) as session:
        stock = {str(r[0]): r[1:] for r in session.execute(STOCK)}
        owed = {str(r[0]): Decimal(r[1]) for r in session.execute(RECEIVABLES)}
    return [
        _compare_stock(stock, _answers(answers / f"stock-{evening}.csv")),
        _compare_receivables(owed, _answers(answers / f"receivables-{evening}.csv")),
    ]


def _answers(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _compare_stock(
    mart: dict[str, tuple[Decimal, ...]], answers: list[dict[str, str]]
) -> Comparison:
    nothing = (Decimal(0),) * len(STOCK_FIGURES)
    differences = [
        Difference(row["product_id"], figure, ours, Decimal(row[figure]))
        for row in answers
        for figure, ours in zip(STOCK_FIGURES, mart.get(row["product_id"], nothing), strict=True)
        if ours != Decimal(row[figure])
    ]
    wrong = {d.key for d in differences}
    return Comparison("stock", len(answers) - len(wrong), len(answers), tuple(differences))


def _compare_receivables(mart: dict[str, Decimal], answers: list[dict[str, str]]) -> Comparison:
    """Compare every customer either side knows; an absent one owes nothing."""
    odoo = {row["partner_id"]: Decimal(row["credit_company_currency"]) for row in answers}
    customers = odoo.keys() | {c for c, owed in mart.items() if owed}
    differences = tuple(
        Difference(c, "owed", mart.get(c, Decimal(0)), odoo.get(c, Decimal(0)))
        for c in sorted(customers)
        if mart.get(c, Decimal(0)) != odoo.get(c, Decimal(0))
    )
    total = len(customers)
    return Comparison("receivables", total - len(differences), total, differences)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1]:
        complain("Name the folder: make evenings DIR=FOLDER")
        sys.exit(ExitCode.USAGE)
    try:
        sys.exit(main(Path(sys.argv[1])))
    except DaymartError as failed:
        complain(str(failed))
        sys.exit(failed.exit_code)
