"""What the marts of single desks say to the simulator's answers: suppliers.

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

DESK_QUESTIONS = (
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
