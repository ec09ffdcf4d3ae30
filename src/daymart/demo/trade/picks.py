"""What is picked with a scanner, and the faults people find."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.people import STOREKEEPER
from daymart.demo.picking import FAULTS, PICKERS
from daymart.demo.trade.clock import NEVER, Clock, Ints
from daymart.demo.trade.dice import another, scaled
from daymart.demo.trade.matters import PICKED_WRONG
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.tables import Table, instants, numbers, same, stacked, words

SCANNED = 0.2
"""Part of the orders picked with a scanner; the others are picked by paper and not recorded."""
FAULTY = 0.02
SHORT_SLOT = 20


def pick_tables(clock: Clock, orders: Orders, lines: Lines) -> Iterator[Table]:
    """Give the picks of dispatch lines with their faults; they never change."""
    scanned = orders.draws[:, 24] < SCANNED
    chosen = np.flatnonzero(scanned[lines.order])
    of = lines.order[chosen]
    tables = []
    for slot, qty, day in (
        (0, lines.first[chosen], orders.ship[of]),
        (2, lines.second[chosen], orders.ship_again[of]),
    ):
        on = np.where(qty > 0, day, NEVER)
        ids = orders.id[of] + (lines.number[chosen] - 1) * 2 + slot // 2
        minute = (795 if slot == 0 else 805) - ids % 30
        checked = ids % 3 > 0
        picked = clock.instants(on, orders.zone[of], minute)
        columns = {
            "id": ids,
            "dispatch_id": orders.id[of] + slot,
            "line_no": lines.number[chosen],
            "qty": qty,
            "picker_no": words(PICKERS, ids // 2 % 2),
            "checker_no": words([None, STOREKEEPER], checked),
            "picked_at": instants(picked),
            "sale_id": orders.id[of],
            "sale_line": lines.number[chosen],
        }
        tables.append(Table("pick", columns, on))
        u = another(orders.draws[of, 25], 11 + ids % 8)
        kind = scaled(another(u, 1), 0, len(FAULTS) - 1)
        seen = clock.instants(on, orders.zone[of], minute + 20)
        found = np.where(u < FAULTY, on, NEVER)
        tables.append(_faults(ids, ids, words(FAULTS, kind), words("LC", checked), seen, found))
    tables.append(_short(clock, orders, lines))
    yield from stacked(tables)


def _short(clock: Clock, orders: Orders, lines: Lines) -> Table:
    """Give what customers found short of scanned picks: a piece of the first line."""
    sent = lines.first[lines.starts] if len(orders.id) else orders.id
    short = orders.difference & (sent > 0) & (orders.draws[:, 24] < SCANNED)
    day = np.where(short, orders.arrived, NEVER)
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
