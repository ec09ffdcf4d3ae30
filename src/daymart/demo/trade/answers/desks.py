"""Right answers about exposure, receipts, returns, counts and goods on their way."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.trade.answers.counts import accuracy_table
from daymart.demo.trade.answers.ledger import Ledger
from daymart.demo.trade.answers.months import Months
from daymart.demo.trade.answers.prices import ItemPrices, in_cents
from daymart.demo.trade.answers.tables import as_of, place_columns
from daymart.demo.trade.claims import Claims
from daymart.demo.trade.clock import NEVER, Ints
from daymart.demo.trade.counts import EXPLAINED, CountedBooks, Counts
from daymart.demo.trade.fill import Born, BulkTrade
from daymart.demo.trade.inventory import Moves
from daymart.demo.trade.journal import INV, PAY
from daymart.demo.trade.masters import CURRENCIES
from daymart.demo.trade.money import BILL, priced
from daymart.demo.trade.orders import Orders
from daymart.demo.trade.scale import FIRST_PARTNER
from daymart.demo.trade.supply import Supplies, lot_index, lot_names
from daymart.demo.trade.supply_tables import SupplyTables
from daymart.demo.trade.tables import Column, Table, dates, decimals, labelled, numbers, words

DESK_SCHEMA = """
create table answers.exposure (
    as_of date, customer_id text, currency_code text,
    open_order_net_amount numeric(18, 2), open_order_amount numeric(18, 2),
    shipped_not_invoiced_net_amount numeric(18, 2), shipped_not_invoiced_amount numeric(18, 2),
    open_items_amount numeric(18, 2), primary key (as_of, customer_id, currency_code)
);
comment on table answers.exposure is
    'What a customer may cost: open lines of orders not paid before delivery, shipped lines whose'
    ' invoice is not entered, the balance of the ledger without advances for goods still to come.'
    ' With tax where not net; the net value of a line is rounded to cents, then its tax.';
create table answers.receipt_lateness (
    as_of date, customer_id text, currency_code text, paid_month_on date,
    applied_amount numeric(18, 2), late_amount numeric(18, 2), days_late_amount numeric(24, 2),
    primary key (as_of, customer_id, currency_code, paid_month_on)
);
comment on table answers.receipt_lateness is
    'Payments set against invoices by the month the money came: the amount, the part of it that'
    ' came after the due date, and amount times calendar days from due to paid (early is below 0).'
    ' A bounced payment adds up to nothing.';
create table answers.returned (
    as_of date, month_on date, warehouse_id text, product_id text, returned_qty bigint,
    primary key (as_of, month_on, warehouse_id, product_id)
);
comment on table answers.returned is 'Base quantities customers sent back, by the month they came.';
create table answers.count_discrepancy (
    as_of date, count_id text, warehouse_id text, product_id text, lot_id text, counted_on date,
    book_qty bigint, counted_qty bigint, state text, variance_amount numeric(18, 2),
    primary key (as_of, count_id, warehouse_id, product_id, lot_id)
);
create table answers.inbound (
    as_of date, po_id text, line_no integer, warehouse_id text, product_id text,
    received_qty bigint, in_transit_qty bigint, not_shipped_qty bigint, expected_on date,
    ordered_on date, first_confirmed_on date, slip_days bigint, date_change_count bigint,
    ordered_qty bigint, cancelled_qty bigint, shipped_qty bigint,
    primary key (as_of, po_id, line_no)
);
comment on table answers.inbound is
    'Purchase lines of which something is still to come, in base units; no day where the supplier'
    ' has not confirmed any. Slip is counted in calendar days from the first confirmed day.';
