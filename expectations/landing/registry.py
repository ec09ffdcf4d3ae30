"""Registry: a promise to finish is never shorter than the promise to answer."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Severity, Table


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed registry table."""
    return [finish_follows_answer(feed, names)] if table.name == "sla_policy" else []


def finish_follows_answer(feed: Feed, names: dict[str, str]) -> Check:
    """The minutes to finish a leg are at least those to acknowledge it."""
    query = f"""
select case_kind, department_id, priority, valid_from, ack_min, done_min
from {names["sla_policy"]}
where done_min < ack_min
"""  # noqa: S608  # landing names are built by the loader
    return Check(
        check_id="registry.finish_follows_answer",
        severity=Severity.FAIL,
        owner=feed.owner,
        remedy="Policies named here let a leg finish before it must be answered: correct them.",
        arguments={"unexpected_rows_query": query},
    )
