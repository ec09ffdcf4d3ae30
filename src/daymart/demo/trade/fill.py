"""Write the bulk trade into the demo ERP: its history in spans of days, or its next day."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from importlib.resources import files

import numpy as np
from psycopg import sql

from daymart.demo.core.records import Rate
from daymart.demo.trade.clock import BEFORE, Clock, Ints
from daymart.demo.trade.counts import CountedBooks, Counting, books_of_evening
from daymart.demo.trade.desks import Desks
from daymart.demo.trade.goods_tables import GoodsTables
from daymart.demo.trade.inventory import (
    Moves,
    Shelves,
    moves_of_opening,
    moves_of_orders,
    moves_of_supplies,
)
from daymart.demo.trade.journal import RATE_SCALE, Journal, Rates
from daymart.demo.trade.master_tables import master_tables
from daymart.demo.trade.masters import CURRENCIES, Masters, settle
from daymart.demo.trade.matters import LONGEST_MATTER
from daymart.demo.trade.money import Money, Returned, returns
from daymart.demo.trade.money_tables import Ledger, MoneyTables
from daymart.demo.trade.orders import LONGEST_WAIT, Lines, Orders, Trade
from daymart.demo.trade.roll import roll_on
from daymart.demo.trade.scale import FIRST_ITEM, FIRST_OPENING, KEPT_EVENINGS, Scale
from daymart.demo.trade.supply import (
    LONGEST_SUPPLY,
    LOOKAHEAD,
    Buyer,
    Need,
    Opening,
    Supplies,
)
from daymart.demo.trade.supply_tables import SupplyTables
from daymart.demo.trade.tables import Session, Table, rewrite, same, write, written_behind
from daymart.demo.workdays import Workdays

LONGEST_LIFE = 125
"""Working days at most from an order to its last event, checked on each draw."""
LINES_A_SPAN = 60_000
"""Order lines drawn at once: what bounds the memory."""
KEYS = {
    "sale_line": ("sale_id", "line_no"),
    "dispatch_line": ("dispatch_id", "line_no"),
    "paper_part": ("paper_id", "part_no"),
    "purchase_line": ("purchase_id", "line_no"),
    "purchase_receipt": ("id", "line_no"),
    "paper_line": ("paper_id", "line_no"),
    "sale_share": ("sale_id", "staff_no"),
    "claim": ("id", "line_no"),
    "credit_line": ("partner_id", "entity", "since"),
    "stock_check": ("no", "store", "item_id", "lot"),
    "ticket_side": ("ticket_id", "side_no"),
    "target_signature": ("version", "staff_no"),
    "ask_reply": ("ask_id",),
}
ANALYSED = (
    "sale", "sale_line", "sale_promise", "hold", "dispatch", "dispatch_line", "dispatch_event",
    "stock_entry", "stock_balance", "paper", "paper_part", "paper_link", "ledger_total",
    "purchase", "purchase_line", "purchase_transport", "purchase_receipt", "partner", "item",
    "paper_line", "sale_share", "claim", "stock_check", "pick", "ticket", "ticket_side",
    "ticket_log", "touch", "target",
)  # fmt: skip
Say = Callable[[str], None]


@dataclass(frozen=True)
class Born:
    """What is drawn of the orders of some days."""

    orders: Orders
    lines: Lines
    journal: Journal
    moves: Moves
    back: Returned


@dataclass(frozen=True)
class BulkTrade:
    """The bulk trade of one company; days are numbers of working days from its first."""

    seed: int
    scale: Scale
    clock: Clock
    masters: Masters
    rates: Rates

    def fill(self, session: Session, until: int, say: Say) -> int:
        """Write everything up to an evening; return the number of order lines."""
        for table in master_tables(self.scale, self.masters, self.clock, until):
            write(session, table.filled(0, until))
        need = self.need(0, until + LOOKAHEAD, until)
        shelves = Shelves(self.masters, len(need.table), until - KEPT_EVENINGS)
        ledger = Ledger(self.scale, until - KEPT_EVENINGS)
        books = CountedBooks(self.counting, until)

        def post(moves: Moves) -> None:
            shelves.post(moves, until)
            books.post(moves)

        opened = moves_of_opening(self._buyer.opening(need), FIRST_OPENING)
        write(session, self.goods(until).entries(opened, same("opening count", len(opened.id))))
        post(opened)
        post(self.counting.moves(self.counting.taken(0, until)))
        written = 0
        with written_behind(session) as later:
            for first, last in self.spans(0, until):
                born = self.born(first, last)
                for table in self.tables_of_orders(born, until):
                    later(table.filled(0, until))
                post(born.moves)
                ledger.post(born.journal, until)
                written += len(born.lines.order)
                say(f"{self.clock.date_of(last)}: {written:,} order lines".replace(",", " "))
            for supplies in self._purchases(need, 0, until):
                for table in self.tables_of_supplies(supplies, until):
                    later(table.filled(0, until))
                post(moves_of_supplies(supplies))
        for table in self._desks.of_days(0, until, books.at):
            write(session, table.filled(0, until))
        self._desks.count_in(session, 0, until)
        self._write_evenings(session, shelves, ledger, until)
        for table in self.plans(need, until):
            write(session, table.filled(0, until))
        return written

    def advance(self, session: Session, day: int) -> None:
        """Write what one day adds and corrects."""
        for first, last in self.spans(day - LONGEST_LIFE, day):
            born = self.born(first, last)
            self._write_day(session, self.tables_of_orders(born, day), day)
        books = partial(books_of_evening, session, self.counting)
        self._write_day(session, self._desks.of_days(day, day, books), day)
        self._desks.count_in(session, day, day)
        masters = master_tables(self.scale, self.masters, self.clock, day)
        self._write_day(session, masters, day)
        need = self.need(day - 100, day + LOOKAHEAD, day)
        for supplies in self._purchases(need, day - LONGEST_SUPPLY, day):
            self._write_day(session, self.tables_of_supplies(supplies, day), day)
        session.execute("delete from erp.stock_plan where item_id >= %s", [FIRST_ITEM])
        for table in self.plans(need, day):
            write(session, table.filled(0, day))
        kept_from = max(0, day - KEPT_EVENINGS + 1)
        roll_on(session, self.clock.date_of(day), self.clock.date_of(kept_from))

    @cached_property
    def counting(self) -> Counting:
        """Return who decides what is counted when."""
        return Counting(self.clock, self.scale, self.masters, self._buyer)

    @property
    def _desks(self) -> Desks:
        return Desks(self.seed, self.clock, self.scale, self.masters, self.counting)

    @cached_property
    def _buyer(self) -> Buyer:
        return Buyer(self.seed, self.scale, self.clock, self.masters)

    @property
    def _trade(self) -> Trade:
        return Trade(self.seed, self.scale, self.clock, self.masters)

    def goods(self, evening: int) -> GoodsTables:
        """Return what writes goods as the evening knows them."""
        return GoodsTables(self.clock, self.scale, self.masters, evening)

    def born(self, first: int, last: int) -> Born:
        """Draw the orders of some days with their papers and moves."""
        orders, lines = self._trade.born(first, last)
        journal = Money(self.clock, self.masters, self.rates).book(orders, lines)
        back = returns(orders, lines, self.masters)
        moves = moves_of_orders(orders, lines, back)
        papers = journal.papers()
        if len(papers.entered):
            life = int((papers.entered - orders.born[papers.order]).max())
            life += LONGEST_MATTER
            assert life <= LONGEST_LIFE, f"an order lives {life} working days"
        return Born(orders, lines, journal, moves, back)

    def need(self, first: int, last: int, until: int) -> Need:
        """Add up what the orders of some days will take."""
        need = Need(self.masters.places, until)
        for start, end in self.spans(first, last):
            need.add(self._trade.born(start, end)[1])
        return need

    def opening(self, need: Need) -> Opening:
        """Return what lies in the stores on the first morning."""
        return self._buyer.opening(need)

    def spans(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Cut days into spans of bounded size."""
        step = max(1, min(60, int(LINES_A_SPAN / (2.5 * self.scale.orders_a_day))))
        start = max(0, first)
        while start <= last:
            yield start, min(start + step - 1, last)
            start += step

    def _purchases(self, need: Need, first: int, last: int) -> Iterator[Supplies]:
        step = max(1, min(60, 10 * LINES_A_SPAN // (self.masters.places + 1)))
        for start in range(max(0, first), last + 1, step):
            yield self._buyer.placed(need, start, min(start + step - 1, last))

    def purchases(self, need: Need, first: int, last: int) -> Supplies:
        """Return the purchases placed on some days."""
        return self._buyer.placed(need, first, last)

    def tables_of_orders(self, born: Born, evening: int) -> Iterator[Table]:
        """Give the rows of orders, their goods and their papers."""
        if len(born.orders.id):
            yield from self.goods(evening).of_orders(born.orders, born.lines)
            yield self.goods(evening).entries(born.moves)
            yield from MoneyTables(self.clock).of_journal(born.journal)
            yield from self._desks.of_orders(
                born.orders, born.lines, born.journal, born.back, evening
            )

    def tables_of_supplies(self, supplies: Supplies, evening: int) -> Iterator[Table]:
        """Give the rows of purchases and the entries of their receipts."""
        tables = SupplyTables(self.clock, self.scale, self.masters, evening)
        yield from tables.of_supplies(supplies)
        yield self.goods(evening).entries(moves_of_supplies(supplies))
        yield from self._desks.of_supplies(supplies)

    def plans(self, need: Need, evening: int) -> Iterator[Table]:
        """Give what the stores expect from the next day on."""
        for first, last in self.spans(evening - LONGEST_WAIT, evening):
            orders, lines = self._trade.born(first, last)
            if len(orders.id):
                yield self.goods(evening).plans(orders, lines)
        for supplies in self._purchases(need, evening - LONGEST_SUPPLY, evening):
            tables = SupplyTables(self.clock, self.scale, self.masters, evening)
            yield tables.plans(supplies)

    def _write_day(self, session: Session, tables: Iterable[Table], day: int) -> None:
        for table in tables:
            rewrite(session, table.filled(day, day), KEYS.get(table.name, ("id",)))

    def _write_evenings(
        self, session: Session, shelves: Shelves, ledger: Ledger, until: int
    ) -> None:
        money = MoneyTables(self.clock)
        for day in range(max(0, until - KEPT_EVENINGS + 1), until + 1):
            write(session, self.goods(day).balances(shelves.evening(day)))
            write(session, money.totals(self.masters, day, *ledger.evening(day)))


def open_trade(
    seed: int, size: float, first_day: date, days: int, workdays: Workdays, rates: list[Rate]
) -> BulkTrade:
    """Return the bulk trade of a company that has worked so many days.

    Raises ConfigError when the scale is out of range or its numbers do not last so long.
    """
    scale = Scale(size)
    scale.require_room(days)
    clock = Clock(workdays, first_day, days)
    return BulkTrade(seed, scale, clock, settle(seed, scale), rates_by_day(clock, rates))


def extend_schema(session: Session) -> None:
    """Add what the bulk trade needs to the ERP's schema, before the first row."""
    session.execute(files("daymart.demo.trade").joinpath("schema.sql").read_bytes())


def add_indexes(session: Session) -> None:
    """Add indexes and let the planner know the tables, after the last row of the first fill."""
    session.execute(files("daymart.demo.trade").joinpath("indexes.sql").read_bytes())
    for table in ANALYSED:
        session.execute(sql.SQL("analyze erp.{}").format(sql.Identifier(table)))


def rates_by_day(clock: Clock, rates: list[Rate]) -> Rates:
    """Lay the rates known so far over the working days; the last one holds for later days."""
    days: Ints = clock.dates
    table = np.full((len(CURRENCIES), len(days)), RATE_SCALE, dtype=np.int64)
    for index, currency in enumerate(CURRENCIES):
        known = sorted((row.day, row) for row in rates if row.currency == currency)
        if known:
            at = np.array([day.toordinal() for day, _ in known]) - date(1970, 1, 1).toordinal()
            values = np.array([int(row.value * RATE_SCALE / row.per) for _, row in known])
            found = np.maximum(np.searchsorted(at, days, side="right") - 1, 0)
            table[index] = values[found]
    return Rates(table, BEFORE)
