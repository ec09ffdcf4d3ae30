"""Rehearse a load: read, type, land and judge, then throw the landing away."""

from datetime import date
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from daymart.checks.landing import landing_checks
from daymart.checks.run import run_checks
from daymart.contracts.model import Feed
from daymart.errors import DaymartError
from daymart.load.files_ledger import LoadFiles
from daymart.load.landing import Landing
from daymart.load.ledger import Load, as_delivered, close_load, read_landed
from daymart.load.pull import pull
from daymart.settings import Project
from daymart.sources.drop import DropSource
from daymart.sources.mapped_drop import MappedDropSource
from daymart.sources.protocol import Source
from daymart.sources.registry import sources_of
from daymart.warehouse.connect import Role, Warehouse

WAITING = """
select x.table_name as table, v ->> 'column' as column, v ->> 'rule' as rule, count(*) as rows,
    min(v ->> 'value') as for_example, min(v ->> 'expected') as expected
from {} as x, jsonb_array_elements(x.violations) as v
group by 1, 2, 3 order by 1, 4 desc, 2, 3
"""


def dry_run(
    warehouse: Warehouse, feed: Feed, project: Project, as_of: date
) -> dict[str, list[dict[str, Any]]]:
    """Return what a load would bring and what its checks say; raw stays as it is."""
    files: list[dict[str, Any]] = []
    tables: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    waiting: list[dict[str, Any]] = []
    for source in sources_of(feed, project):
        files += _files(warehouse, feed, source, as_of)
        try:
            load = pull(warehouse, feed, source, as_of)
        except DaymartError as failed:
            if not files:
                raise
            failures.append({"error": str(failed), "exit_code": int(failed.exit_code)})
            continue
        landing = Landing(load)
        with warehouse.session(Role.LOADER) as session:
            landed = read_landed(session, load)
            suites = landing_checks(session, as_delivered(feed, landed), landing, landed)
            verdicts = run_checks(warehouse.sqlalchemy_url(Role.LOADER), suites)
            waiting += _waiting(session, landing)
            close_load(session, load, "failed", "dry run: nothing was meant to be accepted")
            landing.drop(session, feed)
        tables += [
            {
                "table": t.table_name,
                "source_rows": t.source_rows,
                "read": t.read_rows,
                "quarantined": t.quarantined_rows,
                "source_control": t.source_control,
            }
            for t in landed
        ]
        findings += [
            {"check": v.check_id, "subject": v.subject, "verdict": v.word, "saw": v.detail["saw"]}
            for v in verdicts
        ]
    answer = {"would load": tables, "checks": findings}
    answer |= {"would wait in quarantine": waiting} if waiting else {}
    answer |= {"would fail": failures} if failures else {}
    return {"files": files, **answer} if files else answer


def _waiting(session: psycopg.Connection, landing: Landing) -> list[dict[str, Any]]:
    """Tell why rows would be held back: each broken rule once, with one value that breaks it."""
    with session.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(sql.SQL(WAITING).format(landing.rejects)).fetchall()


def _files(warehouse: Warehouse, feed: Feed, source: Source, as_of: date) -> list[dict[str, Any]]:
    """Tell which files of a drop folder would be taken or skipped, and why."""
    if not isinstance(source, DropSource | MappedDropSource):
        return []
    with warehouse.session(Role.LOADER) as session:
        load = Load(0, feed.name, source.name, as_of, "rehearsed")
        notes = source.survey(feed, as_of, LoadFiles(session, load))
    return [
        {
            "table": n.table,
            "file": n.name,
            "business_date": n.business_date,
            "would": "take" if n.state == "taken" else "skip",
            "why": n.reason or "new",
        }
        for n in notes
    ]
