"""atp_daily: promises never fall over time, and rest on stock, supply and demand counted once."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.units import in_base_units

MART = "atp_daily"
OWNER = "purchasing.head"

USABLE = """
select s.warehouse_id, s.product_id, sum(s.qty * coalesce(unit.factor, 1)) as qty
from raw.wh_stock as s
{units}
where s.quality_status = 'usable' and s.as_of = (
    select max(newest.as_of) from raw.wh_stock as newest
    where newest.source_system = s.source_system and newest.as_of <= '{as_of}'
)
group by s.warehouse_id, s.product_id
"""
"""Usable stock of the latest closing of each system."""

LATER_DATES = """
select distinct on (e.po_id, e.line_no) e.po_id, e.line_no, e.new_date
from raw.pur_eta_event as e
left join raw.pur_order_line as l on l.po_id = e.po_id and l.line_no = e.line_no
left join raw.warehouse as w on w.warehouse_id = l.warehouse_id
left join raw.site on site.site_id = w.site_id
where (e.changed_at at time zone coalesce(site.tz, 'UTC'))::date <= '{as_of}'
order by e.po_id, e.line_no, e.changed_at desc, e.event_id desc
"""
"""Date each purchase line has by its last event."""

PLANNED = """
select m.warehouse_id, m.product_id, m.direction, m.order_id, m.po_id, m.kind,
    m.qty * coalesce(unit.factor, 1) as qty,
    (m.planned_at at time zone coalesce(site.tz, 'UTC'))::date as planned_on
from raw.wh_planned_movement as m
left join raw.warehouse as w on w.warehouse_id = m.warehouse_id
left join raw.site on site.site_id = w.site_id
{units}
"""
"""What warehouses plan, on their own days, in base units."""

COMING = """
received as (
    select r.po_id, r.po_line_no, sum(r.qty * coalesce(unit.factor, 1)) as qty
    from raw.pur_receipt as r {receipt_units}
    where r.qty > 0 group by r.po_id, r.po_line_no
),
sent as (
    select i.po_id, i.line_no, sum(i.qty * coalesce(unit.factor, 1)) as qty
    from raw.pur_inbound as i
    left join raw.pur_order_line as l on l.po_id = i.po_id and l.line_no = i.line_no
    {inbound_units}
    group by i.po_id, i.line_no
),
later as ({later_dates}),
places as (
    select l.warehouse_id, l.product_id,
        greatest(
            (l.qty - l.cancelled_qty) * coalesce(unit.factor, 1), coalesce(sent.qty, 0)
        ) - coalesce(received.qty, 0) as qty
    from raw.pur_order_line as l
    left join later on later.po_id = l.po_id and later.line_no = l.line_no
    left join received on received.po_id = l.po_id and received.po_line_no = l.line_no
    left join sent on sent.po_id = l.po_id and sent.line_no = l.line_no
    {line_units}
    where case when later.po_id is null then coalesce(l.expected_date, l.first_confirmed_date)
        else later.new_date end > '{as_of}'
    union all
    select warehouse_id, product_id, qty from ({planned}) as plan
    where direction = 'in' and planned_on > '{as_of}'
        and not exists (select from raw.pur_order as o where o.po_id = plan.po_id)
)
"""
"""Purchases and planned receipts that have a day after the evening of the data."""

OWED = """
shipped as (
    select l.order_id, l.order_line_no, sum(l.qty * coalesce(unit.factor, 1)) as qty
    from raw.lg_shipment_line as l
    inner join raw.lg_shipment as s on s.shipment_id = l.shipment_id
    left join raw.warehouse as w on w.warehouse_id = s.warehouse_id
    left join raw.site on site.site_id = w.site_id
    {line_units}
    where (s.issued_at at time zone coalesce(site.tz, 'UTC'))::date <= '{as_of}'
    group by l.order_id, l.order_line_no
),
places as (
    select l.warehouse_id, l.product_id,
        (l.qty - l.cancelled_qty) * coalesce(unit.factor, 1) - coalesce(shipped.qty, 0) as qty
    from raw.so_order_line as l
    left join shipped on shipped.order_id = l.order_id and shipped.order_line_no = l.line_no
    {line_units}
    union all
    select r.warehouse_id, r.product_id, r.qty * coalesce(unit.factor, 1)
    from raw.wh_reservation as r {hold_units}
    where r.hard and not exists (select from raw.so_order as o where o.order_id = r.order_id)
    union all
    select warehouse_id, product_id, qty from ({planned}) as plan
    where direction = 'out' and (kind <> 'sale_issue'
        or not exists (select from raw.so_order as o where o.order_id = plan.order_id))
)
"""
"""Open order lines, holds of nobody's order, and planned issues of no known order."""

