"""Working days of the demo company: Monday to Friday without its holidays."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Workdays:
    """Count in working days."""

    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Tell whether the company works on the day."""
        return day.weekday() < 5 and day not in self.holidays

    def shift(self, day: date, count: int) -> date:
        """Move `count` working days forward, or back when it is negative."""
        step = timedelta(days=1 if count >= 0 else -1)
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def on_or_after(self, day: date) -> date:
        """Return the day itself, or the next working day when it is free."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def span(self, first: date, last: date) -> list[date]:
        """List the working days from first to last, both included."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.is_working(day)]
