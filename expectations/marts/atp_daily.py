"""atp_daily: promises never fall over time, and rest on stock, supply and demand counted once."""

from datetime import date, timedelta

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.closings import of_newest_closing
from expectations.holds import holds_goods, units_of_holds
from expectations.orders import ordered, shipped
from expectations.purchases import received, sent
from expectations.sites import at_site, local_day
from expectations.units import ROUNDED_OFTEN, base_qty, in_base_units

MART = "atp_daily"
OWNER = "purchasing.head"
SURELY_DAYS = 28
"""Days after the evening that any horizon covers: what comes or leaves within them must count."""


def _soon(as_of: date) -> str:
    return f"'{as_of + timedelta(days=SURELY_DAYS)}'::date"


def usable(as_of: date) -> str:
    """Return the query of usable stock by the latest closing of each system."""
    return f"""
select s.warehouse_id, s.product_id, sum({base_qty("s.qty")}) as qty
from raw.wh_stock as s
{of_newest_closing("s", "wh_stock", as_of)}
{in_base_units("s", "s.as_of")}
where s.quality_status = 'usable'
group by s.warehouse_id, s.product_id
"""  # noqa: S608  # as_of is a date


def later_dates(as_of: date) -> str:
    """Return the query of the date each purchase line has by its last event."""
    return f"""
select distinct on (e.po_id, e.line_no) e.po_id, e.line_no, e.new_date
from raw.pur_eta_event as e
left join raw.pur_order_line as l on l.po_id = e.po_id and l.line_no = e.line_no
{at_site("l.warehouse_id")}
where {local_day("e.changed_at")} <= '{as_of}'
order by e.po_id, e.line_no, e.changed_at desc, e.event_id desc
"""  # noqa: S608  # as_of is a date


def planned(as_of: date) -> str:
    """Return the query of what warehouses plan, on their own days, in base units."""
    planned_on = local_day("m.planned_at")
    return f"""
select m.warehouse_id, m.product_id, m.direction, m.order_id, m.po_id, m.kind,
    {base_qty("m.qty")} as qty, {planned_on} as planned_on
from raw.wh_planned_movement as m
{at_site("m.warehouse_id")}
{in_base_units("m", f"coalesce({planned_on}, '{as_of}')")}
"""  # noqa: S608  # as_of is a date


def coming(as_of: date) -> str:
    """Return `places`: purchases and planned receipts that have a day after the evening."""
    expected_on = """case when later.po_id is null
        then coalesce(l.expected_date, l.first_confirmed_date) else later.new_date end"""
    return f"""
received as ({received(as_of)}),
sent as ({sent(as_of)}),
later as ({later_dates(as_of)}),
places as (
    select l.warehouse_id, l.product_id,
        greatest({base_qty("l.qty - l.cancelled_qty")}, coalesce(sent.qty, 0))
            - coalesce(received.qty, 0) as qty,
        {expected_on} <= {_soon(as_of)}
            and l.state not in ('received', 'available', 'cancelled') as is_soon
    from raw.pur_order_line as l
    left join later on later.po_id = l.po_id and later.line_no = l.line_no
    left join received on received.po_id = l.po_id and received.line_no = l.line_no
    left join sent on sent.po_id = l.po_id and sent.line_no = l.line_no
    left join raw.pur_order as o on o.po_id = l.po_id
    {in_base_units("l", f"coalesce(o.order_date, '{as_of}')")}
    where {expected_on} > '{as_of}'
    union all
    select warehouse_id, product_id, qty, planned_on <= {_soon(as_of)}
    from ({planned(as_of)}) as plan
    where direction = 'in' and planned_on > '{as_of}'
        and not exists (select from raw.pur_order as o where o.po_id = plan.po_id)
)
"""  # noqa: S608  # as_of is a date


