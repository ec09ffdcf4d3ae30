"""The landing suite of a contract table: what the department promised of every delivery."""

from importlib import import_module
from importlib.util import find_spec
from math import ceil

import psycopg
from psycopg import sql

from daymart.checks.check import Check, Reconciliation, Subject
from daymart.checks.references import relationship_checks
from daymart.contracts.model import (
    DEFAULT_KEY_SHARE,
    FEW_KEYS,
    Feed,
    LoadMode,
    Promise,
    Severity,
    Table,
)
from daymart.load.landing import Landing
from daymart.load.ledger import Landed

NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"


def landing_checks(
    session: psycopg.Connection, feed: Feed, landing: Landing, landed: list[Landed]
) -> dict[Subject, list[Check]]:
    """Derive the suite of every landed table from its contract, then add the feed's own checks."""
    suites: dict[Subject, list[Check]] = {}
    provided = {c.table_name for c in landed if c.is_provided}
    delivered = {t.name: landing.table(t) for t in feed.tables if t.name in provided}
    for count in landed:
        if not count.is_provided:
            continue
        table = feed.table(count.table_name)
        subject = Subject("landing", landing.name(table), f"{feed.name}.{table.name}")
        suites[subject] = [
            *_arrived(feed, table, landing, count),
            *_freshness(session, feed, table, landing),
            *_collapse(session, feed, table, landing, count),
            *(_promised(feed, table, promise) for promise in table.promises),
            *relationship_checks(session, feed, table, delivered),
            *own_checks(feed, table, landing, landed),
        ]
    return suites


def own_checks(feed: Feed, table: Table, landing: Landing, landed: list[Landed]) -> list[Check]:
    """Return what `expectations/landing/<feed>.py` adds for this table, if anything."""
    name = f"expectations.landing.{feed.name}"
    if find_spec(name) is None:
        return []
    provided = {c.table_name for c in landed if c.is_provided}
    names = {t.name: f"landing.{landing.name(t)}" for t in feed.tables if t.name in provided}
    found: list[Check] = import_module(name).checks(feed, table, names)
    return found


def _arrived(feed: Feed, table: Table, landing: Landing, count: Landed) -> list[Check]:
    checks = [
        Check(
            check_id="landing.row_count",
            severity=Severity.FAIL,
            owner=feed.owner,
            remedy="Rows were lost or added between the source and landing: pull again.",
            expectation="ExpectTableRowCountToEqual",
            arguments={"value": _source_rows(count) - count.quarantined_rows},
        )
    ]
    if table.control_measure and count.source_control is not None:
        checks.append(
            Check(
                check_id="landing.control_total",
                severity=Severity.FAIL,
                owner=feed.owner,
                remedy="The sum changed on the way: compare the rows named here with the source.",
                reconciliation=Reconciliation(_control_query(table, landing, count)),
            )
        )
    return checks


def _source_rows(count: Landed) -> int:
    """Rows by the source's own count where it has one, else by the reader's."""
    return count.read_rows if count.source_rows is None else count.source_rows


def _control_query(table: Table, landing: Landing, count: Landed) -> str:
    """Source's total against landed rows plus rejected rows whose measure is a number."""
    measure = sql.Identifier(table.control_measure or "")
    query = sql.SQL(
        "select {name} as control_measure, {source}::numeric as left_value,"
        " (select coalesce(sum({measure}), 0) from {landing})"
        " + (select coalesce(sum(x.measure::numeric), 0) from {rejects} as x"
        "    where x.table_name = {table} and x.measure ~ {number}) as right_value"
    ).format(
        name=sql.Literal(table.control_measure),
        source=sql.Literal(str(count.source_control)),
        measure=measure,
        landing=landing.table(table),
        rejects=landing.rejects,
        table=sql.Literal(table.name),
        number=sql.Literal(NUMBER),
    )
    return query.as_string()


