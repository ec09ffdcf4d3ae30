"""What marts of single desks say to the simulator's answers.

The rules are those of `answer_queries`.
"""

from typing import LiteralString

from daymart.acceptance.answer_question import Question

SUPPLIER: LiteralString = """
select supplier_id, month_on, due_line_count, received_line_count, otif_line_count, ordered_qty,
    received_qty, on_time_qty, base_uom_count, receipt_count, p50_slip_days, p80_slip_days
from {source} cross join evening
where supplier_id ~ '^TS[0-9]+$'
    and month_on >= date_trunc('month', evening.as_of) - interval '12 months'
"""
"""The mart shows thirteen months, the running one included."""

DELIVERY: LiteralString = """
select basis, month_on, customer_id, line_count, on_time_line_count, in_full_line_count,
    otif_line_count, unconfirmed_line_count, wanted_qty, filled_qty, filled_line_count, order_count,
    filled_order_count, judged_order_count, perfect_order_count
from {source} cross join evening
where customer_id ~ '^T[0-9]+$'
    and month_on >= date_trunc('month', evening.as_of) - interval '12 months'
"""

CREDIT = """
select distinct legal_entity, customer_id, credit_currency_code as currency_code,
    credit_limit_amount as limit_amount, credit_exposure_amount as exposure_amount,
    credit_headroom_amount as headroom_amount, credit_utilisation_share as utilisation_share,
    over_limit_lift_amount as over_limit_amount, stop_reasons
from receivables_customer where customer_id ~ '^T[0-9]+$'
"""
"""What a customer may owe is repeated on each of its accounts: one row where they agree."""

CREDIT_ANSWER = """
select legal_entity, customer_id, currency_code, limit_amount, exposure_amount, headroom_amount,
    utilisation_share, over_limit_amount, stop_reasons
from answer_credit
"""

COLLECTION = """
select legal_entity, customer_id, contract_id, currency_code, dso_on, dso_days,
    dso_count_back_days, dso_best_days, delinquent_days, collection_effectiveness_pct
from receivables_customer where customer_id ~ '^T[0-9]+$' and dso_on is not null
"""

COLLECTION_ANSWER = """
select legal_entity, customer_id, contract_id, currency_code, dso_on, dso_days,
    dso_count_back_days, dso_best_days, delinquent_days, collection_effectiveness_pct
from answer_collection
where exists (
    select from receivables_customer as mart
    where (mart.legal_entity, mart.customer_id, mart.contract_id, mart.currency_code) = (
        answer_collection.legal_entity, answer_collection.customer_id,
        answer_collection.contract_id, answer_collection.currency_code
    )
)
"""
"""The mart has no row of an account with nothing open; `customer_balance` tells which it has."""

DELAY = """
select distinct customer_id, usual_delay_days
from receivables_customer where customer_id ~ '^T[0-9]+$' and usual_delay_days is not null
"""

DELAY_ANSWER = """
select customer_id, usual_delay_days from answer_payment_delay
where customer_id in (select customer_id from receivables_customer)
"""

PICKED = """
select date_trunc('month', issued_on)::date as month_on, warehouse_id, count(*) as line_count,
    sum(shipped_qty) as shipped_qty, count(picked_qty) as picked_line_count,
    coalesce(sum(picked_qty), 0) as picked_qty,
    count(*) filter (where is_picked_right) as right_line_count,
    coalesce(sum(error_count), 0) as error_count
from pick_quality cross join evening
where product_id ~ '^[0-9]{7,}$'
    and issued_on >= date_trunc('month', evening.as_of) - interval '12 months'
group by 1, 2
"""

PICKED_ANSWER = """
select month_on, warehouse_id, line_count, shipped_qty, picked_line_count, picked_qty,
    right_line_count, error_count
from answer_picked where month_on >= date_trunc('month', as_of) - interval '12 months'
"""

PICK_ERROR = """
select shipment_id, line_no, issued_on as shipped_on, warehouse_id,
    concat_ws(', ',
        case when is_short then 'short' end, case when is_over then 'over' end,
        case when is_wrong_item then 'wrong_item' end,
        case when is_wrong_lot_or_unit then 'wrong_lot_or_unit' end,
        case when is_damaged then 'damaged' end,
        case when is_missing_papers then 'missing_papers' end,
        case when is_hidden_defect then 'hidden_defect' end
    ) as error_kinds, found_where, case_id
from pick_quality where product_id ~ '^[0-9]{7,}$' and not is_picked_right
"""

PICK_ERROR_ANSWER = """
select shipment_id, line_no, shipped_on, warehouse_id, error_kinds, found_where, case_id
from answer_pick_error where shipped_on >= date_trunc('month', as_of) - interval '12 months'
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

DESK_QUESTIONS = (
    Question(
        "delivery",
        ("basis", "month_on", "customer_id"),
        ("line_count", "on_time_line_count", "in_full_line_count", "otif_line_count",
         "unconfirmed_line_count", "wanted_qty", "filled_qty", "filled_line_count", "order_count",
         "filled_order_count", "judged_order_count", "perfect_order_count"),
        DELIVERY.format(source="delivery_rates"),
        DELIVERY.format(source="answer_delivery"),
    ),
    Question(
        "credit",
        ("legal_entity", "customer_id"),
        ("currency_code", "limit_amount", "exposure_amount", "headroom_amount",
         "utilisation_share", "over_limit_amount", "stop_reasons"),
        CREDIT,
        CREDIT_ANSWER,
    ),
    Question(
        "collection",
        ("legal_entity", "customer_id", "contract_id", "currency_code", "dso_on"),
        ("dso_days", "dso_count_back_days", "dso_best_days", "delinquent_days",
         "collection_effectiveness_pct"),
        COLLECTION,
        COLLECTION_ANSWER,
    ),
    Question("payment_delay", ("customer_id",), ("usual_delay_days",), DELAY, DELAY_ANSWER),
    Question(
        "picked",
        ("month_on", "warehouse_id"),
        ("line_count", "shipped_qty", "picked_line_count", "picked_qty", "right_line_count",
         "error_count"),
        PICKED,
        PICKED_ANSWER,
    ),
    Question(
        "pick_error",
        ("shipment_id", "line_no"),
        ("shipped_on", "warehouse_id", "error_kinds", "found_where", "case_id"),
        PICK_ERROR,
        PICK_ERROR_ANSWER,
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
    Question(
        "outlook",
        ("warehouse_id", "product_id"),
        ("outgoing_qty", "incoming_qty", "forecast_qty", "last_counted_at", "last_variance_qty",
         "open_discrepancy_qty", "is_count_in_doubt", "promise_safe_qty"),
        OUTLOOK.format(source="stock_availability"),
        OUTLOOK.format(source="answer_outlook"),
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
        "supplier",
        ("supplier_id", "month_on"),
        ("due_line_count", "received_line_count", "otif_line_count", "ordered_qty",
         "received_qty", "on_time_qty", "base_uom_count", "receipt_count", "p50_slip_days",
         "p80_slip_days"),
        SUPPLIER.format(source="supplier_reliability"),
        SUPPLIER.format(source="answer_supplier"),
    ),
)  # fmt: skip
