"""stock_availability: stock follows its movements, reservations are live, free is what it says."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.closings import of_newest_closing
from expectations.holds import holds_goods, units_of_holds
from expectations.orders import ordered, shipped
from expectations.sites import at_site, local_day
from expectations.units import ROUNDED, base_qty, in_base_units

MART = "stock_availability"
OWNER = "warehouse.manager"

LAST_TWO_CLOSINGS = """
closings as (
    select l.source_system, l.as_of, max(l.load_id) as load_id
    from ops.load as l
    inner join ops.load_table as t on t.load_id = l.load_id and t.table_name = 'wh_stock'
    where l.feed_id = 'warehouse' and l.state = 'accepted' and l.as_of <= '{as_of}'
        and t.is_provided
    group by l.source_system, l.as_of
),
spans as (
    select source_system, as_of, load_id,
        lag(as_of) over (partition by source_system order by as_of) as previous_as_of,
        lag(load_id) over (partition by source_system order by as_of) as previous_load_id,
        row_number() over (partition by source_system order by as_of desc) as recency
    from closings
),
span as (select * from spans where recency = 1 and previous_as_of is not null)
"""
"""`span`: the newest closing of each system and the one before it, with their loads."""

STOCK_CHANGED = """
change as (
    select s.warehouse_id, s.product_id, s.lot_id, s.quality_status,
        sum(case when s.as_of = span.as_of then 1 else -1 end * {qty}) as qty
    from raw.wh_stock as s
    inner join span on span.source_system = s.source_system
        and s.as_of in (span.as_of, span.previous_as_of)
    {units}
    group by s.warehouse_id, s.product_id, s.lot_id, s.quality_status
)
"""
"""`change`: what each place holds more or less than at the closing before."""

MOVEMENTS_LEARNT = """
known as (
    select m.warehouse_id, m.product_id, m.lot_id, m.quality_status, m.uom, m.qty,
        {moved_on} as moved_on
    from raw.wh_movement as m
    inner join span on span.source_system = m.source_system and m._load_id <= span.load_id
        and (m._load_id > span.previous_load_id or m.moved_at > span.previous_as_of - 1)
    {site}
    where {moved_on} <= span.as_of
        and (m._load_id > span.previous_load_id or {moved_on} > span.previous_as_of)
    union all
    select m.warehouse_id, m.product_id, m.lot_id, m.quality_status, m.uom, -m.qty, {moved_on}
    from raw_history.wh_movement as m
    inner join span on span.source_system = m.source_system
        and m._load_id <= span.previous_load_id
        and m._superseded_by > span.previous_load_id and m._superseded_by <= span.load_id
    {site}
    where {moved_on} <= span.previous_as_of
),
moved as (
    select m.warehouse_id, m.product_id, m.lot_id, m.quality_status,
        sum({qty}) as qty
    from known as m
    {units}
    group by m.warehouse_id, m.product_id, m.lot_id, m.quality_status
)
"""
"""`moved`: what the loads between the two closings brought, less what they took back.

A closing holds what was known by then and had happened: a movement that came with an earlier load,
dated later than its closing, belongs to the first closing of its day or after.
"""

STOCK_FOLLOWS_MOVEMENTS = """
with {span}, {change}, {moved},
unknown as (
    select q.key_values ->> 'warehouse_id' as warehouse_id,
        q.key_values ->> 'product_id' as product_id, q.key_values ->> 'lot_id' as lot_id,
        q.key_values ->> 'quality_status' as quality_status
    from quarantine.reject as q
    inner join span on span.source_system = q.source_system
        and span.previous_as_of::text = q.key_values ->> 'as_of'
    where q.table_name = 'wh_stock' and q.state <> 'replayed'
)
select warehouse_id, product_id, lot_id, quality_status,
    change.qty as left_value, moved.qty as right_value
from change
full join moved using (warehouse_id, product_id, lot_id, quality_status)
left join unknown using (warehouse_id, product_id, lot_id, quality_status)
where unknown.warehouse_id is null
"""


def checks(as_of: date) -> list[Check]:
    """Return R6, R7, R8 and the accuracy of R9."""
    return [
        stock_follows_movements(as_of),
        on_hand_is_closing_stock(as_of),
        reserved_is_live(as_of),
        reserved_within_order(as_of),
        free_is_usable_less_reserved(),
        promise_leaves_out_losses(),
        accuracy_is_of_its_class(),
        nothing_below_zero(),
        whole_units_are_whole(),
    ]


def stock_follows_movements(as_of: date) -> Check:
    """R6: closing stock less the previous closing equals the movements learnt in between.

    Movements are taken by the load that brought them, so back-dated ones and corrections of
    older ones count when they become known, as they do in the stock itself. A place whose previous
    closing waits in quarantine cannot be compared; one that waits in the newest is wrong.
    """
    query = STOCK_FOLLOWS_MOVEMENTS.format(
        span=LAST_TWO_CLOSINGS.format(as_of=as_of),
        # One factor for both closings: a new one moves no goods.
        change=STOCK_CHANGED.format(qty=base_qty("s.qty"), units=in_base_units("s", "span.as_of")),
        moved=MOVEMENTS_LEARNT.format(
            qty=base_qty("m.qty"),
            moved_on=local_day("m.moved_at"),
            site=at_site("m.warehouse_id"),
            units=in_base_units("m", "m.moved_on"),
        ),
    )
    return Check(
        check_id="R6",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Stock named here changed without a movement, or moved without changing.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def on_hand_is_closing_stock(as_of: date) -> Check:
    """R6: on hand equals the closing list, less goods in transfer and goods of others."""
    query = f"""
