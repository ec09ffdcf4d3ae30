"""Money of the demo company: billing, collecting, matching, bounces."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from daymart.demo.core.books import NOTHING, Account, Books, Details, account_of, to_cents
from daymart.demo.core.delivery import Delivery, Shipped
from daymart.demo.core.desks import PaperLine
from daymart.demo.core.goods import Sale
from daymart.demo.core.people import BRANCH, REGULARS, Habits
from daymart.demo.core.records import Paper, PaperLink, Partner, Store
from daymart.demo.core.sales import Sales
from daymart.demo.core.world import World


@dataclass(frozen=True)
class Intent:
    """A customer means to pay a part of an invoice on a day."""

    day: date
    invoice: Paper
    part_no: int


@dataclass
class Money:
    """Bill what was shipped, collect what falls due."""

    world: World
    books: Books
    sales: Sales
    delivery: Delivery
    habits: dict[int, Habits]
    _intents: list[Intent] = field(default_factory=list)
    _prepaying: list[tuple[date, Sale]] = field(default_factory=list)
    _advances: dict[int, Paper] = field(default_factory=dict)
    _unmatched: list[tuple[date, Paper, list[Intent]]] = field(default_factory=list)
    _bills: dict[int, Paper] = field(default_factory=dict)
    _single: dict[int, tuple[Paper, PaperLink, Paper]] = field(default_factory=dict)

    def open_books(self) -> None:
        """Bring in what every third customer owed before the first day."""
        first = self.world.first_day
        for partner_id in REGULARS:
            if partner_id % 3 == 0:
                days = self.world.dice.choice((2, 12, 25, 40, 70, 100))
                amount = Decimal(self.world.dice.randint(20000, 400000)) / 100
                due = first - timedelta(days=days - 14)
                more = Details(paper_date=first - timedelta(days=days))
                paper = self.books.post(
                    "OPN", self.account(partner_id), [(due, amount)], first, more
                )
                if days <= 25:
                    self._intend(paper, partner_id)

    def account(self, partner_id: int, agreement: str | None = None) -> Account:
        """Name the netting group of a customer's trade with its usual store."""
        habit = self.habits[partner_id]
        entity = self.world.get(Store, habit.store).entity
        return Account(entity, partner_id, agreement or "", habit.currency)

    def expect_prepayment(self, sales: list[Sale]) -> None:
        """Note when prepaid orders will be paid: next working day, a few after their holds."""
        for sale in sales:
            if sale.prepaid:
                days = 1 if self.world.dice.random() < 0.9 else 12
                self._prepaying.append((self.world.workdays.shift(self.world.today, days), sale))

    def bill(self) -> None:
        """Invoice dispatches: the branch at once, the main store next working day."""
        for shipped in list(self.delivery.unbilled):
            issued = shipped.row.issued_at.date()
            if shipped.row.store == BRANCH or issued < self.world.today:
                self.delivery.unbilled.remove(shipped)
                self._bills[shipped.row.id] = self._invoice(shipped)

    def collect(self) -> None:
        """Take today's money: advances first, then what customers meant to pay."""
        for day, sale in list(self._prepaying):
            if day <= self.world.today:
                self._prepaying.remove((day, sale))
                self._advance(sale)
        due: dict[Account, list[Intent]] = defaultdict(list)
        for intent in [i for i in self._intents if i.day <= self.world.today]:
            self._intents.remove(intent)
            if self.books.open_amount(intent.invoice, intent.part_no) > 0:
                due[account_of(intent.invoice)].append(intent)
        for account, intents in due.items():
            self._pay(account, intents)

    def match(self) -> None:
        """Link payments on account that accounting has now understood."""
        for entry in list(self._unmatched):
            day, payment, intents = entry
            if day <= self.world.today:
                self._unmatched.remove(entry)
                self._link_all(payment, intents)

    def credit_returns(self, returned: list[Shipped]) -> None:
        """Credit what came back, tax at the invoice's own rate."""
        for shipped in returned:
            note = self.credit(shipped, self._bills[shipped.row.id])
            self.world.mark("credit_note_after_refusal", note)

    def bounce_one(self) -> None:
        """Let the bank take back one payment of the last week that paid one invoice."""
        week = self.world.workdays.shift(self.world.today, -5)
        fresh = [p for p, _, _ in self._single.values() if week <= p.booked_on < self.world.today]
        if fresh:
            payment, link, invoice = self._single.pop(self.world.dice.choice(fresh).id)
            reversal = self.books.bounce(payment, link, invoice)
            self._intend_on(invoice, link.paid_part, self.world.workdays.shift(self.world.today, 6))
            self.world.mark("payment_bounced", reversal)

    def issue(self, shipped: Shipped) -> Paper:
        """Invoice a dispatch by its lines; an advance for the order pays it at once."""
        sale = self.world.get(Sale, shipped.lines[0][1].sale.id)
        lines = bill_lines(shipped)
        net, vat = sum((x.net for x in lines), NOTHING), sum((x.vat for x in lines), NOTHING)
        due = self._due_dates(sale.partner_id)
        more = Details(vat=vat, sale_id=sale.id)
        account = self.account(sale.partner_id, sale.agreement)
        paper = self.books.invoice(account, net + vat, due, more)
        self._write_lines(paper, lines)
        advance = self._advances.get(sale.id)
        if advance:
            self._settle_parts(advance, paper)
        return paper

    def credit(self, shipped: Shipped, invoice: Paper) -> Paper:
        """Credit a whole invoice, tax at its own rate."""
        more = Details(vat=invoice.vat, refers_id=invoice.id, sale_id=invoice.sale_id)
        parts: list[tuple[date | None, Decimal]] = [(None, -invoice.total)]
        note = self.books.post("CRN", account_of(invoice), parts, details=more)
        self._write_lines(note, bill_lines(shipped))
        self._settle_parts(note, invoice)
        return note

    def _invoice(self, shipped: Shipped) -> Paper:
        paper = self.issue(shipped)
        self._intend(paper, paper.partner_id)
        return paper

    def _write_lines(self, paper: Paper, lines: list[PaperLine]) -> None:
        for line in lines:
            self.world.add(replace(line, paper_id=paper.id))

    def _due_dates(self, partner_id: int) -> list[date]:
        terms = self.world.get(Partner, partner_id).terms_days or 0
        count = self.habits[partner_id].instalments
        step = max(terms, 15) if count > 1 else terms
        last = count if count > 1 else 1
        return [
            self.world.today + timedelta(days=step * number // last)
            for number in range(1, count + 1)
        ]

    def _intend(self, paper: Paper, partner_id: int) -> None:
        earliest, latest = self.habits[partner_id].days_late
        parts = [p for p in self.world.parts_of(paper) if p.due_on]
        for part in parts:
            assert part.due_on is not None
            late = self.world.dice.randint(earliest, latest)
            day = max(part.due_on + timedelta(days=late), self.world.today)
            self._intend_on(paper, part.part_no, self.world.workdays.on_or_after(day))

    def _intend_on(self, paper: Paper, part_no: int, day: date) -> None:
        if self.books.open_amount(paper, part_no) > 0:
            self._intents.append(Intent(day, paper, part_no))

    def _advance(self, sale: Sale) -> None:
        total = NOTHING
        for demand in self.sales.lines_of(sale.id):
            row = demand.row
            price = row.list_price * (100 - row.discount_pct) / 100
            wanted = row.qty - row.dropped_qty
            total += to_cents(wanted * price * (100 + row.vat_pct) / 100)
        if total > 0:
            more = Details(sale_id=sale.id, bank_text=f"prepayment {sale.no}")
            account = self.account(sale.partner_id, sale.agreement)
            advance = self.books.post("ADV", account, [(None, -total)], details=more)
            self._advances[sale.id] = advance
            self.world.mark("advance_for_order", advance)
        self.delivery.paid_ahead.add(sale.id)

    def _pay(self, account: Account, intents: list[Intent]) -> None:
        owed = sum((self.books.open_amount(i.invoice, i.part_no) for i in intents), NOTHING)
        dice = self.world.dice
        chance = dice.random()
        paid = to_cents(owed * Decimal("0.6")) if chance < 0.06 else owed
        if 0.06 <= chance < 0.08:
            paid = owed + Decimal(dice.randint(100, 900)) / 100
        numbers = ", ".join(i.invoice.no for i in intents)
        more = Details(bank_text=f"payment {numbers}" if chance < 0.95 else "for goods")
        payment = self.books.post("PAY", account, [(None, -paid)], details=more)
        if chance >= 0.95:
            day = self.world.workdays.shift(self.world.today, 3)
            self._unmatched.append((day, payment, intents))
        else:
            self._link_all(payment, intents)

    def _link_all(self, payment: Paper, intents: list[Intent]) -> None:
        for intent in intents:
            if self.books.open_amount(intent.invoice, intent.part_no) > 0:
                self._link(payment, intent)
            rest = self.world.workdays.shift(self.world.today, 8)
            self._intend_on(intent.invoice, intent.part_no, rest)

    def _link(self, payment: Paper, intent: Intent) -> None:
        part = (payment, intent.invoice, intent.part_no)
        amount = min(
            self.books.open_amount(intent.invoice, intent.part_no), -self.books.open_amount(payment)
        )
        if amount > 0:
            link = self.books.link(*part, amount)
            if amount == payment.total:
                self._single[payment.id] = (payment, link, intent.invoice)

    def _settle_parts(self, payer: Paper, invoice: Paper) -> None:
        for part in self.world.parts_of(invoice):
            if self.books.open_amount(invoice, part.part_no) > 0:
                self.books.settle(payer, invoice, part.part_no)


def bill_lines(shipped: Shipped) -> list[PaperLine]:
    """Price what was shipped, line by line; the paper's number is still to come."""
    lines = []
    for line, demand, _ in shipped.lines:
        row = demand.row
        price = row.list_price * (100 - row.discount_pct) / 100
        net = to_cents(line.qty * price)
        lines.append(
            PaperLine(
                paper_id=0,
                line_no=line.line_no,
                sale_id=row.sale_id,
                sale_line=row.line_no,
                dispatch_id=line.dispatch_id,
                item_id=line.item_id,
                qty=line.qty,
                unit=line.unit,
                net=net,
                vat=to_cents(net * row.vat_pct / 100),
            )
        )
    return lines
