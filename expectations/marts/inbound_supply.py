"""inbound_supply: what was ordered is received, on the way, still to come or cancelled."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.units import in_base_units

MART = "inbound_supply"
OWNER = "purchasing.head"


def checks(as_of: date) -> list[Check]:
    """Return R12."""
    return [ordered_is_accounted_for(), transit_is_shipped_less_received(), transit_not_negative()]


def ordered_is_accounted_for() -> Check:
    """R12: ordered = received + in transit + not shipped + cancelled, less what came over."""
    query = f"""
select mart.po_id, mart.line_no, mart.qty as left_value,
    line.qty * coalesce(unit.factor, 1) as right_value
from (
    select po_id, line_no,
        sum(received_qty + in_transit_qty + not_shipped_qty)
            + max(cancelled_qty) - max(over_qty) as qty
    from candidate.inbound_supply group by po_id, line_no
) as mart
left join raw.pur_order_line as line
    on line.po_id = mart.po_id and line.line_no = mart.line_no
{in_base_units("line")}
"""  # noqa: S608  # no parameter
    return Check(
        check_id="R12",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Purchase lines named here do not add up: check receipts and cancellations.",
        reconciliation=Reconciliation(query),
    )


def transit_is_shipped_less_received() -> Check:
    """R12: in transit equals shipped less received on every row."""
    query = """
select po_id, line_no, inbound_id, in_transit_qty as left_value,
    shipped_qty - received_qty as right_value
from candidate.inbound_supply
"""
    return Check(
        check_id="R12.transit",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="In transit is computed wrongly: mend the model.",
        reconciliation=Reconciliation(query),
    )


def transit_not_negative() -> Check:
    """R12: nothing is on the way in a negative quantity."""
    query = """
select po_id, line_no, inbound_id, in_transit_qty
from candidate.inbound_supply where in_transit_qty < 0 or not_shipped_qty < 0
"""
    return Check(
        check_id="R12.negative",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="More was received than sent on the lines named here: check the inbound papers.",
        arguments={"unexpected_rows_query": query},
    )
