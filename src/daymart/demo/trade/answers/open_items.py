"""Parts of papers that are open, and which debts the open credits would settle."""

from collections import defaultdict
from dataclasses import dataclass, fields

import numpy as np

from daymart.demo.trade.clock import Flags, Ints
from daymart.demo.trade.journal import ADV
from daymart.demo.trade.money_tables import PREFIXES


@dataclass(frozen=True)
class OpenItems:
    """One entry a part of which something is left, in cents; credits are below 0."""

    account: Ints
    paper: Ints
    number: Ints
    type: Ints
    refers: Ints
    """The paper a credit note is about."""
    booked: Ints
    due: Ints
    """Days since 1970, NEVER for credits."""
    whole: Ints
    """The part as it was billed or paid."""
    amount: Ints
    eur: Ints
    closing: Ints
    """EUR by the rate of the evening."""
    contested: Ints

    @classmethod
    def joined(cls, spans: list["OpenItems"]) -> "OpenItems":
        """Put the items of all spans together."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(span, name) for span in spans]) for name in names))

    @property
    def debt(self) -> Flags:
        """Tell which items are debts."""
        owed: Flags = self.amount > 0
        return owed

    def derived(self) -> Ints:
        """Tell what open credits would settle of each item: below 0 of debts, above of credits.

        A credit note settles the invoice it is about, then all credits of an account but advances
        the debts due first; debts of one day share by amount. Running shares are rounded, so that
        no cent is lost.
        """
        found = np.zeros_like(self.amount)
        by_account: dict[int, list[int]] = defaultdict(list)
        for index in np.lexsort((self.number, self.paper, self._prefix, self.booked)).tolist():
            by_account[int(self.account[index])].append(index)
        for items in by_account.values():
            credits = [i for i in items if self.amount[i] < 0 and self.type[i] != ADV]
            debts = [i for i in items if self.amount[i] > 0]
            if credits and debts:
                self._settle(credits, debts, found)
        return found

    @property
    def _prefix(self) -> Ints:
        """Order the kinds of papers as their numbers sort."""
        order = sorted(range(len(PREFIXES)), key=PREFIXES.__getitem__)
        return np.argsort(np.array(order))[self.type]

    def _settle(self, credits: list[int], debts: list[int], found: Ints) -> None:
        left = {index: abs(int(self.amount[index])) for index in (*credits, *debts)}
        by_due = sorted(debts, key=lambda index: int(self.due[index]))
        for credit in credits:
            # Only credit notes are about an invoice that can be open.
            named = [i for i in by_due if self.paper[i] == self.refers[credit]]
            for debt in sorted(named, key=lambda i: (int(self.due[i]), int(self.number[i]))):
                _move(left, found, credit, debt)
        budget = min(sum(left[i] for i in credits), sum(left[i] for i in debts))
        for credit in credits:
            used = min(left[credit], budget)
            found[credit] += used
            budget -= used
        budget = sum(int(found[i]) for i in credits) + sum(int(found[i]) for i in debts)
        for day in sorted({int(self.due[i]) for i in debts}):
            of_day = [i for i in debts if self.due[i] == day]
            whole = sum(left[i] for i in of_day)
            paid = min(budget, whole)
            budget -= paid
            _share(of_day, left, paid, whole, found)


def _move(left: dict[int, int], found: Ints, credit: int, debt: int) -> None:
    used = min(left[credit], left[debt])
    left[credit] -= used
    left[debt] -= used
    found[credit] += used
    found[debt] -= used


def _share(debts: list[int], left: dict[int, int], paid: int, whole: int, found: Ints) -> None:
    through = 0
    for index in debts if whole else []:
        before = _half_up(through * paid, whole)
        through += left[index]
        found[index] -= _half_up(through * paid, whole) - before


def _half_up(part: int, whole: int) -> int:
    return (2 * part + whole) // (2 * whole)
