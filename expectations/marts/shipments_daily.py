"""shipments_daily: logistics and warehouse tell the same story of what left."""

from datetime import date, timedelta

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.units import in_base_units

MART = "shipments_daily"
OWNER = "logistics.manager"
WINDOW_DAYS = 35


def checks(as_of: date) -> list[Check]:
    """Return R14."""
    return [shipped_is_issued(as_of)]


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
        and issued_on <= (select day from reached)
    group by issued_on, product_id
),
issued as (
    select (m.moved_at at time zone coalesce(site.tz, 'UTC'))::date as day, m.product_id,
        -sum(m.qty * coalesce(unit.factor, 1)) as qty
    from raw.wh_movement as m
    left join raw.warehouse as w
        on w.source_system = m.source_system and w.warehouse_id = m.warehouse_id
    left join raw.site on site.source_system = w.source_system and site.site_id = w.site_id
    {in_base_units("m")}
    where m.kind = 'sale_issue'
        and m.moved_at > '{as_of - timedelta(days=WINDOW_DAYS + 2)}'
    group by 1, m.product_id
)
select coalesce(shipped.day, issued.day) as day,
    coalesce(shipped.product_id, issued.product_id) as product_id,
    shipped.qty as left_value, issued.qty as right_value
from shipped
full join (
    select * from issued
    where day > '{as_of - timedelta(days=WINDOW_DAYS)}' and day <= least('{as_of}'::date,
        (select day from reached))
) as issued on issued.day = shipped.day and issued.product_id = shipped.product_id
"""  # noqa: S608  # dates only
    return Check(
        check_id="R14",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Logistics and warehouse disagree on the days and products named here.",
        reconciliation=Reconciliation(query),
    )
