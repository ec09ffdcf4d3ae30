"""Targets and what is expected of a month; who is credited with a sale."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from daymart.demo.core.desks import (
    GapNote,
    Outlook,
    SaleShare,
    Target,
    TargetSet,
    TargetSignature,
)
from daymart.demo.core.extras import MOVED, SHARED
from daymart.demo.core.goods import Sale
from daymart.demo.core.people import FAMILIES, HEAD_OF_SALES, MAIN, SELLERS
from daymart.demo.core.world import World

PARENT = 1  # its two branches have no targets of their own
BRANDS = tuple(family[1] for family in FAMILIES)
CAUSES = ("big client buys later", "goods were absent", "price of a competitor")
REMEDIES = ("visit with the head", "second supplier", "campaign for small clients")


@dataclass(frozen=True)
class Slice:
    """What a target is for; nothing said means the whole company."""

    brand: str | None = None
    partner_id: int | None = None
    route: str | None = None
    staff_no: str | None = None


@dataclass
class Planning:
    """Freeze a set of targets for each month and a second one in its middle."""

    world: World
    _sales: int = 0
    _month: date | None = None
    _revised: date | None = None

    def work(self) -> None:
        """Do the planning desk's day."""
        self._share_sales()
        today = self.world.today
        month = today.replace(day=1)
        if month != self._month:
            self._month = month
            self._freeze(f"{month:%Y-%m} first", month, Decimal(1))
            self._forecast(month, 12)
        if today.day >= 15 and month != self._revised:
            self._revised = month
            self._freeze(f"{month:%Y-%m} second", month, Decimal("0.9"))
            self._forecast(month, 13)
        if today.weekday() == 0:
            self._note_gap(month)

    def _share_sales(self) -> None:
        sales = self.world.fresh(Sale, self._sales)
        self._sales += len(sales)
        for sale in sales:
            if sale.seller_no and sale.partner_id != SHARED:
                self.world.add(SaleShare(sale.id, sale.seller_no, Decimal(100)))

    def _freeze(self, version: str, month: date, factor: Decimal) -> None:
        targets = [replace(t, amount=t.amount * factor) for t in self._targets(version, month)]
        at = self.world.clock(MAIN, 9, 30)
        total = sum((target.amount for target in targets), Decimal(0))
        for target in targets:
            self.world.add(target)
        self.world.add(TargetSet(version, month, at, len(targets), total))
        for number, seller in enumerate(SELLERS):
            signed = at + timedelta(hours=number + 1)
            if seller != SELLERS[-1] or "first" in version:
                self.world.add(TargetSignature(version, seller, signed))

    def _targets(self, version: str, month: date) -> list[Target]:
        dice = self.world.dice_of("targets")
        slices = [("NET", Slice()), ("PCS", Slice()), ("MNY", Slice()), ("CLI", Slice())]
        slices += [("NET", Slice(brand=brand)) for brand in BRANDS]
        slices += [("NET", Slice(staff_no=seller)) for seller in SELLERS]
        slices += [("CAL", Slice(staff_no=seller)) for seller in SELLERS]
        slices += [("NET", Slice(partner_id=number)) for number in range(1, 6)]
        slices += [("NET", Slice(route=route)) for route in ("K1", "K2", "K3", "B1")]
        slices.append(("NET", Slice(partner_id=MOVED)))
        last = month.replace(day=monthrange(month.year, month.month)[1])
        rows = []
        for measure, cut in slices:
            amount = Decimal(0 if cut.partner_id == MOVED else dice.randint(20, 400) * 100)
            unit = {"NET": "EUR", "MNY": "EUR", "PCS": "pcs"}.get(measure, "count")
            number = self.world.next_id(Target)
            rows.append(
                Target(number, version, measure, month, last, cut.brand, cut.partner_id,
                       cut.route, cut.staff_no, amount, unit)
            )  # fmt: skip
            if month == self.world.anchor.replace(day=1):
                self._mark(cut, rows[-1])
        return rows

    def _mark(self, cut: Slice, target: Target) -> None:
        if cut.partner_id == MOVED:
            self.world.mark("plan_zero_with_fact", target)
        if cut.partner_id == PARENT:
            self.world.mark("parent_target_only", target)

    def _forecast(self, month: date, hour: int) -> None:
        dice = self.world.dice_of("forecast")
        at = self.world.clock(MAIN, hour)
        for seller in SELLERS:
            number = self.world.next_id(Outlook)
            amount = Decimal(dice.randint(20, 400) * 100)
            self.world.add(Outlook(number, seller, None, month, at, amount))

    def _note_gap(self, month: date) -> None:
        dice = self.world.dice_of("gaps")
        for row in self.world.every(GapNote):
            if row.state == "O" and row.fix_by < self.world.today and row.id % 3:
                row.state, row.closed_at = "D", self.world.clock(MAIN, 11)
        seller = dice.choice(SELLERS)
        fix_by = self.world.workdays.shift(self.world.today, 4)
        number = self.world.next_id(GapNote)
        cause, remedy = dice.choice(CAUSES), dice.choice(REMEDIES)
        self.world.add(GapNote(number, seller, month, cause, remedy, HEAD_OF_SALES, fix_by, "O"))
