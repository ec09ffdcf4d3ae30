"""The gate: a publication passes on rows in the database, never on a task's colour."""

import psycopg

from daymart.build.definitions import MartDefinition
from daymart.publish.ledger import Publication


def reasons_to_hold(
    session: psycopg.Connection,
    publication: Publication,
    marts: list[MartDefinition],
    required_checks: set[str],
) -> list[str]:
    """Return every reason why this publication must not be read by anybody; empty if none."""
    return [
        *_models_without_result(session, publication, marts),
        *_failed_nodes(session, publication),
        *_checks_without_verdict(session, publication, required_checks),
        *_failed_checks(session, publication),
    ]


def _models_without_result(
    session: psycopg.Connection, publication: Publication, marts: list[MartDefinition]
) -> list[str]:
    rows = session.execute(
        "select node_id from ops.build_result where publication_id = %s and status = 'success'",
        [publication.publication_id],
    )
    built = {row[0] for row in rows}
    missing = [m.mart for m in marts if m.node_id not in built]
    if not marts:
        return ["dbt named no mart at all"]
    return [f"mart {name} is missing from dbt's results" for name in missing]


def _failed_nodes(session: psycopg.Connection, publication: Publication) -> list[str]:
    rows = session.execute(
        """
        select node_id, status, message from ops.build_result
        where publication_id = %s and status not in ('success', 'pass', 'warn')
        order by node_id
        """,
        [publication.publication_id],
    )
    return [f"dbt: {node} {status} ({message})" for node, status, message in rows]


def _checks_without_verdict(
    session: psycopg.Connection, publication: Publication, required: set[str]
) -> list[str]:
    rows = session.execute(
        "select distinct check_id from ops.check_result where publication_id = %s",
        [publication.publication_id],
    )
    judged = {row[0] for row in rows}
    return [f"check {check} gave no verdict" for check in sorted(required - judged)]


def _failed_checks(session: psycopg.Connection, publication: Publication) -> list[str]:
    rows = session.execute(
        """
        select check_id, subject, detail ->> 'saw', remedy, owner_id from ops.check_result
        where publication_id = %s and verdict = 'failed'
        order by check_id, subject
        """,
        [publication.publication_id],
    )
    return [
        f"{check} on {subject}: {saw}. {remedy} (owner: {owner})"
        for check, subject, saw, remedy, owner in rows
    ]
