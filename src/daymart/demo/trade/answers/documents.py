"""Right answers line by line: of orders, of what was sent on them, and of what came back."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.trade.answers.delivery import Bases, DeliveryAnswers, Part
from daymart.demo.trade.answers.dispatches import FIRST, PROOFS, sent_lines, sent_of, told_of
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.claims import Claims
from daymart.demo.trade.clock import NEVER, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.tables import Column, Table, dates, labelled, numbers, words

DOCUMENT_SCHEMA = """
create table answers.order_line (
    as_of date, order_id text, order_line_no bigint, requested_on date, first_promised_on date,
    last_promised_on date, requested_due_on date, first_promised_due_on date,
    last_promised_due_on date, ordered_qty bigint, cancelled_qty bigint,
    shipped_qty bigint, delivered_qty bigint, refused_qty bigint,
    open_qty bigint, backorder_qty bigint, first_shipped_qty bigint, last_delivered_on date,
    completed_on date, is_on_time_requested boolean, is_in_full_requested boolean,
    is_on_time_first_promised boolean, is_in_full_first_promised boolean,
    is_on_time_last_promised boolean, is_in_full_last_promised boolean, pod_state text,
    has_difference boolean, our_qty bigint, primary key (as_of, order_id, order_line_no)
);
comment on table answers.order_line is
    'Every order line, in base units: shipped is what left and was not taken back, delivered what'
    ' is proved where a signature is wanted; the rest is open, and backordered from the day asked'
    ' for on. Complete from the day on which all that is wanted had come. Judged by each day as'
    ' answers.delivery is, once that is over. Proof is told of the worst of its dispatches, and by'
    ' our word what came of them.';
create table answers.returned_line (
    as_of date, rma_id text, line_no bigint, opened_on date, received_on date, inspected_on date,
    closed_on date, delivered_on date, return_state text, returned_qty bigint,
    received_qty bigint, quarantine_qty bigint, inspected_qty bigint, refunded_qty bigint,
    scrapped_qty bigint, handed_over_qty bigint, primary key (as_of, rma_id, line_no)
);
comment on table answers.returned_line is
    'Lines customers want to send back, or did, in base units; the steps done by the evening, and'
    ' where the goods are then. What is only asked for is a draft until it is dropped.';
