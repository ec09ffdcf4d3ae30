"""Named edge cases of money, each a story told over the last weeks before the anchor.

A story yields how many working days before the anchor it wants to go on.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from daymart.demo.core.books import Account, Details
from daymart.demo.core.business import Business
from daymart.demo.core.records import Paper

Story = Callable[[Business], Iterator[int]]


def part_payment_past_due(b: Business) -> Iterator[int]:
    yield 22
    invoice = _invoice(b, 49, "1000.00", [7])
    yield 14
    payment = _pay(b, 49, "400.00")
    b.books.link(payment, invoice, 1, Decimal("400.00"))
    b.world.mark("part_payment_past_due", invoice)


def three_instalments_one_paid(b: Business) -> Iterator[int]:
    yield 15
    invoice = _invoice(b, 50, "1000.00", [10, 30, 60])
    yield 8
    payment = _pay(b, 50, "333.33")
    b.books.settle(payment, invoice, 1)
    b.world.mark("three_instalments_one_paid", invoice)


def advance_without_due_date(b: Business) -> Iterator[int]:
    yield 6
    more = Details(bank_text="advance for November")
    advance = b.books.post("ADV", _account(b, 51), [(None, Decimal("-750.00"))], details=more)
    b.world.mark("advance_without_due_date", advance)


def payment_on_account(b: Business) -> Iterator[int]:
    yield 5
    b.world.mark("payment_on_account", _pay(b, 52, "640.20", "for goods"))


def overpayment(b: Business) -> Iterator[int]:
    yield 9
    invoice = _invoice(b, 53, "512.40", [5])
    yield 4
    payment = _pay(b, 53, "520.00")
    b.books.settle(payment, invoice, 1)
    b.world.mark("overpayment", payment)


def kopeck_remainder(b: Business) -> Iterator[int]:
    yield 12
    invoice = _invoice(b, 53, "300.00", [5])
    yield 7
    b.books.settle(_pay(b, 53, "299.99"), invoice, 1)
    b.world.mark("kopeck_remainder", invoice)


def credit_note_with_invoice(b: Business) -> Iterator[int]:
    yield 10
    invoice = _invoice(b, 54, "238.00", [21], Details(vat=Decimal("38.00")))
    yield 6
    more = Details(vat=Decimal("7.60"), refers_id=invoice.id)
    parts: list[tuple[date | None, Decimal]] = [(None, Decimal("-47.60"))]
    note = b.books.post("CRN", _account(b, 54), parts, details=more)
    b.books.settle(note, invoice, 1)
    b.world.mark("credit_note_with_invoice", note)


def credit_note_without_invoice(b: Business) -> Iterator[int]:
    yield 6
    parts: list[tuple[date | None, Decimal]] = [(None, Decimal("-90.00"))]
    note = b.books.post("CRN", _account(b, 54), parts)
    b.world.mark("credit_note_without_invoice", note)


def credit_note_paid_out(b: Business) -> Iterator[int]:
    yield 9
    parts: list[tuple[date | None, Decimal]] = [(None, Decimal("-120.00"))]
    note = b.books.post("CRN", _account(b, 57), parts)
    yield 3
    refund = b.books.post("RFD", _account(b, 57), [(b.world.today, Decimal("120.00"))])
    b.books.settle(note, refund, 1)
    b.world.mark("credit_note_paid_out", refund)


def storno_of_paid_invoice(b: Business) -> Iterator[int]:
    yield 18
    invoice = _invoice(b, 57, "410.00", [7])
    yield 12
    b.books.settle(_pay(b, 57, "410.00"), invoice, 1)
    yield 5
    more = Details(refers_id=invoice.id)
    parts: list[tuple[date | None, Decimal]] = [(None, -invoice.total)]
    b.world.mark("storno_of_paid_invoice", b.books.post("CRN", _account(b, 57), parts, None, more))


def bounced_payment(b: Business) -> Iterator[int]:
    yield 20
    invoice = _invoice(b, 56, "880.00", [7])
    yield 10
    payment = _pay(b, 56, "880.00")
    link = b.books.link(payment, invoice, 1, Decimal("880.00"))
    yield 2
    b.world.mark("bounced_payment", b.books.bounce(payment, link, invoice))


def write_off(b: Business) -> Iterator[int]:
    yield 23
    invoice = _invoice(b, 57, "75.30", [3])
    yield 1
    more = Details(refers_id=invoice.id)
    paper = b.books.post("WOF", _account(b, 57), [(None, -invoice.total)], details=more)
    b.books.settle(paper, invoice, 1)
    b.world.mark("write_off", paper)


def post_dated_payment(b: Business) -> Iterator[int]:
    yield 8
    invoice = _invoice(b, 58, "660.00", [14])
    yield 0
    later = b.world.workdays.shift(b.world.today, 3)
    parts: list[tuple[date | None, Decimal]] = [(None, Decimal("-660.00"))]
    payment = b.books.post("PAY", _account(b, 58), parts, later)
    b.books.settle(payment, invoice, 1, later)
    b.world.mark("post_dated_payment", payment)


def disputed_invoice(b: Business) -> Iterator[int]:
    yield 21
    more = Details(contested=True)
    b.world.mark("disputed_invoice", _invoice(b, 59, "1430.00", [7], more))


def due_today(b: Business) -> Iterator[int]:
    yield 10
    days = (b.world.anchor - b.world.today).days
    b.world.mark("due_today", _invoice(b, 59, "215.00", [days]))


def due_on_a_day_off(b: Business) -> Iterator[int]:
    yield 11
    day = b.world.anchor
    while b.world.workdays.is_working(day):
        day -= timedelta(days=1)
    b.world.mark("due_on_a_day_off", _invoice(b, 59, "99.90", [(day - b.world.today).days]))


def back_dated_invoice(b: Business) -> Iterator[int]:
    yield 1
    day = b.world.workdays.shift(b.world.today, -5)
    b.world.mark("back_dated_invoice", _invoice(b, 49, "128.00", [30], Details(paper_date=day)))


def back_dated_outside_window(b: Business) -> Iterator[int]:
    yield 0
    more = Details(paper_date=b.world.today - timedelta(days=45))
    b.world.mark("back_dated_outside_window", _invoice(b, 49, "61.00", [30], more))


def two_contracts_one_payer(b: Business) -> Iterator[int]:
    yield 16
    first, second = (Account(1, 60, f"K-2026/60{tail}", "EUR") for tail in ("", "-B"))
    b.books.invoice(first, Decimal("700.00"), [b.world.today + timedelta(days=7)])
    other = b.books.invoice(second, Decimal("450.00"), [b.world.today + timedelta(days=7)])
    yield 7
    payment = b.books.post("PAY", first, [(None, Decimal("-900.00"))])
    b.world.mark("two_contracts_one_payer", payment)
    b.world.mark("two_contracts_other_invoice", other)


STORIES: tuple[Story, ...] = (
    part_payment_past_due,
    three_instalments_one_paid,
    advance_without_due_date,
    payment_on_account,
    overpayment,
    kopeck_remainder,
    credit_note_with_invoice,
    credit_note_without_invoice,
    credit_note_paid_out,
    storno_of_paid_invoice,
    bounced_payment,
    write_off,
    post_dated_payment,
    disputed_invoice,
    due_today,
    due_on_a_day_off,
    back_dated_invoice,
    back_dated_outside_window,
    two_contracts_one_payer,
)


def _account(b: Business, partner_id: int) -> Account:
    return b.money.account(partner_id, b.money.habits[partner_id].agreements[0])


def _invoice(
    b: Business, partner_id: int, amount: str, days: list[int], details: Details | None = None
) -> Paper:
    start = details.paper_date if details and details.paper_date else b.world.today
    due = [start + timedelta(days=count) for count in days]
    return b.books.invoice(_account(b, partner_id), Decimal(amount), due, details)


def _pay(b: Business, partner_id: int, amount: str, text: str | None = None) -> Paper:
    more = Details(bank_text=text)
    return b.books.post("PAY", _account(b, partner_id), [(None, -Decimal(amount))], details=more)
