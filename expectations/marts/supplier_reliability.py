"""supplier_reliability: lines due and what came of them in time are those of the feed."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.sites import at_site
from expectations.units import ROUNDED_OFTEN, base_qty, in_base_units

MART = "supplier_reliability"
OWNER = "purchasing.head"


def checks(as_of: date) -> list[Check]:
    """Return the parts of R13 that rest on the original date."""
    return [due_lines_are_all_counted(as_of), in_time_is_by_arrival(as_of)]


def due_lines_are_all_counted(as_of: date) -> Check:
    """R13: lines due per supplier and month are those first confirmed for it."""
    query = f"""
select supplier_id, month_on, mart.due_line_count as left_value, feed.number as right_value
from candidate.supplier_reliability as mart
full join (
    select o.supplier_id, date_trunc('month', l.first_confirmed_date)::date as month_on,
        count(*) as number
    from raw.pur_order_line as l
    inner join raw.pur_order as o on o.po_id = l.po_id
    left join (select distinct po_id, po_line_no from raw.pur_receipt where qty > 0) as r
        on r.po_id = l.po_id and r.po_line_no = l.line_no
    left join (select distinct po_id, line_no from raw.pur_inbound) as i
        on i.po_id = l.po_id and i.line_no = l.line_no
    where l.first_confirmed_date <= '{as_of}' and (
        r.po_id is not null
        or i.po_id is not null
        or (l.state <> 'cancelled' and l.cancelled_qty < l.qty)
    )
    group by 1, 2
) as feed using (supplier_id, month_on)
where coalesce(feed.month_on, mart.month_on)
    >= date_trunc('month', date '{as_of}') - make_interval(months => (
        select rule_value::integer - 1 from staging.supply_rule where rule = 'reliability_months'
    ))
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R13.due",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Lines due of the suppliers named here are missing or doubled: mend the model.",
        reconciliation=Reconciliation(query),
    )


def in_time_is_by_arrival(as_of: date) -> Check:
    """R13: on time is what arrived by the original date, capped at the order, line by line."""
    query = f"""
with line as (
    select l.po_id, l.line_no, l.product_id, l.first_confirmed_date, o.supplier_id,
        coalesce(site.tz, 'UTC') as tz, {base_qty("l.qty")} as ordered
    from raw.pur_order_line as l
    inner join raw.pur_order as o on o.po_id = l.po_id
    {at_site("l.warehouse_id")}
    {in_base_units("l", "o.order_date")}
    where l.first_confirmed_date <= '{as_of}'
),
came as (
    select line.po_id, line.line_no, sum({base_qty("r.qty")}) as qty
    from line
    inner join raw.pur_receipt as r on r.po_id = line.po_id and r.po_line_no = line.line_no
    {in_base_units("r", "(r.received_at at time zone line.tz)::date", "line.product_id")}
    where r.qty > 0 and (r.received_at at time zone line.tz)::date <= line.first_confirmed_date
    group by line.po_id, line.line_no
),
feed as (
    select line.supplier_id, date_trunc('month', line.first_confirmed_date)::date as month_on,
        sum(least(line.ordered, came.qty)) as qty
    from line
    inner join came on came.po_id = line.po_id and came.line_no = line.line_no
    group by 1, 2
)
select mart.supplier_id, mart.month_on, mart.on_time_qty as left_value,
    feed.qty as right_value
from candidate.supplier_reliability as mart
left join feed on feed.supplier_id = mart.supplier_id and feed.month_on = mart.month_on
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R13.in_time",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="What came in time differs from receipts: compare days of arrival, not of typing.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED_OFTEN),
    )
