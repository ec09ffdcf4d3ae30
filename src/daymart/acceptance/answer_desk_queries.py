"""What the marts of single desks say to the simulator's answers: credit, suppliers.

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

DESK_QUESTIONS = (
    Question(
        "credit",
        ("legal_entity", "customer_id"),
        ("currency_code", "limit_amount", "exposure_amount", "headroom_amount",
         "utilisation_share", "over_limit_amount", "stop_reasons"),
        CREDIT,
        CREDIT_ANSWER,
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
