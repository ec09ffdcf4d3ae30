"""Counting: every place in its turn, what the books said then, and what differed."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from daymart.demo.core.people import STOREKEEPER
from daymart.demo.trade.clock import Clock, Flags, Ints
from daymart.demo.trade.dice import COUNTS, scaled, thrower
from daymart.demo.trade.inventory import CNT, USABLE, Mover, Moves
from daymart.demo.trade.master_tables import store_codes
from daymart.demo.trade.masters import Masters
from daymart.demo.trade.matters import BRIEF_SLOTS, Matters, brief
from daymart.demo.trade.orders import BLOCK
from daymart.demo.trade.scale import FIRST_COUNT, FIRST_ITEM, Scale
from daymart.demo.trade.supply import FIRST_BLOCK, Buyer, lot_index, lot_names
from daymart.demo.trade.tables import (
    Column,
    Session,
    Table,
    instants,
    joined,
    numbers,
    same,
    words,
)

CYCLE = 60
"""Working days from one count of a place to the next."""
FIRST_DAY = 5
AGED = 2
"""Blocks a lot is old when it is counted: nothing of it leaves any more."""
DIFFERS, POSTED = 0.15, 0.6
"""Part of the pairs of counts that differ; part of those whose difference is posted at once."""
EXPLAINED = 3
"""Working days until the cause of a difference that is not posted is found, most of the time."""
COUNTED_AT, POSTED_AT = 420, 425
"""Minutes of the morning: nothing moves in a store between them."""
CAUSES = ("put on the wrong shelf", "goods still in the yard", "wrong unit counted")


@dataclass(frozen=True)
class Counts:
    """One entry a count of a place's lot; quantities in base units."""

    id: Ints
    day: Ints
    place: Ints
    turn: Ints
    block: Ints
    variance: Ints
    posted: Flags
    explained: Flags
    """The cause of the difference is found later; where not, the difference stays open."""
    cause: Ints

    def chosen(self, which: Flags | Ints) -> "Counts":
        """Keep some of the counts."""
        columns = (getattr(self, name) for name in self.__dataclass_fields__)
        return Counts(*(column[which] for column in columns))


