"""Counting: a few places an evening, beside the counts that are posted at once."""

from dataclasses import dataclass, field
from decimal import Decimal

from daymart.demo.core.cases import Cases, Subject
from daymart.demo.core.desks import StockCheck
from daymart.demo.core.people import ITEMS, STOREKEEPER
from daymart.demo.core.stock import USABLE, Place, Stock
from daymart.demo.core.world import World

CAUSES = ("put on the wrong shelf", "goods still in the yard", "wrong unit counted")


@dataclass
class Counting:
    """Count every evening; a difference stays open until somebody finds its cause."""

    world: World
    stock: Stock
    cases: Cases
    _open: list[StockCheck] = field(default_factory=list)

    def work(self) -> None:
        """Explain what is open for two days, then count two places."""
        dice = self.world.dice_of("counting")
        ripe = self.world.workdays.shift(self.world.today, -2)
        for check in [c for c in self._open if c.taken_at.date() <= ripe]:
            self._open.remove(check)
            check.status, check.cause = "E", dice.choice(CAUSES)
        levels = self.stock.levels
        filled = sorted(p for p in levels if p.quality == USABLE and levels[p] > 2)
        ordinary = [place for place in filled if place.item_id in ITEMS]
        for place in dice.sample(ordinary, 2):
            difference = Decimal(dice.choice((0, 0, 0, 0, 0, 0, -1, 1, -2)))
            self._count(place, difference)

    def _count(self, place: Place, difference: Decimal) -> None:
        at = self.world.clock(place.store, 20)
        check = self.stock.check(place, difference, f"CYC-{self.world.today:%y%m%d}", at)
        if difference:
            check.status = "O"
            self._open.append(check)
            about = f"{place.item_id} in {place.store}"
            self.cases.open_ordinary("CNT", Subject(about=about), STOREKEEPER)
