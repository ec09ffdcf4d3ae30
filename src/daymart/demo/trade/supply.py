"""Purchases that replenish what orders will take, by the column.

A replenishment covers what leaves a place in one block of ten working days. The buyer of this
company forecasts perfectly: orders are drawn independently of stock, so the generator may look
ahead, order exactly what a block needs and a little more, and let it arrive, slips included, on
the eve of the block at the latest. So no stock falls below nothing, by construction.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from daymart.demo.trade.clock import BEFORE, EPOCH, NEVER, Clock, Flags, Ints
from daymart.demo.trade.dice import SUPPLY, another, scaled, thrower
from daymart.demo.trade.masters import Masters
from daymart.demo.trade.orders import BLOCK, Lines
from daymart.demo.trade.scale import FIRST_ID, SUPPLY_SLOTS, Scale

FIRST_BLOCK = -2
LOOKAHEAD = 50
"""Working days of coming orders that today's purchases know."""
LONGEST_SUPPLY = 50
"""Working days at most from a purchase to its last event."""
ROAD = 3
MOST_SAFETY = 25


class Need:
    """What orders will take from each place in each block, in base units."""

    def __init__(self, places: int, days: int) -> None:
        blocks = (days + LOOKAHEAD) // BLOCK + 6
        self.table = np.zeros((blocks, places), dtype=np.int32)

    def add(self, lines: Lines) -> None:
        """Add what the lines will take."""
        taken = ((lines.qty - lines.dropped) * lines.times).astype(np.int32)
        inside = lines.block - FIRST_BLOCK < len(self.table)
        at = (lines.block[inside] - FIRST_BLOCK, lines.place[inside])
        np.add.at(self.table, at, taken[inside])


@dataclass(frozen=True)
class Supplies:
    """One entry a purchase line; days are numbers of working days, quantities in its unit."""

    id: Ints
    purchase: Ints
    number: Ints
    supplier: Ints
    place: Ints
    block: Ints
    item: Ints
    store: Ints
    unit: Ints
    times: Ints
    placed: Ints
    qty: Ints
    cancelled: Ints
    first: Ints
    second: Ints
    eta: Ints
    """First confirmed day."""
    warned: Ints
    """Day of an early warning, with one day's slip."""
    slipped: Ints
    """Day the last date became known."""
    arrived: Ints
    arrived_again: Ints
    left: Ints
    left_again: Ints
    quarantined: Flags
    damaged: Ints
    """Base units found damaged at inspection."""


@dataclass(frozen=True)
class Opening:
    """What lies in the stores on the first morning: one entry a place and block."""

    place: Ints
    block: Ints
    qty: Ints


