"""inbound_supply: what was ordered is received, on the way, still to come or cancelled."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.purchases import received, sent
from expectations.sites import at_site, local_day
from expectations.units import ROUNDED, base_qty, in_base_units

MART = "inbound_supply"
OWNER = "purchasing.head"


def checks(as_of: date) -> list[Check]:
    """Return R12, and R13 for the dates."""
    return [
        ordered_is_accounted_for(as_of),
        transit_is_sent_less_received(as_of),
        transit_not_negative(),
        original_date_is_the_first_stored(),
        current_date_is_the_last_event(as_of),
        reasons_are_known(),
    ]


def ordered_is_accounted_for(as_of: date) -> Check:
    """R12: ordered = received + in transit + not shipped + cancelled, less what came over.

    Ordered and received are the feed's, the others the mart's.
    """
    query = f"""
select mart.po_id, mart.line_no, mart.qty + coalesce(came.qty, 0) as left_value,
    {base_qty("line.qty")} as right_value
from (
    select po_id, line_no,
        sum(in_transit_qty + not_shipped_qty) + max(cancelled_qty) - max(over_qty) as qty
    from candidate.inbound_supply where po_id <> '' group by po_id, line_no
) as mart
left join ({received(as_of)}) as came
    on came.po_id = mart.po_id and came.line_no = mart.line_no
left join raw.pur_order_line as line
    on line.po_id = mart.po_id and line.line_no = mart.line_no
left join raw.pur_order as po on po.po_id = mart.po_id
{in_base_units("line", f"coalesce(po.order_date, '{as_of}')")}
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R12",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Purchase lines named here do not add up: check receipts and cancellations.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def transit_is_sent_less_received(as_of: date) -> Check:
    """R12: in transit per purchase line is what was sent and did not arrive."""
    query = f"""
select mart.po_id, mart.line_no, mart.qty as left_value,
    greatest(coalesce(left_there.qty, 0) - coalesce(came.qty, 0), 0) as right_value
from (
    select po_id, line_no, sum(in_transit_qty) as qty
    from candidate.inbound_supply where po_id <> '' group by po_id, line_no
) as mart
left join ({sent(as_of)}) as left_there
    on left_there.po_id = mart.po_id and left_there.line_no = mart.line_no
left join ({received(as_of)}) as came
    on came.po_id = mart.po_id and came.line_no = mart.line_no
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R12.transit",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="In transit is not what was sent and has not arrived: compare inbounds, receipts.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
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


def original_date_is_the_first_stored() -> Check:
    """R13: the first confirmed day is the first one ever loaded, whatever came later.

    Versions of a line that its changes replaced are in raw_history, as far back as it is kept.
    """
    query = """
select mart.po_id, mart.line_no, mart.first_confirmed_on, stored.first_date
from (
    select distinct po_id, line_no, first_confirmed_on from candidate.inbound_supply
    where po_id <> ''
) as mart
inner join (
    select distinct on (po_id, line_no) po_id, line_no, first_confirmed_date as first_date
    from (
        select po_id, line_no, first_confirmed_date, _load_id from raw.pur_order_line
        union all
        select po_id, line_no, first_confirmed_date, _load_id from raw_history.pur_order_line
    ) as version
    where first_confirmed_date is not null
    order by po_id, line_no, _load_id
) as stored on stored.po_id = mart.po_id and stored.line_no = mart.line_no
where mart.first_confirmed_on is distinct from stored.first_date
"""
    return Check(
        check_id="R13",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="The first confirmed day was rewritten: restore it, and add a change instead.",
        arguments={"unexpected_rows_query": query},
    )


def current_date_is_the_last_event(as_of: date) -> Check:
    """R13: the expected day is the one of the last change by the evening of the data."""
    query = f"""
select mart.po_id, mart.line_no, mart.expected_on, event.new_date
from (
    select distinct po_id, line_no, expected_on from candidate.inbound_supply
) as mart
inner join (
    select distinct on (e.po_id, e.line_no) e.po_id, e.line_no, e.new_date
    from raw.pur_eta_event as e
    left join raw.pur_order_line as l on l.po_id = e.po_id and l.line_no = e.line_no
    {at_site("l.warehouse_id")}
    where {local_day("e.changed_at")} <= '{as_of}'
    order by e.po_id, e.line_no, e.changed_at desc, e.event_id desc
) as event on event.po_id = mart.po_id and event.line_no = mart.line_no
where mart.expected_on is distinct from event.new_date
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R13.current",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="The expected day is not that of the last change: mend the model.",
        arguments={"unexpected_rows_query": query},
    )


def reasons_are_known() -> Check:
    """Reasons for absence are rarely unknown; the share is a rule of its own."""
    query = """
select po_id, line_no, inbound_id, date_change_reason
from candidate.inbound_supply
where absence_reason = 'unknown' and (
    select count(*) filter (where absence_reason = 'unknown') > count(absence_reason) * (
        select rule_value from staging.supply_rule where rule = 'unknown_reason_share'
    )
    from candidate.inbound_supply
)
"""
    return Check(
        check_id="R12.reason",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Too many dates moved without a known reason: name it, or add it to the seed.",
        arguments={"unexpected_rows_query": query},
    )
