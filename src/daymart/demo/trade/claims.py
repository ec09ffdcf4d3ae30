"""Goods that customers send back, as claims: who claims what, and what becomes of it."""

from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import NEVER, Clock, Ints
from daymart.demo.trade.dice import another, scaled
from daymart.demo.trade.money import REFUSAL, RETURN, SENT_BACK, Returned
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.tables import Table, instants, numbers, words

REASONS = (
    "not ordered, says the customer", "damaged on the way", "not as ordered", "ordered too many",
)  # fmt: skip
LOOKED, CLOSED, DROPPED = 2, 3, 5
"""Working days from coming in to inspection and end; from opening to the end of a vain claim."""


@dataclass(frozen=True)
class Claims:
    """One entry a claimed dispatch line, in its unit; days are NEVER where it does not happen."""

    order: Ints
    """Index of the order."""
    line: Ints
    """Index of the line."""
    qty: Ints
    reason: Ints
    opened: Ints
    minute: Ints
    came: Ints
    note: Ints
    """Slot of the credit note, where goods come."""

    @property
    def looked(self) -> Ints:
        """Tell when the goods are inspected."""
        return np.where(self.came < NEVER, self.came + LOOKED, NEVER)

    @property
    def closed(self) -> Ints:
        """Tell when the claim ends, by money or because it was dropped."""
        return np.where(self.came < NEVER, self.came + CLOSED, self.opened + DROPPED)


def claims_of(orders: Orders, lines: Lines, back: Returned) -> Claims:
    """Claim what is refused at the door, what is sent back, and now and then something in vain."""
    u, starts = orders.draws[:, 16], lines.starts
    refused = np.flatnonzero(orders.refused[lines.order] & (lines.first > 0))
    sent_back = np.flatnonzero(back.day < NEVER)
    calm = ~orders.refused & ~orders.difference & ~orders.silent & (orders.arrived < NEVER)
    vain = np.flatnonzero(calm & (u >= 0.03) & (u < 0.04) & (lines.first[starts] > 0))
    by_door = lines.order[refused]
    groups = (
        (by_door, refused, lines.first[refused], 0 * refused, orders.arrived[by_door],
         615, orders.returned[by_door], REFUSAL),
        (sent_back, starts[sent_back], back.qty[sent_back],
         scaled(another(u[sent_back] / SENT_BACK, 3), 1, 3), back.day[sent_back] - 3, 690,
         back.day[sent_back], RETURN),
        (vain, starts[vain], np.ones_like(vain), np.full_like(vain, 2), orders.arrived[vain] + 1,
         690, np.full_like(vain, NEVER), 0),
    )  # fmt: skip
    whole = (
        [np.broadcast_to(np.asarray(part, dtype=np.int64), group[0].shape) for part in group]
        for group in groups
    )
    return Claims(*(np.concatenate(column) for column in zip(*whole, strict=True)))


def claim_table(clock: Clock, orders: Orders, lines: Lines, claims: Claims, evening: int) -> Table:
    """Give the claims as an evening knows them: N draft, C sure, A came, L looked at, Z, X."""
    c, of = claims, claims.order
    zone, at = orders.zone[of], clock.instants
    came, looked, closed = (day <= evening for day in (c.came, c.looked, c.closed))
    comes = c.came < NEVER
    state = np.select([closed & comes, closed, looked, came, comes], [4, 5, 3, 2, 1], 0)
    last = [np.where(day <= evening, day, 0) for day in (c.opened, c.came, c.looked, c.closed)]
    return Table(
        "claim",
        {
            "id": orders.id[of],
            "line_no": lines.number[c.line],
            "dispatch_id": orders.id[of],
            "dispatch_line": lines.number[c.line],
            "qty": c.qty,
            "cause": words(REASONS, c.reason),
            "state": words("NCALZX", state),
            "opened_at": instants(at(c.opened, zone, c.minute)),
            "came_at": instants(at(c.came, zone, 660), came),
            "looked_at": instants(at(c.looked, zone, 720), looked),
            "closed_at": instants(at(c.closed, zone, 960), closed),
            "ending": words(["W", "M", None], np.where(state == 4, orders.passed[of], 2)),
            "note_id": numbers(orders.id[of] + c.note, came),
        },
        np.where(c.opened <= evening, np.max(last, axis=0), NEVER),
    )
