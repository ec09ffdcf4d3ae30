"""Retention: delete what nobody needs any more, a bounded batch at a time."""

import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import psycopg
from psycopg import sql

from daymart.contracts.model import Feed
from daymart.load.landing import sweep
from daymart.settings import Project
from daymart.warehouse.connect import Role, Warehouse

BATCH = 50_000
BUILD_FILES_DAYS = 14

OVERTAKEN_NOTES = """
delete from ops.load_file as f
using ops.load as l
where l.load_id = f.load_id and l.started_at < now() - make_interval(days => %s)
    and (
        l.state in ('refused', 'failed', 'superseded')
        or l.state = 'accepted' and exists (
            select from ops.load_file as n
            inner join ops.load as later using (load_id)
            where later.feed_id = l.feed_id and later.source_system = l.source_system
                and later.state = 'accepted' and n.load_id > f.load_id
                and n.table_name = f.table_name and n.file_name = f.file_name
                and n.state in ('taken', 'duplicate', 'overtaken')
                and (n.business_date = f.business_date or not f.is_daily)
        )
    )
"""
"""The latest accepted note of a file stays: without it the file would be loaded as a new one."""


def prune(warehouse: Warehouse, feeds: Iterable[Feed], project: Project) -> dict[str, int]:
    """Delete rows and files older than the company's retention; return rows per table.

    Nothing current is touched, and nothing a later load decides by: only superseded versions,
    replaced rows, closed rejects, and notes of files that a later accepted load wrote anew.
    """
    days = project.settings.retention_days
    deleted: dict[str, int] = {}
    with warehouse.session(Role.LOADER) as session:
        for feed in feeds:
            for binding in project.settings.bindings_of(feed.name):
                sweep(session, feed, binding.source_name)
            for table in feed.tables:
                deleted[f"raw_history.{table.name}"] = _delete(
                    session, "raw_history", table.name, "_superseded_at", days
                )
        deleted["quarantine.reject"] = _delete(session, "quarantine", "reject", "closed_at", days)
        deleted["ops.load_file"] = session.execute(OVERTAKEN_NOTES, [days]).rowcount
    with warehouse.session(Role.PUBLISHER) as session:
        for mart in _published_marts(session):
            deleted[f"published_history.{mart}"] = _delete_replaced(session, mart, days)
    _forget_builds(project.builds())
    return {name: rows for name, rows in deleted.items() if rows}


def _delete(session: psycopg.Connection, schema: str, table: str, column: str, days: int) -> int:
    statement = sql.SQL(
        "delete from {table} where ctid = any (array("
        " select ctid from {table} where {column} < now() - make_interval(days => %s) limit %s))"
    ).format(table=sql.Identifier(schema, table), column=sql.Identifier(column))
    total = 0
    while gone := session.execute(statement, [days, BATCH]).rowcount:
        total += gone
    return total


def _published_marts(session: psycopg.Connection) -> list[str]:
    rows = session.execute("select mart from ops.mart_state order by mart")
    return [str(row[0]) for row in rows]


def _delete_replaced(session: psycopg.Connection, mart: str, days: int) -> int:
    """Delete versions that were replaced before the retention: those mornings are forgotten."""
    statement = sql.SQL(
        "delete from {} where _replaced_by <= ("
        " select max(publication_id) from ops.publication"
        " where published_at < now() - make_interval(days => %s))"
    ).format(sql.Identifier("published_history", mart))
    return session.execute(statement, [days]).rowcount


def _forget_builds(folder: Path) -> None:
    oldest = time.time() - BUILD_FILES_DAYS * 86_400
    for target in folder.glob("*/*"):
        if target.is_dir() and target.stat().st_mtime < oldest:
            shutil.rmtree(target, ignore_errors=True)
