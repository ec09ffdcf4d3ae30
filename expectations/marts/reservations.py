"""reservations: what lives is what stock shows, and deprived orders are real and open."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.holds import holds_goods
from expectations.orders import ordered, shipped
from expectations.sites import at_site
from expectations.units import ROUNDED

MART = "reservations"
OWNER = "warehouse.manager"


def checks(as_of: date) -> list[Check]:
    """Return R7 of the list and R19."""
    return [
        live_reservations_are_reserved_stock(),
        deprived_lines_are_open(as_of),
        only_live_reservations_deprive(as_of),
        deprived_orders_add_up(),
    ]


def live_reservations_are_reserved_stock() -> Check:
    """R7: the live hard reservations of the list are what stock shows as reserved."""
    query = """
select warehouse_id, product_id, listed.qty as left_value, stock.reserved_qty as right_value
from (
    select warehouse_id, product_id, sum(reserved_qty) as qty
    from candidate.reservations where is_hard and reservation_state = 'live'
    group by warehouse_id, product_id
) as listed
full join candidate.stock_availability as stock using (warehouse_id, product_id)
"""
    return Check(
        check_id="R7.list",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Live reservations named here are not what stock shows as reserved.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def deprived_lines_are_open(as_of: date) -> Check:
    """R19: every deprived line exists, and is open by ordered less cancelled less shipped."""
    query = f"""
select mart.order_id, mart.order_line_no, max(mart.open_qty) as left_value,
    max(lines.wanted_qty) - coalesce(max(left_already.qty), 0) as right_value
from candidate.reservation_deprivals as mart
left join ({ordered()}) as lines
    on lines.order_id = mart.order_id and lines.line_no = mart.order_line_no
left join ({shipped(as_of)}) as left_already
    on left_already.order_id = mart.order_id and left_already.line_no = mart.order_line_no
group by mart.order_id, mart.order_line_no
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R19",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Deprived lines named here do not exist or are not open by that quantity.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def only_live_reservations_deprive(as_of: date) -> Check:
    """R19: a reservation that was released, expired or is soft deprives nobody."""
    query = f"""
select mart.reservation_id, mart.deprived_line_count
from candidate.reservations as mart
left join raw.wh_reservation as r on r.reservation_id = mart.reservation_id
    and r.source_system = mart.source_system
{at_site("r.warehouse_id")}
where mart.deprived_line_count > 0 and not coalesce({holds_goods(as_of)}, false)
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R19.released",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Reservations named here hold nothing, and yet are said to deprive orders.",
        arguments={"unexpected_rows_query": query},
    )


def deprived_orders_add_up() -> Check:
    """R19: the deprived quantity of a reservation opens into its orders."""
    query = """
select reservation_id, mart.deprived_qty as left_value, orders.qty as right_value
from candidate.reservations as mart
full join (
    select reservation_id, sum(deprived_qty) as qty
    from candidate.reservation_deprivals group by reservation_id
) as orders using (reservation_id)
"""
    return Check(
        check_id="R19.orders",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Deprived orders do not add up to the reservations named here: mend the model.",
        reconciliation=Reconciliation(query),
    )
