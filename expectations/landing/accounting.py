"""Accounting: papers and their instalments are two lists of the same money."""

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Feed, Severity, Table


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed accounting table."""
    if table.name == "acc_document" and "acc_instalment" in names:
        return [instalments_add_up(feed, names)]
    return []


def instalments_add_up(feed: Feed, names: dict[str, str]) -> Check:
    """Every paper equals the sum of its instalments, in document currency."""
    query = f"""
select d.document_id, d.amount_gross as left_value, sum(i.amount) as right_value
from {names["acc_document"]} as d
left join {names["acc_instalment"]} as i on i.document_id = d.document_id
group by d.document_id, d.amount_gross
"""  # noqa: S608  # landing names are built by the loader
    return Check(
        check_id="accounting.instalments_add_up",
        severity=Severity.FAIL,
        owner=feed.owner,
        remedy="The papers named here and their instalments disagree: correct them in the books.",
        reconciliation=Reconciliation(query),
    )
