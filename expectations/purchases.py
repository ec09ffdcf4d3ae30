"""What of each purchase line was sent and came, straight from raw, for reconciliations."""

from datetime import date

from expectations.sites import at_site, local_day
from expectations.units import base_qty, in_base_units


def received(as_of: date) -> str:
    """Return the query of what arrived per purchase line (`po_id`, `line_no`, `qty`) by an evening.

    Returns to the supplier are no part of it.
    """
    received_on = local_day("r.received_at")
    return f"""
select r.po_id, r.po_line_no as line_no, sum(round({base_qty("r.qty")}, 6)) as qty
from raw.pur_receipt as r
left join raw.pur_order_line as l on l.po_id = r.po_id and l.line_no = r.po_line_no
{at_site("coalesce(r.warehouse_id, l.warehouse_id)")}
{in_base_units("r", received_on, "coalesce(r.product_id, l.product_id)")}
where r.qty > 0 and {received_on} <= '{as_of}'
group by r.po_id, r.po_line_no
"""  # noqa: S608  # as_of is a date


def sent(as_of: date) -> str:
    """Return the query of what suppliers sent per purchase line by an evening.

    An inbound names no product: its order line does. One without a day has left.
    """
    return f"""
select i.po_id, i.line_no, sum(round({base_qty("i.qty")}, 6)) as qty
from raw.pur_inbound as i
left join raw.pur_order_line as l on l.po_id = i.po_id and l.line_no = i.line_no
{in_base_units("i", f"coalesce(i.shipped_at, '{as_of}')", "l.product_id")}
where coalesce(i.shipped_at <= '{as_of}', true)
group by i.po_id, i.line_no
"""  # noqa: S608  # as_of is a date
