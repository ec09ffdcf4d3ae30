"""What the published marts say about order lines, shipments, picks and returns."""

from typing import LiteralString

from daymart.acceptance.questions.question import Question

SHIPPED = """
with days as (
    select issued_on as shipped_on, warehouse_id,
        count(distinct shipment_id) filter (where not is_cancellation)
        - count(distinct shipment_id) filter (where is_cancellation) as shipment_count,
        count(*) filter (where not is_cancellation) - count(*) filter (where is_cancellation)
            as line_count,
        sum(shipped_qty) as shipped_qty
    from shipments_daily cross join evening
    where product_id ~ '^[0-9]{7,}$' and issued_on >= evening.as_of - 35
    group by issued_on, warehouse_id
)
select * from days where shipment_count <> 0 or line_count <> 0 or shipped_qty <> 0
"""
"""The mart shows what was settled in the last 35 days, and of older days only what was not."""

SHIPPED_ANSWER = """
select shipped_on, warehouse_id, shipment_count, line_count, shipped_qty
from answer_shipped where shipped_on >= as_of - 35
"""

OTIF = """
select basis, date_trunc('month', due_on)::date as month_on, customer_id, count(*) as line_count,
    count(*) filter (where is_kept) as on_time_in_full_count
from delivery_otif cross join lateral (values
    ('requested', requested_due_on, otif_requested),
    ('first_promised', first_promised_due_on, otif_first_promised),
    ('last_promised', last_promised_due_on, otif_last_promised)
) as judged (basis, due_on, is_kept) cross join evening
where customer_id ~ '^T[0-9]+$' and is_kept is not null
    and due_on >= date_trunc('month', evening.as_of) - interval '12 months'
group by 1, 2, 3
"""

OTIF_ANSWER = """
select basis, month_on, customer_id, line_count, on_time_in_full_count
from answer_otif where month_on >= date_trunc('month', as_of) - interval '12 months'
"""

RETURNED = """
select date_trunc('month', received_on)::date as month_on, warehouse_id, product_id,
    sum(received_qty) as returned_qty
from returns_quality cross join evening
where product_id ~ '^[0-9]{7,}$'
    and received_on >= date_trunc('month', evening.as_of) - interval '12 months'
group by 1, 2, 3
"""

RETURNED_ANSWER = """
select month_on, warehouse_id, product_id, returned_qty
from answer_returned where month_on >= date_trunc('month', as_of) - interval '12 months'
"""

DELIVERY: LiteralString = """
select basis, month_on, customer_id, line_count, on_time_line_count, in_full_line_count,
    otif_line_count, unconfirmed_line_count, wanted_qty, filled_qty, filled_line_count, order_count,
    filled_order_count, judged_order_count, perfect_order_count, {rates}
from {source} cross join evening
where customer_id ~ '^T[0-9]+$'
    and month_on >= date_trunc('month', evening.as_of) - interval '12 months'
"""

RATES: LiteralString = """
    otif_rate, unit_fill_rate, line_fill_rate, order_fill_rate, perfect_order_rate
"""
RATES_ANSWER: LiteralString = """
    round(1.0 * otif_line_count / line_count, 6) as otif_rate,
    round(1.0 * filled_qty / wanted_qty, 6) as unit_fill_rate,
    round(1.0 * filled_line_count / line_count, 6) as line_fill_rate,
    round(1.0 * filled_order_count / nullif(order_count, 0), 6) as order_fill_rate,
    round(1.0 * perfect_order_count / nullif(judged_order_count, 0), 6) as perfect_order_rate
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

ORDER_LINE: LiteralString = """
select order_id, order_line_no, requested_on, first_promised_on, last_promised_on,
    requested_due_on, first_promised_due_on, last_promised_due_on, ordered_qty,
    cancelled_qty, shipped_qty, delivered_qty, refused_qty, open_qty, backorder_qty,
    first_shipped_qty, {rate}, last_delivered_on, completed_on, is_on_time_requested,
    is_in_full_requested, is_on_time_first_promised, is_in_full_first_promised,
    is_on_time_last_promised, is_in_full_last_promised, pod_state, has_difference, our_qty
from {source} cross join evening
where {bulk} and greatest(requested_due_on, first_promised_due_on, last_promised_due_on)
    >= date_trunc('month', evening.as_of) - interval '12 months'
"""
"""The mart shows thirteen months, the running one included."""

FIRST_FILL_RATE: LiteralString = """
    round(
        1.0 * least(first_shipped_qty, ordered_qty - cancelled_qty)
        / nullif(ordered_qty - cancelled_qty, 0), 6
    ) as first_fill_rate
"""

SENT_LINE: LiteralString = """
select shipment_id, line_no, issued_on, requested_on, first_promised_on, last_promised_on,
    shipped_qty, net_amount, planned_delivery_on, delivered_on, cancelled_on, delivery_state,
    pod_state
from {source} cross join evening
where {bulk} and issued_on >= evening.as_of - 35
"""

RETURNED_LINE: LiteralString = """
select rma_id, line_no, opened_on, received_on, inspected_on, closed_on, delivered_on,
    return_state, returned_qty, received_qty, quarantine_qty, inspected_qty, refunded_qty,
    scrapped_qty, handed_over_qty, {never}
