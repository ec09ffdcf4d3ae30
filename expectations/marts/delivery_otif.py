"""delivery_otif: every due line is judged, and nobody gets more than was ordered unseen."""

from datetime import date, timedelta

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.sites import at_site, local_day
from expectations.units import base_qty, in_base_units

MART = "delivery_otif"
OWNER = "logistics.manager"
WINDOW_DAYS = 35
JUDGED_DAYS = 180
"""Within the window of the mart, seed `delivery_setting`; older days were compared before."""

DAYS_ASKED_FOR = """
wishes as (
    select e.order_id, e.line_no, e.promised_date,
        row_number() over w as wish_no,
        bool_and({promised_on} <= e.previous_on) over w as is_kept
    from (
        select p.*, o.warehouse_id, coalesce(
            lag(p.promised_date) over (
                partition by p.order_id, p.line_no order by p.promised_at, p.event_id
            ), o.requested_date
        ) as previous_on
        from raw.so_promise_event as p
        inner join raw.so_order_line as o
            on o.source_system = p.source_system and o.order_id = p.order_id
            and o.line_no = p.line_no
        where p.initiator = 'customer'
    ) as e
    {site}
    where {promised_on} <= '{as_of}'
    window w as (partition by e.order_id, e.line_no order by e.promised_at, e.event_id)
),
moved as (
    select distinct on (order_id, line_no) order_id, line_no, promised_date
    from wishes where is_kept is not false
    order by order_id, line_no, wish_no desc
)
"""
"""`moved`: the day a customer asked for last, as long as he asked before the day had passed."""

LINES_DUE = """
due as (
    select l.order_id, l.line_no as order_line_no, 1 as present,
        coalesce(moved.promised_date, l.requested_date) as due_on
    from raw.so_order_line as l
    inner join raw.so_order as o
        on o.source_system = l.source_system and o.order_id = l.order_id
    left join moved on moved.order_id = l.order_id and moved.line_no = l.line_no
    where l.qty > l.cancelled_qty and o.order_date <= '{as_of}'
)
"""
"""`due`: order lines and the day they are asked for."""

LINES_JUDGED = """
with {moved}, {due},
judged as (
    select order_id, order_line_no, requested_due_on as due_on, 1 as present
    from candidate.delivery_otif
    where otif_requested is not null
        or (requested_outcome = 'not_due' and requested_due_on <= '{as_of}')
)
select order_id, order_line_no, due_on, judged.present as left_value, due.present as right_value
from judged
full join due using (order_id, order_line_no, due_on)
where due_on between '{since}' and '{as_of}'
"""


def checks(as_of: date) -> list[Check]:
    """Return R15 and the part of R16 that is about order lines."""
    return [shipped_within_order(as_of), every_due_line_is_judged(as_of)]


def whole_months_since(as_of: date) -> date:
    """Return the first of a month since which the mart surely holds every due line."""
    return (as_of - timedelta(days=JUDGED_DAYS)).replace(day=1)


def shipped_within_order(as_of: date) -> Check:
    """R15: nothing leaves above what is ordered and not cancelled, unless that is allowed.

    Looks at the order lines of which something left within the restatement window.
    """
    query = f"""
with recent as (
    select distinct coalesce(l.order_id, s.order_id) as order_id, l.order_line_no
    from raw.lg_shipment as s
    inner join raw.lg_shipment_line as l
        on l.source_system = s.source_system and l.shipment_id = s.shipment_id
    where s.issued_at > '{as_of - timedelta(days=WINDOW_DAYS)}' and l.order_line_no is not null
),
shipped as (
    select recent.order_id, recent.order_line_no,
        sum({base_qty("l.qty")}) as qty
    from raw.lg_shipment as s
    inner join raw.lg_shipment_line as l
        on l.source_system = s.source_system and l.shipment_id = s.shipment_id
    inner join recent
        on recent.order_id = coalesce(l.order_id, s.order_id)
        and recent.order_line_no = l.order_line_no
    {at_site("s.warehouse_id")}
    {in_base_units("l", local_day("s.issued_at"))}
    where {local_day("s.issued_at")} <= '{as_of}'
    group by recent.order_id, recent.order_line_no
)
select mart.order_id, mart.order_line_no, mart.customer_name, mart.product_name,
    shipped.qty as shipped_qty, mart.most_qty
from shipped
inner join candidate.delivery_otif as mart
    on mart.order_id = shipped.order_id and mart.order_line_no = shipped.order_line_no
where round(shipped.qty, 6) > mart.most_qty
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R15",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="More left than was ordered: take it back, or let sales confirm the surplus.",
        arguments={"unexpected_rows_query": query},
    )


def every_due_line_is_judged(as_of: date) -> Check:
    """R16: lines judged by the day asked for are the lines due that day, none missing or twice.

    A line whose day has come stands in the denominator, or waits for the days of its tolerance.
    """
    query = LINES_JUDGED.format(
        moved=DAYS_ASKED_FOR.format(
            as_of=as_of, site=at_site("e.warehouse_id"), promised_on=local_day("e.promised_at")
        ),
        due=LINES_DUE.format(as_of=as_of),
        as_of=as_of,
        since=whole_months_since(as_of),
    )
    return Check(
        check_id="R16.due_lines",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Order lines named here were due and are missing, judged twice or by another day.",
        reconciliation=Reconciliation(query),
    )
