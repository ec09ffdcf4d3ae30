"""Coordination: nothing happens to a case before it is opened."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Severity, Table


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed coordination table."""
    if table.name == "case_event" and "case_header" in names:
        return [events_follow_opening(feed, names)]
    return []


def events_follow_opening(feed: Feed, names: dict[str, str]) -> Check:
    """No event of a case is older than the case."""
    query = f"""
select e.event_id, e.case_id, e.kind, e.at, h.opened_at
from {names["case_event"]} as e
inner join {names["case_header"]} as h on h.case_id = e.case_id
where e.at < h.opened_at
"""  # noqa: S608  # landing names are built by the loader
    return Check(
        check_id="coordination.events_follow_opening",
        severity=Severity.WARN,
        owner=feed.owner,
        remedy="Events named here are older than their case: their clocks cannot be trusted.",
        arguments={"unexpected_rows_query": query},
    )