from {source} cross join evening
where {bulk} and coalesce(
    closed_on >= date_trunc('month', evening.as_of) - interval '12 months', true
)
"""

NEVER_RETURNED: LiteralString = "replaced_qty, returned_to_customer_qty, is_over_returned"
NEVER_RETURNED_ANSWER: LiteralString = """
    0 as replaced_qty, 0 as returned_to_customer_qty, false as is_over_returned
"""
"""Bulk returns end in money or waste, and nobody sends back more than came."""

RETURN_RATE: LiteralString = """
select delivered_month_on, customer_id, delivered_line_count, returned_line_count, delivered_qty,
    returned_qty, {rates}
from {source} cross join evening
where customer_id ~ '^T[0-9]+$'
    and delivered_month_on >= date_trunc('month', evening.as_of) - interval '12 months'
"""

RETURN_RATES: LiteralString = "return_rate, line_return_rate"
RETURN_RATES_ANSWER: LiteralString = """
    round(returned_qty / nullif(delivered_qty, 0.0), 6) as return_rate,
    round(1.0 * returned_line_count / delivered_line_count, 6) as line_return_rate
"""

BULK: LiteralString = "product_id ~ '^[0-9]{7,}$'"

DELIVERY_QUESTIONS = (
    Question(
        "order_line",
        ("order_id", "order_line_no"),
        ("requested_on", "first_promised_on", "last_promised_on", "requested_due_on",
         "first_promised_due_on", "last_promised_due_on", "ordered_qty",
         "cancelled_qty", "shipped_qty", "delivered_qty", "refused_qty", "open_qty",
         "backorder_qty", "first_shipped_qty", "first_fill_rate", "last_delivered_on",
         "completed_on", "is_on_time_requested", "is_in_full_requested",
         "is_on_time_first_promised", "is_in_full_first_promised", "is_on_time_last_promised",
         "is_in_full_last_promised", "pod_state", "has_difference", "our_qty"),
        ORDER_LINE.format(source="delivery_otif", rate="first_fill_rate", bulk=BULK),
        ORDER_LINE.format(source="answer_order_line", rate=FIRST_FILL_RATE, bulk="true"),
    ),
    Question(
        "otif",
        ("basis", "month_on", "customer_id"),
        ("line_count", "on_time_in_full_count"),
        OTIF,
        OTIF_ANSWER,
    ),
    Question(
        "delivery",
        ("basis", "month_on", "customer_id"),
        ("line_count", "on_time_line_count", "in_full_line_count", "otif_line_count",
         "unconfirmed_line_count", "wanted_qty", "filled_qty", "filled_line_count", "order_count",
         "filled_order_count", "judged_order_count", "perfect_order_count", "otif_rate",
         "unit_fill_rate", "line_fill_rate", "order_fill_rate", "perfect_order_rate"),
        DELIVERY.format(source="delivery_rates", rates=RATES),
        DELIVERY.format(source="answer_delivery", rates=RATES_ANSWER),
    ),
    Question(
        "shipped",
        ("shipped_on", "warehouse_id"),
        ("shipment_count", "line_count", "shipped_qty"),
        SHIPPED,
        SHIPPED_ANSWER,
    ),
    Question(
        "sent_line",
        ("shipment_id", "line_no"),
        ("issued_on", "requested_on", "first_promised_on", "last_promised_on", "shipped_qty",
         "net_amount", "planned_delivery_on", "delivered_on", "cancelled_on", "delivery_state",
         "pod_state"),
        SENT_LINE.format(source="shipments_daily", bulk=BULK),
        SENT_LINE.format(source="answer_sent_line", bulk="true"),
    ),
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
        "returned",
        ("month_on", "warehouse_id", "product_id"),
        ("returned_qty",),
        RETURNED,
        RETURNED_ANSWER,
    ),
    Question(
        "returned_line",
        ("rma_id", "line_no"),
        ("opened_on", "received_on", "inspected_on", "closed_on", "delivered_on", "return_state",
         "returned_qty", "received_qty", "quarantine_qty", "inspected_qty", "refunded_qty",
         "scrapped_qty", "handed_over_qty", "replaced_qty", "returned_to_customer_qty",
         "is_over_returned"),
        RETURNED_LINE.format(source="returns_quality", bulk=BULK, never=NEVER_RETURNED),
        RETURNED_LINE.format(
            source="answer_returned_line", bulk="true", never=NEVER_RETURNED_ANSWER
        ),
    ),
    Question(
        "return_rate",
        ("delivered_month_on", "customer_id"),
        ("delivered_line_count", "returned_line_count", "delivered_qty", "returned_qty",
         "return_rate", "line_return_rate"),
        RETURN_RATE.format(source="return_rates", rates=RETURN_RATES),
        RETURN_RATE.format(source="answer_return_rate", rates=RETURN_RATES_ANSWER),
    ),
)  # fmt: skip
