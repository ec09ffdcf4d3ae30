"""inbound_date_changes: every change of a date that inbound_supply counts can be opened."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity

MART = "inbound_date_changes"
OWNER = "purchasing.head"


def checks(as_of: date) -> list[Check]:
    """Return the part of R13 that ties the changes to their lines."""
    return [every_change_is_here(as_of)]


def every_change_is_here(as_of: date) -> Check:
    """R13: a line of inbound_supply has as many changes here as came by that evening."""
    query = f"""
select line.po_id, line.line_no, mart.number as left_value, loaded.number as right_value
from (select distinct po_id, line_no from candidate.inbound_supply) as line
left join (
    select po_id, line_no, count(*) as number from candidate.inbound_date_changes
    group by po_id, line_no
) as mart on mart.po_id = line.po_id and mart.line_no = line.line_no
left join (
    select e.po_id, e.line_no, count(*) as number
    from raw.pur_eta_event as e
    left join raw.pur_order_line as l on l.po_id = e.po_id and l.line_no = e.line_no
    left join raw.warehouse as w on w.warehouse_id = l.warehouse_id
    left join raw.site on site.site_id = w.site_id
    where (e.changed_at at time zone coalesce(site.tz, 'UTC'))::date <= '{as_of}'
    group by e.po_id, e.line_no
) as loaded on loaded.po_id = line.po_id and loaded.line_no = line.line_no
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R13.changes",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Changes of the lines named here are missing or doubled: mend the model.",
        reconciliation=Reconciliation(query),
    )