"""


class DeskAnswers:
    """Accumulate the answers of one evening over spans of the history."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        customers = trade.scale.customers
        self._months = Months(trade, evening)
        months = self._months.count
        self.exposed = np.zeros((customers, 5), dtype=np.int64)
        self.paid = np.zeros((customers, months, 3), dtype=np.int64)
        self.returned = np.zeros((months, trade.masters.places), dtype=np.int64)
        self.books = CountedBooks(trade.counting, evening)
        self.prices = ItemPrices(trade, evening)
        self._inbound: list[Table] = []

    def add(self, born: Born, ledger: Ledger, claims: Claims) -> None:
        """Add what the orders of a span left open, paid and sent back by the evening."""
        self._expose(born)
        self._receive(born.orders, ledger)
        self.prices.sell(born.orders, born.lines)
        self.books.post(born.moves)
        came = claims.came <= self._evening
        line = claims.line[came]
        qty = claims.qty[came] * born.lines.times[line]
        at = (self._months.of(claims.came[came]), born.lines.place[line])
        np.add.at(self.returned, at, qty)

    def move(self, moves: Moves) -> None:
        """Add moves of other reasons, for the books that counts are held against."""
        self.books.post(moves)

    def _expose(self, born: Born) -> None:
        orders, lines, evening = born.orders, born.lines, self._evening
        of, journal = lines.order, born.journal
        gone = np.where((orders.ship <= evening)[of], lines.first, 0)
        back = (orders.taken_back <= evening)[of]
        gone = np.where(back, 0, gone)
        again = np.where((orders.ship_again <= evening)[of], lines.second, 0)
        dropped = np.where(lines.dropped_on <= evening, lines.dropped, 0)
        on_credit = ~orders.prepaid[of]
        waits = (orders.born[of] <= evening) & on_credit
        open_qty = np.where(waits, lines.qty - dropped - gone - again, 0)
        unbilled = np.where((journal.entered(BILL) > evening)[of], gone, 0)
        unbilled = unbilled + np.where((journal.entered(BILL + 1) > evening)[of], again, 0)
        for column, qty in ((0, open_qty), (2, np.where(on_credit, unbilled, 0))):
            net, vat = priced(orders, lines, qty, self._trade.masters)
            np.add.at(self.exposed[:, column], orders.customer[of], net)
            np.add.at(self.exposed[:, column + 1], orders.customer[of], net + vat)
        papers = journal.papers()
        now = papers.entered <= evening
        owed = np.zeros(len(orders.id), dtype=np.int64)
        np.add.at(owed, papers.order[now], (papers.sign * papers.total)[now])
        # What was paid for an order before its delivery is credit for no other order.
        owed = np.where(orders.prepaid, np.maximum(owed, 0), owed)
        np.add.at(self.exposed[:, 4], orders.customer, owed)

    def _receive(self, orders: Orders, ledger: Ledger) -> None:
        """Compare the day of each payment with the due date of what it was set against."""
        papers, links = ledger.papers, ledger.links
        wanted = (links.day <= self._evening) & (papers.type[ledger.payer] == PAY)
        wanted &= papers.type[ledger.paper[ledger.part]] == INV
        payer, part = ledger.payer[wanted], ledger.part[wanted]
        came = self._trade.clock.dated(papers.booked[payer])
        days, amount = came - ledger.parts.due[part], links.amount[wanted]
        at = (orders.customer[papers.order[payer]], self._months.of(papers.booked[payer]))
        for column, value in enumerate((amount, np.where(days > 0, amount, 0), amount * days)):
            np.add.at(self.paid[:, :, column], at, value)

    def supply(self, s: Supplies) -> None:
        """Add what is still to come of purchases."""
        trade, evening = self._trade, self._evening
        self.prices.buy(s)
        split = s.left_again < NEVER
        left = np.where(s.left <= evening, s.first, 0)
        left = left + np.where(split & (s.left_again <= evening), s.second, 0)
        received = np.where(s.arrived <= evening, s.first, 0)
        received = received + np.where(s.arrived_again <= evening, s.second, 0)
        gone = np.where(split, s.left_again, s.left) <= evening
        given_up = np.where(gone, s.cancelled, 0)
        ordered = s.first + s.second + s.cancelled
        rest = ordered - given_up - left
        open_still = (s.placed <= evening) & ((left > received) | (rest > 0))
        expected = SupplyTables(trade.clock, trade.scale, trade.masters, evening).expected(s)
        confirmed = s.placed + 1 <= evening
        moves = [s.warned <= evening, s.slipped <= evening, split & (s.arrived <= evening)]
        dated = trade.clock.dated
        columns = {
            "as_of": as_of(trade, evening, len(s.id)),
            "po_id": labelled("", s.purchase),
            "line_no": s.number,
            **place_columns(trade, s.place),
            "received_qty": received * s.times,
            "in_transit_qty": (left - received) * s.times,
            "not_shipped_qty": rest * s.times,
            "expected_on": dates(dated(expected)),
            "ordered_on": dates(dated(s.placed)),
            "first_confirmed_on": dates(np.where(confirmed, dated(s.eta), NEVER)),
            "slip_days": numbers(dated(expected) - dated(s.eta), confirmed),
            "date_change_count": np.sum(moves, axis=0),
            "ordered_qty": ordered * s.times,
            "cancelled_qty": given_up * s.times,
            "shipped_qty": left * s.times,
        }
        open_on = np.where(open_still, s.placed, NEVER)
        self._inbound.append(Table("inbound", columns, open_on).filled(0, evening))

    @property
    def exposure(self) -> Ints:
        """Add up what each customer may cost, in cents with tax."""
        cost: Ints = self.exposed[:, [1, 3, 4]].sum(axis=1)
        return cost

    def tables(self) -> Iterator[Table]:
        """Give the rows of the answers."""
        yield self._exposure()
        yield self._lateness()
        yield self._returned()
        yield self._discrepancies()
        yield accuracy_table(self._trade, self._evening, self.books, self.prices)
        yield from self._inbound

    def _exposure(self) -> Table:
        trade = self._trade
        customer = np.flatnonzero(self.exposed.any(axis=1))
        names = (
            "open_order_net_amount", "open_order_amount", "shipped_not_invoiced_net_amount",
            "shipped_not_invoiced_amount", "open_items_amount",
        )  # fmt: skip
        columns = {
            "as_of": as_of(trade, self._evening, len(customer)),
            "customer_id": labelled("T", customer + FIRST_PARTNER),
            "currency_code": words(CURRENCIES, trade.masters.customer_currency[customer]),
        }
        columns |= {
            name: decimals(self.exposed[customer, index], 2) for index, name in enumerate(names)
        }
        return Table("exposure", columns, customer)

    def _lateness(self) -> Table:
        trade = self._trade
        customer, month = np.nonzero(self.paid.any(axis=2))
        columns = {
            "as_of": as_of(trade, self._evening, len(customer)),
            "customer_id": labelled("T", customer + FIRST_PARTNER),
            "currency_code": words(CURRENCIES, trade.masters.customer_currency[customer]),
            "paid_month_on": self._months.starts(month),
        }
        for index, name in enumerate(("applied_amount", "late_amount", "days_late_amount")):
            columns[name] = decimals(self.paid[customer, month, index], 2)
        return Table("receipt_lateness", columns, customer)

    def _returned(self) -> Table:
        month, place = np.nonzero(self.returned)
        columns = {
            "as_of": as_of(self._trade, self._evening, len(month)),
            "month_on": self._months.starts(month),
            **place_columns(self._trade, place),
            "returned_qty": self.returned[month, place],
        }
        return Table("returned", columns, month)

    def _discrepancies(self) -> Table:
        trade, evening = self._trade, self._evening
        counts = trade.counting.taken(0, evening)
        counts = counts.chosen(counts.variance != 0)
        book = self.books.at(counts)
        lot = lot_index(trade.masters, counts.place % trade.scale.items, counts.block)
        explained = counts.explained & (counts.day + EXPLAINED <= evening)
        state = np.where(explained, 1, np.where(counts.posted, 2, 0))
        columns = {
            "as_of": as_of(trade, evening, len(book)),
            "count_id": trade.counting.sheets(counts.day),
            **place_columns(trade, counts.place),
            "lot_id": words(lot_names(trade.clock), lot),
            "counted_on": dates(trade.clock.dated(counts.day)),
            "book_qty": book,
            "counted_qty": book + counts.variance,
            "state": words(("open", "explained", "posted"), state),
            "variance_amount": self._variance(counts),
        }
        return Table("count_discrepancy", columns, counts.day)

    def _variance(self, counts: Counts) -> Column:
        """Value what differed at each count, in company currency."""
        worth = self.prices.at(counts.place % self._trade.scale.items, counts.day)
        found = zip(counts.variance, worth, strict=True)
        cents = [in_cents(int(qty) * (price or 0)) for qty, price in found]
        return decimals(
            np.array(cents, dtype=np.int64), 2, np.array([w is not None for w in worth])
        )
