"""What is picked with a scanner, and the faults people find."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daymart.demo.core.people import STOREKEEPER
from daymart.demo.core.picking import FAULTS, PICKERS
from daymart.demo.trade.clock import NEVER, Clock, Flags, Ints
from daymart.demo.trade.dice import another, scaled
from daymart.demo.trade.matters import PICKED_WRONG
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.tables import Table, instants, numbers, same, stacked, words

SCANNED = 0.2
"""Part of the orders picked with a scanner; the others are picked by paper and not recorded."""
FAULTY = 0.02
SHORT_SLOT = 20


@dataclass(frozen=True)
class Picks:
    """One entry a line picked with a scanner; `fault` says what was wrong where it is `faulty`."""

    id: Ints
    line: Ints
    """Index of the line."""
    slot: Ints
    """0 for the first dispatch of the order, 2 for the second."""
    qty: Ints
    """Quantity in the line's unit."""
    day: Ints
    checked: Flags
    faulty: Flags
    fault: Ints


def picks_of(orders: Orders, lines: Lines) -> Picks:
    """Decide which lines are picked with a scanner, who looks at them and what is found."""
    chosen = np.flatnonzero((orders.draws[:, 24] < SCANNED)[lines.order])
    of = lines.order[chosen]
    first = orders.id[of] + (lines.number[chosen] - 1) * 2
    ids = np.concatenate([first, first + 1])
    line, of = np.tile(chosen, 2), np.tile(of, 2)
    slot = np.repeat([0, 2], len(chosen))
    qty = np.where(slot == 0, lines.first[line], lines.second[line])
    day = np.where(slot == 0, orders.ship[of], orders.ship_again[of])
    u = another(orders.draws[of, 25], 11 + ids % 8)
    return Picks(
        id=ids,
        line=line,
        slot=slot,
        qty=qty,
        day=np.where(qty > 0, day, NEVER),
        checked=ids % 3 > 0,
        faulty=u < FAULTY,
        # Of the draws below FAULTY each kind has its equal part.
        fault=scaled(np.minimum(u / FAULTY, 1 - 1e-9), 0, len(FAULTS) - 1),
    )


def found_short(orders: Orders, lines: Lines) -> Ints:
    """Tell the day a customer finds a piece of the scanned first line of an order missing."""
    sent = lines.first[lines.starts] if len(orders.id) else orders.id
    short = orders.difference & (sent > 0) & (orders.draws[:, 24] < SCANNED)
    return np.where(short, orders.arrived, NEVER)


def pick_tables(clock: Clock, orders: Orders, lines: Lines) -> Iterator[Table]:
    """Give the picks of dispatch lines with their faults; they never change."""
    picks = picks_of(orders, lines)
    of, ids = lines.order[picks.line], picks.id
    minute = np.where(picks.slot == 0, 795, 805) - ids % 30
    columns = {
        "id": ids,
        "dispatch_id": orders.id[of] + picks.slot,
        "line_no": lines.number[picks.line],
        "qty": picks.qty,
        "picker_no": words(PICKERS, ids // 2 % 2),
        "checker_no": words([None, STOREKEEPER], picks.checked),
        "picked_at": instants(clock.instants(picks.day, orders.zone[of], minute)),
        "sale_id": orders.id[of],
        "sale_line": lines.number[picks.line],
    }
    yield Table("pick", columns, picks.day)
    seen = clock.instants(picks.day, orders.zone[of], minute + 20)
    found = np.where(picks.faulty, picks.day, NEVER)
    kind, by = words(FAULTS, picks.fault), words("LC", picks.checked)
    faults = _faults(ids, ids, kind, by, seen, found)
    yield from stacked([faults, _short(clock, orders, lines)])


def _short(clock: Clock, orders: Orders, lines: Lines) -> Table:
    """Give what customers found short of scanned picks: a piece of the first line."""
    day = found_short(orders, lines)
    seen = clock.instants(day, orders.zone, 605)
    count = len(day)
    ticket = orders.id + PICKED_WRONG
    kind, by = same("SHT", count), same("K", count)
    return _faults(orders.id + SHORT_SLOT, orders.id, kind, by, seen, day, ticket)


def _faults(
    ids: Ints,
    picks: Ints,
    kind: object,
    by: object,
    seen: Ints,
    day: Ints,
    ticket: Ints | None = None,
) -> Table:
    none = np.full(len(ids), ticket is not None)
    columns = {
        "id": ids,
        "pick_id": picks,
        "type": kind,
        "qty": np.ones_like(ids),
        "seen_by": by,
        "seen_at": instants(seen),
        "ticket_id": numbers(ids if ticket is None else ticket, none),
    }
    return Table("pick_fault", columns, day)