def owed(as_of: date) -> str:
    """Return `places`: open order lines, holds of nobody's order, planned issues of no order."""
    return f"""
ordered as ({ordered()}),
shipped as ({shipped(as_of)}),
planned as ({planned(as_of)}),
places as (
    select ordered.warehouse_id, ordered.product_id,
        ordered.wanted_qty - coalesce(shipped.qty, 0) as qty,
        ordered.order_date <= '{as_of}'
            and coalesce(ordered.requested_date <= {_soon(as_of)}, true)
            and not exists (
                select from raw.so_promise_event as p
                where p.order_id = ordered.order_id and p.line_no = ordered.line_no
                    and p.promised_date > {_soon(as_of)}
            ) and not exists (
                select from planned
                where planned.order_id = ordered.order_id
                    and planned.planned_on > {_soon(as_of)}
            ) as is_soon
    from ordered
    left join shipped using (order_id, line_no)
    where ordered.wanted_qty > coalesce(shipped.qty, 0)
    union all
    select r.warehouse_id, r.product_id, {base_qty("r.qty")}, true
    from raw.wh_reservation as r
    {at_site("r.warehouse_id")}
    {units_of_holds(as_of)}
    where {holds_goods(as_of)}
        and not exists (select from raw.so_order as o where o.order_id = r.order_id)
    union all
    select warehouse_id, product_id, qty, coalesce(planned_on <= {_soon(as_of)}, true)
    from planned
    where direction = 'out' and (kind <> 'sale_issue'
        or not exists (select from raw.so_order as o where o.order_id = planned.order_id))
)
"""  # noqa: S608  # as_of is a date


def miscounted(places: str, measure: str, known_as: str) -> str:
    """Return the query of places where the mart counts more than is known, or less than is due.

    Places of warehouses from which nothing is promised are not in the mart.
    """
    return f"""
with {places},
known as (
    select warehouse_id, product_id, sum(qty) as qty, sum(qty) filter (where is_soon) as soon_qty
    from places where qty > 0
    group by warehouse_id, product_id
),
mart as (
    select warehouse_id, product_id, sum({measure}) as qty from candidate.atp_daily
    group by warehouse_id, product_id
)
select warehouse_id, product_id, mart.qty as {measure}, known.qty as {known_as},
    known.soon_qty as within_four_weeks
from mart
full join known using (warehouse_id, product_id)
where warehouse_id in (select warehouse_id from mart)
    and coalesce(mart.qty, 0) not between
        coalesce(known.soon_qty, 0) - {ROUNDED_OFTEN} and coalesce(known.qty, 0) + {ROUNDED_OFTEN}
"""  # noqa: S608  # the parts are queries of this file


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
    query = f"""
select mart.warehouse_id, mart.product_id, mart.last_qty as left_value,
    coalesce(usable.qty, 0) + mart.balance_qty as right_value
from (
    select warehouse_id, product_id, sum(supply_qty - demand_qty) as balance_qty,
        (array_agg(atp_qty order by available_on desc))[1] as last_qty
    from candidate.atp_daily group by warehouse_id, product_id
) as mart
left join ({usable(as_of)}) as usable
    on usable.warehouse_id = mart.warehouse_id and usable.product_id = mart.product_id
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R10.end",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Stock, supply and demand of the products named here do not add up to the promise.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED_OFTEN),
    )


def supply_has_a_day_to_come(as_of: date) -> Check:
    """R11: supply counted is what is still to come after the evening, and all of the near one."""
    query = miscounted(coming(as_of), measure="supply_qty", known_as="awaited_qty")
    return Check(
        check_id="R11.supply",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="More is promised than will come: ask for new dates of what is overdue; or what"
        " comes within four weeks was lost: mend the model.",
        arguments={"unexpected_rows_query": query},
    )


def demand_is_taken_once(as_of: date) -> Check:
    """R11: an order and its hold are taken off once, and every order that is due is."""
    query = miscounted(owed(as_of), measure="demand_qty", known_as="open_qty")
    return Check(
        check_id="R11.demand",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="More is taken off than orders have open: an order and its hold were both counted;"
        " or less than leaves within four weeks: an order was lost.",
        arguments={"unexpected_rows_query": query},
    )
