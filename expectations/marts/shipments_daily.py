"""shipments_daily: logistics and warehouse tell the same story of what left."""

from datetime import date, timedelta

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.sites import at_site, local_day
from expectations.units import ROUNDED_OFTEN, base_qty, in_base_units

MART = "shipments_daily"
OWNER = "logistics.manager"
WINDOW_DAYS = 35


def checks(as_of: date) -> list[Check]:
    """Return R14 and the part of R16 that is about shipments."""
    return [shipped_is_issued(as_of), past_window_is_judged(as_of)]


def shipped_is_issued(as_of: date) -> Check:
    """R14: shipped quantity per day and product equals the warehouse's sale issues.

    Only days both feeds have delivered are compared: a late feed is freshness's business.
    """
    query = f"""
with reached as (
    select min(reaches) as day from (
        select feed_id, max(as_of) as reaches from ops.load
        where state = 'accepted' and feed_id in ('warehouse', 'logistics')
        group by feed_id
    ) as by_feed
),
shipped as (
    select issued_on as day, product_id, sum(shipped_qty) as qty
    from candidate.shipments_daily
    where issued_on > '{as_of - timedelta(days=WINDOW_DAYS)}'
        and issued_on <= least('{as_of}'::date, (select day from reached))
    group by issued_on, product_id
),
issued as (
    select {local_day("m.moved_at")} as day, m.product_id, -sum({base_qty("m.qty")}) as qty
    from raw.wh_movement as m
    {at_site("m.warehouse_id")}
    {in_base_units("m", local_day("m.moved_at"))}
    where m.kind = 'sale_issue'
        and m.moved_at > '{as_of - timedelta(days=WINDOW_DAYS + 2)}'
    group by 1, m.product_id
)
select day, product_id, shipped.qty as left_value, issued.qty as right_value
from shipped
full join (
    select * from issued
    where day > '{as_of - timedelta(days=WINDOW_DAYS)}' and day <= least('{as_of}'::date,
        (select day from reached))
) as issued using (day, product_id)
"""  # noqa: S608  # dates only
    return Check(
        check_id="R14",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Logistics and warehouse disagree on the days and products named here.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED_OFTEN),
    )


def past_window_is_judged(as_of: date) -> Check:
    """R16: every line past its promised day is one of on time, late, refused, unconfirmed."""
    since = as_of - timedelta(days=WINDOW_DAYS)
    query = f"""
select shipment_id, line_no, planned_delivery_on,
    judged.present as left_value, sent.present as right_value
from (
    select shipment_id, line_no, planned_delivery_on, 1 as present
    from candidate.shipments_daily
    where not is_cancellation and cancelled_on is null
        and punctuality in ('on_time', 'late', 'refused', 'unconfirmed')
        and issued_on > '{since}' and issued_on <= '{as_of}'
) as judged
full join ({_lines_sent(since, as_of)}) as sent
    using (shipment_id, line_no, planned_delivery_on)
where planned_delivery_on < '{as_of}'
"""  # noqa: S608  # dates only
    return Check(
        check_id="R16",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Shipment lines named here are past their day and not judged, or judged by another.",
        reconciliation=Reconciliation(query),
    )


def _lines_sent(since: date, as_of: date) -> str:
    """Return the query of lines issued after `since` that were not taken back, straight from raw.

    Papers that take back name a product and perhaps an order line: the first lines go first.
    """
    planned_on = local_day("coalesce(s.planned_delivery_to, s.planned_delivery_from)")
    return f"""
with lines as (
    select l.source_system, l.shipment_id, l.line_no, l.product_id, l.order_line_no, l.qty,
        s.cancels_shipment_id,
        {local_day("s.issued_at")} as issued_on,
        {planned_on} as planned_delivery_on,
        sum(l.qty) over (
            partition by l.source_system, l.shipment_id, l.product_id, l.order_line_no
            order by l.line_no
        ) as qty_so_far
    from raw.lg_shipment as s
    inner join raw.lg_shipment_line as l
        on l.source_system = s.source_system and l.shipment_id = s.shipment_id
    {at_site("s.warehouse_id")}
    where s.issued_at > '{since - timedelta(days=2)}' and {local_day("s.issued_at")} <= '{as_of}'
),
taken_back as (
    select source_system, cancels_shipment_id as shipment_id, product_id, order_line_no,
        -sum(qty) as qty
    from lines
    where cancels_shipment_id is not null
    group by 1, 2, 3, 4
)
select lines.shipment_id, lines.line_no, lines.planned_delivery_on, 1 as present
from lines
left join taken_back as back
    on back.source_system = lines.source_system and back.shipment_id = lines.shipment_id
    and back.product_id = lines.product_id
    and coalesce(back.order_line_no, lines.order_line_no)
        is not distinct from lines.order_line_no
where lines.cancels_shipment_id is null and lines.issued_on > '{since}'
    and lines.qty_so_far > coalesce(back.qty, 0)
"""  # noqa: S608  # dates only
