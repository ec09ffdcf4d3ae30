"""What the published marts say to each of the simulator's answers: a query per table of `answers`.

Bulk trade only: customers `T…`, items from 1000001. Where a mart keeps a window, the answers are
cut to it. Rows in which nothing is owed, lies or left are dropped on both sides: no row and a row
of zeros say the same. `evening` is a table of one row, `as_of`; `answer_…` are the answers as the
simulator wrote them. Marts are named without a schema, to read published and candidate ones.
"""

from daymart.acceptance.questions.board import BOARD_QUESTIONS
from daymart.acceptance.questions.delivery import DELIVERY_QUESTIONS
from daymart.acceptance.questions.money import MONEY_QUESTIONS
from daymart.acceptance.questions.stock import STOCK_QUESTIONS
from daymart.acceptance.questions.supply import SUPPLY_QUESTIONS

QUESTIONS = (
    *MONEY_QUESTIONS, *STOCK_QUESTIONS, *SUPPLY_QUESTIONS, *DELIVERY_QUESTIONS, *BOARD_QUESTIONS,
)  # fmt: skip
LEFT_OUT = {"plan_fact": "no mart compares targets with facts yet"}
"""Table of answers -> why no mart can be held against it."""

OF_THE_PAST = (
    "customer_balance", "open_item", "payment", "shipped", "otif", "receipt_lateness", "returned",
    "applied_payment",
    "picked", "pick_error", "supplier", "delivery", "collection", "payment_delay", "order_line",
    "sent_line", "returned_line", "return_rate",
)  # fmt: skip
"""Answers that can be asked for a past evening. Of the others the feeds tell today's state only:
open orders, reservations, purchases under way and causes of counts are no longer what they were."""
