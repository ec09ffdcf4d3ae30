"""Bring a warehouse to the state the contracts and settings describe. Safe to run again."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from importlib.resources import files

import psycopg

from daymart.contracts.ddl import add_column, add_version, raw_ddl
from daymart.contracts.model import Feed, Table
from daymart.contracts.types import numeric_shape
from daymart.errors import ConfigError
from daymart.settings import Calendar
from daymart.warehouse.connect import Role, Warehouse

INSTALL_LOCK = "daymart install"
CALENDAR_FROM = date(2020, 1, 1)
CALENDAR_UNTIL = CALENDAR_FROM + timedelta(days=366 * 12)


def install(
    warehouse: Warehouse,
    feeds: Iterable[Feed],
    calendars: Mapping[str, Calendar],
    bound: Collection[str] | None = None,
) -> None:
    """Create or extend schemas, roles, raw tables, the feed registry and the calendar.

    Every feed gets its tables; only the `bound` ones (default: all) are awaited each morning.
    Raises ConfigError when a contract column changed its type: that needs a decision.
    """
    feeds = list(feeds)
    with warehouse.session(None) as session, session.transaction():
        session.execute("select pg_advisory_xact_lock(hashtext(%s))", [INSTALL_LOCK])
        session.execute("set local client_min_messages = warning")
        session.execute(_script("ops.sql"))
        for feed in feeds:
            for table in feed.tables:
                _install_table(session, table)
        session.execute(_script("roles.sql"))
        session.execute(_script("restatement.sql"))
        _register(session, [f for f in feeds if bound is None or f.name in bound])
        _fill_calendar(session, calendars)


def check_installed(warehouse: Warehouse, feeds: Iterable[Feed]) -> None:
    """Raise ConfigError when the warehouse lacks a table or column that contracts promise."""
    with warehouse.session(Role.LOADER) as session:
        for feed in feeds:
            for table in feed.tables:
                existing = _existing_columns(session, table)
                wanted = (*table.column_names, "_version")
                missing = [c for c in wanted if c not in existing]
                if missing:
                    raise ConfigError(
                        f"warehouse: raw.{table.name}",
                        saw=f"no column {missing[0]!r}" if existing else "no such table",
                        expected="what the contract promises",
                        remedy="Run: daymart install",
                    )


def _script(name: str) -> bytes:
    return files("daymart.warehouse").joinpath(name).read_bytes()


def _install_table(session: psycopg.Connection, table: Table) -> None:
    existing = _existing_columns(session, table)
    for column in table.columns:
        if existing and column.name not in existing:
            for statement in add_column(table, column):
                session.execute(statement)
        elif existing and existing[column.name] != _catalog_type(column.physical_type):
            raise ConfigError(
                f"raw.{table.name}.{column.name}",
                saw=f"{existing[column.name]} in the warehouse",
                expected=f"{column.physical_type} by the contract",
                remedy="A type change needs a new column, or a migration of raw and its history.",
            )
    if existing and "_version" not in existing:
        for statement in add_version(table):
            session.execute(statement)
    for statement in raw_ddl(table):
        session.execute(statement)


def _existing_columns(session: psycopg.Connection, table: Table) -> dict[str, str]:
    rows = session.execute(
        """
        select a.attname, format_type(a.atttypid, a.atttypmod)
        from pg_attribute as a
        where a.attrelid = to_regclass(%s) and a.attnum > 0 and not a.attisdropped
        """,
        [f"raw.{table.name}"],
    )
    return {str(name): str(kind) for name, kind in rows}


def _catalog_type(physical_type: str) -> str:
    if numeric_shape(physical_type):
        return physical_type
    return {"timestamptz": "timestamp with time zone"}.get(physical_type, physical_type)


def _register(session: psycopg.Connection, feeds: list[Feed]) -> None:
    session.execute("delete from ops.feed where feed_id <> all (%s)", [[f.name for f in feeds]])
    for feed in feeds:
        session.execute(
            """
            insert into ops.feed (
                feed_id, department, owner_id, deputy_id, head_id, channel,
                schedule, deadline_time, tz, calendar_id
            )
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict (feed_id) do update set
                department = excluded.department, owner_id = excluded.owner_id,
                deputy_id = excluded.deputy_id, head_id = excluded.head_id,
                channel = excluded.channel, schedule = excluded.schedule,
                deadline_time = excluded.deadline_time, tz = excluded.tz,
                calendar_id = excluded.calendar_id
            """,
            [
                feed.name,
                feed.department,
                feed.owner,
                feed.deputy,
                feed.head,
                feed.channel,
                feed.schedule,
                feed.deadline,
                feed.timezone.key,
                feed.calendar,
            ],
        )


def _fill_calendar(session: psycopg.Connection, calendars: Mapping[str, Calendar]) -> None:
    for name, calendar in calendars.items():
        days = _days_of(calendar)
        session.execute(
            """
            insert into ops.calendar (calendar_id, day, is_working)
            select %s, d.day, d.is_working
            from unnest(%s::date[], %s::boolean[]) as d (day, is_working)
            on conflict (calendar_id, day) do update set is_working = excluded.is_working
            where calendar.is_working <> excluded.is_working
            """,
            [name, days, [calendar.is_working(day) for day in days]],
        )


def _days_of(calendar: Calendar) -> list[date]:
    """Return the days written out: whole years, from the first one the calendar names a day of."""
    named = (day.replace(month=1, day=1) for day in (*calendar.holidays, *calendar.working))
    first = min([CALENDAR_FROM, *named])
    return [first + timedelta(days=n) for n in range((CALENDAR_UNTIL - first).days)]
