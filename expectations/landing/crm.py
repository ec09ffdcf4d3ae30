"""CRM: nothing done lies in the future, and nothing is accepted before it was given."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Severity, Table


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed CRM table."""
    if table.name == "crm_handoff":
        return [accepted_after_given(feed, names)]
    return [activities_are_past(feed, names)] if table.name == "crm_activity" else []


def activities_are_past(feed: Feed, names: dict[str, str]) -> Check:
    """An activity that is done was done before it was delivered."""
    query = f"""
select activity_id, employee_id, done_at
from {names["crm_activity"]}
where done_at > now()
"""  # noqa: S608  # landing names are built by the loader
    return Check(
        check_id="crm.activities_are_past",
        severity=Severity.WARN,
        owner=feed.owner,
        remedy="Activities named here are done in the future: correct the day or the clock.",
        arguments={"unexpected_rows_query": query},
    )


def accepted_after_given(feed: Feed, names: dict[str, str]) -> Check:
    """A lead is accepted after it was given."""
    query = f"""
select handoff_id, giver_id, taker_id, given_at, accepted_at
from {names["crm_handoff"]}
where accepted_at < given_at
"""  # noqa: S608  # landing names are built by the loader
    return Check(
        check_id="crm.accepted_after_given",
        severity=Severity.WARN,
        owner=feed.owner,
        remedy="Hand-offs named here were accepted before they were given: correct them.",
        arguments={"unexpected_rows_query": query},
    )
