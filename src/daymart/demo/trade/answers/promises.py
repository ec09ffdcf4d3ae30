"""Right answers about what is to come and to go: open order lines, supply, and what to promise."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.trade.answers.queues import Awaited, Waiting, waiting_table
from daymart.demo.trade.answers.slips import UsualSlips
from daymart.demo.trade.answers.tables import as_of, place_columns
from daymart.demo.trade.clock import NEVER, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.journal import RATE_SCALE
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.scale import FIRST_PARTNER
from daymart.demo.trade.supply import Supplies
from daymart.demo.trade.supply_tables import SupplyTables
from daymart.demo.trade.tables import Column, Table, dates, decimals, labelled

PROMISE_SCHEMA = """
create table answers.atp (
    as_of date, warehouse_id text, product_id text, from_on date, atp_qty bigint,
    primary key (as_of, warehouse_id, product_id, from_on)
);
comment on table answers.atp is
    'What can be promised from a day on: the least of all later cumulative stock (look-ahead).'
    ' A row for each day on which it changes.';
create table answers.atp_safe (
    as_of date, warehouse_id text, product_id text, from_on date, atp_safe_qty bigint,
    primary key (as_of, warehouse_id, product_id, from_on)
);
create table answers.supply_expected (
    as_of date, po_id text, line_no bigint, eta_safe_on date, primary key (as_of, po_id, line_no)
);
comment on table answers.supply_expected is
    'Purchases with a day to come: that day and what four of five receipts of the supplier did not'
    ' slip by, else of the family of goods (fewer than ten receipts in twelve months say nothing).'
    ' What can be promised by those days is answers.atp_safe.';
create table answers.planned (
    as_of date, warehouse_id text, product_id text, available_on date, supply_qty bigint,
    demand_qty bigint, cumulative_qty bigint, free_supply_qty bigint,
    primary key (as_of, warehouse_id, product_id, available_on)
);
comment on table answers.planned is
    'What comes and goes on each working day after the evening, and what lies there then; what is'
    ' past due goes on the first one. Free is what of the goods that come nothing of then or later'
    ' needs.';
create table answers.open_line (
    as_of date, order_id text, order_line_no bigint, customer_id text, warehouse_id text,
    product_id text, open_qty bigint, open_amount numeric(18, 2), requested_on date,
    first_promised_on date, last_promised_on date, is_prepaid boolean,
    primary key (as_of, order_id, order_line_no)
);
comment on table answers.open_line is
    'Order lines of which something is still to ship, in base units and, at the price and rate of'
    ' the order, in company currency without tax.';
