"""Right answers line by line: of orders, of what was sent on them, and of what came back."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.trade.answers.delivery import DeliveryAnswers, Part
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.claims import Claims
from daymart.demo.trade.clock import NEVER, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.tables import Column, Table, dates, decimals, labelled

DOCUMENT_SCHEMA = """
create table answers.order_line (
    as_of date, order_id text, order_line_no bigint, requested_due_on date,
    first_promised_due_on date, last_promised_due_on date, ordered_qty bigint,
    cancelled_qty bigint, shipped_qty bigint, delivered_qty bigint, refused_qty bigint,
    open_qty bigint, backorder_qty bigint, first_shipped_qty bigint, last_delivered_on date,
    completed_on date, primary key (as_of, order_id, order_line_no)
);
comment on table answers.order_line is
    'Every order line, in base units: shipped is what left and was not taken back, delivered what'
    ' is proved where a signature is wanted; the rest is open, and backordered from the day asked'
    ' for on. Complete from the day on which all that is wanted had come.';
create table answers.sent_line (
    as_of date, shipment_id text, line_no bigint, issued_on date, shipped_qty bigint,
    net_amount numeric(18, 2), primary key (as_of, shipment_id, line_no)
);
comment on table answers.sent_line is
    'Lines of dispatches of the last 35 days, in base units and at the price of the order without'
    ' tax; dispatches taken back are there once more, below 0.';
create table answers.returned_line (
    as_of date, rma_id text, line_no bigint, opened_on date, received_on date, inspected_on date,
    closed_on date, returned_qty bigint, received_qty bigint,
    primary key (as_of, rma_id, line_no)
);
comment on table answers.returned_line is
    'Lines customers want to send back, or did, in base units; the steps done by the evening.';
"""
CENT = 10_000
"""Parts of a cent in list prices (ten-thousandths) times percent."""
KEPT = 35
"""Calendar days that dispatches are listed."""


class DocumentAnswers:
    """List the lines of one evening; what was given up counts as `known` on a later one."""

    def __init__(self, trade: BulkTrade, evening: int, known: int) -> None:
        self._trade, self._evening, self._known = trade, evening, known
        self._found: list[Table] = []

    def add(self, orders: Orders, lines: Lines, claims: Claims, delivery: DeliveryAnswers) -> None:
        """Add the lines of a span of orders."""
        self._found.append(self._order_lines(orders, lines, delivery))
        self._found += self._sent(orders, lines)
        self._found.append(self._returned(orders, lines, claims))

    def _dates(self, days: Ints) -> Column:
        return dates(self._trade.clock.dated(days))

    def _order_lines(self, orders: Orders, lines: Lines, delivery: DeliveryAnswers) -> Table:
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
            "requested_due_on": self._dates(asked),
            "first_promised_due_on": self._dates(first),
            "last_promised_due_on": self._dates(final),
            **{name: qty * lines.times for name, qty in quantities.items()},
            "last_delivered_on": self._dates(_last(parts)),
            "completed_on": self._dates(_completed(parts, lines.qty - dropped)),
        }
        return Table("order_line", columns, orders.born[of]).filled(0, evening)

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

    def _sent(self, orders: Orders, lines: Lines) -> Iterator[Table]:
        of = lines.order
        discount = self._trade.masters.customer_discount[orders.customer[of]]
        price = lines.list_price * (100 - discount)
        today = self._trade.clock.dated(np.array([self._evening]))
        since = int(self._trade.clock.on_or_after(today - KEPT)[0])
        days = (orders.ship, orders.taken_back, orders.ship_again)
        for slot, qty in enumerate((lines.first, -lines.first, lines.second)):
            day = np.where(qty != 0, days[slot][of], NEVER)
            cents = np.sign(qty) * ((2 * np.abs(qty) * price + CENT) // (2 * CENT))
            columns = {
                "as_of": as_of(self._trade, self._evening, len(of)),
                "shipment_id": labelled("", orders.id[of] + slot),
                "line_no": lines.number,
                "issued_on": self._dates(day),
                "shipped_qty": qty * lines.times,
                "net_amount": decimals(cents, 2),
            }
            yield Table("sent_line", columns, day).filled(since, self._evening)

    def _returned(self, orders: Orders, lines: Lines, claims: Claims) -> Table:
        def done(day: Ints) -> Column:
            return self._dates(np.where(day <= self._evening, day, NEVER))

        qty = claims.qty * lines.times[claims.line]
        columns = {
            "as_of": as_of(self._trade, self._evening, len(qty)),
            "rma_id": labelled("", orders.id[claims.order]),
            "line_no": lines.number[claims.line],
            "opened_on": self._dates(claims.opened),
            "received_on": done(claims.came),
            "inspected_on": done(claims.looked),
            "closed_on": done(claims.closed),
            "returned_qty": qty,
            "received_qty": np.where(claims.came <= self._evening, qty, 0),
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
