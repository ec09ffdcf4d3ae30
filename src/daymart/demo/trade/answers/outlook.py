"""Right answers about what stock is worth relying on: plans, counts and the safe promise."""

import numpy as np

from daymart.demo.trade.answers.tables import as_of, place_columns
from daymart.demo.trade.clock import NEVER, Ints
from daymart.demo.trade.counts import COUNTED_AT, EXPLAINED, CountedBooks
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.inventory import CNT, Moves
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.supply import Supplies
from daymart.demo.trade.tables import Table, instants, numbers

OUTLOOK_SCHEMA = """
create table answers.outlook (
    as_of date, warehouse_id text, product_id text, outgoing_qty bigint, incoming_qty bigint,
    forecast_qty bigint, last_counted_at timestamptz, last_variance_qty bigint,
    open_discrepancy_qty bigint, is_count_in_doubt boolean, promise_safe_qty bigint,
    primary key (as_of, warehouse_id, product_id)
);
comment on table answers.outlook is
    'What is ordered and has not left, what is bought and has not come, and what lies there after'
    ' both. A difference that nobody posted or explained puts the count in doubt; while nothing has'
    ' moved since, a loss is taken off what is free. In base units.';
"""


class OutlookAnswers:
    """Accumulate what each place awaits on an evening, and the day it last moved."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        places = trade.masters.places
        self.outgoing = np.zeros(places, dtype=np.int64)
        self.incoming = np.zeros(places, dtype=np.int64)
        self.moved = np.full(places, -1, dtype=np.int64)

    def add(self, orders: Orders, lines: Lines) -> None:
        """Add what the orders of a span still wait for."""
        evening, of = self._evening, lines.order
        sent = (orders.ship <= evening) & (orders.taken_back > evening)
        left = np.where(sent[of], lines.first, 0)
        left = left + np.where((orders.ship_again <= evening)[of], lines.second, 0)
        waiting = lines.qty - np.where(lines.dropped_on <= evening, lines.dropped, 0) - left
        waiting = np.where((orders.born <= evening)[of], waiting, 0)
        np.add.at(self.outgoing, lines.place, waiting * lines.times)

    def supply(self, s: Supplies) -> None:
        """Add what is still to come of purchases."""
        evening = self._evening
        came = np.where(s.arrived <= evening, s.first, 0)
        came = came + np.where(s.arrived_again <= evening, s.second, 0)
        gone = np.where(s.left_again < NEVER, s.left_again, s.left) <= evening
        awaited = s.qty - np.where(gone, s.cancelled, 0) - came
        awaited = np.where(s.placed <= evening, awaited, 0)
        np.add.at(self.incoming, s.place, awaited * s.times)

    def move(self, moves: Moves) -> None:
        """Note the last day on which goods of each place moved; posted counts move none."""
        done = (moves.day <= self._evening) & (moves.kind != CNT)
        np.maximum.at(self.moved, moves.place[done], moves.day[done])

    def table(self, on_hand: Ints, free: Ints, books: CountedBooks) -> Table:
        """Give the rows: one for each place in which anything lies, is awaited or in doubt."""
        trade, evening = self._trade, self._evening
        counts = trade.counting.taken(0, evening)
        counts = counts.chosen(books.at(counts) != 0)
        turn = np.full(trade.masters.places, -1, dtype=np.int64)
        np.maximum.at(turn, counts.place, counts.turn)
        counts = counts.chosen(counts.turn == turn[counts.place])
        explained = counts.explained & (counts.day + EXPLAINED <= evening)
        doubt = (counts.variance != 0) & ~counts.posted & ~explained
        differs = np.where(doubt & (self.moved[counts.place] < counts.day), counts.variance, 0)
        by_place = np.zeros((4, trade.masters.places), dtype=np.int64)
        zone = trade.masters.store_zone[counts.place // trade.scale.items]
        taken = trade.clock.instants(counts.day, zone, COUNTED_AT)
        by_place[:, counts.place] = (taken, counts.variance, differs, doubt)
        forecast = on_hand - self.outgoing + self.incoming
        safe = np.maximum(free + np.minimum(by_place[2], 0), 0)
        place = np.flatnonzero(on_hand | self.outgoing | self.incoming | by_place[3] | safe)
        last, variance, open_, doubtful = by_place[:, place]
        columns = {
            "as_of": as_of(trade, evening, len(place)),
            **place_columns(trade, place),
            "outgoing_qty": self.outgoing[place],
            "incoming_qty": self.incoming[place],
            "forecast_qty": forecast[place],
            "last_counted_at": instants(last, last > 0),
            "last_variance_qty": numbers(variance, last > 0),
            "open_discrepancy_qty": open_,
            "is_count_in_doubt": doubtful > 0,
            "promise_safe_qty": safe[place],
        }
        return Table("outlook", columns, place)
