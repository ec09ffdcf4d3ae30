"""What the sellers of the bulk trade do: leads on their way, contacts, questions in vain."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daymart.demo.core.crm import NEXT, ORIGINS, RESULTS, TOUCHES, WHYS, WORDS
from daymart.demo.core.people import BUYER
from daymart.demo.trade import dice
from daymart.demo.trade.clock import EPOCH, NEVER, Clock, Floats, Ints
from daymart.demo.trade.dice import another, picked, scaled, thrower
from daymart.demo.trade.master_tables import brand_names, brand_of, seller_names
from daymart.demo.trade.masters import Masters
from daymart.demo.trade.orders import seller_of
from daymart.demo.trade.scale import FIRST_ID, FIRST_ITEM, FIRST_PARTNER, SLOTS, Scale
from daymart.demo.trade.tables import (
    Column,
    Table,
    decimals,
    instants,
    joined,
    numbers,
    same,
    stacked,
    words,
)

STAGES = (*NEXT, "WON")
"""Stages of a lead, in their order."""
LOSES = 0.3
"""Part of the leads lost at each stage."""
LONGEST_LEAD = 26
"""Working days at most from a lead to its end, and from a question to its answer."""
SECONDS = (8, 60, 180, 420, 1800, 3600)
VERDICTS = ("O", "O", "S", "Q", "D")
QUARTERS = 15


@dataclass(frozen=True)
class Contacts:
    """Draw the notebook of the sellers, day by day."""

    seed: int
    clock: Clock
    scale: Scale
    masters: Masters

    def of_days(self, first: int, last: int, evening: int) -> Iterator[Table]:
        """Give every row of what began on some days, as an evening knows it."""
        number, u = self._thrown(first, last, dice.LEADS, self.scale.leads_a_day, 12)
        yield from stacked(list(self._leads(number, u, evening)))
        mean = 3.5 * self.scale.sellers
        yield self._touches(*self._thrown(first, last, dice.TOUCHES, mean, 9))
        yield from self._asks(*self._thrown(first, last, dice.ASKS, self.scale.leads_a_day, 9))

    def _thrown(
        self, first: int, last: int, table: int, mean: float, width: int
    ) -> tuple[tuple[Ints, Ints], Floats]:
        """Throw for what begins on some days; return its days and numbers, and the draws."""
        days, draws = [np.zeros(0, dtype=np.int64)], [np.zeros((0, width))]
        ids = [np.zeros(0, dtype=np.int64)]
        for number in range(max(first, 0), last + 1):
            throw = thrower(self.seed, (self.clock.date_of(number) - EPOCH).days, table)
            count = min(int(throw.poisson(mean)), self.scale.ids_a_day // SLOTS)
            draws.append(throw.random((count, width)))
            days.append(np.full(count, number))
            begin = FIRST_ID + number * self.scale.ids_a_day
            ids.append(begin + np.arange(count, dtype=np.int64) * SLOTS)
        return (np.concatenate(days), np.concatenate(ids)), np.concatenate(draws)

    def _leads(self, born: tuple[Ints, Ints], u: Floats, evening: int) -> Iterator[Table]:
        """Let leads come, move on or get lost; a won one is a customer and goes to its seller."""
        day, ids = born
        hunter = scaled(u[:, 0], 0, self.scale.sellers - 1)
        closer = (hunter + 1 + scaled(u[:, 1], 0, self.scale.sellers - 2)) % self.scale.sellers
        customer = picked(u[:, 2], np.ones(self.scale.customers))
        wait = 1 + (u[:, 4:8] * 6).astype(np.int64)
        lost = u[:, 8:12] < LOSES
        alive = np.cumprod(~lost, axis=1).astype(bool)
        reached = np.concatenate([np.ones((len(day), 1), dtype=bool), alive[:, :-1]], axis=1)
        on = day[:, None] + np.cumsum(wait, axis=1)
        steps = np.where(reached, on, NEVER)
        qualified = np.where(alive[:, 0], steps[:, 0], NEVER)
        won = np.where(alive[:, 3], steps[:, 3], NEVER)
        taken = np.where(u[:, 3] < 0.9, qualified + 1, NEVER)
        keeper = seller_of(self.scale, customer, np.where(won < NEVER, won, 0))
        changes = won != NEVER
        at_last = np.where(won <= evening, keeper, np.where(qualified <= evening, closer, hunter))
        known = [np.where(d <= evening, d, 0) for d in (day, qualified, won)]
        names = seller_names(self.scale)
        yield Table(
            "lead",
            {
                "id": ids,
                "came_at": self._at(day, self._minute(u[:, 0])),
                "origin": words(ORIGINS, ids // SLOTS % len(ORIGINS)),
                "owner_no": words(names, at_last),
                "partner_id": numbers(customer + FIRST_PARTNER, won <= evening),
            },
            np.max(known, axis=0),
        )
        yield self._step(ids, 0, None, "NEW", day, self._minute(u[:, 0]), words(names, hunter), u)
        for number in range(4):
            minute = self._minute(another(u[:, 0], number + 1))
            by = words(names, hunter if number == 0 else closer)
            was, slot = STAGES[number], 2 * number + 1
            lost_on = np.where(lost[:, number], steps[:, number], NEVER)
            won_on = np.where(lost[:, number], NEVER, steps[:, number])
            yield self._step(ids, slot, was, "LST", lost_on, minute, by, u)
            yield self._step(ids, slot + 1, was, STAGES[number + 1], won_on, minute, by, u)
        yield self._pass(ids, 0, hunter, closer, qualified, taken, evening)
        given = np.where(changes & (keeper != closer), won, NEVER)
        yield self._pass(
            ids, 1, closer, keeper, given, np.where(given < NEVER, given + 1, NEVER), evening
        )

    def _step(
        self,
        ids: Ints,
        slot: int,
        was: str | None,
        becomes: str,
        day: Ints,
        minute: Ints,
        by: Column,
        u: Floats,
    ) -> Table:
        count = len(ids)
        worth = scaled(another(u[:, 1], slot), 3, 80) * 10_000
        has = np.full(count, becomes not in ("NEW", "LST"))
        columns = {
            "id": ids + slot,
            "lead_id": ids,
            "was": same(was, count),
            "becomes": same(becomes, count),
            "at": self._at(day, minute),
            "by_no": by,
            "worth": decimals(worth, 2, has),
        }
        return Table("lead_step", columns, day)

    def _pass(
        self,
        ids: Ints,
        slot: int,
        giver: Ints,
        taker: Ints,
        day: Ints,
        taken: Ints,
        evening: int,
    ) -> Table:
        """Hand a lead over in the evening of the step; the taker agrees next morning or never."""
        names, agreed = seller_names(self.scale), taken <= evening
        columns = {
            "id": ids + slot,
            "lead_id": ids,
            "giver_no": words(names, giver),
            "taker_no": words(names, taker),
            "given_at": self._at(day, np.full_like(ids, 1025)),
            "taken_at": self._at(taken, 555 + ids // SLOTS % 40, agreed),
        }
        return Table("lead_pass", columns, np.where(agreed & (day < NEVER), taken, day))

    def _touches(self, born: tuple[Ints, Ints], u: Floats) -> Table:
        """Note what was planned and done; a seller meets the customers of others now and then."""
        day, ids = born
        customer = picked(u[:, 0], self.masters.customer_weight)
        owner = seller_of(self.scale, customer, day)
        stands_in = u[:, 1] < 0.1
        seller = np.where(stands_in, scaled(u[:, 2], 0, self.scale.sellers - 1), owner)
        minute = self._minute(u[:, 3]) // QUARTERS * QUARTERS
        done, planned = u[:, 4] < 0.95, u[:, 5] < 0.7
        columns = {
            "id": ids,
            "type": words(TOUCHES, scaled(u[:, 6], 0, len(TOUCHES) - 1)),
            "planned_at": self._at(day, minute, planned | ~done),
            "done_at": self._at(day, minute + scaled(another(u[:, 3], 1), 0, 20), done),
            "staff_no": words(seller_names(self.scale), seller),
            "partner_id": customer + FIRST_PARTNER,
            "seconds": np.array(SECONDS)[scaled(u[:, 7], 0, len(SECONDS) - 1)],
            "result": words(RESULTS, scaled(u[:, 8], 0, len(RESULTS) - 1)),
        }
        return Table("touch", columns, day)

    def _asks(self, born: tuple[Ints, Ints], u: Floats) -> Iterator[Table]:
        """Note what customers asked for in vain, and what purchasing answers."""
        day, ids = born
        customer = picked(u[:, 0], self.masters.customer_weight)
        item = picked(u[:, 1], self.masters.item_weight)
        why = scaled(u[:, 2], 0, len(WHYS) - 1)
        listed = why != WHYS.index("R")
        brand = words(brand_names(self.scale), brand_of(self.scale, item))
        title = joined(brand, " article ", item + 1)
        spoken = words(WORDS, scaled(u[:, 3], 0, len(WORDS) - 1))
        seller = seller_of(self.scale, customer, day)
        yield Table(
            "ask",
            {
                "id": ids,
                "asked_at": self._at(day, self._minute(u[:, 4])),
                "staff_no": words(seller_names(self.scale), seller),
                "partner_id": customer + FIRST_PARTNER,
                "item_id": numbers(item + FIRST_ITEM, listed),
                "words": pc.if_else(pa.array(listed), title, spoken),
                "qty": scaled(u[:, 5], 1, 40),
                "why": words(WHYS, why),
                "lost": u[:, 6] < 0.4,
            },
            day,
        )
        verdict = np.where(listed, scaled(another(u[:, 7], 1), 0, 3), 4)
        answered = np.where(u[:, 7] < 0.85, day + scaled(u[:, 8], 1, 4), NEVER)
        yield Table(
            "ask_reply",
            {
                "ask_id": ids,
                "verdict": words(VERDICTS, verdict),
                "words": same("by the buyer", len(ids)),
                "decided_at": self._at(answered, 840 + ids // SLOTS % 60),
                "staff_no": same(BUYER, len(ids)),
            },
            answered,
        )

    def _minute(self, draw: Floats) -> Ints:
        """Take a minute of office hours, before the evening in any case."""
        return scaled(draw, 540, 1010)

    def _at(self, day: Ints, minute: Ints, given: np.ndarray | None = None) -> Column:
        return instants(self.clock.instants(day, np.zeros_like(day), minute), given)