select warehouse_id, product_id, mart.on_hand_qty as left_value, feed.qty as right_value
from candidate.stock_availability as mart
full join (
    select s.warehouse_id, s.product_id, sum({base_qty("s.qty")}) as qty
    from raw.wh_stock as s
    {of_newest_closing("s", "wh_stock", as_of)}
    {in_base_units("s", "s.as_of")}
    where s.quality_status not in ('in_transfer', 'not_owned')
    group by s.warehouse_id, s.product_id
) as feed using (warehouse_id, product_id)
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R6.closing",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="On hand named here is not the closing stock: check units and duplicate products.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def reserved_is_live(as_of: date) -> Check:
    """R7: reserved per warehouse and product equals the hard reservations that live."""
    query = f"""
select warehouse_id, product_id, mart.reserved_qty as left_value, feed.qty as right_value
from candidate.stock_availability as mart
full join (
    select r.warehouse_id, r.product_id, sum({base_qty("r.qty")}) as qty
    from raw.wh_reservation as r
    {at_site("r.warehouse_id")}
    {units_of_holds(as_of)}
    where {holds_goods(as_of)}
    group by r.warehouse_id, r.product_id
) as feed using (warehouse_id, product_id)
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R7",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Reserved named here differs from the live reservations.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def reserved_within_order(as_of: date) -> Check:
    """R7: no order line holds more than it has open: ordered, not cancelled and not shipped.

    A warning: the excess is the warehouse's to release, and silencing every mart for it would
    hurt more sellers than it helps. Holds for orders nobody knows are demand of their own.
    """
    query = f"""
with held as (
    select r.order_id, r.order_line_no, sum({base_qty("r.qty")}) as qty
    from raw.wh_reservation as r
    {at_site("r.warehouse_id")}
    {units_of_holds(as_of)}
    where {holds_goods(as_of)}
    group by r.order_id, r.order_line_no
),
shipped as ({shipped(as_of)}),
ordered as ({ordered()})
select held.order_id, held.order_line_no, held.qty as reserved_qty,
    ordered.wanted_qty - coalesce(shipped.qty, 0) as open_qty
from held
inner join ordered on ordered.order_id = held.order_id and ordered.line_no = held.order_line_no
left join shipped on shipped.order_id = held.order_id and shipped.line_no = held.order_line_no
where held.qty > greatest(ordered.wanted_qty - coalesce(shipped.qty, 0), 0) + {ROUNDED}
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R7.order_line",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Order lines named here hold more than they have open: release the rest.",
        arguments={"unexpected_rows_query": query},
    )


def free_is_usable_less_reserved() -> Check:
    """R8: free equals usable less reserved, and oversold is what lies below zero."""
    query = """
select warehouse_id, product_id, free_qty - oversold_qty as left_value,
    usable_qty - reserved_qty - greatest(reserved_qty - usable_qty, 0) as right_value
from candidate.stock_availability
"""
    return Check(
        check_id="R8",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Free quantity is computed wrongly: mend the model.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def promise_leaves_out_losses() -> Check:
    """R8: a safe promise is free stock less the open losses of counts, never below zero."""
    query = """
select mart.warehouse_id, mart.product_id, mart.promise_safe_qty as left_value,
    greatest(mart.usable_qty - mart.reserved_qty - coalesce(counts.loss_qty, 0), 0) as right_value
from candidate.stock_availability as mart
left join (
    select warehouse_id, product_id, sum(greatest(-variance_qty, 0)) as loss_qty
    from candidate.stock_discrepancy
    where count_state = 'open' and not is_outdated and not is_repeated
    group by warehouse_id, product_id
) as counts
    on counts.warehouse_id = mart.warehouse_id and counts.product_id = mart.product_id
"""
    return Check(
        check_id="R8.promise_safe",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Safe promises named here differ from free stock less open losses: mend the model.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def accuracy_is_of_its_class() -> Check:
    """R9: the accuracy beside a product is the one of its warehouse and class."""
    query = """
select mart.warehouse_id, mart.product_id, mart.ira_class_90d as left_value,
    accuracy.week_accuracy_pct as right_value
from candidate.stock_availability as mart
inner join candidate.inventory_accuracy as accuracy
    on accuracy.warehouse_id = mart.warehouse_id and accuracy.abc_class = mart.abc_class
"""
    return Check(
        check_id="R9.class_accuracy",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Products named here show the accuracy of another class: mend the model.",
        reconciliation=Reconciliation(query),
    )


def nothing_below_zero() -> Check:
    """R8: negative stock on hand is listed, never hidden."""
    query = """
select warehouse_id, product_id, product_code, on_hand_qty
from candidate.stock_availability where on_hand_qty < 0
"""
    return Check(
        check_id="R8.negative",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Stock below zero cannot exist: count the products named here.",
        arguments={"unexpected_rows_query": query},
    )


def whole_units_are_whole() -> Check:
    """R8: products sold by the piece have no fraction of a piece."""
    query = """
select m.warehouse_id, m.product_id, m.product_code, m.on_hand_qty
from candidate.stock_availability as m
inner join raw.product as p on p.product_id = m.product_id
where p.whole_units and m.on_hand_qty <> trunc(m.on_hand_qty)
"""
    return Check(
        check_id="R8.whole_units",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Pieces came out as fractions: check the unit factors of the products named here.",
        arguments={"unexpected_rows_query": query},
    )