@dataclass(frozen=True)
class Buyer:
    """Turn needs into purchases and the opening stock."""

    seed: int
    scale: Scale
    clock: Clock
    masters: Masters

    def starts(self, block: Ints | int) -> Ints:
        """Return for all places the first working day of a block."""
        item = np.arange(self.masters.places) % len(self.masters.item_price)
        return block * BLOCK + item % BLOCK

    @cached_property
    def safety(self) -> Ints:
        """Draw for each place what always lies there, in base units."""
        dice = thrower(self.seed, 1, SUPPLY)
        return scaled(dice.random(self.masters.places), 0, MOST_SAFETY)

    def opening(self, need: Need) -> Opening:
        """Count what is needed before the first purchase can arrive, and a little safety."""
        place = np.arange(self.masters.places)
        rows = [(place, np.full_like(place, FIRST_BLOCK), self.safety)]
        for index, needed in enumerate(need.table):
            block = np.full_like(place, index + FIRST_BLOCK)
            early = self._placed(place, self.starts(index + FIRST_BLOCK)) < 0
            rows.append((place[early], block[early], needed[early].astype(np.int64)))
        columns = [np.concatenate(column) for column in zip(*rows, strict=True)]
        some = columns[2] > 0
        return Opening(*(column[some] for column in columns))

    def placed(self, need: Need, first: int, last: int) -> Supplies:
        """Return the purchases placed from first to last day, both included."""
        places, blocks, needs, days = [], [], [], []
        for index, needed in enumerate(need.table):
            placed = self._placed(np.arange(len(needed)), self.starts(index + FIRST_BLOCK))
            chosen = np.flatnonzero((placed >= max(first, 0)) & (placed <= last) & (needed > 0))
            places.append(chosen)
            blocks.append(np.full(len(chosen), index + FIRST_BLOCK))
            needs.append(needed[chosen].astype(np.int64))
            days.append(placed[chosen])
        place, block, need_, day = (np.concatenate(part) for part in (places, blocks, needs, days))
        item, store = self._where(place)
        supplier = self.masters.item_supplier[item]
        order = np.lexsort((block, item, supplier, store, day))
        return self._supplies(place[order], block[order], need_[order], day[order])

    def _where(self, place: Ints) -> tuple[Ints, Ints]:
        items = len(self.masters.item_price)
        return place % items, place // items

    def _placed(self, place: Ints, start: Ints) -> Ints:
        item, _ = self._where(place)
        supplier = self.masters.item_supplier[item]
        lead = self.masters.supplier_lead[supplier] + self.masters.supplier_slip[supplier]
        return start - 1 - lead

    def _draws(self, days: Ints) -> np.ndarray:
        found, counts = np.unique(days, return_counts=True)
        throws = [
            thrower(self.seed, (self.clock.date_of(int(n)) - EPOCH).days, SUPPLY).random((k, 5))
            for n, k in zip(found, counts, strict=True)
        ]
        return np.concatenate(throws) if throws else np.zeros((0, 5))

    def _supplies(self, place: Ints, block: Ints, need: Ints, placed: Ints) -> Supplies:
        masters = self.masters
        item, store = self._where(place)
        supplier = masters.item_supplier[item]
        u = self._draws(placed)
        times = masters.item_times[item]
        count = -(-(need + need // 50) // times)
        cancelled = np.where(u[:, 0] < 0.03, 1 + count // 10, 0)
        most = masters.supplier_slip[supplier]
        eta = placed + masters.supplier_lead[supplier]
        slips = np.where(u[:, 1] < 0.35, scaled_up(another(u[:, 1], 5), most), 0)
        arrived = eta + slips
        latest = eta + most
        splits = (u[:, 2] < 0.15) & (count >= 4) & (arrived < latest)
        again = np.where(splits, np.minimum(arrived + 2, latest), NEVER)
        second = np.where(splits, count // 2, 0)
        quarantined = ~splits & (u[:, 3] < 0.08)
        left = arrived - ROAD
        ids, heads, numbers = self._numbers(placed, store, supplier)
        return Supplies(
            id=ids,
            purchase=heads,
            number=numbers,
            supplier=supplier,
            place=place,
            block=block,
            item=item,
            store=store,
            unit=np.where(
                masters.item_pack[item] > 0, masters.item_pack[item], masters.item_unit[item]
            ),
            times=times,
            placed=placed,
            qty=count + cancelled,
            cancelled=cancelled,
            first=count - second,
            second=second,
            eta=eta,
            warned=np.where(slips >= 3, eta - 4, NEVER),
            slipped=np.where(slips > 0, eta - 3, NEVER),
            arrived=arrived,
            arrived_again=again,
            left=left,
            left_again=np.where(splits, left + (again - arrived), NEVER),
            quarantined=quarantined,
            damaged=np.where(quarantined & (u[:, 4] < 0.3), count * times - need, 0),
        )

    def _numbers(self, placed: Ints, store: Ints, supplier: Ints) -> tuple[Ints, Ints, Ints]:
        """Number the lines of a day; a purchase is the lines of a store from a supplier."""
        index = np.arange(len(placed))
        if not len(index):
            return index, index, index
        new_day = np.concatenate([[True], placed[1:] != placed[:-1]])
        key = store * self.scale.suppliers + supplier
        new_head = new_day | np.concatenate([[True], key[1:] != key[:-1]])
        of_day = index - np.maximum.accumulate(np.where(new_day, index, 0))
        heads = np.maximum.accumulate(np.where(new_head, index, 0))
        first = FIRST_ID + placed * self.scale.ids_a_day + self.scale.first_purchase
        ids = first + of_day * SUPPLY_SLOTS
        return ids, ids[heads], index - heads + 1


def scaled_up(draw: np.ndarray, most: Ints) -> Ints:
    """Turn draws into integers from 1 to a bound of each."""
    return 1 + (draw * most).astype(np.int64)


def lot_names(clock: Clock) -> list[str]:
    """Name lots by the first day of their block; the first name is of goods without lots."""
    days = [clock.date_of(number) for number in range(-BEFORE, len(clock.dates) - BEFORE)]
    return ["", *(f"L{day:%y%m%d}" for day in days)]


def lot_index(masters: Masters, item: Ints, block: Ints) -> Ints:
    """Find the lot of an item's block among the lot names."""
    start = block * BLOCK + item % BLOCK + BEFORE + 1
    return np.where(masters.item_lots[item] > 0, start, 0)
