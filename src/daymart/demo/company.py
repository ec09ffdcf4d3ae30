"""Make the demo company in a PostgreSQL database, and let its next day happen there.

The business is played in memory from its seed, so the same seed, days and holidays give the
same rows in the same order. A next day replays the days so far and writes only what it changed.
"""

from collections.abc import Callable
from datetime import date
from importlib.resources import files

import psycopg
from psycopg import Connection, sql

from daymart.demo.checks import CHECKS
from daymart.demo.core.bad_rows import bad_rows
from daymart.demo.core.batches import send_batches
from daymart.demo.core.business import Business, found
from daymart.demo.core.records import Identity, Rate, Row
from daymart.demo.core.registry import read_agreed
from daymart.demo.core.stories import STORIES
from daymart.demo.core.tables import TABLES
from daymart.demo.core.world import World
from daymart.demo.trade.answers.evening import answer as write_answers
from daymart.demo.trade.fill import BulkTrade, add_indexes, extend_schema, open_trade
from daymart.demo.trade.scale import Scale
from daymart.demo.workdays import Workdays
from daymart.errors import ConfigError, SourceError

LEAST_DAYS = 25
Snapshot = dict[str, dict[Identity, tuple[object, ...]]]


def create(
    dsn: str,
    seed: int,
    last_day: date,
    days: int = 40,
    holidays: frozenset[date] = frozenset(),
    scale: float = 0,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Drop and fill schema `erp` with `days` working days of business up to `last_day`.

    `scale` adds bulk trade to the hand-written core: 1 is about 50,000 order lines a year, 0 the
    core alone. `say` hears of progress. Raises ConfigError when `last_day` is a day off, `days`
    is too short for the edge cases, or the scale cannot be played that long.
    """
    workdays = Workdays(holidays)
    require_playable(scale, days)
    _require(workdays.is_working(last_day), f"last day {last_day}", "a working day")
    first_day = workdays.shift(last_day, 1 - days)
    business = _play(seed, first_day, last_day, workdays, last_day)
    with psycopg.connect(dsn) as connection:
        _set_today(connection, first_day)  # what was there before anybody read is no change
        for schema in ("schema.sql", "departments.sql", "changes.sql"):
            connection.execute(files("daymart.demo").joinpath(schema).read_bytes())
        for table in TABLES:
            _copy(connection, table, list(business.world.rows[table.TABLE].values()))
        extend_schema(connection)
        if scale:
            connection.execute("update erp.company set scale = %s", [scale])
            trade = _bulk_trade(business.world, scale, days)
            trade.fill(connection, days - 1, say)
        add_indexes(connection)
        send_batches(connection, workdays.span(first_day, last_day), last_day)


def _set_today(connection: Connection[tuple[object, ...]], day: date) -> None:
    """Tell the database which evening the rows of this transaction are written on."""
    connection.execute("select set_config('erp.today', %s, true)", [day.isoformat()])


def require_playable(scale: float, days: int) -> None:
    """Raise ConfigError when no company of this scale can have so many working days."""
    _require(days >= LEAST_DAYS, f"{days} days", f"at least {LEAST_DAYS}")
    Scale(scale).require_room(days)


def advance(dsn: str) -> date:
    """Let the next working day happen in the database and return its date.

    New business of the day, and corrections of earlier days: a bounced payment, a changed
    purchase date, a cancelled dispatch. Raises SourceError when there is no demo company.
    """
    with psycopg.connect(dsn) as connection:
        seed, first_day, anchor, last_day, holidays = _read_company(connection)
        scale = _read_scale(connection)
        workdays = Workdays(frozenset(holidays))
        business = _play(seed, first_day, anchor, workdays, last_day)
        before = _snapshot(business.world)
        next_day = workdays.shift(last_day, 1)
        _set_today(connection, next_day)
        business.play(next_day)
        for table in TABLES:
            _write_changes(connection, table, before[table.TABLE], business.world)
        if scale:
            connection.execute("update erp.company set scale = %s", [scale])
            days = len(workdays.span(first_day, next_day))
            _bulk_trade(business.world, scale, days).advance(connection, days - 1)
        send_batches(connection, workdays.span(first_day, next_day), anchor)
    return next_day


def answer(dsn: str, evening: date | None = None) -> date | None:
    """Write right answers for the bulk trade of an evening (the last one) into schema `answers`.

    They are computed from the draws, not from the ERP. Of a past evening balances, shipments,
    on time in full, receipts, returns, suppliers, picks and days of sales owed say what is
    known of it now, the others what was then.
    Return the evening, None for a company without bulk trade. Raises SourceError when there is no
    demo company.
    """
    with psycopg.connect(dsn) as connection:
        seed, first_day, _, last_day, holidays = _read_company(connection)
        scale = _read_scale(connection)
        if not scale:
            return None
        workdays = Workdays(frozenset(holidays))
        days = len(workdays.span(first_day, last_day))
        query = "select currency, day, value, per, origin from erp.rate"
        rates = [Rate(*row) for row in connection.execute(query)]
        trade = open_trade(seed, scale, first_day, days, workdays, rates)
        asked = len(workdays.span(first_day, evening or last_day)) - 1
        return write_answers(trade, connection, asked, days - 1)


def verify(dsn: str) -> list[str]:
    """Check the company's consistency by SQL; return one sentence per broken rule."""
    with psycopg.connect(dsn) as connection:
        broken = [(name, connection.execute(query).fetchall()) for name, query in CHECKS.items()]
    return [f"{name}: {len(rows)} rows, first {rows[0]}" for name, rows in broken if rows]


def _play(seed: int, first_day: date, anchor: date, workdays: Workdays, last_day: date) -> Business:
    business = found(seed, first_day, anchor, workdays, read_agreed())
    for story in STORIES:
        business.tell(story(business))
    business.tell(bad_rows(business))
    business.play_through(last_day)
    return business


def _bulk_trade(world: World, scale: float, days: int) -> BulkTrade:
    return open_trade(world.seed, scale, world.first_day, days, world.workdays, world.every(Rate))


def _read_scale(connection: Connection[tuple[object, ...]]) -> float:
    row = connection.execute("select scale::float8 from erp.company").fetchone()
    assert row is not None and isinstance(row[0], float)
    return row[0]


def _require(holds: bool, saw: str, expected: str) -> None:
    if not holds:
        raise ConfigError("demo company", saw=saw, expected=expected)


def _read_company(
    connection: Connection[tuple[object, ...]],
) -> tuple[int, date, date, date, list[date]]:
    found_table = connection.execute("select to_regclass('erp.company')").fetchone()
    if found_table == (None,):
        raise SourceError(
            "demo company",
            saw="no table erp.company",
            expected="a created company",
            remedy="Create it first.",
        )
    query = "select seed, first_day, anchor_day, last_day, holidays from erp.company"
    row = connection.execute(query).fetchone()
    assert row is not None
    seed, first_day, anchor, last_day, holidays = row
    assert isinstance(seed, int) and isinstance(holidays, list)
    assert isinstance(first_day, date) and isinstance(anchor, date) and isinstance(last_day, date)
    return seed, first_day, anchor, last_day, holidays


def _snapshot(world: World) -> Snapshot:
    return {
        name: {identity: row.values() for identity, row in rows.items()}
        for name, rows in world.rows.items()
    }


def _write_changes(
    connection: Connection[tuple[object, ...]],
    table: type[Row],
    before: dict[Identity, tuple[object, ...]],
    world: World,
) -> None:
    now = world.rows[table.TABLE]
    changed = [row for key, row in now.items() if before.get(key) != row.values()]
    stale = [key for key in before if key not in now or before[key] != now[key].values()]
    same_key = sql.SQL(" and ").join(
        sql.SQL("{} = %s").format(sql.Identifier(name)) for name in table.KEY
    )
    delete = sql.SQL("delete from erp.{} where {}")
    with connection.cursor() as cursor:
        cursor.executemany(delete.format(sql.Identifier(table.TABLE), same_key), stale)
    _copy(connection, table, changed)


def _copy(connection: Connection[tuple[object, ...]], table: type[Row], rows: list[Row]) -> None:
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in table.columns())
    target = sql.SQL("copy erp.{} ({}) from stdin").format(sql.Identifier(table.TABLE), columns)
    with connection.cursor() as cursor, cursor.copy(target) as copy:
        for row in rows:
            copy.write_row(row.values())
