"""Months of the answers, numbered from the month of the company's first day."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from daymart.demo.trade.clock import Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.tables import Column, dates


def closed_month(trade: BulkTrade, evening: int) -> date:
    """Return the last day of the newest month that is over with an evening."""
    tomorrow = trade.clock.date_of(evening) + timedelta(days=1)
    return first_of_month(tomorrow, 0) - timedelta(days=1)


def first_of_month(day: date, months_before: int) -> date:
    """Return the first day of a day's month, or of one so many months before."""
    number = day.year * 12 + day.month - 1 - months_before
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class Months:
    """The months up to an evening, both ends included."""

    trade: BulkTrade
    evening: int

    @property
    def first(self) -> int:
        """Tell the first month, in months since 1970."""
        day = self.trade.clock.date_of(0)
        return (day.year - 1970) * 12 + day.month - 1

    @property
    def count(self) -> int:
        """Count the months."""
        day = self.trade.clock.date_of(self.evening)
        return (day.year - 1970) * 12 + day.month - self.first

    def of(self, day: Ints) -> Ints:
        """Number the month of each working day."""
        days = self.trade.clock.dated(day).astype("datetime64[D]")
        since: Ints = days.astype("datetime64[M]").astype(np.int64) - self.first
        return since

    def starts(self, month: Ints) -> Column:
        """Give the first day of each month by its number."""
        since = (self.first + month).astype("datetime64[M]")
        return dates(since.astype("datetime64[D]").astype(np.int64))
