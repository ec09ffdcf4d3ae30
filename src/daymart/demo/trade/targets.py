"""Targets of the bulk trade: who shall sell what in a month, who agreed, what is expected."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np

from daymart.demo.core.people import HEAD_OF_SALES
from daymart.demo.core.planning import CAUSES, REMEDIES
from daymart.demo.trade.clock import EPOCH, NEVER, Clock, Flags, Ints
from daymart.demo.trade.dice import TARGETS, scaled, thrower
from daymart.demo.trade.master_tables import ROUTES, brand_names, brand_of, route_of, seller_names
from daymart.demo.trade.masters import Masters
from daymart.demo.trade.orders import seller_of
from daymart.demo.trade.scale import FIRST_ID, FIRST_PARTNER, LINES_AN_ORDER, Scale
from daymart.demo.trade.tables import (
    Column,
    Session,
    Table,
    dates,
    decimals,
    instants,
    numbers,
    same,
    words,
)

PLANNED = 2
"""The first half of the customers, the big ones, have targets of their own."""
MEAN_QTY = 9
WORKDAYS_A_MONTH = 21
HUNDREDS = 10_000
MIDDLE = 15
"""Day of the month from which the second version is frozen."""
NOTED = 0.3
"""Part of the sellers who explain a gap on a Monday."""
FIX_IN, CLOSED_IN = 4, 6
LAST_EXPECTED, LONGEST_VERSION = 6, 6
"""Working days from the middle of a month to the last word on it; to the last of a version."""


@dataclass(frozen=True)
class Slices:
    """One entry a slice of the plan; -1 where it is not split by that. Targets in cents."""

    measure: Ints
    brand: Ints
    customer: Ints
    route: Ints
    seller: Ints
    usual: Ints
    """What is usual in a month: cents, or a hundred of what is counted."""


MEASURES = ("NET", "PCS", "MNY", "CLI", "CAL")
UNITS = ("EUR", "pcs", "EUR", "count", "count")
NET, PCS, MNY, CLI, CAL = range(5)


@dataclass(frozen=True)
class Freeze:
    """A version of the plan of a month, frozen on a working day."""

    version: str
    month: date
    day: int
    is_first: bool

    @property
    def ends(self) -> date:
        """Return the last day of the month."""
        return (self.month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True)
class Targets:
    """Freeze the versions that the planning desk of the core freezes, for the bulk trade."""

    seed: int
    clock: Clock
    scale: Scale
    masters: Masters

    def freezes(self, first: int, last: int) -> Iterator[Freeze]:
        """Return the versions frozen on some days: in a month's first days and in its middle."""
        month, revised = None, None
        for number in range(last + 1):
            day = self.clock.date_of(number)
            begin = day.replace(day=1)
            if begin != month:
                month = begin
                if number >= first:
                    yield Freeze(f"{begin:%Y-%m} first", begin, number, True)
            if day.day >= MIDDLE and begin != revised:
                revised = begin
                if number >= first:
                    yield Freeze(f"{begin:%Y-%m} second", begin, number, False)

    @cached_property
    def slices(self) -> Slices:
        """List what is planned: brands, customers, routes, sellers, brands of sellers."""
        masters, scale = self.masters, self.scale
        customer, brand = np.arange(scale.customers), np.arange(scale.brands)
        seller, route = np.arange(scale.sellers), np.arange(ROUTES)
        weight = masters.customer_weight / masters.customer_weight.sum()
        item = np.arange(scale.items)
        value = masters.item_weight * masters.item_price
        by_brand = np.bincount(brand_of(scale, item), value, scale.brands) / value.sum()
        by_route = np.bincount(route_of(customer), weight, ROUTES)
        by_seller = np.bincount(seller_of(scale, customer, NEVER), weight, scale.sellers)
        big = customer[: max(1, scale.customers // PLANNED)]
        mean_price = value.sum() / masters.item_weight.sum()
        lines = scale.orders_a_day * WORKDAYS_A_MONTH * LINES_AN_ORDER
        turnover, pieces = lines * MEAN_QTY * mean_price, lines * MEAN_QTY * 100
        pairs = np.repeat(seller, scale.brands), np.tile(brand, scale.sellers)
        groups = (
            (NET, brand, -1, -1, -1, turnover * by_brand),
            (PCS, brand, -1, -1, -1, pieces * by_brand),
            (NET, -1, big, -1, -1, turnover * weight[big]),
            (NET, -1, -1, route, -1, turnover * by_route),
            (NET, -1, -1, -1, seller, turnover * by_seller),
            (MNY, -1, -1, -1, seller, turnover * by_seller * 1.2),
            (CLI, -1, -1, -1, seller, scale.customers / scale.sellers * 60),
            (CAL, -1, -1, -1, seller, 4000),
            (NET, pairs[1], -1, -1, pairs[0], turnover * by_seller[pairs[0]] * by_brand[pairs[1]]),
        )
        whole = (np.broadcast_arrays(*(np.asarray(part) for part in group)) for group in groups)
        columns = [np.concatenate(column) for column in zip(*whole, strict=True)]
        return Slices(*(np.rint(column).astype(np.int64) for column in columns))

    def amounts(self, freeze: Freeze) -> Ints:
        """Return the targets of a version: the second differs a little from the first."""
        usual = self.slices.usual
        throw = thrower(self.seed, (freeze.month - EPOCH).days, TARGETS)
        hope = scaled(throw.random(len(usual)), 80, 130)
        hope = hope if freeze.is_first else hope * scaled(throw.random(len(usual)), 85, 105) // 100
        money = np.isin(self.slices.measure, (NET, MNY))
        step = np.where(money, HUNDREDS, 100)
        amounts: Ints = np.maximum(usual * hope // 100 // step, 1) * step
        return amounts

    def of_version(self, freeze: Freeze) -> Iterator[Table]:
        """Give the targets of a version, who signed them, and what each seller expects."""
        s, amounts = self.slices, self.amounts(freeze)
        count = len(amounts)
        frozen = np.full(count, freeze.day)
        month, ends = _days(freeze.month, count), _days(freeze.ends, count)
        # A version of its first day and one of its middle may be frozen on one day.
        ids = self._first_id(freeze.day) + np.arange(count) + (0 if freeze.is_first else count)
        yield Table(
            "target",
            {
                "id": ids,
                "version": same(freeze.version, count),
                "measure": words(MEASURES, s.measure),
                "starts_on": dates(month),
                "ends_on": dates(ends),
                "brand": _named(brand_names(self.scale), s.brand),
                "partner_id": numbers(s.customer + FIRST_PARTNER, s.customer >= 0),
                "route": _named([f"R{number}" for number in range(ROUTES)], s.route),
                "staff_no": _named(seller_names(self.scale), s.seller),
                "amount": decimals(amounts, 2),
                "unit": words(UNITS, s.measure),
            },
            frozen,
        )
        yield self._signatures(freeze)
        yield self._expected(freeze, freeze.day, 0 if freeze.is_first else 1)
        last = freeze.day + LAST_EXPECTED
        if not freeze.is_first and self.clock.date_of(last) <= freeze.ends:
            yield self._expected(freeze, last, 2)

    def _signatures(self, freeze: Freeze) -> Table:
        """Let sellers agree within three days; the last one never agrees to a second version."""
        seller = np.arange(self.scale.sellers)
        day = freeze.day + seller % 3
        if not freeze.is_first:
            day[-1] = NEVER
        columns = {
            "version": same(freeze.version, len(seller)),
            "staff_no": words(seller_names(self.scale), seller),
            "signed_at": self._at(day, 600 + seller % 300),
        }
        return Table("target_signature", columns, day)

    def _expected(self, freeze: Freeze, day: int, slot: int) -> Table:
        """Give what sellers expect of the month: nearer to its end, nearer to the target."""
        seller = np.arange(self.scale.sellers)
        s = self.slices
        own = np.flatnonzero((s.measure == NET) & (s.seller >= 0) & (s.brand < 0))
        throw = thrower(self.seed, (freeze.month - EPOCH).days + slot + 1, TARGETS)
        spread = (30, 20, 10)[slot]
        percent = 100 + scaled(throw.random(len(seller)), -spread, spread)
        on = np.full_like(seller, day)
        columns = {
            "id": self._first_id(day) + seller + slot * self.scale.sellers,
            "staff_no": words(seller_names(self.scale), seller),
            "month": dates(_days(freeze.month, len(seller))),
            "sent_at": self._at(on, 720 + seller % 240 + slot),
            "amount": decimals(s.usual[own] * percent // 100 // HUNDREDS * HUNDREDS, 2),
        }
        return Table("outlook", columns, on)

    def gaps(self, first: int, last: int, evening: int) -> Iterator[Table]:
        """Give what sellers write about their gaps on the Mondays of some days."""
        for day in range(max(first, 0), last + 1):
            monday = self.clock.date_of(day)
            if monday.weekday() == 0:
                yield self._gaps_of(day, monday.replace(day=1), evening)

    def _gaps_of(self, day: int, month: date, evening: int) -> Table:
        u = thrower(self.seed, (month - EPOCH).days + 100_000 + day, TARGETS)
        draws = u.random((self.scale.sellers, 4))
        seller = np.flatnonzero(draws[:, 0] < NOTED)
        draws = draws[seller]
        count = len(seller)
        closes = draws[:, 1] < 0.7
        closed = closes & (day + CLOSED_IN <= evening)
        on = np.full(count, day)
        columns = {
            "id": self._first_id(day) + seller,
            "staff_no": words(seller_names(self.scale), seller),
            "month": dates(_days(month, count)),
            "cause": words(CAUSES, scaled(draws[:, 2], 0, len(CAUSES) - 1)),
            "remedy": words(REMEDIES, scaled(draws[:, 3], 0, len(REMEDIES) - 1)),
            "owner_no": same(HEAD_OF_SALES, count),
            "fix_by": dates(self.clock.dated(on + FIX_IN)),
            "state": words("OD", closed),
            "closed_at": self._at(on + CLOSED_IN, 660 + seller % 60, closed),
        }
        return Table("gap_note", columns, np.where(closed, day + CLOSED_IN, day))

    def count_in(self, session: Session, freeze: Freeze) -> None:
        """Add a version's targets to the sums the planning desk froze."""
        amounts = self.amounts(freeze)
        total = Decimal(int(amounts.sum())) / 100
        session.execute(
            "update erp.target_set set row_count = row_count + %s, total = total + %s"
            " where version = %s",
            [len(amounts), total, freeze.version],
        )

    def _first_id(self, day: int) -> int:
        return FIRST_ID + day * self.scale.ids_a_day

    def _at(self, day: Ints, minute: Ints, given: Flags | None = None) -> Column:
        return instants(self.clock.instants(day, np.zeros_like(day), minute), given)


def _days(day: date, count: int) -> Ints:
    return np.full(count, (day - EPOCH).days, dtype=np.int64)


def _named(names: list[str], index: Ints) -> Column:
    return words([*names, None], np.where(index >= 0, index, len(names)))
