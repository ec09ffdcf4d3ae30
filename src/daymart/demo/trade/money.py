"""What customers are billed and how they pay, decided for each order on the day it is born."""

from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import NEVER, Clock, Flags, Ints
from daymart.demo.trade.dice import another, scaled
from daymart.demo.trade.journal import (
    ADV,
    CRN,
    INV,
    PAY,
    REV,
    WOF,
    Journal,
    Payer,
    Rates,
    rounded,
    share,
)
from daymart.demo.trade.masters import LATENESS, Masters
from daymart.demo.trade.orders import Lines, Orders

VAT = np.array([0, 20, 19], dtype=np.int64)
ADVANCE, BILL, REFUSAL, RETURN, PAYMENTS = 0, 1, 3, 4, 5
"""Numbers of an order's papers: its advance, two bills, credit notes, then its payments."""
LINK_ADVANCE, LINK_REFUSAL, LINK_RETURN, LINK_PAYMENTS = 0, 2, 5, 6
SENT_BACK = 0.02
"""Share of dispatches of which a part is sent back."""
MOST_PARTS = 3
ROUNDED_UP = 500
"""Cents a customer who pays a round sum pays too much."""


@dataclass(frozen=True)
class Bill:
    """One of an order's two bills: its sums, its parts and what an advance paid of it."""

    number: int
    total: Ints
    vat: Ints
    entered: Ints
    booked: Ints
    parts: list[Ints]
    due: list[Ints]
    advanced: Ints
    paper: Payer


@dataclass(frozen=True)
class Returned:
    """What comes back of an order's first line after delivery; NEVER where nothing does."""

    day: Ints
    line: Ints
    qty: Ints
    credit: Ints
    vat: Ints