BEYOND = """
with {places},
known as (
    select warehouse_id, product_id, sum(qty) as qty from places where qty > 0
    group by warehouse_id, product_id
)
select mart.warehouse_id, mart.product_id, mart.qty as {measure},
    coalesce(known.qty, 0) as {known_as}
from (
    select warehouse_id, product_id, sum({measure}) as qty from candidate.atp_daily
    group by warehouse_id, product_id
) as mart
left join known
    on known.warehouse_id = mart.warehouse_id and known.product_id = mart.product_id
where mart.qty > coalesce(known.qty, 0)
"""
"""Places where the mart counts more than is known of them."""


def checks(as_of: date) -> list[Check]:
    """Return R10 and R11."""
    return [
        promises_never_fall(),
        horizon_ends_at_the_sum(as_of),
        supply_has_a_day_to_come(as_of),
        demand_is_taken_once(as_of),
    ]


def promises_never_fall() -> Check:
    """R10: what can be promised for a day can be promised for every later one."""
    query = """
select warehouse_id, product_id, available_on, atp_qty, eve_qty
from (
    select warehouse_id, product_id, available_on, atp_qty,
        lag(atp_qty) over (
            partition by warehouse_id, product_id order by available_on
        ) as eve_qty
    from candidate.atp_daily
) as day
where atp_qty < eve_qty
"""
    return Check(
        check_id="R10",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Less can be promised later than before for products named here: mend the model.",
        arguments={"unexpected_rows_query": query},
    )


def horizon_ends_at_the_sum(as_of: date) -> Check:
    """R10: on the last day, what can be promised is usable stock + all supply - all demand."""
    usable = USABLE.format(units=in_base_units("s"), as_of=as_of)
    query = f"""
select mart.warehouse_id, mart.product_id, mart.last_qty as left_value,
    coalesce(usable.qty, 0) + mart.balance_qty as right_value
from (
    select warehouse_id, product_id, sum(supply_qty - demand_qty) as balance_qty,
        (array_agg(atp_qty order by available_on desc))[1] as last_qty
    from candidate.atp_daily group by warehouse_id, product_id
) as mart
left join ({usable}) as usable
    on usable.warehouse_id = mart.warehouse_id and usable.product_id = mart.product_id
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R10.end",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Stock, supply and demand of the products named here do not add up to the promise.",
        reconciliation=Reconciliation(query),
    )


def supply_has_a_day_to_come(as_of: date) -> Check:
    """R11: no more supply is counted than is still to come after the evening of the data."""
    coming = COMING.format(
        as_of=as_of,
        later_dates=LATER_DATES.format(as_of=as_of),
        planned=PLANNED.format(units=in_base_units("m")),
        receipt_units=in_base_units("r"),
        # An inbound names no product: its order line does.
        inbound_units=in_base_units("i").replace("i.product_id", "l.product_id"),
        line_units=in_base_units("l"),
    )
    query = BEYOND.format(places=coming, measure="supply_qty", known_as="awaited_qty")
    return Check(
        check_id="R11.supply",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="More is promised than will come: ask for new dates of what is overdue.",
        arguments={"unexpected_rows_query": query},
    )


def demand_is_taken_once(as_of: date) -> Check:
    """R11: no more is taken off than orders have open: an order and its hold are one demand."""
    owed = OWED.format(
        as_of=as_of,
        planned=PLANNED.format(units=in_base_units("m")),
        line_units=in_base_units("l"),
        hold_units=in_base_units("r"),
    )
    query = BEYOND.format(places=owed, measure="demand_qty", known_as="open_qty")
    return Check(
        check_id="R11.demand",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="More is taken off than orders have open: an order and its hold were both counted.",
        arguments={"unexpected_rows_query": query},
    )
