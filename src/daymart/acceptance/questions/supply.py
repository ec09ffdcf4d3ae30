"""What the published marts say about supply, and what can be promised."""

from typing import LiteralString

from daymart.acceptance.questions.question import Question

ATP: LiteralString = """
with steps as (
    select warehouse_id, product_id, available_on, {name}_qty,
        lag({name}_qty, 1, 0) over (
            partition by warehouse_id, product_id order by available_on
        ) as before_qty
    from atp_daily where product_id ~ '^[0-9]{{7,}}$'
)
select warehouse_id, product_id, available_on, {name}_qty from steps where {name}_qty <> before_qty
"""
"""Days on which what can be promised changes; before the first day it is nothing."""

ATP_ANSWER: LiteralString = """
with horizon as (
    select min(available_on) as first_on, max(available_on) as last_on
    from atp_daily where product_id ~ '^[0-9]{{7,}}$'
),
moved as (
    select warehouse_id, product_id, greatest(from_on, first_on) as available_on, {name}_qty,
        row_number() over (
            partition by warehouse_id, product_id, greatest(from_on, first_on)
            order by from_on desc
        ) as newest
    from answer_{name} cross join horizon where from_on <= last_on
),
steps as (
    select *,
        lag({name}_qty, 1, 0) over (
            partition by warehouse_id, product_id order by available_on
        ) as before_qty
    from moved where newest = 1
)
select warehouse_id, product_id, available_on, {name}_qty from steps where {name}_qty <> before_qty
"""
"""The answer begins with the evening, the mart with the next working day."""

PROMISES: tuple[LiteralString, ...] = ("atp", "atp_safe")

SAFE = """
select po_id, line_no, max(eta_safe_on) as eta_safe_on
from inbound_supply where product_id ~ '^[0-9]{7,}$' and eta_safe_on is not null
group by po_id, line_no
"""

SAFE_ANSWER = "select po_id, line_no, eta_safe_on from answer_supply_expected"

PLANNED = """
select warehouse_id, product_id, available_on, supply_qty, demand_qty, cumulative_qty,
    free_supply_qty
from atp_daily where product_id ~ '^[0-9]{7,}$' and (supply_qty <> 0 or demand_qty <> 0)
"""

PLANNED_ANSWER = """
select warehouse_id, product_id, available_on, supply_qty, demand_qty, cumulative_qty,
    free_supply_qty
from answer_planned
where available_on <= (
    select max(available_on) from atp_daily where product_id ~ '^[0-9]{7,}$'
)
"""

INBOUND = """
select po_id, line_no, max(warehouse_id) as warehouse_id, max(product_id) as product_id,
    sum(received_qty) as received_qty, sum(in_transit_qty) as in_transit_qty,
    sum(not_shipped_qty) as not_shipped_qty, max(expected_on) as expected_on,
    max(ordered_on) as ordered_on, max(first_confirmed_on) as first_confirmed_on,
    max(slip_days) as slip_days, max(date_change_count) as date_change_count,
    max(ordered_qty) as ordered_qty, max(cancelled_qty) as cancelled_qty,
    sum(shipped_qty) as shipped_qty
from inbound_supply where product_id ~ '^[0-9]{7,}$'
group by po_id, line_no
having sum(in_transit_qty) <> 0 or sum(not_shipped_qty) <> 0
"""

INBOUND_ANSWER = """
select po_id, line_no, warehouse_id, product_id, received_qty, in_transit_qty, not_shipped_qty,
    expected_on, ordered_on, first_confirmed_on, slip_days, date_change_count, ordered_qty,
    cancelled_qty, shipped_qty
from answer_inbound
"""

DATE_CHANGE = """
select po_id, line_no, event_no, supplier_id, (changed_at at time zone 'UTC')::date as told_on,
    old_expected_on, new_expected_on, moved_days, slip_days
from inbound_date_changes where product_id ~ '^[0-9]{7,}$'
"""

DATE_CHANGE_ANSWER = """
select po_id, line_no, event_no, supplier_id, told_on, old_expected_on, new_expected_on,
    moved_days, slip_days
from answer_date_change
"""

SUPPLIER: LiteralString = """
select supplier_id, month_on, due_line_count, received_line_count, otif_line_count, ordered_qty,
    received_qty, on_time_qty, base_uom_count, receipt_count, p50_slip_days, p80_slip_days,
    {shares}
from {source} cross join evening
where supplier_id ~ '^TS[0-9]+$'
    and month_on >= date_trunc('month', evening.as_of) - interval '12 months'
"""
"""The mart shows thirteen months, the running one included."""

SHARES: LiteralString = "otif_original_share, on_time_qty_share"
SHARES_ANSWER: LiteralString = """
    case when received_line_count > 0 then round(1.0 * otif_line_count / due_line_count, 6) end
        as otif_original_share,
    case when received_line_count > 0 then round(on_time_qty / nullif(ordered_qty, 0.0), 6) end
        as on_time_qty_share
"""

SUPPLY_QUESTIONS = (
    *(
        Question(
            name,
            ("warehouse_id", "product_id", "available_on"),
            (f"{name}_qty",),
            ATP.format(name=name),
            ATP_ANSWER.format(name=name),
        )
        for name in PROMISES
    ),
    Question(
        "planned",
        ("warehouse_id", "product_id", "available_on"),
        ("supply_qty", "demand_qty", "cumulative_qty", "free_supply_qty"),
        PLANNED,
        PLANNED_ANSWER,
    ),
    Question(
        "supply_expected", ("po_id", "line_no"), ("eta_safe_on",), SAFE, SAFE_ANSWER
    ),
    Question(
        "inbound",
        ("po_id", "line_no"),
        ("warehouse_id", "product_id", "received_qty", "in_transit_qty", "not_shipped_qty",
         "expected_on", "ordered_on", "first_confirmed_on", "slip_days", "date_change_count",
         "ordered_qty", "cancelled_qty", "shipped_qty"),
        INBOUND,
        INBOUND_ANSWER,
    ),
    Question(
        "supplier",
        ("supplier_id", "month_on"),
        ("due_line_count", "received_line_count", "otif_line_count", "ordered_qty",
         "received_qty", "on_time_qty", "base_uom_count", "receipt_count", "p50_slip_days",
         "p80_slip_days", "otif_original_share", "on_time_qty_share"),
        SUPPLIER.format(source="supplier_reliability", shares=SHARES),
        SUPPLIER.format(source="answer_supplier", shares=SHARES_ANSWER),
    ),
    Question(
        "date_change",
        ("po_id", "line_no", "event_no"),
        ("supplier_id", "told_on", "old_expected_on", "new_expected_on", "moved_days",
         "slip_days"),
        DATE_CHANGE,
        DATE_CHANGE_ANSWER,
    ),
)  # fmt: skip
