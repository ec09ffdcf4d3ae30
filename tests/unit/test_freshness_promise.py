"""Until when a mart is fresh, due and stale, in business-calendar time."""

from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daymart.publish.freshness import freshness, next_working_day, previous_working_day
from daymart.settings import Binding, Calendar, Promise, Settings

FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
THURSDAY = date(2026, 11, 19)
WEEK = Calendar()


def mart(*feeds: str) -> Any:
    return SimpleNamespace(feeds=feeds, promise_time=time(8, 0))


def company(calendar: Calendar = WEEK, zone: str = "UTC", bound: tuple[str, ...] = ()) -> Settings:
    return Settings(
        company="Shop",
        currency="EUR",
        promise=Promise(timezone=zone),
        calendars={"default": calendar},
        bindings=tuple(Binding(system="erp", connection="erp", feeds=(feed,)) for feed in bound),
    )


def at(day: date, hour: int, zone: str = "UTC") -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone))


def test_mart_of_a_weekday_is_promised_next_morning_and_stale_the_one_after() -> None:
    found = freshness(mart("sales"), {"sales": THURSDAY}, THURSDAY, company())
    assert found.data_as_of == THURSDAY
    assert found.promised_by == at(FRIDAY, 8)
    assert found.due_from == at(MONDAY, 0)
    assert found.stale_from == at(MONDAY, 8)


def test_mart_of_friday_stays_fresh_over_the_weekend_until_tuesday() -> None:
    found = freshness(mart("sales"), {"sales": FRIDAY}, FRIDAY, company())
    assert (found.promised_by, found.due_from, found.stale_from) == (
        at(MONDAY, 8),
        at(TUESDAY, 0),
        at(TUESDAY, 8),
    )


def test_holiday_moves_the_promise_to_the_next_working_day() -> None:
    found = freshness(
        mart("sales"), {"sales": FRIDAY}, FRIDAY, company(Calendar(holidays=(MONDAY,)))
    )
    assert found.promised_by == at(TUESDAY, 8)


def test_working_saturday_is_promised_that_saturday() -> None:
    found = freshness(
        mart("sales"), {"sales": FRIDAY}, FRIDAY, company(Calendar(working=(SATURDAY,)))
    )
    assert (found.promised_by, found.due_from) == (at(SATURDAY, 8), at(MONDAY, 0))


def test_slowest_feed_decides_how_old_the_mart_is() -> None:
    evenings = {"sales": FRIDAY, "accounting": THURSDAY}
    found = freshness(mart("sales", "accounting"), evenings, FRIDAY, company())
    assert found.data_as_of == THURSDAY
    assert found.stale_from == at(MONDAY, 8)


def test_bound_feed_that_never_arrived_leaves_the_evening_empty() -> None:
    awaited = company(bound=("sales", "accounting"))
    found = freshness(mart("sales", "accounting"), {"sales": FRIDAY}, FRIDAY, awaited)
    assert found.data_as_of is None
    assert found.promised_by == at(MONDAY, 8)


def test_feed_the_company_never_bound_is_not_awaited() -> None:
    small = company(bound=("sales",))
    found = freshness(mart("sales", "accounting"), {"sales": FRIDAY}, FRIDAY, small)
    assert found.data_as_of == FRIDAY
    assert freshness(mart("accounting"), {"sales": FRIDAY}, FRIDAY, small).data_as_of is None


def test_feed_whose_system_was_unbound_counts_with_what_it_left() -> None:
    evenings = {"sales": FRIDAY, "accounting": THURSDAY}
    found = freshness(mart("sales", "accounting"), evenings, FRIDAY, company(bound=("sales",)))
    assert found.data_as_of == THURSDAY


def test_mart_without_feeds_is_as_old_as_the_morning() -> None:
    assert freshness(mart(), {}, FRIDAY, company()).data_as_of == FRIDAY


def test_promise_is_kept_in_the_company_s_own_zone() -> None:
    found = freshness(mart("sales"), {"sales": THURSDAY}, THURSDAY, company(zone="Europe/Kyiv"))
    assert found.promised_by.astimezone(UTC) == at(FRIDAY, 6)
    assert found.due_from.astimezone(UTC).hour == 22


@pytest.mark.parametrize(
    ("day", "following", "before"),
    [
        (THURSDAY, FRIDAY, date(2026, 11, 18)),
        (FRIDAY, MONDAY, THURSDAY),
        (SATURDAY, MONDAY, FRIDAY),
        (SUNDAY, MONDAY, FRIDAY),
        (MONDAY, TUESDAY, FRIDAY),
    ],
)
def test_working_days_step_over_the_weekend(day: date, following: date, before: date) -> None:
    assert next_working_day(day, WEEK) == following
    assert previous_working_day(day, WEEK) == before


def test_calendar_without_working_days_still_ends() -> None:
    closed = Calendar(weekend=("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    assert next_working_day(FRIDAY, closed) == SATURDAY
    assert previous_working_day(FRIDAY, closed) == THURSDAY


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(DAYS, st.frozensets(DAYS, max_size=5))
def test_any_evening_is_promised_before_it_is_due_and_due_before_it_is_stale(
    evening: date, holidays: frozenset[date]
) -> None:
    calendar = Calendar(holidays=tuple(holidays))
    found = freshness(mart("sales"), {"sales": evening}, evening, company(calendar))
    assert evening < found.promised_by.date()
    assert found.promised_by < found.due_from < found.stale_from
    assert calendar.is_working(found.promised_by.date())
    assert calendar.is_working(found.stale_from.date())


@given(DAYS)
def test_previous_working_day_is_the_inverse_of_the_next_one(day: date) -> None:
    if WEEK.is_working(day):
        assert previous_working_day(next_working_day(day, WEEK), WEEK) == day
