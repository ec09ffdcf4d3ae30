"""Right answers about matters of two departments that are not settled, of orders."""

import numpy as np
import pyarrow.compute as pc

from daymart.demo.core.cases import URGENT
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.claims import Claims
from daymart.demo.trade.clock import Flags, Ints
from daymart.demo.trade.fill import Born, BulkTrade
from daymart.demo.trade.matters import (
    DEPARTMENTS,
    FIRST_SIDE,
    SECOND_SIDE,
    URGENCY,
    Matters,
    matters_of_orders,
    owners,
)
from daymart.demo.trade.tables import Column, Table, dates, labelled, numbers, words

CASE_SCHEMA = """
create table answers.order_case (
    as_of date, case_id text, order_id text, order_line_no bigint, opened_on date, priority text,
    departments text, ask_id text, primary key (as_of, case_id)
);
comment on table answers.order_case is
    'Matters about an order, or one line of it, with a side that is not done on the evening: the'
    ' departments whose side is open, and who is asked, first the side that took no note yet.';
"""
PRIORITIES = ("", "low", "normal", "high", "urgent")
SIDES = ((1, FIRST_SIDE), (2, SECOND_SIDE))


class CaseAnswers:
    """Accumulate open matters of one evening."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        self._found: list[Table] = []

    def add(self, born: Born, claims: Claims) -> None:
        """Add what the orders of a span gave rise to."""
        trade = self._trade
        matters = matters_of_orders(trade.scale, trade.masters, born.lines, born.journal, claims)
        opened = matters.day <= self._evening
        unsettled = [opened & ~self._is_done(matters, side) for side, _ in SIDES]
        self._found.append(self._table(matters, unsettled))

    def _is_done(self, m: Matters, side: int) -> Flags:
        """Tell which matters a side has done with; a day of work more where it began again."""
        done: Flags = (m.done(side) <= self._evening) & ~self._is_at_work_again(m, side)
        return done

    def _is_at_work_again(self, m: Matters, side: int) -> Flags:
        again = m.reopened(side)
        at_work: Flags = (again <= self._evening) & (self._evening < again + 1)
        return at_work

    def _urgency(self, m: Matters) -> Ints:
        return np.where(m.raised() <= self._evening, URGENT, URGENCY[m.kind])

    def _table(self, m: Matters, unsettled: list[Flags]) -> Table:
        chosen = np.flatnonzero(unsettled[0] | unsettled[1])
        number = np.arange(len(m.id))
        columns: dict[str, Column] = {
            "as_of": as_of(self._trade, self._evening, len(m.id)),
            "case_id": labelled("", m.id),
            "order_id": labelled("", m.sale),
            "order_line_no": numbers(m.line, m.line >= 0),
            "opened_on": dates(self._trade.clock.dated(m.day)),
            "priority": words(PRIORITIES, self._urgency(m)),
            "departments": self._departments(m, unsettled),
            "ask_id": self._asked(m, unsettled),
        }
        rank = np.full(len(m.id), -1)
        rank[chosen] = number[chosen]
        return Table("order_case", columns, rank).filled(0, len(m.id))

    def _departments(self, m: Matters, unsettled: list[Flags]) -> Column:
        """Name the open sides of each matter: two departments, the first side first."""
        both = [words(DEPARTMENTS, depts[m.kind]) for _, depts in SIDES]
        one = pc.if_else(unsettled[0], both[0], both[1])
        together = pc.binary_join_element_wise(*both, ", ")
        return pc.if_else(unsettled[0] & unsettled[1], together, one)

    def _asked(self, m: Matters, unsettled: list[Flags]) -> Column:
        """Name the owner of the first open side, unless only the second took no note yet."""
        noted = [
            (m.seen(side) <= self._evening) & ~self._is_at_work_again(m, side) for side, _ in SIDES
        ]
        second = unsettled[1] & (~unsettled[0] | (noted[0] & ~noted[1]))
        first_owner, second_owner = (owners(self._trade.scale, m, depts) for _, depts in SIDES)
        return pc.if_else(second, second_owner, first_owner)

    def tables(self) -> list[Table]:
        """Give the rows."""
        return self._found
