"""Right answers about each line that was sent: when it is due, whether it came and is proved."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.answers.delivery import Bases
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.clock import NEVER, Flags, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.orders import SIGNED, Lines, Orders
from daymart.demo.trade.tables import Column, Table, dates, decimals, labelled, words

DISPATCH_SCHEMA = """
create table answers.sent_line (
    as_of date, shipment_id text, line_no bigint, issued_on date, requested_on date,
    first_promised_on date, last_promised_on date, shipped_qty bigint,
    net_amount numeric(18, 2), planned_delivery_on date, delivered_on date, cancelled_on date,
    delivery_state text, pod_state text, primary key (as_of, shipment_id, line_no)
);
comment on table answers.sent_line is
    'Lines of dispatches of the last 35 days, in base units and at the price of the order without'
    ' tax; dispatches taken back are there once more, below 0. Delivered is what came and, where a'
    ' signature is wanted, is proved; a first dispatch is proved days later or never, a second one'
    ' never.';
"""
CENT = 10_000
"""Parts of a cent in list prices (ten-thousandths) times percent."""
KEPT = 35
"""Calendar days that dispatches are listed."""
FIRST, BACK, SECOND = range(3)
"""An order's dispatches: a first one, what takes it back, and a second one."""
STATES = (
    "cancellation", "cancelled", "refused", "difference", "delivered_on_time", "delivered_late",
    "not_required", "unconfirmed", "in_transit",
)  # fmt: skip
PROOFS = ("refused", "difference_reported", "awaited", "confirmed", "not_required")
"""The worst first: of what was sent on a line the worst is told."""


@dataclass(frozen=True)
class Sent:
    """The lines of one of an order's dispatches: an entry per order line, days as the clock's."""

    day: Ints
    qty: Ints
    planned: Ints
    came: Ints
    signs: Flags
    proved: Flags
    refused: Flags
    differs: Flags
    cancelled: Ints

    @property
    def confirmed(self) -> Flags:
        """Tell which came, and are proved where they must be."""
        taken: Flags = (self.came < NEVER) & ~self.refused & (~self.signs | self.proved)
        return taken


def sent_lines(
    trade: BulkTrade, evening: int, orders: Orders, lines: Lines, promised: Bases
) -> Iterator[Table]:
    """Give the lines sent by the evening, with the days asked for, first and last promised."""
    of, clock = lines.order, trade.clock
    price = lines.list_price * (100 - trade.masters.customer_discount[orders.customer[of]])
    since = int(clock.on_or_after(clock.dated(np.array([evening])) - KEPT)[0])
    for slot in (FIRST, BACK, SECOND):
        sent = sent_of(slot, evening, orders, lines)
        cents = np.sign(sent.qty) * ((2 * np.abs(sent.qty) * price + CENT) // (2 * CENT))
        days = {
            "issued_on": sent.day,
            "requested_on": promised[0],
            "first_promised_on": promised[1],
            "last_promised_on": promised[2],
            "planned_delivery_on": sent.planned,
            "delivered_on": np.where(sent.confirmed, sent.came, NEVER),
            "cancelled_on": sent.cancelled,
        }
        columns = {
            "as_of": as_of(trade, evening, len(of)),
            "shipment_id": labelled("", orders.id[of] + slot),
            "line_no": lines.number,
            **{name: dates(clock.dated(day)) for name, day in days.items()},
            "shipped_qty": sent.qty * lines.times,
            "net_amount": decimals(cents, 2),
            "delivery_state": _state(slot, sent, evening),
            "pod_state": words(PROOFS, _proof(sent)),
        }
        yield Table("sent_line", columns, sent.day).filled(since, evening)


def sent_of(slot: int, evening: int, orders: Orders, lines: Lines) -> Sent:
    """Tell of each line what one of the dispatches of its order carried and what became of it."""
    of = lines.order
    days = (orders.ship, orders.taken_back, orders.ship_again)
    qty = (lines.first, -lines.first, lines.second)[slot]
    arrives = (
        np.where(orders.silent, NEVER, orders.arrived),
        np.full_like(orders.id, NEVER),
        np.where(orders.ship_again < NEVER, orders.ship_again + orders.road, NEVER),
    )[slot][of]
    came = np.where(arrives <= evening, arrives, NEVER)
    is_first, arrived = np.full_like(came, slot == FIRST, dtype=bool), came < NEVER
    back = orders.taken_back[of]
    return Sent(
        day=np.where(qty != 0, days[slot][of], NEVER),
        qty=qty,
        planned=np.full_like(of, NEVER) if slot == BACK else (days[slot] + orders.road)[of],
        came=came,
        signs=(orders.draws[:, 8] < SIGNED)[of] & (slot != BACK),
        proved=is_first & arrived & (orders.proven <= evening)[of],
        refused=is_first & arrived & orders.refused[of],
        differs=is_first
        & arrived
        & (orders.difference & ~orders.refused)[of]
        & (lines.number == 1),
        cancelled=np.where(is_first & (back <= evening), back, NEVER),
    )


def _state(slot: int, sent: Sent, evening: int) -> Column:
    every = np.ones_like(sent.refused)
    return words(
        STATES,
        np.select(
            [
                every & (slot == BACK), sent.cancelled < NEVER, sent.refused, sent.differs,
                sent.confirmed & (sent.came <= sent.planned), sent.confirmed, ~sent.signs,
                sent.planned < evening, every,
            ],
            range(len(STATES)),
        ),
    )  # fmt: skip


def _proof(sent: Sent) -> Ints:
    """Tell the state of the proof of each line by its place in PROOFS."""
    conditions = [sent.refused, sent.differs, sent.signs & ~sent.confirmed, sent.signs]
    found: Ints = np.select(conditions, range(len(conditions)), len(conditions))
    return found


@dataclass(frozen=True)
class Told:
    """What is said by the evening of all that was sent on each line and not taken back."""

    proof: Ints
    """Place in PROOFS, behind the last where nothing was sent."""
    differs: Flags
    qty: Ints


def told_of(evening: int, orders: Orders, lines: Lines) -> Told:
    """Gather both dispatches of each line."""
    proof = np.full_like(lines.qty, len(PROOFS))
    differs, qty = np.zeros_like(lines.qty, dtype=bool), np.zeros_like(lines.qty)
    for slot in (FIRST, SECOND):
        sent = sent_of(slot, evening, orders, lines)
        stands = (sent.day <= evening) & (sent.cancelled == NEVER)
        proof = np.where(stands, np.minimum(proof, _proof(sent)), proof)
        differs |= stands & sent.differs
        qty += np.where(stands, sent.qty - sent.differs, 0)
    return Told(proof, differs, qty)