def _freshness(
    session: psycopg.Connection, feed: Feed, table: Table, landing: Landing
) -> list[Check]:
    """A list taken per evening must be the list of this evening, not of an older one.

    Of files each must hold the evening its name tells.
    """
    if table.partition is None:
        return []
    remedy = "The delivery arrived with another evening inside: export it again."
    landed = landing.table(table)
    row = session.execute(
        "select exists (select from ops.load_file where load_id = %s and state = 'taken')",
        [landing.load.load_id],
    ).fetchone()
    if row and row[0]:
        wrong = sql.SQL(
            "select left(_version, 10) as date_of_file, max({part}) as newest_inside from {landed}"
            " group by 1 having max({part})::text <> left(_version, 10)"
        ).format(part=sql.Identifier(table.partition), landed=landed)
        return [
            Check(
                check_id="landing.business_date",
                severity=Severity.FAIL,
                owner=feed.owner,
                remedy=remedy,
                arguments={"unexpected_rows_query": wrong.as_string()},
            )
        ]
    day = landing.load.as_of.isoformat()
    return [
        Check(
            check_id="landing.business_date",
            severity=Severity.FAIL,
            owner=feed.owner,
            remedy=remedy,
            expectation="ExpectColumnMaxToBeBetween",
            arguments={"column": table.partition, "min_value": day, "max_value": day},
        )
    ]


def _collapse(
    session: psycopg.Connection, feed: Feed, table: Table, landing: Landing, count: Landed
) -> list[Check]:
    """A full list far shorter than what is known is a broken export, not a mass deletion.

    The first list has nothing to be held against. A list that may come empty by its contract is
    accepted with a warning when it does.
    """
    if table.mode is not LoadMode.SNAPSHOT:
        return []
    known = _known_keys(session, table, landing)
    if not known:
        return []
    may_be_empty = table.min_key_share == 0
    remedy = (
        f"{known} keys are known; an empty list deletes them. Ask whether nothing is left."
        if may_be_empty
        else f"{known} keys are known; a list this short would delete the rest. Export it again;"
        " if the deletion is meant, give a lower minKeyShare in the contract for a day."
    )
    return [
        Check(
            check_id="landing.collapse",
            severity=Severity.WARN if may_be_empty else Severity.FAIL,
            owner=feed.owner,
            remedy=remedy,
            expectation="ExpectTableRowCountToBeBetween",
            arguments={"min_value": least_keys(table, known) - count.quarantined_rows},
        )
    ]


def least_keys(table: Table, known: int) -> int:
    """Return how many keys a full list must hold, of `known` ones (at least 1).

    A share in the contract is taken to the letter. Without one, half of them must be there; of
    fewer than FEW_KEYS one is enough.
    """
    if table.min_key_share is not None:
        return max(1, ceil(table.min_key_share * known))
    return ceil(DEFAULT_KEY_SHARE * known) if known >= FEW_KEYS else 1


def _known_keys(session: psycopg.Connection, table: Table, landing: Landing) -> int:
    """Count the keys a full list must be held against: all, or the newest other evening's."""
    system = landing.load.source_system
    raw = sql.Identifier("raw", table.name)
    if table.partition is None:
        query = sql.SQL("select count(*) from {} where source_system = %s").format(raw)
        row = session.execute(query, [system]).fetchone()
    else:
        query = sql.SQL(
            "select count(*) from {raw} where source_system = %s and {part} ="
            " (select max({part}) from {raw} where source_system = %s)"
        ).format(raw=raw, part=sql.Identifier(table.partition))
        row = session.execute(query, [system, system]).fetchone()
    return int(row[0]) if row else 0


def _promised(feed: Feed, table: Table, promise: Promise) -> Check:
    remedy = f"{promise.reason} Ask the owner to export again, or amend the contract.".strip()
    if promise.metric == "rowCount":
        return Check(
            check_id="landing.volume",
            severity=promise.severity,
            owner=feed.owner,
            remedy=remedy,
            expectation="ExpectTableRowCountToBeBetween",
            arguments=_bounds(promise.lower, promise.upper),
        )
    filled = 1 - (promise.upper or 0) / 100
    return Check(
        check_id=f"landing.nulls.{promise.column}",
        severity=promise.severity,
        owner=feed.owner,
        remedy=remedy,
        expectation="ExpectColumnProportionOfNonNullValuesToBeBetween",
        arguments={"column": promise.column, "min_value": filled},
    )


def _bounds(lower: float | None, upper: float | None) -> dict[str, int]:
    bounds = {"min_value": lower, "max_value": upper}
    return {name: int(value) for name, value in bounds.items() if value is not None}
