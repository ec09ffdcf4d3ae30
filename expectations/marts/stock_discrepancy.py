"""stock_discrepancy: variances are what was counted, and each posted one was posted once."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.sites import at_site, local_day
from expectations.units import ROUNDED, base_qty, in_base_units

MART = "stock_discrepancy"
OWNER = "warehouse.manager"


def checks(as_of: date) -> list[Check]:
    """Return R9."""
    return [
        variance_is_counted_less_book(as_of),
        every_posting_is_one_movement(as_of),
        one_difference_is_posted_once(),
        endangered_orders_add_up(),
    ]


def variance_is_counted_less_book(as_of: date) -> Check:
    """R9: every count line of the window is there, with counted less book as its variance."""
    query = f"""
select count_id, warehouse_id, product_id, lot_id,
    mart.variance_qty as left_value, feed.qty as right_value
from candidate.stock_discrepancy as mart
full join (
    select c.count_id, c.warehouse_id, c.product_id, c.lot_id,
        {base_qty("c.counted_qty - c.book_qty_at_count")} as qty
    from raw.wh_count as c
    {at_site("c.warehouse_id")}
    {in_base_units("c", local_day("c.counted_at"))}
    where {local_day("c.counted_at")} <= '{as_of}'
        and (c.state = 'open' or {local_day("c.counted_at")} > date '{as_of}' - 90)
) as feed using (count_id, warehouse_id, product_id, lot_id)
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R9",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Variances named here are not counted less book: check units and the model.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def every_posting_is_one_movement(as_of: date) -> Check:
    """R9: a posted variance has exactly one adjusting movement, of its size and in its place.

    Counts older than the first movement this warehouse knows are left out. Movements that name
    the count as their document belong to it, whichever one the count names. A warning: what was
    posted wrongly is a fact of the source that sellers should see.
    """
    query = f"""
with known as (
    select source_system, min(moved_at) as since from raw.wh_movement group by source_system
),
posted as (
    select c.*, {base_qty("c.counted_qty - c.book_qty_at_count")} as variance_qty
    from raw.wh_count as c
    inner join known on known.source_system = c.source_system and c.counted_at >= known.since
    {at_site("c.warehouse_id")}
    {in_base_units("c", local_day("c.counted_at"))}
    where c.state = 'posted' and c.counted_qty <> c.book_qty_at_count
        and {local_day("c.counted_at")} <= '{as_of}'
),
adjusted as (
    select done.count_id, done.warehouse_id, done.product_id, done.lot_id,
        count(*) as movement_count, sum({base_qty("m.qty")}) as qty
    from posted as done
    inner join raw.wh_movement as m
        on m.source_system = done.source_system and m.kind = 'adjust'
        and m.warehouse_id = done.warehouse_id and m.product_id = done.product_id
        and m.lot_id = done.lot_id
        and (m.movement_id = done.posted_movement_id or m.document_id = done.count_id)
    {at_site("m.warehouse_id")}
    {in_base_units("m", local_day("m.moved_at"))}
    group by done.count_id, done.warehouse_id, done.product_id, done.lot_id
)
select done.count_id, done.warehouse_id, done.product_id, done.lot_id,
    done.variance_qty as left_value, case when a.movement_count = 1 then a.qty end as right_value
from posted as done
left join adjusted as a
    on a.count_id = done.count_id and a.warehouse_id = done.warehouse_id
    and a.product_id = done.product_id and a.lot_id = done.lot_id
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R9.posting",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Posted counts named here have no adjusting movement of their size, or several.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def one_difference_is_posted_once() -> Check:
    """R9: of two counts that tell of one difference, one is posted."""
    query = """
select count_id, warehouse_id, product_id, lot_id
from candidate.stock_discrepancy where count_state = 'posted' and is_repeated
"""
    return Check(
        check_id="R9.twice",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Counts named here were posted although another had posted their difference.",
        arguments={"unexpected_rows_query": query},
    )


def endangered_orders_add_up() -> Check:
    """R9: the endangered quantity of a loss opens into its orders."""
    query = """
select count_id, warehouse_id, product_id, lot_id,
    mart.endangered_qty as left_value, orders.qty as right_value
from candidate.stock_discrepancy as mart
full join (
    select o.count_id, o.warehouse_id, o.product_id, o.lot_id, sum(o.endangered_qty) as qty
    from candidate.stock_discrepancy_orders as o
    group by o.count_id, o.warehouse_id, o.product_id, o.lot_id
) as orders using (count_id, warehouse_id, product_id, lot_id)
"""
    return Check(
        check_id="R9.orders",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Endangered orders do not add up to the counts named here: mend the model.",
        reconciliation=Reconciliation(query),
    )
