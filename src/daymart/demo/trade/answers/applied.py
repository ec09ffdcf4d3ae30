"""Right answers about what payments were set against, link by link."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.trade.answers.ledger import Ledger
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.clock import NEVER, Flags, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.journal import ADV, PAY, REV
from daymart.demo.trade.tables import Table, dates, decimals, labelled, numbers

APPLIED_SCHEMA = """
create table answers.applied_payment (
    as_of date, payment_id text, allocation_id text, applied_document_id text,
    applied_instalment_no bigint, applied_on date, due_on date, days_late bigint,
    paid_amount numeric(18, 2), paid_company_amount numeric(18, 2),
    primary key (as_of, payment_id, allocation_id)
);
comment on table answers.applied_payment is
    'What payments and advances were set against by the evening, and how many calendar days after'
    ' its due day the money came; below 0 what a bounced payment paid, and what its reversal takes'
    ' back of the payment.';
"""


class AppliedAnswers:
    """List the links of payments that count by the evening."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        self._found: list[Table] = []

    def add(self, ledger: Ledger) -> None:
        """Add the links of a span, from the side of the payment and of its reversal."""
        papers, links = ledger.papers, ledger.links
        counts = links.day <= self._evening
        pays = counts & np.isin(papers.type[ledger.payer], (PAY, ADV))
        due = ledger.parts.due[ledger.part]
        self._list(ledger, pays, (links.payer, links.paid, links.part), due, 1)
        taken_back = counts & (papers.type[ledger.paper[ledger.part]] == REV)
        never = np.full_like(links.id, NEVER)
        first = np.ones_like(links.id)
        self._list(ledger, taken_back, (links.paid, links.payer, first), never, -1)

    def _list(
        self, ledger: Ledger, which: Flags, ends: tuple[Ints, Ints, Ints], due: Ints, sign: int
    ) -> None:
        links, clock = ledger.links, self._trade.clock
        payment, applied, part = (end[which] for end in ends)
        day, due = links.day[which], due[which]
        came = clock.dated(ledger.papers.booked[ledger.payer[which]])
        columns = {
            "as_of": as_of(self._trade, self._evening, len(day)),
            "payment_id": labelled("", payment),
            "allocation_id": labelled("", links.id[which]),
            "applied_document_id": labelled("", applied),
            "applied_instalment_no": part,
            "applied_on": dates(clock.dated(day)),
            "due_on": dates(due),
            "days_late": numbers(came - due, due < NEVER),
            "paid_amount": decimals(sign * links.amount[which], 2),
            "paid_company_amount": decimals(sign * links.eur[which], 2),
        }
        self._found.append(Table("applied_payment", columns, day))

    def tables(self) -> Iterator[Table]:
        """Give the rows."""
        yield from self._found
