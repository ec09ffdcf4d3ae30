"""Reference: whoever is named must be on the list."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Severity, Table


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed reference table."""
    if table.name == "customer" and "employee" in names:
        return [managers_are_employees(feed, names)]
    return []


def managers_are_employees(feed: Feed, names: dict[str, str]) -> Check:
    """The manager of every customer is an employee."""
    query = f"""
select c.manager_id, count(*) as customers
from {names["customer"]} as c
where c.manager_id is not null
    and not exists (select from {names["employee"]} as e where e.employee_id = c.manager_id)
group by c.manager_id
"""  # noqa: S608  # landing names are built by the loader
    return Check(
        check_id="reference.managers_are_employees",
        severity=Severity.WARN,
        owner=feed.owner,
        remedy="Customers hang on managers who are on no list: name a successor.",
        arguments={"unexpected_rows_query": query},
    )