"""


RETURN_STATES = (
    "refunded", "scrapped", "cancelled", "inspected", "received", "draft", "confirmed",
)  # fmt: skip


class DocumentAnswers:
    """List the lines of one evening; what was given up counts as `known` on a later one."""

    def __init__(self, trade: BulkTrade, evening: int, known: int) -> None:
        self._trade, self._evening, self._known = trade, evening, known
        self._found: list[Table] = []

    def add(self, orders: Orders, lines: Lines, claims: Claims, delivery: DeliveryAnswers) -> None:
        """Add the lines of a span of orders."""
        bases = delivery.bases(orders, lines)
        promised = (orders.wanted[lines.order], orders.promised[lines.order], bases[2])
        self._found.append(self._order_lines(orders, lines, delivery, promised))
        self._found += sent_lines(self._trade, self._evening, orders, lines, promised)
        self._found.append(self._returned(orders, lines, claims))

    def _dates(self, days: Ints) -> Column:
        return dates(self._trade.clock.dated(days))

    def _order_lines(
        self, orders: Orders, lines: Lines, delivery: DeliveryAnswers, promised: Bases
    ) -> Table:
        of, evening = lines.order, self._evening
        dropped = np.where(lines.dropped_on <= self._known, lines.dropped, 0)
        gone, parts = self._gone(orders, lines), self._come(delivery.parts(orders, lines))
        refused = (orders.refused & (orders.arrived <= evening))[of]
        left = np.maximum(lines.qty - dropped - gone, 0)
        asked, first, final = delivery.bases(orders, lines)
        quantities = {
            "ordered_qty": lines.qty,
            "cancelled_qty": dropped,
            "shipped_qty": gone,
            "delivered_qty": parts[0].qty + parts[1].qty,
            "refused_qty": np.where(refused, lines.first, 0),
            "open_qty": left,
            "backorder_qty": np.where(asked <= evening, left, 0),
            "first_shipped_qty": delivery.filled(orders, lines),
        }
        columns = {
            "as_of": as_of(self._trade, evening, len(of)),
            "order_id": labelled("", orders.id[of]),
            "order_line_no": lines.number,
            "requested_on": self._dates(promised[0]),
            "first_promised_on": self._dates(promised[1]),
            "last_promised_on": self._dates(promised[2]),
            "requested_due_on": self._dates(asked),
            "first_promised_due_on": self._dates(first),
            "last_promised_due_on": self._dates(final),
            **{name: qty * lines.times for name, qty in quantities.items()},
            "last_delivered_on": self._dates(_last(parts)),
            "completed_on": self._dates(_completed(parts, lines.qty - dropped)),
            **delivery.kept(orders, lines),
            **self._told(orders, lines),
        }
        return Table("order_line", columns, orders.born[of]).filled(0, evening)

    def _told(self, orders: Orders, lines: Lines) -> dict[str, Column]:
        told = told_of(self._evening, orders, lines)
        return {
            "pod_state": words((*PROOFS, None), told.proof),
            "has_difference": told.differs,
            "our_qty": numbers(told.qty * lines.times, told.proof < len(PROOFS)),
        }

    def _gone(self, orders: Orders, lines: Lines) -> Ints:
        """Tell what left of each line and was not taken back."""
        of, evening = lines.order, self._evening
        stands = (orders.ship <= evening) & (orders.taken_back > evening)
        again = np.where((orders.ship_again <= evening)[of], lines.second, 0)
        gone: Ints = np.where(stands[of], lines.first, 0) + again
        return gone

    def _come(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """Keep of the parts of each line what is known to have come."""
        there = [(part.day <= self._evening) & part.proved for part in parts]
        return tuple(
            Part(np.where(came, part.day, NEVER), np.where(came, part.qty, 0), came)
            for came, part in zip(there, parts, strict=True)
        )

    def _returned(self, orders: Orders, lines: Lines, claims: Claims) -> Table:
        def done(day: Ints) -> Column:
            return self._dates(np.where(day <= self._evening, day, NEVER))

        qty, evening = claims.qty * lines.times[claims.line], self._evening
        came, looked, closed = (d <= evening for d in (claims.came, claims.looked, claims.closed))
        money = orders.passed[claims.order]
        places = {
            "received_qty": came,
            "quarantine_qty": came & ~looked,
            "inspected_qty": looked & ~closed,
            "refunded_qty": came & closed & money,
            "scrapped_qty": came & closed & ~money,
        }
        first = sent_of(FIRST, evening, orders, lines)
        delivered = np.where(first.confirmed, first.came, NEVER)
        # A later evening does not tell any more that a claim was a draft once.
        draft = (claims.came == NEVER) & (claims.closed > self._known)
        state = np.select(
            [came & closed & money, came & closed, closed, looked, came, draft], range(6), 6
        )
        columns = {
            "as_of": as_of(self._trade, self._evening, len(qty)),
            "rma_id": labelled("", orders.id[claims.order]),
            "line_no": lines.number[claims.line],
            "opened_on": self._dates(claims.opened),
            "received_on": done(claims.came),
            "inspected_on": done(claims.looked),
            "closed_on": done(claims.closed),
            "delivered_on": self._dates(delivered[claims.line]),
            "return_state": words(RETURN_STATES, state),
            "returned_qty": qty,
            **{name: np.where(there, qty, 0) for name, there in places.items()},
            "handed_over_qty": ((first.qty - first.differs) * lines.times)[claims.line],
        }
        return Table("returned_line", columns, claims.opened).filled(0, self._evening)

    def tables(self) -> Iterator[Table]:
        """Give the rows."""
        yield from self._found


def _last(parts: tuple[Part, ...]) -> Ints:
    """Tell the last day something of each line came."""
    days = np.max([np.where(part.day < NEVER, part.day, -1) for part in parts], axis=0)
    return np.where(days < 0, NEVER, days)


def _completed(parts: tuple[Part, ...], wanted: Ints) -> Ints:
    """Tell the day on which one part of each line, or both together, brought what is wanted."""
    first, second = parts
    ways = (
        (first.day, first.qty),
        (second.day, second.qty),
        (np.maximum(first.day, second.day), first.qty + second.qty),
    )
    found: Ints = np.min([np.where(qty >= wanted, day, NEVER) for day, qty in ways], axis=0)
    return found
