"""How fresh a mart is and until when it keeps its promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import psycopg

from daymart.build.definitions import MartDefinition
from daymart.settings import Calendar, Settings

MAX_DAYS_OFF = 30


@dataclass(frozen=True)
class Freshness:
    """The promise of one mart for the evening it shows.

    Fresh until `due_from` (the next working day begins), due until `stale_from` (its promise).
    """

    data_as_of: date | None
    promised_by: datetime
    due_from: datetime
    stale_from: datetime


def freshness(
    mart: MartDefinition, evenings: Mapping[str, date], as_of: date, settings: Settings
) -> Freshness:
    """Return the freshness of `mart` built from feeds that reach to `evenings`.

    The slowest feed decides; a feed that is bound and never arrived leaves `data_as_of` empty. One
    that the company never bound is awaited by nobody; a mart of such feeds alone has no evening.
    """
    awaited = [feed for feed in mart.feeds if feed in evenings or settings.bindings_of(feed)]
    data_as_of = _slowest(awaited, evenings) if mart.feeds else as_of
    calendar = settings.calendars["default"]
    zone = ZoneInfo(settings.promise.timezone)
    day = next_working_day(data_as_of or as_of, calendar)
    following = next_working_day(day, calendar)
    return Freshness(
        data_as_of=data_as_of,
        promised_by=datetime.combine(day, mart.promise_time, zone),
        due_from=datetime.combine(following, time(0), zone),
        stale_from=datetime.combine(following, mart.promise_time, zone),
    )


def _slowest(feeds: Sequence[str], evenings: Mapping[str, date]) -> date | None:
    arrived = [evenings[feed] for feed in feeds if feed in evenings]
    return min(arrived, default=None) if len(arrived) == len(feeds) else None


def next_working_day(day: date, calendar: Calendar) -> date:
    """Return the first working day after `day`."""
    for ahead in range(1, MAX_DAYS_OFF + 1):
        candidate = day + timedelta(days=ahead)
        if calendar.is_working(candidate):
            return candidate
    return day + timedelta(days=1)


def previous_working_day(day: date, calendar: Calendar) -> date:
    """Return the last working day before `day`."""
    for back in range(1, MAX_DAYS_OFF + 1):
        candidate = day - timedelta(days=back)
        if calendar.is_working(candidate):
            return candidate
    return day - timedelta(days=1)


def evenings_of(session: psycopg.Connection, publication_id: int, as_of: date) -> dict[str, date]:
    """Return up to which evening each feed reaches in a publication.

    A feed filled by several systems is as fresh as the slowest of them.
    """
    rows = session.execute(
        """
        select feed_id, min(reaches) from (
            select l.feed_id, l.source_system, max(l.as_of) as reaches
            from ops.publication_load as p
            inner join ops.load as known on known.load_id = p.load_id
            inner join ops.load as l
                on l.feed_id = known.feed_id and l.source_system = known.source_system
                and l.load_id <= known.load_id and l.state = 'accepted'
            where p.publication_id = %s
            group by l.feed_id, l.source_system
        ) as by_system
        group by feed_id
        """,
        [publication_id],
    )
    return {str(feed): min(reaches, as_of) for feed, reaches in rows}
