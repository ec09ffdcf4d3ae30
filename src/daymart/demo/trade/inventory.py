"""Movements of bulk goods, and the evening balances they add up to."""

from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import NEVER, Flags, Ints
from daymart.demo.trade.masters import Masters
from daymart.demo.trade.money import Returned
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.supply import FIRST_BLOCK, Opening, Supplies

QUALITIES = ("A", "Q", "D", "R")
USABLE, QUARANTINE, DAMAGED, WAITING = range(4)
KINDS = ("SAL", "RET", "QST", "PUR", "CNT")
SAL, RET, QST, PUR, CNT = range(5)
LINE_SLOTS = 8


@dataclass(frozen=True)
class Moves:
    """One entry a stock entry: signed base quantities of a place's block, on working days."""

    id: Ints
    day: Ints
    place: Ints
    block: Ints
    quality: Ints
    qty: Ints
    kind: Ints
    doc: Ints
    line: Ints
    cancels: Ints
    minute: Ints


class Mover:
    """Collect moves."""

    def __init__(self) -> None:
        self._rows: list[tuple[Ints, ...]] = []

    def add(
        self,
        ids: Ints,
        day: Ints,
        place: tuple[Ints, Ints],
        qty: Ints,
        kind: int,
        quality: int | Ints,
        doc: Ints,
        line: Ints | int,
        minute: int,
        cancels: Ints | int = 0,
    ) -> None:
        """Add a move wherever its day comes and it moves something."""
        keep = np.flatnonzero((day < NEVER) & (qty != 0))
        columns = (ids, day, *place, quality, qty, kind, doc, line, cancels, minute)
        whole = (np.broadcast_to(np.asarray(c, dtype=np.int64), ids.shape) for c in columns)
        self._rows.append(tuple(column[keep] for column in whole))

    def moves(self) -> Moves:
        """Return everything added so far."""
        return Moves(*(np.concatenate(column) for column in zip(*self._rows, strict=True)))


def moves_of_orders(orders: Orders, lines: Lines, back: Returned) -> Moves:
    """Return what dispatches, refusals and returns of the orders move."""
    mover, order = Mover(), lines.order
    ids = orders.id[order] + (lines.number - 1) * LINE_SLOTS
    place, first = (lines.place, lines.block), lines.first * lines.times
    second = lines.second * lines.times
    docs = orders.id[order]
    mover.add(ids, orders.ship[order], place, -first, SAL, USABLE, docs, lines.number, 840)
    taken = orders.taken_back[order]
    mover.add(ids + 1, taken, place, first, SAL, USABLE, docs + 1, lines.number, 570, ids)
    again = np.where(second > 0, orders.ship_again[order], NEVER)
    mover.add(ids + 2, again, place, -second, SAL, USABLE, docs + 2, lines.number, 850)
    qty = np.where(orders.refused[order], first, 0)
    unit = np.zeros_like(qty)
    comes = back.day < NEVER
    unit[back.line[comes]] = (back.qty * lines.times[back.line])[comes]
    day = np.where(unit > 0, back.day[order], np.where(qty > 0, orders.returned[order], NEVER))
    verdict = np.where(orders.passed[order], USABLE, DAMAGED)
    came, checked = qty + unit, np.where(day < NEVER, day + 2, NEVER)
    mover.add(ids + 3, day, place, came, RET, WAITING, docs, lines.number, 660)
    mover.add(ids + 4, checked, place, -came, QST, WAITING, docs, lines.number, 720)
    mover.add(ids + 5, checked, place, came, QST, verdict, docs, lines.number, 720)
    return mover.moves()


def moves_of_supplies(supplies: Supplies) -> Moves:
    """Return what receipts and their inspection move."""
    mover, s = Mover(), supplies
    place, first = (s.place, s.block), s.first * s.times
    quality = np.where(s.quarantined, QUARANTINE, USABLE)
    mover.add(s.id, s.arrived, place, first, PUR, quality, s.id, 1, 545)
    again = s.second * s.times
    mover.add(s.id + 1, s.arrived_again, place, again, PUR, USABLE, s.id + 1, 1, 550)
    checked = np.where(s.quarantined, s.arrived + 1, NEVER)
    good = first - s.damaged
    for slot, qty, verdict in ((2, good, USABLE), (4, s.damaged, DAMAGED)):
        mover.add(s.id + slot, checked, place, -qty, QST, QUARANTINE, s.id, 0, 720)
        mover.add(s.id + slot + 1, checked, place, qty, QST, verdict, s.id, 0, 720)
    return mover.moves()


def moves_of_opening(opening: Opening, first_id: int) -> Moves:
    """Return the counts of the first morning."""
    mover = Mover()
    ids = first_id + np.arange(len(opening.qty))
    day = np.zeros_like(ids)
    place = (opening.place, opening.block)
    mover.add(ids, day, place, opening.qty, CNT, USABLE, day, 0, 420)
    return mover.moves()


class Shelves:
    """Levels of every place, lot and quality, and how the last evenings changed them."""

    def __init__(self, masters: Masters, blocks: int, kept_from: int) -> None:
        item = np.arange(masters.places) % len(masters.item_price)
        self._lots: Flags = masters.item_lots[item] > 0
        width = np.where(self._lots, blocks, 1)
        self._first = np.cumsum(width) - width
        self._place = np.repeat(np.arange(masters.places), width)
        self._levels = np.zeros(int(width.sum()) * len(QUALITIES), dtype=np.int64)
        self._kept_from = kept_from
        self._recent: dict[int, list[tuple[Ints, Ints]]] = {}

    def post(self, moves: Moves, until: int) -> None:
        """Add moves up to an evening; those of kept evenings are remembered by day."""
        shift = np.where(self._lots[moves.place], moves.block - FIRST_BLOCK, 0)
        at = (self._first[moves.place] + shift) * len(QUALITIES) + moves.quality
        early = moves.day <= self._kept_from
        np.add.at(self._levels, at[early], moves.qty[early])
        late = np.flatnonzero(~early & (moves.day <= until))
        order = late[np.argsort(moves.day[late], kind="stable")]
        days, starts = np.unique(moves.day[order], return_index=True)
        for day, part in zip(days, np.split(order, starts[1:]), strict=False):
            self._recent.setdefault(int(day), []).append((at[part], moves.qty[part]))

    def evening(self, day: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Go on to a kept evening; return place, block, quality and quantity of what lies there."""
        for at, qty in self._recent.pop(day, []):
            np.add.at(self._levels, at, qty)
        there = np.flatnonzero(self._levels)
        slot, quality = there // len(QUALITIES), there % len(QUALITIES)
        place = self._place[slot]
        return place, slot - self._first[place] + FIRST_BLOCK, quality, self._levels[there]