"""
HORIZON = 70
"""Working days ahead that hold every open order and every purchase placed so far."""
CENT = 10_000
"""Parts of a cent in list prices (ten-thousandths) times percent."""


class PromiseAnswers:
    """Accumulate what an evening knows of the days to come."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        days = (trade.masters.places, HORIZON)
        self._comes, self._goes = (np.zeros(days, dtype=np.int64) for _ in range(2))
        self._lines: list[Table] = []
        self._slips = UsualSlips(trade, evening)
        self._awaited: list[Awaited] = []
        self._waiting: list[Waiting] = []

    def supply(self, s: Supplies) -> None:
        """Add what purchases will bring by what the evening knows."""
        evening = self._evening
        tables = SupplyTables(self._trade.clock, self._trade.scale, self._trade.masters, evening)
        day = tables.expected(s)
        gone = np.where(s.left_again < NEVER, s.left_again, s.left) <= evening
        come = s.first + s.second + np.where(gone, 0, s.cancelled)
        come = come - np.where(s.arrived <= evening, s.first, 0)
        come = come - np.where(s.arrived_again <= evening, s.second, 0)
        awaited = (s.placed <= evening) & (day > evening)
        self._slips.add(s)
        on, qty = self._trade.clock.dated(day), come * s.times
        rows = (s.purchase, s.number, s.supplier, s.item, s.place, on, qty)
        self._awaited.append(Awaited(*(row[awaited] for row in rows)))
        dated = awaited & (day < NEVER)
        self._plan(self._comes, s.place[dated], day[dated], qty[dated])

    def demand(self, orders: Orders, lines: Lines) -> None:
        """Take what is still to ship from its day; what is past due goes today."""
        evening, of = self._evening, lines.order
        back = (orders.taken_back < NEVER)[of]
        shipped = np.where((orders.ship <= evening)[of], lines.first, 0)
        shipped = np.where(back & (orders.taken_back <= evening)[of], 0, shipped)
        shipped = shipped + np.where((orders.ship_again <= evening)[of], lines.second, 0)
        left = lines.qty - np.where(lines.dropped_on <= evening, lines.dropped, 0) - shipped
        known = np.where(orders.moved <= evening, orders.promised_again, orders.promised)
        day = np.where(orders.ship <= evening, orders.ship_again, known - orders.road)[of]
        waits = (left > 0) & (orders.born[of] <= evening)
        self._plan(self._goes, lines.place[waits], day[waits], (left * lines.times)[waits])
        self._list(orders, lines, np.flatnonzero(waits), left[waits])
        self._waiting.append(self._queued(orders, lines, np.flatnonzero(waits), left[waits]))

    def _plan(self, days: Ints, place: Ints, day: Ints, qty: Ints) -> None:
        ahead = np.clip(day - self._evening, 0, HORIZON - 1)
        np.add.at(days, (place, ahead), qty)

    def _list(self, orders: Orders, lines: Lines, line: Ints, left: Ints) -> None:
        of, dated = lines.order[line], self._trade.clock.dated
        columns = {
            "as_of": as_of(self._trade, self._evening, len(line)),
            "order_id": labelled("", orders.id[of]),
            "order_line_no": lines.number[line],
            "customer_id": labelled("T", orders.customer[of] + FIRST_PARTNER),
            **place_columns(self._trade, lines.place[line]),
            "open_qty": left * lines.times[line],
            "open_amount": self._worth(orders, lines, line, left),
            "requested_on": dates(dated(orders.wanted[of])),
            "first_promised_on": dates(dated(orders.promised[of])),
            "last_promised_on": dates(dated(self._last_promised(orders, lines, line))),
            "is_prepaid": orders.prepaid[of],
        }
        self._lines.append(Table("open_line", columns, line))

    def _queued(self, orders: Orders, lines: Lines, line: Ints, left: Ints) -> Waiting:
        holds = (lines.held_on <= self._evening) & (lines.released > self._evening)
        held = np.where(holds, lines.held, 0)[line]
        return Waiting(
            order=orders.id[lines.order[line]],
            line=lines.number[line],
            place=lines.place[line],
            due=self._last_promised(orders, lines, line),
            born=orders.born[lines.order[line]],
            qty=left * lines.times[line],
            held=np.minimum(held, left) * lines.times[line],
        )

    def _worth(self, orders: Orders, lines: Lines, line: Ints, left: Ints) -> Column:
        of, rates = lines.order[line], self._trade.rates
        discount = self._trade.masters.customer_discount[orders.customer[of]]
        rate = rates.table[orders.currency[of], orders.born[of] + rates.before]
        # Exact and half up, by integers of any length.
        factors = zip(left, lines.list_price[line], 100 - discount, rate, strict=True)
        parts = [int(a) * int(b) * int(c) * int(d) for a, b, c, d in factors]
        cent = CENT * RATE_SCALE
        cents = [(2 * part + cent) // (2 * cent) for part in parts]
        return decimals(np.array(cents, dtype=np.int64), 2)

    def _last_promised(self, orders: Orders, lines: Lines, line: Ints) -> Ints:
        """Return the newest of the days given by the evening: first, moved, after a dispatch."""
        of, evening = lines.order[line], self._evening
        day = np.where(orders.moved <= evening, orders.promised_again, orders.promised)[of]
        again, back = (orders.ship_again + orders.road)[of], orders.taken_back[of]
        short = (back == NEVER) & (orders.ship[of] <= evening) & (lines.second[line] > 0)
        return np.where(short | (back <= evening), again, day)

    def tables(self, usable: Ints, reserved: Ints) -> Iterator[Table]:
        """Give the rows, with what is usable and held in each place tonight."""
        level = usable[:, None] + np.cumsum(self._comes - self._goes, axis=1)
        yield self._planned(usable, level)
        yield self._promisable("atp", level)
        yield from self._safe(usable)
        yield from self._lines
        yield waiting_table(
            self._trade, self._evening, (usable, reserved), self._waiting, self._awaited
        )

    def _safe(self, usable: Ints) -> Iterator[Table]:
        """Promise by the days on which suppliers usually keep their word."""
        clock, evening = self._trade.clock, self._evening
        comes = np.zeros_like(self._comes)
        for a in (found.dated() for found in self._awaited):
            on = a.expected + self._slips.of(a.supplier, a.item)
            self._plan(comes, a.place, clock.on_or_after(on), a.qty)
            columns = {
                "as_of": as_of(self._trade, evening, len(on)),
                "po_id": labelled("", a.po),
                "line_no": a.line,
                "eta_safe_on": dates(on),
            }
            yield Table("supply_expected", columns, on)
        level = usable[:, None] + np.cumsum(comes - self._goes, axis=1)
        yield self._promisable("atp_safe", level)

    def _planned(self, usable: Ints, level: Ints) -> Table:
        trade, evening, goes = self._trade, self._evening, self._goes.copy()
        goes[:, 1] += goes[:, 0]
        goes[:, 0] = 0
        place, ahead = np.nonzero(self._comes + goes)
        # What comes on a day is free as far as nothing of then or later needs it.
        before = np.concatenate([usable[:, None], usable[:, None], level[:, 1:-1]], axis=1)
        least = _least(level)
        free = np.maximum(least, 0) - np.maximum(np.minimum(before, least), 0)
        columns = {
            "as_of": as_of(trade, evening, len(place)),
            **place_columns(trade, place),
            "available_on": dates(trade.clock.dated(evening + ahead)),
            "supply_qty": self._comes[place, ahead],
            "demand_qty": goes[place, ahead],
            "cumulative_qty": level[place, ahead],
            "free_supply_qty": free[place, ahead],
        }
        return Table("planned", columns, place)

    def _promisable(self, name: str, level: Ints) -> Table:
        least = _least(level)
        changes = np.ones_like(least, dtype=bool)
        changes[:, 1:] = least[:, 1:] != least[:, :-1]
        place, ahead = np.nonzero(changes)
        columns = {
            "as_of": as_of(self._trade, self._evening, len(place)),
            **place_columns(self._trade, place),
            "from_on": dates(self._trade.clock.dated(self._evening + ahead)),
            f"{name}_qty": least[place, ahead],
        }
        return Table(name, columns, place)


def _least(level: Ints) -> Ints:
    """Tell what is left on the barest day from each day on."""
    least: Ints = np.minimum.accumulate(level[:, ::-1], axis=1)[:, ::-1]
    return least
