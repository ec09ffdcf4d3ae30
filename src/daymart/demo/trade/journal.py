"""Papers, their parts and the links between them, collected by the column."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from daymart.demo.trade.clock import NEVER, Clock, Flags, Ints
from daymart.demo.trade.orders import Orders

TYPES = ("INV", "CRN", "PAY", "ADV", "WOF", "REV", "FXD")
INV, CRN, PAY, ADV, WOF, REV, FXD = range(len(TYPES))
RATE_SCALE = 100_000_000
LINK_SLOTS = 40


@dataclass(frozen=True)
class Rates:
    """EUR for a unit of each currency on each working day, in hundred-millionths."""

    table: Ints
    """A row for each currency, a column for each working day the clock knows."""
    before: int

    def eur(self, cents: Ints, currency: Ints, day: Ints) -> Ints:
        """Turn cents into EUR cents by the day's rate, half up."""
        at = np.where(day < NEVER, day, 0) + self.before
        return rounded(cents * self.table[currency, at], RATE_SCALE)


def rounded(amount: Ints, divisor: int | Ints) -> Ints:
    """Divide and round half up; amounts are not negative."""
    return (2 * amount + divisor) // (2 * divisor)


def share(whole: Ints, part: Ints, of: Ints) -> Ints:
    """Return the part's share of the whole; all of it gives exactly the whole."""
    return rounded(whole * part, np.maximum(of, 1))


@dataclass(frozen=True)
class Papers:
    """One entry a paper; amounts in cents without sign, `sign` is +1 where it raises the debt."""

    order: Ints
    id: Ints
    type: Ints
    sign: Ints
    entered: Ints
    booked: Ints
    total: Ints
    vat: Ints
    eur: Ints
    cancels: Ints
    refers: Ints
    contested: Ints


@dataclass(frozen=True)
class Parts:
    """One entry a part of a paper; `due` in days since 1970, NEVER where it has none."""

    paper: Ints
    number: Ints
    due: Ints
    amount: Ints
    eur: Ints
    entered: Ints


@dataclass(frozen=True)
class Links:
    """One entry a link of a payer's only part to a part of the paid paper."""

    id: Ints
    payer: Ints
    paid: Ints
    part: Ints
    amount: Ints
    eur: Ints
    day: Ints


@dataclass(frozen=True)
class Payer:
    """The papers that pay: one entry an order, NEVER entered where there is none."""

    id: Ints
    total: Ints
    eur: Ints


@dataclass
class Journal:
    """Collect what accounting writes for some orders."""

    orders: Orders
    clock: Clock
    rates: Rates
    _papers: list[tuple[Ints, ...]] = field(default_factory=list)
    _parts: list[tuple[Ints, ...]] = field(default_factory=list)
    _links: list[tuple[Ints, ...]] = field(default_factory=list)

    def paper(
        self,
        kind: int,
        slot: int,
        day: Ints,
        total: Ints,
        *,
        sign: int = -1,
        eur: Ints | None = None,
        booked: Ints | None = None,
        vat: Ints | int = 0,
        cancels: Ints | int = 0,
        refers: Ints | int = 0,
        contested: Flags | int = 0,
        parts: Sequence[tuple[Ints, Ints]] | None = None,
    ) -> Payer:
        """Enter a paper for every order whose day comes and whose total is not nothing.

        `parts` are due dates and amounts; without them the paper is one part without a due date.
        """
        orders = self.orders
        on = day if booked is None else booked
        value = self.rates.eur(total, orders.currency, on) if eur is None else eur
        ids = orders.id_of(slot)
        keep = np.flatnonzero((day < NEVER) & (total > 0))
        columns = (
            ids, _full(kind, ids), _full(sign, ids), day, on, total, _full(vat, ids), value,
            _full(cancels, ids), _full(refers, ids), _full(contested, ids),
        )  # fmt: skip
        self._papers.append((keep, *(column[keep] for column in columns)))
        self._add_parts(ids, day, total, value, parts, on)
        return Payer(ids, total, value)

    def _add_parts(
        self,
        ids: Ints,
        day: Ints,
        total: Ints,
        value: Ints,
        parts: Sequence[tuple[Ints, Ints]] | None,
        on: Ints,
    ) -> None:
        given = parts or [(np.full_like(total, NEVER), total)]
        last = np.sum([amount > 0 for _, amount in given], axis=0)
        left = value
        for number, (due, amount) in enumerate(given, start=1):
            by_rate = self.rates.eur(amount, self.orders.currency, on)
            eur = np.where(last == number, left, by_rate)
            left = left - eur
            keep = (day < NEVER) & (amount > 0)
            rows = (ids, _full(number, ids), due, amount, eur, day)
            self._parts.append(tuple(row[keep] for row in rows))

    def link(
        self,
        slot: int,
        payer: Payer,
        paid: Ints,
        part: int,
        amount: Ints,
        value: Ints,
        day: Ints,
        *,
        own: Ints | None = None,
        sign: int = 1,
    ) -> None:
        """Settle a part, and enter what the settled amount gained or lost between two rates.

        `value` is the amount in EUR by the paid paper, `own` by the payer; by default its share.
        """
        keep = (day < NEVER) & (amount > 0)
        ids = self.orders.id_of(slot)
        rows = (ids, payer.id, paid, _full(part, ids), sign * amount, sign * value, day)
        self._links.append(tuple(row[keep] for row in rows))
        by_payer = share(payer.eur, amount, payer.total) if own is None else own
        gain = sign * (by_payer - value)
        foreign = keep & (self.orders.currency > 0) & (gain != 0)
        self._exchange(slot, np.flatnonzero(foreign), gain, payer, day)

    def _exchange(self, slot: int, keep: Ints, gain: Ints, payer: Payer, day: Ints) -> None:
        ids = self.orders.id_of(96 - LINK_SLOTS + slot)
        none = np.zeros_like(ids)
        rows = (
            ids, _full(FXD, ids), np.where(gain >= 0, 1, -1), day, day, none, none, np.abs(gain),
            none, payer.id, none,
        )  # fmt: skip
        self._papers.append((keep, *(row[keep] for row in rows)))
        parts = (ids, _full(1, ids), _full(NEVER, ids), none, np.abs(gain), day)
        self._parts.append(tuple(row[keep] for row in parts))

    def entered(self, slot: int) -> Ints:
        """Tell for each order the working day its paper of a slot is entered, else NEVER."""
        papers = self.papers()
        found = papers.id - self.orders.id[papers.order] == slot
        days = np.full_like(self.orders.id, NEVER)
        days[papers.order[found]] = papers.entered[found]
        return days

    def papers(self) -> Papers:
        """Return all papers entered so far."""
        return Papers(*_columns(self._papers))

    def parts(self) -> Parts:
        """Return all parts of papers."""
        return Parts(*_columns(self._parts))

    def links(self) -> Links:
        """Return all links."""
        return Links(*_columns(self._links))


def _full(value: Ints | Flags | int, like: Ints) -> Ints:
    return np.broadcast_to(np.asarray(value, dtype=np.int64), like.shape)


def _columns(rows: list[tuple[Ints, ...]]) -> list[Ints]:
    return [np.concatenate(column) for column in zip(*rows, strict=True)]
