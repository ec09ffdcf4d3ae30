"""Plan: a period ends after it starts."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Severity, Table


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed plan table."""
    return [periods_are_whole(feed, names)] if table.name == "sales_plan" else []


def periods_are_whole(feed: Feed, names: dict[str, str]) -> Check:
    """No planned period ends before it starts."""
    query = f"""
select plan_version, measure, period_start, period_end
from {names["sales_plan"]}
where period_end < period_start
"""  # noqa: S608  # landing names are built by the loader
    return Check(
        check_id="plan.periods_are_whole",
        severity=Severity.FAIL,
        owner=feed.owner,
        remedy="Periods named here end before they start: correct the plan and upload it again.",
        arguments={"unexpected_rows_query": query},
    )
