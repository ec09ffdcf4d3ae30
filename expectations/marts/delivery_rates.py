"""delivery_rates: its sums are those of the lines it stands for."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity

MART = "delivery_rates"
OWNER = "logistics.manager"
BASES = ("requested", "first_promised", "last_promised")


def checks(as_of: date) -> list[Check]:
    """Return the part of R16 that ties the rates to their lines."""
    del as_of
    return [denominators_are_due_lines()]


def denominators_are_due_lines() -> Check:
    """R16: rates of a basis and month are shares of the lines due in it, none missing."""
    lines = " union all ".join(_due_lines(basis) for basis in BASES)
    query = f"""
with kept as (select min(month_on) as since from candidate.delivery_rates),
due as (
    select basis, month_on, customer_id, count(*) as lines
    from ({lines}) as line
    where month_on >= (select since from kept)
    group by basis, month_on, customer_id
)
select basis, month_on, customer_id, mart.line_count as left_value, due.lines as right_value
from candidate.delivery_rates as mart
full join due using (basis, month_on, customer_id)
"""  # noqa: S608  # the bases are constants
    return Check(
        check_id="R16.rates",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Rates named here are shares of another number of lines than were due.",
        reconciliation=Reconciliation(query),
    )


def _due_lines(basis: str) -> str:
    return (
        f"select '{basis}' as basis, date_trunc('month', {basis}_due_on)::date as month_on,"  # noqa: S608
        f" customer_id from candidate.delivery_otif where otif_{basis} is not null"
    )
