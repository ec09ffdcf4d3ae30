"""Right answers about how late customers usually pay."""

import numpy as np

from daymart.demo.trade.answers.ledger import Ledger
from daymart.demo.trade.answers.months import closed_month, first_of_month
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.clock import EPOCH, NEVER
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.journal import ADV, PAY
from daymart.demo.trade.orders import Orders
from daymart.demo.trade.scale import FIRST_PARTNER
from daymart.demo.trade.tables import Table, labelled

DELAY_SCHEMA = """
create table answers.payment_delay (
    as_of date, customer_id text, usual_delay_days bigint, primary key (as_of, customer_id)
);
comment on table answers.payment_delay is
    'Debts with nothing left, by the day of their last payment in the newest twelve whole months:'
    ' half of them were paid no more than so many calendar days after their due day. A payment'
    ' that bounced pays nothing.';
"""
MONTHS = 12


class DelayAnswers:
    """Accumulate the delays of debts that are paid; papers entered by `known` count."""

    def __init__(self, trade: BulkTrade, evening: int, known: int) -> None:
        self._trade, self._evening, self._known = trade, evening, known
        closed = closed_month(trade, evening)
        self._until = (closed - EPOCH).days
        self._since = (first_of_month(closed, MONTHS - 1) - EPOCH).days
        self._found = [np.zeros((2, 0), dtype=np.int64)]

    def add(self, orders: Orders, ledger: Ledger) -> None:
        """Add the debts of a span that were paid in the months that count."""
        papers, parts, links = ledger.papers, ledger.parts, ledger.links
        now = (papers.entered <= self._known) & (papers.booked <= self._evening)
        money = np.isin(papers.type, (PAY, ADV)) & ~np.isin(papers.id, papers.cancels[now])
        pays = (links.day <= self._evening) & money[ledger.payer] & (links.amount > 0)
        last = np.full_like(parts.amount, -1)
        np.maximum.at(last, ledger.part[pays], links.day[pays])
        paid_on = self._trade.clock.dated(np.maximum(last, 0))
        paid = now[ledger.paper] & (last >= 0) & (parts.due < NEVER)
        paid &= ledger.open(self._evening) == 0
        paid &= (paid_on >= self._since) & (paid_on <= self._until)
        customer = orders.customer[papers.order[ledger.paper[paid]]]
        self._found.append(np.stack([customer, (paid_on - parts.due)[paid]]))

    def table(self) -> Table:
        """Give the customers who paid anything: the middle delay, up to a whole day."""
        customer, delay = np.concatenate(self._found, axis=1)
        order = np.lexsort((delay, customer))
        who, start, count = np.unique(customer[order], return_index=True, return_counts=True)
        low, high = (delay[order][start + (count - less) // 2] for less in (1, 0))
        columns = {
            "as_of": as_of(self._trade, self._evening, len(who)),
            "customer_id": labelled("T", who + FIRST_PARTNER),
            "usual_delay_days": -(-(low + high) // 2),
        }
        return Table("payment_delay", columns, who)
