"""Build: one `dbt build` of the whole project into the candidate schema."""

from datetime import date, datetime

import psycopg

from daymart.build.dbt import DbtProject, NodeResult, run_variables
from daymart.build.definitions import read_definitions, write_definitions
from daymart.errors import DaymartError, GateError
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


def build(warehouse: Warehouse, project: Project, as_of: date, run_at: datetime) -> Publication:
    """Open a publication and build its candidate.

    Raises GateError when a model or test failed: the last publication stays, marked stale.
    FencedError when another morning is being built.
    """
    with (
        hold(warehouse, MORNING_LEASE, Role.PUBLISHER),
        warehouse.session(Role.PUBLISHER) as session,
    ):
        publication = open_publication(session, as_of, run_at)
        target = project.home / ".daymart" / "dbt" / str(publication.publication_id)
        dbt = DbtProject(project.dbt, target, warehouse.connection)
        variables = run_variables(as_of, run_at, project.settings.currency)
        try:
            definitions = read_definitions(dbt.parse(variables))
            with session.transaction():
                write_definitions(session, publication.publication_id, definitions)
            results = dbt.build(variables)
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
