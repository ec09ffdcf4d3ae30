"""The books of the demo company: papers, their parts, links between them, ledger totals."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from daymart.demo.core.people import MAIN
from daymart.demo.core.records import LedgerTotal, Paper, PaperLink, PaperPart
from daymart.demo.core.world import World

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
PREFIX = {
    "INV": "INV",
    "CRN": "CN",
    "PAY": "BNK",
    "ADV": "ADV",
    "WOF": "WO",
    "REV": "REV",
    "RFD": "RF",
    "FXD": "FX",
    "OPN": "OPN",
}


class Account(NamedTuple):
    """The netting group: own entity, customer, agreement ('' for none), currency."""

    entity: int
    partner_id: int
    agreement: str
    currency: str


@dataclass
class Details:
    """What a paper may say besides who, how much and when."""

    vat: Decimal = NOTHING
    sale_id: int | None = None
    cancels_id: int | None = None
    refers_id: int | None = None
    contested: bool = False
    bank_text: str | None = None
    paper_date: date | None = None
    rate: Decimal | None = None


@dataclass
class _Open:
    """What is left of one part: signed, in its currency and in EUR."""

    amount: Decimal
    amount_eur: Decimal


@dataclass
class Books:
    """Post papers and links, and keep the ledger's totals from postings alone."""

    world: World
    _totals: dict[Account, list[Decimal]] = field(default_factory=dict)
    _open: dict[tuple[int, int], _Open] = field(default_factory=dict)
    _paid_eur: dict[tuple[int, int], Decimal] = field(
        default_factory=lambda: defaultdict(lambda: NOTHING)
    )

    def post(
        self,
        kind: str,
        account: Account,
        parts: list[tuple[date | None, Decimal]],
        booked_on: date | None = None,
        details: Details | None = None,
    ) -> Paper:
        """Post a paper of signed parts (due date, amount): plus raises the debt."""
        more = details or Details()
        booked = booked_on or self.world.today
        day = more.paper_date or booked
        rate = more.rate or self.world.rate(account.currency, day)
        total = sum((amount for _, amount in parts), NOTHING)
        total_eur = to_cents(total * rate)
        paper = self._write(kind, account, total, total_eur, booked, more)
        left = total_eur
        for number, (due_on, amount) in enumerate(parts, start=1):
            share = left if number == len(parts) else to_cents(amount * rate)
            left -= share
            self.world.add(PaperPart(paper.id, number, due_on, abs(amount), abs(share)))
            self._open[paper.id, number] = _Open(amount, share)
        return paper

    def invoice(
        self, account: Account, amount: Decimal, due: list[date], details: Details | None = None
    ) -> Paper:
        """Post an invoice in as many parts as there are due dates."""
        more = details or Details()
        shares = split(amount, len(due))
        booked = more.paper_date
        return self.post("INV", account, list(zip(due, shares, strict=True)), booked, more)

    def link(
        self, payer: Paper, paid: Paper, part_no: int, amount: Decimal, on: date | None = None
    ) -> PaperLink:
        """Settle a part of a paid paper; the rate difference goes into a paper of its own."""
        target = self._open[paid.id, part_no]
        source = self._open[payer.id, 1]
        if not NOTHING < amount <= min(target.amount, -source.amount):
            raise ValueError(
                f"link {payer.no} to {paid.no}: {amount}, "
                f"expected up to {min(target.amount, -source.amount)}"
            )
        whole = amount == target.amount
        value = target.amount_eur if whole else self._share(paid, part_no, amount)
        row = self._link(payer, paid, part_no, amount, value, on)
        self._exchange(payer, amount, value, row.counts_from)
        return row

    def settle(self, payer: Paper, paid: Paper, part_no: int, on: date | None = None) -> Decimal:
        """Link as much as both papers have left and return it."""
        amount = min(self.open_amount(paid, part_no), -self.open_amount(payer))
        if amount > 0:
            self.link(payer, paid, part_no, amount, on)
        return amount

    def bounce(self, payment: Paper, link: PaperLink, paid: Paper) -> Paper:
        """Take a payment back: its link is reversed and the paid part opens again."""
        whole = self.world.get(PaperPart, payment.id, 1)
        more = Details(
            cancels_id=payment.id,
            refers_id=paid.id,
            bank_text="returned by the bank",
            rate=self.world.rate(payment.currency, payment.paper_date),
        )
        account = account_of(payment)
        reversal = self.post("REV", account, [(self.world.today, whole.amount)], details=more)
        self._link(payment, paid, link.paid_part, -link.amount, -link.amount_eur, None)
        self._exchange(payment, -link.amount, -link.amount_eur, self.world.today)
        self._link(payment, reversal, 1, whole.amount, whole.amount_eur, None)
        return reversal

    def open_amount(self, paper: Paper, part_no: int = 1) -> Decimal:
        """Tell what is left of a part, signed, in its own currency."""
        return self._open[paper.id, part_no].amount

    def close(self, day: date) -> None:
        """Write the ledger's evening totals; a group stays once it was posted to."""
        for account in sorted(self._totals):
            balance, balance_eur = self._totals[account]
            self.world.add(LedgerTotal(day, *account, balance, balance_eur))

    def _write(
        self,
        kind: str,
        account: Account,
        total: Decimal,
        total_eur: Decimal,
        booked_on: date,
        more: Details,
    ) -> Paper:
        number = self.world.next_id(Paper)
        sums = self._totals.setdefault(account, [NOTHING, NOTHING])
        sums[0] += total
        sums[1] += total_eur
        return self.world.add(
            Paper(
                id=number,
                type=kind,
                side="D" if (total or total_eur) >= 0 else "C",
                no=f"{PREFIX[kind]}-{number}",
                paper_date=more.paper_date or booked_on,
                booked_on=booked_on,
                entity=account.entity,
                partner_id=account.partner_id,
                agreement=account.agreement or None,
                currency=account.currency,
                total=abs(total),
                vat=abs(more.vat),
                total_eur=abs(total_eur),
                sale_id=more.sale_id,
                cancels_id=more.cancels_id,
                refers_id=more.refers_id,
                contested=more.contested,
                bank_text=more.bank_text,
                entered_at=self.world.clock(MAIN, 17, 30),
            )
        )

    def _link(
        self,
        payer: Paper,
        paid: Paper,
        part_no: int,
        amount: Decimal,
        value: Decimal,
        on: date | None,
    ) -> PaperLink:
        target, source = self._open[paid.id, part_no], self._open[payer.id, 1]
        for side, sign in ((target, -1), (source, 1)):
            side.amount += sign * amount
            side.amount_eur += sign * value
        number = self.world.next_id(PaperLink)
        day = on or self.world.today
        return self.world.add(PaperLink(number, payer.id, 1, paid.id, part_no, amount, value, day))

    def _share(self, paper: Paper, part_no: int, amount: Decimal) -> Decimal:
        part = self.world.get(PaperPart, paper.id, part_no)
        return to_cents(part.amount_eur * amount / part.amount)

    def _exchange(self, payer: Paper, amount: Decimal, value: Decimal, on: date) -> None:
        """Book what a settled amount gained or lost between the two papers' rates."""
        if payer.currency == "EUR":
            return
        part = self.world.get(PaperPart, payer.id, 1)
        key = (payer.id, 1)
        spent_all = amount > 0 and self._open[key].amount == 0
        paid = part.amount_eur - self._paid_eur[key] if spent_all else None
        own = paid if paid is not None else self._share(payer, 1, amount)
        self._paid_eur[key] += own
        difference = own - value
        if difference:
            self._exchange_paper(account_of(payer), difference, payer, on)

    def _exchange_paper(
        self, account: Account, difference: Decimal, payer: Paper, on: date
    ) -> None:
        more = Details(refers_id=payer.id)
        paper = self._write("FXD", account, NOTHING, difference, on, more)
        self.world.add(PaperPart(paper.id, 1, None, NOTHING, abs(difference)))
        self._open[paper.id, 1] = _Open(NOTHING, difference)


def account_of(paper: Paper) -> Account:
    """Name the netting group of a paper."""
    return Account(paper.entity, paper.partner_id, paper.agreement or "", paper.currency)


def to_cents(amount: Decimal) -> Decimal:
    """Round half up to the minor unit."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def split(amount: Decimal, count: int) -> list[Decimal]:
    """Split an amount in equal parts; the last one takes the cents left over."""
    part = to_cents(amount / count)
    return [part] * (count - 1) + [amount - part * (count - 1)]
