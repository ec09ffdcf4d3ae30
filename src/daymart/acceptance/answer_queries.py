"""What the published marts say to each of the simulator's answers: a query per table of `answers`.

Bulk trade only: customers `T…`, items from 1000001. Where a mart keeps a window, the answers are
cut to it. Rows in which nothing is owed, lies or left are dropped on both sides: no row and a row
of zeros say the same. `evening` is a table of one row, `as_of`; `answer_…` are the answers as the
simulator wrote them. Marts are named without a schema, to read published and candidate ones.
"""

from typing import LiteralString

from daymart.acceptance.answer_desk_queries import DESK_QUESTIONS
from daymart.acceptance.answer_question import Question

LEFT_OUT = {"plan_fact": "no mart compares targets with facts yet"}
"""Table of answers -> why no mart can be held against it."""

OF_THE_PAST = (
    "customer_balance", "shipped", "otif", "receipt_lateness", "returned", "picked",
    "pick_error", "supplier", "delivery", "collection", "payment_delay",
)  # fmt: skip
"""Answers that can be asked for a past evening. Of the others the feeds tell today's state only:
open orders, reservations, purchases under way and causes of counts are no longer what they were."""

BALANCES: LiteralString = """
select legal_entity, customer_id, contract_id, currency_code, balance_amount, not_due_amount,
    overdue_1_30_amount, overdue_31_60_amount, overdue_61_90_amount, overdue_91_plus_amount,
    unapplied_amount
from {source}
where customer_id ~ '^T[0-9]+$' and (
    balance_amount <> 0 or not_due_amount <> 0 or overdue_1_30_amount <> 0
    or overdue_31_60_amount <> 0 or overdue_61_90_amount <> 0 or overdue_91_plus_amount <> 0
    or unapplied_amount <> 0
)
"""

STOCK: LiteralString = """
select warehouse_id, product_id, on_hand_qty, usable_qty, reserved_qty, free_qty
from {source}
where product_id ~ '^[0-9]{{7,}}$'
    and (on_hand_qty <> 0 or usable_qty <> 0 or reserved_qty <> 0 or free_qty <> 0)
"""

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

ATP = """
with steps as (
    select warehouse_id, product_id, available_on, atp_qty,
        lag(atp_qty, 1, 0) over (
            partition by warehouse_id, product_id order by available_on
        ) as before_qty
    from atp_daily where product_id ~ '^[0-9]{7,}$'
)
select warehouse_id, product_id, available_on, atp_qty from steps where atp_qty <> before_qty
"""
"""Days on which what can be promised changes; before the first day it is nothing."""

ATP_ANSWER = """
with horizon as (
    select min(available_on) as first_on, max(available_on) as last_on
    from atp_daily where product_id ~ '^[0-9]{7,}$'
),
moved as (
    select warehouse_id, product_id, greatest(from_on, first_on) as available_on, atp_qty,
        row_number() over (
            partition by warehouse_id, product_id, greatest(from_on, first_on)
            order by from_on desc
        ) as newest
    from answer_atp cross join horizon where from_on <= last_on
),
steps as (
    select *,
        lag(atp_qty, 1, 0) over (
            partition by warehouse_id, product_id order by available_on
        ) as before_qty
    from moved where newest = 1
)
select warehouse_id, product_id, available_on, atp_qty from steps where atp_qty <> before_qty
"""
"""The answer begins with the evening, the mart with the next working day."""

EXPOSURE = """
with sums as (
    select customer_id, currency_code, sum(open_orders_amount) as open_order_amount,
        sum(shipped_not_invoiced_amount) as shipped_not_invoiced_amount,
        sum(open_items_amount) as open_items_amount, sum(exposure_amount) as exposure_amount
    from receivables_customer where customer_id ~ '^T[0-9]+$'
    group by customer_id, currency_code
)
select * from sums
where open_order_amount <> 0 or shipped_not_invoiced_amount <> 0 or open_items_amount <> 0
    or exposure_amount <> 0
"""

EXPOSURE_ANSWER = """
select customer_id, currency_code, open_order_amount, shipped_not_invoiced_amount,
    open_items_amount, open_order_amount + shipped_not_invoiced_amount + open_items_amount
        as exposure_amount
from answer_exposure
where open_order_amount <> 0 or shipped_not_invoiced_amount <> 0 or open_items_amount <> 0
"""

