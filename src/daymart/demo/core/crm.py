"""Leads, what sellers do, and what customers asked for in vain."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from daymart.demo.core.desks import Ask, AskReply, Lead, LeadPass, LeadStep, Touch
from daymart.demo.core.people import BUYER, MAIN, ORDINARY_ITEMS, REGULARS, SELLERS
from daymart.demo.core.records import Item
from daymart.demo.core.world import World

HUNTER, CLOSER = "E003", "E006"
ORIGINS = ("web form", "fair", "cold call", "recommendation")
NEXT = {"NEW": "QLF", "QLF": "OFF", "OFF": "NEG", "NEG": "WON"}
TOUCHES = ("CAL", "CAL", "CAL", "CAL", "MTG", "OFF", "DEM", "EQP", "POS")
RESULTS = ("agreed", "call again", "no answer", "thinks about it")
WHYS = ("N", "N", "L", "P", "R")
WORDS = ("height adjustable desk", "laminator", "thermal mugs", "picture frames")


@dataclass
class Crm:
    """Let leads come and move, and note what sellers do."""

    world: World
    _moving: list[tuple[date, Lead, str]] = field(default_factory=list)
    _passes: list[LeadPass] = field(default_factory=list)
    _asks: list[tuple[date, Ask]] = field(default_factory=list)

    def work(self) -> None:
        """Live one day of the sellers' notebook."""
        dice = self.world.dice_of("crm")
        self._accept()
        for entry in [m for m in self._moving if m[0] <= self.world.today]:
            self._moving.remove(entry)
            self._move_on(dice, entry[1], entry[2])
        for _ in range(dice.choice((0, 1, 1, 2, 3))):
            self._lead(dice)
        for seller in SELLERS:
            for _ in range(dice.randint(2, 5)):
                self._touch(dice, seller)
        self._answer(dice)
        for _ in range(dice.choice((0, 1, 2, 2))):
            self._ask(dice)

    def lead(self, origin: str, owner_no: str, at: datetime) -> Lead:
        """Write a lead."""
        return self.world.add(Lead(self.world.next_id(Lead), at, origin, owner_no))

    def step(
        self, lead: Lead, was: str | None, becomes: str, at: datetime, worth: int = 0
    ) -> LeadStep:
        """Write a step of a lead."""
        number = self.world.next_id(LeadStep)
        value = Decimal(worth) if worth else None
        return self.world.add(LeadStep(number, lead.id, was, becomes, at, lead.owner_no, value))

    def hand_over(self, lead: Lead, taker_no: str, at: datetime) -> LeadPass:
        """Hand a lead to somebody, who accepts it later or never."""
        number = self.world.next_id(LeadPass)
        row = self.world.add(LeadPass(number, lead.id, lead.owner_no, taker_no, at))
        lead.owner_no = taker_no
        return row

    def _lead(self, dice: Random) -> None:
        at = self.world.clock(MAIN, dice.randint(9, 16), dice.randint(0, 59))
        lead = self.lead(dice.choice(ORIGINS), HUNTER, at)
        self.step(lead, None, "NEW", at)
        self._plan(dice, lead, "NEW")

    def _plan(self, dice: Random, lead: Lead, stage: str) -> None:
        day = self.world.workdays.shift(self.world.today, dice.randint(1, 6))
        self._moving.append((day, lead, stage))

    def _move_on(self, dice: Random, lead: Lead, stage: str) -> None:
        at = self.world.clock(MAIN, dice.randint(9, 16), dice.randint(0, 59))
        worth = dice.randint(3, 80) * 100
        if dice.random() < 0.3:
            self.step(lead, stage, "LST", at)
            return
        becomes = NEXT[stage]
        self.step(lead, stage, becomes, at, worth)
        if becomes == "QLF":
            handed = self.hand_over(lead, CLOSER, at + timedelta(minutes=5))
            if dice.random() < 0.9:
                self._passes.append(handed)
        if becomes == "WON":
            lead.partner_id = dice.choice(REGULARS)
            self.hand_over(lead, dice.choice(("E004", "E005", "E007")), at + timedelta(minutes=5))
        else:
            self._plan(dice, lead, becomes)

    def _accept(self) -> None:
        for row in self._passes:
            row.taken_at = self.world.clock(MAIN, 9, 15 + row.id % 40)
        self._passes.clear()

    def _touch(self, dice: Random, seller: str) -> None:
        planned = self.world.clock(MAIN, dice.randint(9, 16), dice.choice((0, 15, 30, 45)))
        seconds = dice.choice((8, 60, 180, 420, 1800, 3600))
        done = planned + timedelta(minutes=dice.randint(0, 20))
        is_planned, is_done = dice.random() < 0.7, dice.random() < 0.95
        self.world.add(
            Touch(
                id=self.world.next_id(Touch),
                type=dice.choice(TOUCHES),
                planned_at=planned if is_planned or not is_done else None,
                done_at=done if is_done else None,
                staff_no=seller,
                partner_id=dice.choice(REGULARS),
                seconds=seconds,
                result=dice.choice(RESULTS),
            )
        )

    def _ask(self, dice: Random) -> None:
        why = dice.choice(WHYS)
        item_id = None if why == "R" else dice.choice(ORDINARY_ITEMS)
        words = self.world.get(Item, item_id).title if item_id else dice.choice(WORDS)
        ask = self.world.add(
            Ask(
                id=self.world.next_id(Ask),
                asked_at=self.world.clock(MAIN, dice.randint(9, 16), dice.randint(0, 59)),
                staff_no=dice.choice(SELLERS),
                partner_id=dice.choice(REGULARS),
                item_id=item_id,
                words=words,
                qty=Decimal(dice.randint(1, 40)),
                why=why,
                lost=dice.random() < 0.4,
            )
        )
        if dice.random() < 0.85:
            wait = self.world.workdays.shift(self.world.today, dice.randint(1, 4))
            self._asks.append((wait, ask))
        else:
            self.world.mark("demand_never_answered", ask)

    def _answer(self, dice: Random) -> None:
        for entry in [a for a in self._asks if a[0] <= self.world.today]:
            self._asks.remove(entry)
            ask = entry[1]
            verdict = "D" if ask.item_id is None else dice.choice(("O", "O", "S", "Q"))
            at = self.world.clock(MAIN, 14, ask.id % 60)
            self.world.add(AskReply(ask.id, verdict, "by the buyer", at, BUYER))
