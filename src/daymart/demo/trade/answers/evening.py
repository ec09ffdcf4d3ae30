"""Right answers for the bulk trade on an evening, computed from the draws alone.

They are accumulated by the column while the history is drawn once more; no table of the ERP is
read and no step of the marts is repeated. Only bulk customers, stores and items are answered:
the hand-written core is none of this module's business. Amounts are exact to the cent, quantities
in base units.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np

from daymart.demo.trade.answers.applied import APPLIED_SCHEMA, AppliedAnswers
from daymart.demo.trade.answers.cases import CASE_SCHEMA, CaseAnswers
from daymart.demo.trade.answers.collection import COLLECTION_SCHEMA, CollectionAnswers
from daymart.demo.trade.answers.counts import ACCURACY_SCHEMA
from daymart.demo.trade.answers.credit import CREDIT_SCHEMA, credit_table
from daymart.demo.trade.answers.date_changes import DATE_CHANGE_SCHEMA, DateChangeAnswers
from daymart.demo.trade.answers.delays import DELAY_SCHEMA, DelayAnswers
from daymart.demo.trade.answers.delivery import DELIVERY_SCHEMA, DeliveryAnswers
from daymart.demo.trade.answers.desks import DESK_SCHEMA, DeskAnswers
from daymart.demo.trade.answers.dispatches import DISPATCH_SCHEMA
from daymart.demo.trade.answers.documents import DOCUMENT_SCHEMA, DocumentAnswers
from daymart.demo.trade.answers.holds import HOLD_SCHEMA, HoldAnswers
from daymart.demo.trade.answers.ledger import Ledger
from daymart.demo.trade.answers.outlook import OUTLOOK_SCHEMA, OutlookAnswers
from daymart.demo.trade.answers.picks import PICK_SCHEMA, PickAnswers
from daymart.demo.trade.answers.plan import PLAN_SCHEMA, PlanFacts
from daymart.demo.trade.answers.promises import PROMISE_SCHEMA, PromiseAnswers
from daymart.demo.trade.answers.queues import WAITING_SCHEMA
from daymart.demo.trade.answers.receivables import RECEIVABLE_SCHEMA, ReceivableAnswers
from daymart.demo.trade.answers.returns import RETURN_SCHEMA, ReturnAnswers
from daymart.demo.trade.answers.suppliers import SUPPLIER_SCHEMA, SupplierAnswers
from daymart.demo.trade.answers.tables import shipped_table
from daymart.demo.trade.answers.tables import stock_table as stock_answer
from daymart.demo.trade.claims import claims_of
from daymart.demo.trade.fill import Born, BulkTrade
from daymart.demo.trade.inventory import USABLE, Moves, moves_of_opening, moves_of_supplies
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.supply import LONGEST_SUPPLY, LOOKAHEAD, Supplies
from daymart.demo.trade.tables import Session, Table, write

SCHEMA = """
drop schema if exists answers cascade;
create schema answers;
create table answers.stock (
    as_of date, warehouse_id text, product_id text, on_hand_qty bigint, usable_qty bigint,
    reserved_qty bigint, free_qty bigint, primary key (as_of, warehouse_id, product_id)
);
create table answers.shipped (
    as_of date, shipped_on date, warehouse_id text, shipment_count bigint, line_count bigint,
    shipped_qty bigint, primary key (as_of, shipped_on, warehouse_id)
);
"""
SCHEMAS = (
    SCHEMA, RECEIVABLE_SCHEMA, PROMISE_SCHEMA, DELIVERY_SCHEMA, PLAN_SCHEMA, DESK_SCHEMA,
    CREDIT_SCHEMA, PICK_SCHEMA, HOLD_SCHEMA, OUTLOOK_SCHEMA, ACCURACY_SCHEMA, SUPPLIER_SCHEMA,
    COLLECTION_SCHEMA, DELAY_SCHEMA, DOCUMENT_SCHEMA, RETURN_SCHEMA, WAITING_SCHEMA,
    CASE_SCHEMA, DATE_CHANGE_SCHEMA, APPLIED_SCHEMA, DISPATCH_SCHEMA,
)  # fmt: skip


class Answers:
    """Accumulate the answers of one evening over spans of the history.

    Papers booked and order lines given up by then count as `known` on a later evening; what a feed
    tells with its own day needs no such difference.
    """

    def __init__(self, trade: BulkTrade, evening: int, known: int) -> None:
        self._trade, self._evening, self._known = trade, evening, known
        self.receivables = ReceivableAnswers(trade, evening, known)
        places, stores = trade.masters.places, trade.scale.stores
        self.on_hand = np.zeros(places, dtype=np.int64)
        self.usable = np.zeros(places, dtype=np.int64)
        self.reserved = np.zeros(places, dtype=np.int64)
        self.promises = PromiseAnswers(trade, evening)
        self.shipped = np.zeros((stores, evening + 1, 3), dtype=np.int64)
        self.delivery = DeliveryAnswers(trade, evening, known)
        self.documents = DocumentAnswers(trade, evening, known)
        self.returns = ReturnAnswers(trade, evening)
        self.cases = CaseAnswers(trade, evening)
        self.facts = PlanFacts(trade, evening)
        self.desks = DeskAnswers(trade, evening)
        self.holds = HoldAnswers(trade, evening)
        self.collection = CollectionAnswers(trade, evening, known)
        self.delays = DelayAnswers(trade, evening, known)
        self.applied = AppliedAnswers(trade, evening)
        self.outlook = OutlookAnswers(trade, evening)
        self.picks = PickAnswers(trade, evening)
        self.suppliers = SupplierAnswers(trade, evening)
        self.date_changes = DateChangeAnswers(trade, evening)

    def add(self, born: Born) -> None:
        """Add what the orders of a span did by the evening."""
        ledger = Ledger.of(born.journal)
        self.receivables.add(born.orders, ledger)
        self._move(born.moves)
        self._hold(born.lines)
        self._send(born.orders, born.lines)
        self.delivery.add(born.orders, born.lines)
        self.promises.demand(born.orders, born.lines)
        self.facts.add(born)
        claims = claims_of(born.orders, born.lines, born.back)
        self.desks.add(born, ledger, claims)
        self.documents.add(born.orders, born.lines, claims, self.delivery)
        self.returns.add(born.orders, born.lines, claims, self.delivery)
        self.cases.add(born, claims)
        self.collection.add(born.orders, ledger)
        self.delays.add(born.orders, ledger)
        self.applied.add(ledger)
        self.outlook.add(born.orders, born.lines)
        self.picks.add(born)
        self.holds.add(born.orders, born.lines)

    def supply(self, supplies: Supplies) -> None:
        """Add what purchases brought, and what they will bring by what the evening knows."""
        moves = moves_of_supplies(supplies)
        self._move(moves)
        self.desks.move(moves)
        self.desks.supply(supplies)
        self.suppliers.supply(supplies)
        self.date_changes.supply(supplies)
        self.outlook.supply(supplies)
        self.promises.supply(supplies)

    def _move(self, moves: Moves) -> None:
        self.outlook.move(moves)
        done = moves.day <= self._evening
        np.add.at(self.on_hand, moves.place[done], moves.qty[done])
        usable = done & (moves.quality == USABLE)
        np.add.at(self.usable, moves.place[usable], moves.qty[usable])

    def count(self, moves: Moves) -> None:
        """Add what counts found: what lay in the stores on the first morning, and differences."""
        self._move(moves)
        self.desks.move(moves)

    def _hold(self, lines: Lines) -> None:
        held = (lines.held_on <= self._evening) & (lines.released > self._evening)
        np.add.at(self.reserved, lines.place[held], (lines.held * lines.times)[held])

    def _send(self, orders: Orders, lines: Lines) -> None:
        """Add dispatches by the day they were issued; one taken back counts against its own day."""
        of, ship = lines.order, orders.ship
        sent, again = lines.per_order(lines.first), lines.per_order(lines.second)
        back = orders.taken_back
        for day, sign, qty, heads in (
            (ship, 1, lines.first, sent),
            (back, -1, lines.first, sent),
            (orders.ship_again, 1, lines.second, again),
        ):
            there = (day <= self._evening) & (heads > 0)
            np.add.at(self.shipped[:, :, 0], (orders.store[there], day[there]), sign)
            moved = (day[of] <= self._evening) & (qty > 0)
            where = (orders.store[of][moved], day[of][moved])
            np.add.at(self.shipped[:, :, 1], where, sign)
            np.add.at(self.shipped[:, :, 2], where, sign * (qty * lines.times)[moved])

    def tables(self) -> Iterator[Table]:
        """Give the rows of the answers."""
        trade, evening = self._trade, self._evening
        yield from self.receivables.tables()
        yield stock_answer(trade, evening, self.on_hand, self.usable, self.reserved)
        yield from self.delivery.tables()
        yield shipped_table(trade, evening, self.shipped)
        yield from self.promises.tables(self.usable, self.reserved)
        yield from self.documents.tables()
        yield self.returns.table()
        yield from self.cases.tables()
        yield from self.facts.tables()
        yield from self.desks.tables()
        yield credit_table(trade, evening, self.desks.exposure, self.receivables.overdue)
        yield self.collection.table()
        yield self.delays.table()
        yield from self.applied.tables()
        free = self.usable - self.reserved
        yield self.outlook.table(self.on_hand, free, self.desks.books)
        yield from self.picks.tables()
        yield from self.holds.tables()
        yield from self.suppliers.tables()
        yield from self.date_changes.tables()


def answer(trade: BulkTrade, session: Session, evening: int, known: int) -> date:
    """Draw the history once more and write the answers of an evening; return its date."""
    answers = Answers(trade, evening, known)
    need = trade.need(0, evening + LOOKAHEAD, evening)
    answers.count(moves_of_opening(trade.opening(need), 0))
    answers.count(trade.counting.moves(trade.counting.taken(0, evening)))
    for first in range(0, evening + 1, LONGEST_SUPPLY):
        answers.supply(trade.purchases(need, first, min(first + LONGEST_SUPPLY - 1, evening)))
    for first, last in trade.spans(0, evening):
        born = trade.born(first, last)
        if len(born.orders.id):
            answers.add(born)
    for schema in SCHEMAS:
        session.execute(schema.encode())
    for table in answers.tables():
        write(session, table, "answers")
    return trade.clock.date_of(evening)