LATENESS = """
with months as (
    select customer_id, currency_code, date_trunc('month', paid_on)::date as paid_month_on,
        sum(paid_amount) as applied_amount,
        sum(case when days_late > 0 then paid_amount else 0 end) as late_amount,
        sum(paid_amount * days_late) as days_late_amount
    from receipts_daily
    where customer_id ~ '^T[0-9]+$' and payment_kind = 'payment'
        and applied_document_kind = 'invoice'
    group by 1, 2, 3
)
select * from months where applied_amount <> 0 or late_amount <> 0 or days_late_amount <> 0
"""

LATENESS_ANSWER = """
select customer_id, currency_code, paid_month_on, applied_amount, late_amount, days_late_amount
from answer_receipt_lateness
where applied_amount <> 0 or late_amount <> 0 or days_late_amount <> 0
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

DISCREPANCY = """
select count_id, warehouse_id, product_id, lot_id, counted_on, book_qty, counted_qty,
    count_state as state
from stock_discrepancy
where product_id ~ '^[0-9]{7,}$' and variance_qty <> 0
"""

DISCREPANCY_ANSWER = """
select count_id, warehouse_id, product_id, lot_id, counted_on, book_qty, counted_qty, state
from answer_count_discrepancy where counted_on > as_of - 90 or state = 'open'
"""

INBOUND = """
select po_id, line_no, max(warehouse_id) as warehouse_id, max(product_id) as product_id,
    sum(received_qty) as received_qty, sum(in_transit_qty) as in_transit_qty,
    sum(not_shipped_qty) as not_shipped_qty, max(expected_on) as expected_on
from inbound_supply where product_id ~ '^[0-9]{7,}$'
group by po_id, line_no
having sum(in_transit_qty) <> 0 or sum(not_shipped_qty) <> 0
"""

INBOUND_ANSWER = """
select po_id, line_no, warehouse_id, product_id, received_qty, in_transit_qty, not_shipped_qty,
    expected_on
from answer_inbound
"""

QUESTIONS = (
    Question(
        "customer_balance",
        ("legal_entity", "customer_id", "contract_id", "currency_code"),
        ("balance_amount", "not_due_amount", "overdue_1_30_amount", "overdue_31_60_amount",
         "overdue_61_90_amount", "overdue_91_plus_amount", "unapplied_amount"),
        BALANCES.format(source="receivables_customer"),
        BALANCES.format(source="answer_customer_balance"),
    ),
    Question(
        "stock",
        ("warehouse_id", "product_id"),
        ("on_hand_qty", "usable_qty", "reserved_qty", "free_qty"),
        STOCK.format(source="stock_availability"),
        STOCK.format(source="answer_stock"),
    ),
    Question(
        "shipped",
        ("shipped_on", "warehouse_id"),
        ("shipment_count", "line_count", "shipped_qty"),
        SHIPPED,
        SHIPPED_ANSWER,
    ),
    Question(
        "otif",
        ("basis", "month_on", "customer_id"),
        ("line_count", "on_time_in_full_count"),
        OTIF,
        OTIF_ANSWER,
    ),
    Question("atp", ("warehouse_id", "product_id", "available_on"), ("atp_qty",), ATP, ATP_ANSWER),
    Question(
        "exposure",
        ("customer_id", "currency_code"),
        ("open_order_amount", "shipped_not_invoiced_amount", "open_items_amount",
         "exposure_amount"),
        EXPOSURE,
        EXPOSURE_ANSWER,
    ),
    Question(
        "receipt_lateness",
        ("customer_id", "currency_code", "paid_month_on"),
        ("applied_amount", "late_amount", "days_late_amount"),
        LATENESS,
        LATENESS_ANSWER,
    ),
    Question(
        "returned",
        ("month_on", "warehouse_id", "product_id"),
        ("returned_qty",),
        RETURNED,
        RETURNED_ANSWER,
    ),
    Question(
        "count_discrepancy",
        ("count_id", "warehouse_id", "product_id", "lot_id"),
        ("counted_on", "book_qty", "counted_qty", "state"),
        DISCREPANCY,
        DISCREPANCY_ANSWER,
    ),
    Question(
        "inbound",
        ("po_id", "line_no"),
        ("warehouse_id", "product_id", "received_qty", "in_transit_qty", "not_shipped_qty",
         "expected_on"),
        INBOUND,
        INBOUND_ANSWER,
    ),
    *DESK_QUESTIONS,
)  # fmt: skip
