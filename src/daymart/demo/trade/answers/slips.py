"""How late suppliers usually are: what to add to a day they name."""

import numpy as np

from daymart.demo.trade.clock import EPOCH, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.masters import FAMILIES
from daymart.demo.trade.supply import Supplies

MOST_SLIP = 63
"""Calendar days behind the first confirmed day that no receipt exceeds."""
MONTHS = 12
LEAST_RECEIPTS = 10
USUAL = (4, 5)
"""Of the receipts of twelve months, so many came no later than usual."""


class UsualSlips:
    """Count receipts of a year by slip, for each supplier and each family of items."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        today = trade.clock.date_of(evening)
        month = np.datetime64(today, "M") - MONTHS
        last = (month + 1).astype("datetime64[D]") - 1
        year_ago = min(month.astype("datetime64[D]") + (today.day - 1), last)
        self._since = int((year_ago - np.datetime64(EPOCH, "D")).astype(np.int64))
        self._of_supplier = np.zeros((trade.scale.suppliers, MOST_SLIP + 1), dtype=np.int64)
        self._of_family = np.zeros((len(FAMILIES), MOST_SLIP + 1), dtype=np.int64)

    def add(self, s: Supplies) -> None:
        """Add what purchases brought by the evening."""
        dated, family = self._trade.clock.dated, self._trade.masters.item_family
        for day in (s.arrived, s.arrived_again):
            came = (day <= self._evening) & (dated(day) > self._since)
            slip = (dated(day) - dated(s.eta))[came]
            np.add.at(self._of_supplier, (s.supplier[came], slip), 1)
            np.add.at(self._of_family, (family[s.item[came]], slip), 1)

    def of(self, supplier: Ints, item: Ints) -> Ints:
        """Tell the days to add: the supplier's own, else those of the family, else none."""
        own = covering(self._of_supplier, USUAL)
        shared = covering(self._of_family, USUAL)[self._trade.masters.item_family[item]]
        enough = self._of_supplier.sum(axis=1) >= LEAST_RECEIPTS
        others = self._of_family.sum(axis=1) >= LEAST_RECEIPTS
        of_family = np.where(others[self._trade.masters.item_family[item]], shared, 0)
        found: Ints = np.where(enough[supplier], own[supplier], of_family)
        return found


def covering(slips: Ints, share: tuple[int, int]) -> Ints:
    """Give the least slip that such a part of each row's receipts did not exceed."""
    part, whole = share
    ranked = np.cumsum(slips, axis=1)
    wanted = -(-ranked[:, -1] * part // whole)
    found: Ints = np.argmax(ranked >= wanted[:, None], axis=1)
    return found
