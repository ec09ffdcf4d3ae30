"""What of each order line was ordered and left, straight from raw, for reconciliations."""

from datetime import date

from expectations.sites import at_site, local_day
from expectations.units import base_qty, in_base_units


def ordered() -> str:
    """Return the query of order lines: `ordered_qty`, and `wanted_qty`, which leaves out cancelled.

    Lines whose order nobody listed are left out.
    """
    return f"""
select l.order_id, l.line_no, l.warehouse_id, l.product_id, o.order_date, l.requested_date,
    round({base_qty("l.qty")}, 6) as ordered_qty,
    round({base_qty("l.qty")}, 6) - round({base_qty("coalesce(l.cancelled_qty, 0)")}, 6)
        as wanted_qty
from raw.so_order_line as l
inner join raw.so_order as o on o.source_system = l.source_system and o.order_id = l.order_id
{in_base_units("l", "o.order_date")}
"""  # noqa: S608  # the parts are SQL of this package


def shipped(as_of: date) -> str:
    """Return the query of what left per order line by an evening, less what was taken back.

    A line that names no order is the one of its shipment.
    """
    issued_on = local_day("s.issued_at")
    return f"""
select coalesce(l.order_id, s.order_id) as order_id, l.order_line_no as line_no,
    round(sum({base_qty("l.qty")}), 6) as qty
from raw.lg_shipment_line as l
inner join raw.lg_shipment as s
    on s.source_system = l.source_system and s.shipment_id = l.shipment_id
{at_site("s.warehouse_id")}
{in_base_units("l", issued_on)}
where {issued_on} <= '{as_of}'
group by 1, 2
"""  # noqa: S608  # as_of is a date
