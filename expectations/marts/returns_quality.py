"""returns_quality: what came back is all accounted for, and not for sale before inspection."""

from datetime import date, timedelta

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.closings import of_newest_closing
from expectations.sites import at_site, local_day
from expectations.units import ROUNDED, base_qty, in_base_units

MART = "returns_quality"
OWNER = "sales.head"
SURE_DAYS = 330
"""Returns closed within these days are surely in the mart, which holds whole months of a year."""


def checks(as_of: date) -> list[Check]:
    """Return R21 and the part of R15 that is about returns."""
    return [outcomes_add_up(as_of), quarantine_covers(as_of), returns_within_delivered()]


def outcomes_add_up(as_of: date) -> Check:
    """R21: what was received equals what is in quarantine, inspected and in each outcome."""
    last_step_on = local_day("coalesce(r.closed_at, r.inspected_at, r.received_at)")
    query = f"""
with placed as (
    select rma_id, line_no, quarantine_qty + inspected_qty + refunded_qty + replaced_qty
        + returned_to_customer_qty + scrapped_qty as qty
    from candidate.returns_quality
    where closed_on is null or closed_on > '{as_of - timedelta(days=SURE_DAYS)}'
),
came as (
    select r.rma_id, r.line_no, round({base_qty("r.qty")}, 6) as qty
    from raw.rma as r
    left join raw.lg_shipment_line as l
        on l.shipment_id = r.shipment_id and l.line_no = r.shipment_line_no
    left join raw.lg_shipment as s on s.shipment_id = l.shipment_id
    {at_site("s.warehouse_id")}
    {in_base_units("l", local_day("s.issued_at"))}
    where {local_day("r.received_at")} <= '{as_of}'
        and not (r.state = 'cancelled' and {last_step_on} <= '{as_of}')
        and (r.closed_at is null
            or r.closed_at > '{as_of - timedelta(days=SURE_DAYS - 1)}')
)
select rma_id, line_no, placed.qty as left_value, came.qty as right_value
from placed
full join came using (rma_id, line_no)
"""  # noqa: S608  # dates only
    return Check(
        check_id="R21",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Goods of the returns named here were lost or counted twice between their outcomes.",
        reconciliation=Reconciliation(query),
    )


def quarantine_covers(as_of: date) -> Check:
    """R21: stock that is not for sale holds at least what returns wait for inspection."""
    query = f"""
select waiting.warehouse_id, waiting.product_id, waiting.qty as waiting_qty,
    coalesce(held.qty, 0) as held_qty
from (
    select warehouse_id, product_id, sum(quarantine_qty) as qty
    from candidate.returns_quality
    where quarantine_qty > 0 and received_on <= '{as_of}'
    group by warehouse_id, product_id
) as waiting
left join (
    select s.warehouse_id, s.product_id, sum({base_qty("s.qty")}) as qty
    from raw.wh_stock as s
    {of_newest_closing("s", "wh_stock", as_of)}
    {in_base_units("s", "s.as_of")}
    where s.quality_status in ('quarantine', 'return_hold')
    group by s.warehouse_id, s.product_id
) as held on held.warehouse_id = waiting.warehouse_id and held.product_id = waiting.product_id
where coalesce(held.qty, 0) < waiting.qty - {ROUNDED}
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R21.quarantine",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Returned goods named here are not in quarantine: somebody may sell them unseen.",
        arguments={"unexpected_rows_query": query},
    )


def returns_within_delivered() -> Check:
    """R15: no shipment line comes back with more than the customer ever had in hands."""
    query = f"""
select mart.shipment_id, mart.shipment_line_no, sum(mart.returned_qty) as returned_qty,
    max(sent.qty) as handed_over_qty
from candidate.returns_quality as mart
inner join (
    select l.shipment_id, l.line_no,
        {base_qty("greatest(l.qty + coalesce(more.qty, 0), more.stated_qty)")} as qty
    from raw.lg_shipment_line as l
    inner join raw.lg_shipment as s
        on s.source_system = l.source_system and s.shipment_id = l.shipment_id
    {at_site("s.warehouse_id")}
    left join (
        select shipment_id, line_no,
            max(greatest(difference_qty, 0)) filter (where kind = 'difference') as qty,
            max(qty) filter (where kind in ('delivered', 'pod_confirmed')) as stated_qty
        from raw.lg_delivery_event group by shipment_id, line_no
    ) as more on more.shipment_id = l.shipment_id and more.line_no = l.line_no
    {in_base_units("l", local_day("s.issued_at"))}
    where l.shipment_id in (select shipment_id from candidate.returns_quality)
) as sent on sent.shipment_id = mart.shipment_id and sent.line_no = mart.shipment_line_no
where mart.return_state <> 'cancelled'
group by mart.shipment_id, mart.shipment_line_no
having sum(mart.returned_qty) > round(max(sent.qty), 6) or bool_or(mart.is_over_returned)
"""  # noqa: S608  # the units are constants
    return Check(
        check_id="R15.returns",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="More comes back than was handed over: check the return against the shipment.",
        arguments={"unexpected_rows_query": query},
    )
