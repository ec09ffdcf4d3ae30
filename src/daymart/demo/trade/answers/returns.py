"""Right answers about goods sent back: how much of what came in a month."""

import numpy as np

from daymart.demo.trade.answers.delivery import DeliveryAnswers
from daymart.demo.trade.answers.months import Months
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.claims import Claims
from daymart.demo.trade.clock import Flags, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.scale import FIRST_PARTNER
from daymart.demo.trade.tables import Table, labelled

RETURN_SCHEMA = """
create table answers.return_rate (
    as_of date, delivered_month_on date, customer_id text, delivered_line_count bigint,
    returned_line_count bigint, delivered_qty bigint, returned_qty bigint,
    primary key (as_of, delivered_month_on, customer_id)
);
comment on table answers.return_rate is
    'Lines of dispatches that came, proved where a signature is wanted, by the month they came in,'
    ' and those of them whose goods are back by the evening, whenever that was; in base units.';
"""
FIGURES = ("delivered_line_count", "returned_line_count", "delivered_qty", "returned_qty")


class ReturnAnswers:
    """Accumulate what came and what of it was sent back, by month of delivery and customer."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        self._months = Months(trade, evening)
        cells = (self._months.count, trade.scale.customers)
        self.sums = np.zeros((*cells, len(FIGURES)), dtype=np.int64)

    def add(self, orders: Orders, lines: Lines, claims: Claims, delivery: DeliveryAnswers) -> None:
        """Add what dispatches of a span of orders brought by the evening, and what is back."""
        customer = orders.customer[lines.order]
        parts = delivery.parts(orders, lines)
        for part in parts:
            there = (part.day <= self._evening) & part.proved
            self._sum(0, there, part.day, customer, np.ones_like(part.qty))
            self._sum(2, there, part.day, customer, part.qty * lines.times)
        # Claims are of the first dispatch. What was refused never came.
        first, of = parts[0], claims.line
        back = (claims.came <= self._evening) & (first.day <= self._evening)[of] & first.proved[of]
        self._sum(1, back, first.day[of], customer[of], np.ones_like(of))
        self._sum(3, back, first.day[of], customer[of], claims.qty * lines.times[of])

    def _sum(self, figure: int, which: Flags, day: Ints, customer: Ints, values: Ints) -> None:
        at = (self._months.of(day[which]), customer[which])
        np.add.at(self.sums[..., figure], at, values[which])

    def table(self) -> Table:
        """Give the rows: one for each month and customer with deliveries."""
        month, customer = np.nonzero(self.sums[..., 0])
        columns = {
            "as_of": as_of(self._trade, self._evening, len(month)),
            "delivered_month_on": self._months.starts(month),
            "customer_id": labelled("T", customer + FIRST_PARTNER),
        }
        columns |= {name: self.sums[month, customer, i] for i, name in enumerate(FIGURES)}
        return Table("return_rate", columns, month)
