"""Rehearse a load: read, type, land and judge, then throw the landing away."""

from datetime import date
from typing import Any

from daymart.checks.landing import landing_checks
from daymart.checks.run import run_checks
from daymart.contracts.model import Feed
from daymart.load.landing import Landing
from daymart.load.ledger import close_load, read_landed
from daymart.load.pull import pull
from daymart.settings import Project
from daymart.sources.registry import sources_of
from daymart.warehouse.connect import Role, Warehouse


def dry_run(
    warehouse: Warehouse, feed: Feed, project: Project, as_of: date
) -> dict[str, list[dict[str, Any]]]:
    """Return what a load would bring and what its checks say; raw stays as it is."""
    tables: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for source in sources_of(feed, project):
        load = pull(warehouse, feed, source, as_of)
        landing = Landing(load)
        with warehouse.session(Role.LOADER) as session:
            landed = read_landed(session, load)
            suites = landing_checks(session, feed, landing, landed)
            verdicts = run_checks(warehouse.sqlalchemy_url(Role.LOADER), suites)
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
    return {"would load": tables, "checks": findings}
