"""Working days by number and instants by the column."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from daymart.demo.workdays import Workdays

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEVER = 1 << 30
"""The number of a day that does not come."""
BEFORE, AHEAD = 120, 320
"""Working days known before the first day of the company and after the one last asked for."""
ZONES = ("Europe/Kyiv", "Europe/Berlin")
EPOCH = date(1970, 1, 1)
MINUTE = 60_000_000


@dataclass(frozen=True)
class Clock:
    """Number the working days of a company from 0, its first day, and turn them into dates."""

    workdays: Workdays
    first_day: date
    last: int
    """Number of the last day anybody will ask about, before the days ahead."""
    _offsets: dict[int, Ints] = field(default_factory=dict)

    @cached_property
    def dates(self) -> Ints:
        """Days since 1970 of the working days, from the first one known."""
        day = self.first_day
        before: list[date] = []
        while len(before) < BEFORE:
            day -= timedelta(days=1)
            if self.workdays.is_working(day):
                before.append(day)
        day = self.first_day
        after: list[date] = []
        while len(after) < self.last + 1 + AHEAD:
            if self.workdays.is_working(day):
                after.append(day)
            day += timedelta(days=1)
        known = [*reversed(before), *after]
        return np.array([(day - EPOCH).days for day in known], dtype=np.int64)

    def date_of(self, number: int) -> date:
        """Return the date of a working day."""
        return EPOCH + timedelta(days=int(self.dates[number + BEFORE]))

    def dated(self, numbers: Ints) -> Ints:
        """Turn working days into days since 1970; a day that never comes stays NEVER."""
        comes = numbers < NEVER
        dated = self.dates[np.where(comes, numbers, 0) + BEFORE]
        result: Ints = np.where(comes, dated, NEVER)
        return result

    def on_or_after(self, days: Ints) -> Ints:
        """Number the first working day on or after each day since 1970."""
        found: Ints = np.searchsorted(self.dates, days) - BEFORE
        return found

    def instants(self, numbers: Ints, zone: Ints, minute: Ints | int) -> Ints:
        """Return microseconds since 1970 of a wall clock's minute in a zone on working days."""
        at = np.where(numbers < NEVER, numbers, 0) + BEFORE
        shifts = np.stack([self._shift(number) for number in range(len(ZONES))])
        local = self.dates[at] * 1440 + minute
        result: Ints = (local - shifts[zone, at]) * MINUTE
        return result

    def _shift(self, zone: int) -> Ints:
        """Minutes a zone is ahead of UTC at noon of each working day."""
        if zone not in self._offsets:
            name = ZoneInfo(ZONES[zone])
            noons = [
                datetime.combine(EPOCH + timedelta(days=int(day)), time(12), UTC).astimezone(name)
                for day in self.dates
            ]
            minutes = [int(noon.utcoffset().total_seconds()) // 60 for noon in noons]  # type: ignore[union-attr]
            self._offsets[zone] = np.array(minutes, dtype=np.int64)
        return self._offsets[zone]
