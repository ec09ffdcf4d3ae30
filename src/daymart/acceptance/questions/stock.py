"""What the published marts say about stock, counts and reservations."""

from typing import LiteralString

from daymart.acceptance.questions.question import Question

STOCK: LiteralString = """
select warehouse_id, product_id, on_hand_qty, usable_qty, reserved_qty, free_qty, {others}
from {source}
where product_id ~ '^[0-9]{{7,}}$'
    and (on_hand_qty <> 0 or usable_qty <> 0 or reserved_qty <> 0 or free_qty <> 0)
"""

OTHERS: LiteralString = """
    oversold_qty, soft_hold_qty, transfer_out_qty, transfer_in_qty, in_transfer_qty, picked_qty,
    consigned_qty, not_owned_qty
"""
OTHERS_ANSWER: LiteralString = """
    greatest(-free_qty, 0) as oversold_qty, 0 as soft_hold_qty, 0 as transfer_out_qty,
    0 as transfer_in_qty, 0 as in_transfer_qty, 0 as picked_qty, 0 as consigned_qty,
    0 as not_owned_qty
"""
"""Bulk trade moves nothing between stores, keeps no goods of others, and picks what it ships."""

DISCREPANCY = """
select count_id, warehouse_id, product_id, lot_id, counted_on, book_qty, counted_qty,
    count_state as state, variance_amount
from stock_discrepancy
where product_id ~ '^[0-9]{7,}$' and variance_qty <> 0
"""

DISCREPANCY_ANSWER = """
select count_id, warehouse_id, product_id, lot_id, counted_on, book_qty, counted_qty, state,
    variance_amount
from answer_count_discrepancy where counted_on > as_of - 90 or state = 'open'
"""

HOLD = """
select reservation_id, warehouse_id, product_id, order_id, order_line_no, reserved_qty, made_on,
    valid_until_on
from reservations where product_id ~ '^[0-9]{7,}$' and reservation_state = 'live' and is_hard
"""

HOLD_ANSWER = """
select reservation_id, warehouse_id, product_id, order_id, order_line_no, reserved_qty, made_on,
    valid_until_on
from answer_hold
"""

HOLD_ENDED = """
select released_on as ended_on, warehouse_id, reason, count(*) as hold_count,
    sum(reserved_qty) as held_qty
from reservations where product_id ~ '^[0-9]{7,}$' and reservation_state <> 'live'
group by 1, 2, 3
"""

HOLD_ENDED_ANSWER = """
select ended_on, warehouse_id, reason, hold_count, held_qty
from answer_hold_ended where ended_on > as_of - 35
"""
"""The mart shows what ended in the last 35 days."""

OUTLOOK: LiteralString = """
select warehouse_id, product_id, outgoing_qty, incoming_qty, forecast_qty, last_counted_at,
    last_variance_qty, open_discrepancy_qty, is_count_in_doubt, promise_safe_qty
from {source}
where product_id ~ '^[0-9]{{7,}}$' and (
    outgoing_qty <> 0 or incoming_qty <> 0 or forecast_qty <> 0 or open_discrepancy_qty <> 0
    or is_count_in_doubt or promise_safe_qty <> 0
)
"""

ACCURACY = """
select warehouse_id, abc_class, counted_record_count as counted_count,
    accurate_record_count as accurate_count, accuracy_pct, week_accuracy_pct, last_counted_at,
    valued_record_count as valued_count, book_amount, absolute_variance_amount, value_accuracy_pct
from inventory_accuracy where warehouse_id ~ '^T[0-9]+$'
"""

ACCURACY_ANSWER = """
select warehouse_id, abc_class, counted_count, accurate_count, accuracy_pct, week_accuracy_pct,
    last_counted_at, valued_count, book_amount, absolute_variance_amount, value_accuracy_pct
from answer_accuracy
"""

STOCK_QUESTIONS = (
    Question(
        "stock",
        ("warehouse_id", "product_id"),
        ("on_hand_qty", "usable_qty", "reserved_qty", "free_qty", "oversold_qty",
         "soft_hold_qty", "transfer_out_qty", "transfer_in_qty", "in_transfer_qty", "picked_qty",
         "consigned_qty", "not_owned_qty"),
        STOCK.format(source="stock_availability", others=OTHERS),
        STOCK.format(source="answer_stock", others=OTHERS_ANSWER),
    ),
    Question(
        "outlook",
        ("warehouse_id", "product_id"),
        ("outgoing_qty", "incoming_qty", "forecast_qty", "last_counted_at", "last_variance_qty",
         "open_discrepancy_qty", "is_count_in_doubt", "promise_safe_qty"),
        OUTLOOK.format(source="stock_availability"),
        OUTLOOK.format(source="answer_outlook"),
    ),
    Question(
        "count_discrepancy",
        ("count_id", "warehouse_id", "product_id", "lot_id"),
        ("counted_on", "book_qty", "counted_qty", "state", "variance_amount"),
        DISCREPANCY,
        DISCREPANCY_ANSWER,
    ),
    Question(
        "accuracy",
        ("warehouse_id", "abc_class"),
        ("counted_count", "accurate_count", "accuracy_pct", "week_accuracy_pct",
         "last_counted_at", "valued_count", "book_amount", "absolute_variance_amount",
         "value_accuracy_pct"),
        ACCURACY,
        ACCURACY_ANSWER,
    ),
    Question(
        "hold",
        ("reservation_id",),
        ("warehouse_id", "product_id", "order_id", "order_line_no", "reserved_qty", "made_on",
         "valid_until_on"),
        HOLD,
        HOLD_ANSWER,
    ),
    Question(
        "hold_ended",
        ("ended_on", "warehouse_id", "reason"),
        ("hold_count", "held_qty"),
        HOLD_ENDED,
        HOLD_ENDED_ANSWER,
    ),
)  # fmt: skip