@dataclass(frozen=True)
class Counting:
    """Decide who counts what on which morning.

    Goods without lots are counted whole, others by the lot whose time is over. What a first count
    of two finds missing, the second finds again, and never more is missing than the safety stock
    of the place: so stock stays above nothing, by construction.
    """

    clock: Clock
    scale: Scale
    masters: Masters
    buyer: Buyer

    @cached_property
    def _first(self) -> Ints:
        return FIRST_DAY + np.arange(self.masters.places) * 7 % CYCLE

    @cached_property
    def _lots(self) -> Flags:
        item = np.arange(self.masters.places) % len(self.masters.item_price)
        return self.masters.item_lots[item] > 0

    def taken(self, first: int, last: int) -> Counts:
        """Return the counts of some mornings."""
        turns = range(max(0, (first - FIRST_DAY) // CYCLE - 1), max(0, last) // CYCLE + 1)
        found = []
        for turn in turns:
            day = self._first + turn * CYCLE
            place = np.flatnonzero((day >= first) & (day <= last))
            found.append(np.stack([place, day[place], np.full_like(place, turn)]))
        empty = np.zeros((3, 0), dtype=np.int64)
        place, day, turn = np.concatenate([*found, empty], axis=1)
        return self._counts(place, day, turn)

    def _counts(self, place: Ints, day: Ints, turn: Ints) -> Counts:
        safety = self.buyer.safety[place]
        pair = turn // 2
        u = np.zeros((len(place), 4))
        for number in np.unique(pair):
            of_pair = pair == number
            throw = thrower(self.buyer.seed, int(number), COUNTS)
            u[of_pair] = throw.random((self.masters.places, 4))[place[of_pair]]
        differs = (u[:, 0] < DIFFERS) & (safety >= 2) & ~self._lots[place]
        size = np.minimum(scaled(u[:, 1], 1, 3), np.maximum(safety - 1, 0))
        variance = np.where(differs, np.where(turn % 2, size, -size), 0)
        item = place % len(self.masters.item_price)
        aged = (day - item % BLOCK) // BLOCK - AGED
        return Counts(
            id=FIRST_COUNT + BRIEF_SLOTS * (place + turn * self.masters.places),
            day=day,
            place=place,
            turn=turn,
            block=np.where(self._lots[place], aged, FIRST_BLOCK),
            variance=variance,
            posted=differs & (u[:, 2] < POSTED),
            explained=differs & (u[:, 2] >= POSTED) & (u[:, 2] < 0.95),
            cause=scaled(u[:, 3], 0, len(CAUSES) - 1),
        )

    def moves(self, counts: Counts) -> Moves:
        """Return the differences that are posted, minutes after the count."""
        mover, c = Mover(), counts
        qty = np.where(c.posted, c.variance, 0)
        mover.add(c.id, c.day, (c.place, c.block), qty, CNT, USABLE, c.id, 0, POSTED_AT)
        return mover.moves()

    def matters(self, counts: Counts) -> Matters:
        """Tell sales of the differences."""
        c = counts.chosen(counts.variance != 0)
        items = len(self.masters.item_price)
        store = words(store_codes(self.scale), c.place // items)
        about = joined(c.place % items + FIRST_ITEM, " in ", store)
        return brief("CNT", c.id, c.day, about)

    def sheets(self, day: Ints) -> Column:
        """Number the sheets: one a morning."""
        days = [self.clock.date_of(number) for number in range(int(day.max(initial=0)) + 1)]
        return words([f"TC-{on:%y%m%d}" for on in days], day)

    def table(self, counts: Counts, books: Ints, evening: int) -> Table:
        """Give the counts as an evening knows them; where the books had nothing, nobody counts."""
        c = counts.chosen(books != 0)
        book = books[books != 0]
        items = len(self.masters.item_price)
        item, store = c.place % items, c.place // items
        zone = self.masters.store_zone[store]
        explained = c.explained & (c.day + EXPLAINED <= evening)
        open_still = (c.variance != 0) & ~c.posted & ~explained
        taken = self.clock.instants(c.day, zone, COUNTED_AT)
        return Table(
            "stock_check",
            {
                "no": self.sheets(c.day),
                "store": words(store_codes(self.scale), store),
                "item_id": item + FIRST_ITEM,
                "lot": words(lot_names(self.clock), lot_index(self.masters, item, c.block)),
                "taken_at": instants(taken),
                "book": book,
                "found": book + c.variance,
                "counter_no": same(STOREKEEPER, len(book)),
                "status": words("EPO", np.where(open_still, 2, c.posted)),
                "entry_id": numbers(c.id, c.posted),
                "cause": words([*CAUSES, None], np.where(explained, c.cause, len(CAUSES))),
            },
            np.where(explained, c.day + EXPLAINED, c.day),
        )

    def slot(self, moves: Moves) -> tuple[Flags, Ints]:
        """Tell which moves a count sees as its book quantity changes, and its turn."""
        place = moves.place
        item = place % len(self.masters.item_price)
        lots = self._lots[place]
        over = (moves.block + AGED) * BLOCK + item % BLOCK
        since = np.where(lots, over, moves.day + 1) - self._first[place]
        turn = np.maximum(-(-since // CYCLE), 0)
        day = self._first[place] + turn * CYCLE
        same_lot = (day - item % BLOCK) // BLOCK - AGED == moves.block
        seen = (moves.quality == USABLE) & (~lots | (same_lot & (moves.day < day)))
        return seen, turn


class CountedBooks:
    """What the books say at each count, added up from moves in any order."""

    def __init__(self, counting: Counting, until: int) -> None:
        self._counting = counting
        self._places = counting.masters.places
        self._sums = np.zeros((until // CYCLE + 2, self._places), dtype=np.int64)

    def post(self, moves: Moves) -> None:
        """Add moves to the next count of their place, or to the one count of their lot."""
        seen, turn = self._counting.slot(moves)
        seen &= turn < len(self._sums)
        np.add.at(self._sums, (turn[seen], moves.place[seen]), moves.qty[seen])

    def at(self, counts: Counts) -> Ints:
        """Return the book quantities of counts."""
        running = np.where(self._counting._lots, self._sums, np.cumsum(self._sums, axis=0))
        return running[counts.turn, counts.place]


def books_of_evening(session: Session, counting: Counting, counts: Counts) -> Ints:
    """Read the book quantities of counts from the balances of the evening before each.

    Nothing moves between that evening and a count in the morning.
    """
    scale, masters = counting.scale, counting.masters
    items = len(masters.item_price)
    codes, lots = store_codes(scale), lot_names(counting.clock)
    names = lot_index(masters, counts.place % items, counts.block)
    rows = session.execute(
        "select coalesce(balance.qty, 0)::bigint"
        " from unnest(%s::date[], %s::text[], %s::integer[], %s::text[]) with ordinality"
        " as asked (day, store, item_id, lot, place)"
        " left join erp.stock_balance as balance"
        " on (balance.day, balance.store, balance.item_id, balance.lot, balance.quality)"
        " = (asked.day, asked.store, asked.item_id, asked.lot, 'A') order by asked.place",
        [
            [counting.clock.date_of(day - 1) for day in counts.day.tolist()],
            [codes[store] for store in (counts.place // items).tolist()],
            (counts.place % items + FIRST_ITEM).tolist(),
            [lots[lot] for lot in names.tolist()],
        ],
    )
    return np.array([row[0] for row in rows], dtype=np.int64)
