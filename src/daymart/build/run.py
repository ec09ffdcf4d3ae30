"""Build: one `dbt build` of the whole project into the candidate schema."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import psycopg

from daymart.build.changes import WHOLE, Since, fingerprint, since_last_publication
from daymart.build.dbt import DbtProject, NodeResult, run_variables
from daymart.build.definitions import read_definitions, write_definitions
from daymart.build.statistics import refresh_statistics
from daymart.build.views import drop_views
from daymart.errors import ConfigError, DaymartError, GateError
from daymart.publish.ledger import (
    MORNING_LEASE,
    Publication,
    advance,
    hold_back,
    open_publication,
)
from daymart.settings import Project
from daymart.warehouse.connect import Role, Warehouse
from daymart.warehouse.lease import hold


def build(
    warehouse: Warehouse, project: Project, as_of: date, run_at: datetime, *, whole: bool = False
) -> Publication:
    """Open a publication and build its candidate, from what readers see now or as a `whole`.

    Raises GateError when a model or test failed: the last publication stays, marked stale.
    FencedError when another morning is being built, ConfigError for an evening on no calendar.
    """
    with (
        hold(warehouse, MORNING_LEASE, Role.PUBLISHER),
        warehouse.session(Role.PUBLISHER) as session,
    ):
        _require_calendar(session, as_of)
        publication = open_publication(session, as_of, run_at)
        builds = project.builds(warehouse.connection.database)
        target = builds / str(publication.publication_id)
        dbt = DbtProject(project.dbt, target, warehouse.connection, parsed=builds / "parsed")
        try:
            manifest = dbt.parse()
            since = _begin(session, project, publication, manifest, whole=whole)
            refresh_statistics(session)
            with warehouse.session(Role.TRANSFORMER) as transformer:
                drop_views(transformer)
            results = dbt.build(run_variables(as_of, run_at, project.settings.currency, since))
        except DaymartError as failed:
            hold_back(session, publication, str(failed))
            raise
        _write_results(session, publication, results)
        advance(session, publication, "building", "built")
        failures = [r for r in results if r.failed]
        if failures:
            error = _failure(publication, failures)
            hold_back(session, publication, str(error))
            raise error
    return publication


def _require_calendar(session: psycopg.Connection, as_of: date) -> None:
    row = session.execute("select min(day), max(day) from ops.calendar").fetchone()
    assert row is not None
    first, last = row
    if not first <= as_of <= last:
        raise ConfigError(
            f"evening {as_of}",
            saw=f"the calendars cover {first} to {last}",
            remedy="Under calendars in daymart.yaml, name a holiday or working day of"
            f" {as_of.year}, then: daymart install",
        )


def _begin(
    session: psycopg.Connection,
    project: Project,
    publication: Publication,
    manifest: Mapping[str, Any],
    *,
    whole: bool,
) -> Since:
    """Write what the marts of this publication are and where its build begins."""
    defined = fingerprint(manifest, project.settings)
    with session.transaction():
        since = WHOLE
        if not whole:
            since = since_last_publication(session, publication, manifest, defined)
        write_definitions(session, publication.publication_id, read_definitions(manifest))
        session.execute(
            "update ops.publication set definitions = %s, is_whole = %s where publication_id = %s",
            [defined, since.is_whole, publication.publication_id],
        )
    return since


def _write_results(
    session: psycopg.Connection, publication: Publication, results: list[NodeResult]
) -> None:
    with session.transaction(), session.cursor() as cursor:
        cursor.executemany(
            "insert into ops.build_result"
            " (publication_id, node_id, resource_type, status, message, seconds)"
            " values (%s, %s, %s, %s, %s, %s)",
            [
                (
                    publication.publication_id,
                    r.node_id,
                    r.resource_type,
                    r.status,
                    r.message,
                    r.seconds,
                )
                for r in results
            ],
        )


def _failure(publication: Publication, failures: list[NodeResult]) -> GateError:
    # What was skipped only follows from what failed.
    broken = [f for f in failures if f.status != "skipped"] or failures
    first = broken[0]
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    return GateError(
        f"build of publication {publication.publication_id}, {publication.as_of}",
        saw=f"{first.node_id}: {first.message or first.status}{more}",
        expected="every model and test to pass",
        remedy="The last publication stays. Mend it and run: daymart run",
    )
