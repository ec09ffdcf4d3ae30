"""Right answers about reservations: what holds goods for whom, and what held them until lately."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.trade.answers.tables import as_of, place_columns
from daymart.demo.trade.clock import NEVER, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.goods_tables import WHY_RELEASED
from daymart.demo.trade.master_tables import store_codes
from daymart.demo.trade.orders import HELD, Lines, Orders
from daymart.demo.trade.tables import Table, dates, labelled, words

HOLD_SCHEMA = """
create table answers.hold (
    as_of date, reservation_id text, warehouse_id text, product_id text, order_id text,
    order_line_no integer, reserved_qty bigint, made_on date, valid_until_on date,
    primary key (as_of, reservation_id)
);
comment on table answers.hold is 'Reservations that hold goods on the evening, in base units.';
create table answers.hold_ended (
    as_of date, ended_on date, warehouse_id text, reason text, hold_count bigint,
    held_qty bigint, primary key (as_of, ended_on, warehouse_id, reason)
);
comment on table answers.hold_ended is
    'Reservations that were let go on a day, because their goods left or the customer gave them up;'
    ' bulk goods leave before the last day of a reservation.';
"""
REASONS = WHY_RELEASED[:2]


class HoldAnswers:
    """Accumulate reservations of an evening: those that live, and by day those that ended."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        self.ended = np.zeros((trade.scale.stores, evening + 1, len(REASONS), 2), dtype=np.int64)
        self._live: list[Table] = []

    def add(self, orders: Orders, lines: Lines) -> None:
        """Add what the orders of a span hold, or held."""
        made = lines.held_on <= self._evening
        over = np.flatnonzero(made & (lines.released <= self._evening))
        given_up = (lines.released == lines.dropped_on).astype(np.int64)
        at = (orders.store[lines.order][over], lines.released[over], given_up[over])
        np.add.at(self.ended[..., 0], at, 1)
        np.add.at(self.ended[..., 1], at, (lines.held * lines.times)[over])
        live = np.flatnonzero(made & (lines.released > self._evening))
        self._live.append(self._holding(orders, lines, live))

    def _holding(self, orders: Orders, lines: Lines, live: Ints) -> Table:
        order, number, held = lines.order[live], lines.number[live], lines.held_on[live]
        dated = self._trade.clock.dated
        columns = {
            "as_of": as_of(self._trade, self._evening, len(live)),
            "reservation_id": labelled("", orders.id[order] + number - 1),
            **place_columns(self._trade, lines.place[live]),
            "order_id": labelled("", orders.id[order]),
            "order_line_no": number,
            "reserved_qty": (lines.held * lines.times)[live],
            "made_on": dates(dated(held)),
            "valid_until_on": dates(dated(np.where(held < NEVER, held + HELD, NEVER))),
        }
        return Table("hold", columns, held)

    def tables(self) -> Iterator[Table]:
        """Give the rows: one for each that lives, one for each store and day some ended."""
        yield from self._live
        store, day, reason = np.nonzero(self.ended[..., 0])
        columns = {
            "as_of": as_of(self._trade, self._evening, len(store)),
            "ended_on": dates(self._trade.clock.dated(day)),
            "warehouse_id": words(store_codes(self._trade.scale), store),
            "reason": words(REASONS, reason),
            "hold_count": self.ended[store, day, reason, 0],
            "held_qty": self.ended[store, day, reason, 1],
        }
        yield Table("hold_ended", columns, store)