@dataclass(frozen=True)
class Money:
    """Write the papers of orders into a journal."""

    clock: Clock
    masters: Masters
    rates: Rates

    def book(self, orders: Orders, lines: Lines) -> Journal:
        """Book everything the orders will ever cause."""
        journal = Journal(orders, self.clock, self.rates)
        advance = self._advance(journal, lines)
        back = returns(orders, lines, self.masters)
        spent = np.zeros_like(orders.id)
        for number, qty in ((1, lines.first), (2, lines.second)):
            bill = self._bill(journal, lines, number, qty, advance, spent)
            spent = self._use_advance(journal, advance, bill, spent)
            refused = orders.refused & (number == 1)
            self._refuse(journal, bill, refused)
            credit = self._credit(journal, bill, back) if number == 1 else _none(back)
            for part in range(MOST_PARTS):
                self._collect(journal, bill, part, credit, ~refused)
        return journal

    def _advance(self, journal: Journal, lines: Lines) -> Payer:
        orders = journal.orders
        day = orders.born + 1
        known = lines.dropped_on <= day[lines.order]
        net, vat = amounts(orders, lines, lines.qty - np.where(known, lines.dropped, 0), self)
        total = np.where(orders.prepaid, lines.per_order(net + vat), 0)
        return journal.paper(ADV, ADVANCE, day, total)

    def _bill(
        self,
        journal: Journal,
        lines: Lines,
        number: int,
        qty: Ints,
        advance: Payer,
        spent: Ints,
    ) -> Bill:
        orders = journal.orders
        net, vat = (lines.per_order(v) for v in amounts(orders, lines, qty, self))
        total = net + vat
        ship = orders.ship if number == 1 else orders.ship_again
        billed = total > 0
        if number == 1:
            billed &= orders.taken_back == NEVER
        booked = np.where(billed, ship + (orders.entity == 1), NEVER)
        late = (orders.draws[:, 18] < 0.008) & ~orders.prepaid & ~orders.refused
        entered = np.where(billed & late, booked + 2, booked)
        total = np.where(billed, total, 0)
        parts, due = self._instalments(orders, total, booked)
        contested = orders.draws[:, 19] < 0.004
        paper = journal.paper(
            INV,
            BILL + number - 1,
            entered,
            total,
            sign=1,
            booked=booked,
            vat=vat,
            contested=contested,
            parts=list(zip(due, parts, strict=True)),
        )
        advanced = np.minimum(advance.total - spent, total)
        return Bill(number, total, vat, entered, booked, parts, due, advanced, paper)

    def _instalments(
        self, orders: Orders, total: Ints, booked: Ints
    ) -> tuple[list[Ints], list[Ints]]:
        count = np.where(orders.prepaid, 1, self.masters.customer_instalments[orders.customer])
        terms = self.masters.customer_terms[orders.customer]
        step = np.where(count > 1, np.maximum(terms, 15), terms)
        each = rounded(total, count)
        parts, due = [], []
        for part in range(MOST_PARTS):
            amount = np.where(part + 1 == count, total - each * (count - 1), each)
            parts.append(np.where(part < count, amount, 0))
            due.append(self.clock.dated(booked) + step * (part + 1) // count)
        return parts, due

    def _use_advance(self, journal: Journal, advance: Payer, bill: Bill, spent: Ints) -> Ints:
        """Link the advance to the only part of a bill of a customer who prepays."""
        used = spent + bill.advanced
        own = share(advance.eur, used, advance.total) - share(advance.eur, spent, advance.total)
        value = share(bill.paper.eur, bill.advanced, bill.total)
        slot = LINK_ADVANCE + bill.number - 1
        journal.link(slot, advance, bill.paper.id, 1, bill.advanced, value, bill.entered, own=own)
        return used

    def _refuse(self, journal: Journal, bill: Bill, refused: Flags) -> None:
        if bill.number != 1:
            return
        day = np.where(refused & (bill.total > 0), journal.orders.returned, NEVER)
        note = journal.paper(CRN, REFUSAL, day, bill.total, vat=bill.vat, refers=bill.paper.id)
        settled = np.zeros_like(day)
        for part in range(MOST_PARTS):
            covered = bill.advanced if part == 0 else 0
            amount = bill.parts[part] - covered
            value = self._value(journal, bill, part, bill.parts[part]) - self._value(
                journal, bill, part, np.broadcast_to(covered, day.shape)
            )
            own = share(note.eur, settled + amount, note.total) - share(
                note.eur, settled, note.total
            )
            settled = settled + amount
            slot = LINK_REFUSAL + part
            journal.link(slot, note, bill.paper.id, part + 1, amount, value, day, own=own)

    def _credit(self, journal: Journal, bill: Bill, back: Returned) -> Returned:
        """Credit what is returned; the note settles the bill unless that was paid before."""
        day = np.where(bill.total > 0, back.day, NEVER)
        note = journal.paper(CRN, RETURN, day, back.credit, vat=back.vat, refers=bill.paper.id)
        open_still = day <= self._pays_on(journal.orders, bill, 0)
        settles = np.where(open_still, day, NEVER)
        value = self._value(journal, bill, 0, back.credit)
        journal.link(LINK_RETURN, note, bill.paper.id, 1, back.credit, value, settles)
        return Returned(
            settles, back.line, back.qty, np.where(settles < NEVER, back.credit, 0), back.vat
        )

    def _collect(
        self, journal: Journal, bill: Bill, part: int, credit: Returned, pays: Flags
    ) -> None:
        orders, whole = journal.orders, bill.parts[part]
        place = (bill.number - 1) * MOST_PARTS + part
        settled = credit.credit if part == 0 else np.zeros_like(whole)
        settled = settled + (bill.advanced if part == 0 else 0)
        left = np.where(pays, whole - settled, 0)
        fate = Fate(orders, place)
        day = np.where(left > 0, self._pays_on(orders, bill, part), NEVER)
        first = np.where(fate.halves, left * 6 // 10, left)
        self._pay(journal, bill, part, fate, day, (settled, first, left))
        gone = np.where(fate.written_off, _later(day, 45), NEVER)
        paper = journal.paper(WOF, PAYMENTS + 4 * place + 3, gone, left, refers=bill.paper.id)
        value = self._between(journal, bill, part, settled, settled + left)
        slot = LINK_PAYMENTS + 5 * place + 4
        journal.link(slot, paper, bill.paper.id, part + 1, left, value, gone)

    def _pay(
        self,
        journal: Journal,
        bill: Bill,
        part: int,
        fate: "Fate",
        day: Ints,
        sums: tuple[Ints, Ints, Ints],
    ) -> None:
        settled, first, left = sums
        slot = PAYMENTS + 4 * fate.place
        link = LINK_PAYMENTS + 5 * fate.place
        paid, to = np.where(fate.never, NEVER, day), bill.paper.id
        one = journal.paper(PAY, slot, paid, first + np.where(fate.rounds_up, ROUNDED_UP, 0))
        value = self._between(journal, bill, part, settled, settled + first)
        matched = _later(paid, fate.unmatched)
        journal.link(link, one, to, part + 1, first, value, matched)

        bounced = np.where(fate.bounces, _later(paid, 3), NEVER)
        back = journal.paper(
            REV, slot + 2, bounced, one.total, sign=1, eur=one.eur, cancels=one.id, refers=to,
            parts=[(self.clock.dated(bounced), one.total)],
        )  # fmt: skip
        journal.link(link + 1, one, to, part + 1, first, value, bounced, sign=-1)
        journal.link(link + 2, one, back.id, 1, one.total, one.eur, bounced)

        again = np.where(fate.bounces, _later(paid, 6), NEVER)
        again = np.where(fate.halves, _later(paid, 10), again)
        rest = np.where(fate.bounces, left, left - first)
        two = journal.paper(PAY, slot + 1, again, rest)
        before = settled + left - rest
        value = self._between(journal, bill, part, before, settled + left)
        journal.link(link + 3, two, to, part + 1, rest, value, again)

    def _pays_on(self, orders: Orders, bill: Bill, part: int) -> Ints:
        """Tell the working day a part is meant to be paid."""
        habits = np.array(LATENESS)[self.masters.customer_habit[orders.customer]]
        draw = another(orders.draws[:, 12], (bill.number - 1) * MOST_PARTS + part)
        late = habits[:, 0] + (draw * (habits[:, 1] - habits[:, 0] + 1)).astype(np.int64)
        due = np.where(bill.entered < NEVER, bill.due[part], 0) + late
        day = np.maximum(self.clock.on_or_after(due), bill.entered + 1)
        return np.where(bill.entered < NEVER, day, NEVER)

    def _between(self, journal: Journal, bill: Bill, part: int, low: Ints, high: Ints) -> Ints:
        return self._value(journal, bill, part, high) - self._value(journal, bill, part, low)

    def _value(self, journal: Journal, bill: Bill, part: int, settled: Ints) -> Ints:
        """Return EUR of the first so many cents of a part."""
        rate = journal.rates.eur
        currency = journal.orders.currency
        eur = rate(bill.parts[part], currency, bill.booked)
        others = sum(
            (rate(bill.parts[p], currency, bill.booked) for p in range(MOST_PARTS) if p != part),
            start=np.zeros_like(eur),
        )
        last = bill.total == sum(bill.parts[: part + 1])
        eur = np.where(last, bill.paper.eur - others, eur)
        return share(eur, settled, bill.parts[part])


class Fate:
    """What becomes of the payment of one part of a bill."""

    def __init__(self, orders: Orders, place: int) -> None:
        draws = orders.draws
        self.place = place
        self.never = another(draws[:, 14], place) < 0.007
        self.written_off = self.never & (another(draws[:, 14], place) < 0.004)
        self.halves = ~self.never & (another(draws[:, 21], place) < 0.08)
        calm = ~self.never & ~self.halves
        self.bounces = calm & (another(draws[:, 13], place) < 0.012)
        self.rounds_up = calm & ~self.bounces & (another(draws[:, 15], place) < 0.01)
        waits = calm & ~self.bounces & (another(draws[:, 22], place) < 0.08)
        self.unmatched = np.where(waits, scaled(draws[:, 23], 1, 5), 0)


def returns(orders: Orders, lines: Lines, masters: Masters) -> Returned:
    """Decide which orders send some of their first line back five days after delivery."""
    one_part = masters.customer_instalments[orders.customer] == 1
    late_bill = orders.draws[:, 18] < 0.008
    line = lines.starts
    calm = (
        one_part
        & ~orders.refused
        & ~orders.difference
        & ~orders.prepaid
        & ~orders.silent
        & ~late_bill
    )
    sent = (orders.arrived < NEVER) & (lines.first[line] > 0)
    # Even again among those that come, whose draws are all small.
    draw = orders.draws[:, 16] / SENT_BACK
    comes = calm & sent & (draw < 1)
    most = (lines.first[line] + 1) // 2
    qty = np.where(comes, 1 + (another(draw, 2) * most).astype(np.int64), 0)
    of_lines = np.zeros_like(lines.qty)
    of_lines[line] = qty
    net, vat = priced(orders, lines, of_lines, masters)
    day = np.where(comes, orders.arrived + 5, NEVER)
    return Returned(day, line, qty, (net + vat)[line], vat[line])


def amounts(orders: Orders, lines: Lines, qty: Ints, money: Money) -> tuple[Ints, Ints]:
    """Return net and tax of the lines in cents, rounded half up by the line."""
    return priced(orders, lines, qty, money.masters)


def priced(orders: Orders, lines: Lines, qty: Ints, masters: Masters) -> tuple[Ints, Ints]:
    """Return net and tax of quantities of the lines in cents, rounded half up by the line."""
    discount = masters.customer_discount[orders.customer][lines.order]
    net = rounded(qty * lines.list_price * (100 - discount), 10_000)
    return net, rounded(net * VAT[orders.entity][lines.order], 100)


def _later(day: Ints, days: Ints | int) -> Ints:
    return np.where(day < NEVER, day + days, NEVER)


def _none(back: Returned) -> Returned:
    never = np.full_like(back.day, NEVER)
    nothing = np.zeros_like(back.day)
    return Returned(never, back.line, nothing, nothing, nothing)
