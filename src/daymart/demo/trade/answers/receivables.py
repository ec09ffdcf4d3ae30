"""Right answers about what customers owe: by account and age, and by open part of a paper."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from daymart.demo.trade.answers.ledger import Ledger
from daymart.demo.trade.answers.open_items import OpenItems
from daymart.demo.trade.answers.tables import account_columns, as_of
from daymart.demo.trade.clock import NEVER, Flags, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.journal import ADV, FXD, PAY, REV
from daymart.demo.trade.money_tables import MOST_CONTRACTS
from daymart.demo.trade.orders import Orders
from daymart.demo.trade.scale import FIRST_PARTNER
from daymart.demo.trade.tables import Table, dates, decimals, labelled

RECEIVABLE_SCHEMA = """
create table answers.customer_balance (
    as_of date, legal_entity text, customer_id text, contract_id text, currency_code text,
    balance_amount numeric(18, 2), not_due_amount numeric(18, 2),
    overdue_1_30_amount numeric(18, 2), overdue_31_60_amount numeric(18, 2),
    overdue_61_90_amount numeric(18, 2), overdue_91_plus_amount numeric(18, 2),
    unapplied_amount numeric(18, 2), overdue_amount numeric(18, 2),
    overdue_net_amount numeric(18, 2), overdue_remaining_amount numeric(18, 2),
    derived_amount numeric(18, 2), disputed_amount numeric(18, 2),
    overdue_undisputed_amount numeric(18, 2), oldest_due_on date,
    balance_company_amount numeric(18, 2), closing_company_amount numeric(18, 2),
    exchange_difference_amount numeric(18, 2),
    primary key (as_of, legal_entity, customer_id, contract_id, currency_code)
);
comment on table answers.customer_balance is
    'All papers known, and debts by days past due; what no debt explains is unapplied. In company'
    ' currency by the rates of the papers, and open parts by the rate of the evening, each rounded;'
    ' advances keep their own.';
create table answers.open_item (
    as_of date, document_id text, instalment_no bigint, customer_id text,
    open_amount numeric(18, 2), open_company_amount numeric(18, 2),
    closing_company_amount numeric(18, 2), derived_amount numeric(18, 2), posted_on date,
    instalment_amount numeric(18, 2), due_on date,
    is_unapplied boolean, is_disputed boolean, primary key (as_of, document_id, instalment_no)
);
comment on table answers.open_item is
    'Parts of papers of which something is left; credits are below 0 and have no due day.'
    ' Derived is what open credits would settle: the invoice a note is about, then the debts due'
    ' first, those of one day by amount. Advances settle nothing.';
create table answers.payment (
    as_of date, payment_id text, paid_on date, paid_amount numeric(18, 2),
    paid_company_amount numeric(18, 2), unapplied_amount numeric(18, 2),
    primary key (as_of, payment_id)
);
comment on table answers.payment is
    'Payments and advances, what of them no paper has used up yet, and their reversals below 0.';
"""
BUCKETS = (0, 30, 60, 90)
"""Days past due up to which a debt is not due, or in each ageing bucket but the last."""
AGED = (
    "not_due_amount", "overdue_1_30_amount", "overdue_31_60_amount", "overdue_61_90_amount",
    "overdue_91_plus_amount",
)  # fmt: skip


class ReceivableAnswers:
    """Accumulate balances and open parts; papers entered by `known` count."""

    def __init__(self, trade: BulkTrade, evening: int, known: int) -> None:
        self._trade, self._evening, self._known = trade, evening, known
        self._accounts = trade.scale.customers * (MOST_CONTRACTS + 1)
        self._posted = np.zeros(self._accounts, dtype=bool)
        self._balance, self._balance_eur = (
            np.zeros(self._accounts, dtype=np.int64) for _ in range(2)
        )
        self._spans: list[OpenItems] = []
        self._payments: list[Table] = []

    def add(self, orders: Orders, ledger: Ledger) -> None:
        """Add the papers of a span and what is open of them."""
        papers = ledger.papers
        now = (papers.entered <= self._known) & (papers.booked <= self._evening)
        account = (orders.customer * (MOST_CONTRACTS + 1) + orders.contract)[papers.order]
        self._posted[account[now]] = True
        np.add.at(self._balance, account[now], (papers.sign * papers.total)[now])
        np.add.at(self._balance_eur, account[now], (papers.sign * papers.eur)[now])
        left = ledger.open(self._evening)
        self._pay(ledger, now, left)
        self._spans.append(self._open(orders, ledger, now, left))

    def _pay(self, ledger: Ledger, now: Flags, left: Ints) -> None:
        papers = ledger.papers
        paid = now & (np.isin(papers.type, (PAY, ADV, REV)))
        unapplied = np.zeros_like(papers.total)
        credit = papers.sign[ledger.paper] < 0
        np.subtract.at(unapplied, ledger.paper[credit], left[credit])
        amounts = {
            "paid_amount": -papers.sign * papers.total,
            "paid_company_amount": -papers.sign * papers.eur,
            "unapplied_amount": unapplied,
        }
        columns = {
            "as_of": as_of(self._trade, self._evening, int(paid.sum())),
            "payment_id": labelled("", papers.id[paid]),
            "paid_on": dates(self._trade.clock.dated(papers.booked[paid])),
            **{name: decimals(amount[paid], 2) for name, amount in amounts.items()},
        }
        self._payments.append(Table("payment", columns, papers.booked[paid]))

    def _open(self, orders: Orders, ledger: Ledger, now: Flags, left: Ints) -> OpenItems:
        papers, eur = ledger.papers, ledger.open_eur(self._evening)
        there = (now & (papers.type != FXD))[ledger.paper] & ((left != 0) | (eur != 0))
        part = np.flatnonzero(there)
        paper, amount = ledger.paper[part], left[part]
        order = papers.order[paper]
        by_rate = self._trade.rates.eur(
            np.abs(amount), orders.currency[order], np.array([self._evening])
        )
        return OpenItems(
            account=orders.customer[order] * (MOST_CONTRACTS + 1) + orders.contract[order],
            paper=papers.id[paper],
            number=ledger.parts.number[part],
            type=papers.type[paper],
            refers=papers.refers[paper],
            booked=papers.booked[paper],
            due=np.where(amount > 0, ledger.parts.due[part], NEVER),
            whole=papers.sign[paper] * ledger.parts.amount[part],
            amount=amount,
            eur=eur[part],
            closing=np.where(papers.type[paper] == ADV, eur[part], np.sign(amount) * by_rate),
            contested=papers.contested[paper],
        )

    @cached_property
    def _items(self) -> OpenItems:
        return OpenItems.joined(self._spans)

    @cached_property
    def _derived(self) -> Ints:
        return self._items.derived()

    @cached_property
    def _late(self) -> Ints:
        """Count the days each debt is past due; 0 or less is not due."""
        today = int(self._trade.clock.dated(np.array([self._evening]))[0])
        return np.where(self._items.debt, today - self._items.due, 0)

    @property
    def overdue(self) -> Ints:
        """Add up what is past due on each account."""
        return self._sums(self._items.amount, self._late > 0)

    def _sums(self, amounts: Ints, which: Flags) -> Ints:
        sums = np.zeros(self._accounts, dtype=np.int64)
        np.add.at(sums, self._items.account[which], amounts[which])
        return sums

    def tables(self) -> Iterator[Table]:
        """Give the rows: accounts posted to, open parts, payments."""
        yield self._balances()
        yield self._open_items()
        yield from self._payments

    def _balances(self) -> Table:
        items, accounts = self._items, np.flatnonzero(self._posted)
        bucket = np.where(items.debt, np.searchsorted(np.array(BUCKETS), self._late), -1)
        aged = {name: self._sums(items.amount, bucket == i) for i, name in enumerate(AGED)}
        unapplied = self._balance - np.sum(list(aged.values()), axis=0)
        closing = self._sums(items.closing, items.amount != 0)
        late = self._late > 0
        oldest = np.full(self._accounts, NEVER, dtype=np.int64)
        np.minimum.at(oldest, items.account, items.due)
        sums = {
            "balance_amount": self._balance,
            "unapplied_amount": unapplied,
            **aged,
            "overdue_amount": self.overdue,
            "overdue_net_amount": np.maximum(self.overdue + np.minimum(unapplied, 0), 0),
            "overdue_remaining_amount": self._sums(items.amount + self._derived, late),
            "derived_amount": self._sums(self._derived, ~items.debt),
            "disputed_amount": self._sums(items.amount, items.debt & (items.contested > 0)),
            "overdue_undisputed_amount": self._sums(items.amount, late & (items.contested == 0)),
            "balance_company_amount": self._balance_eur,
            "closing_company_amount": closing,
            "exchange_difference_amount": closing - self._balance_eur,
        }
        columns = {
            "as_of": as_of(self._trade, self._evening, len(accounts)),
            **account_columns(self._trade, accounts),
            "oldest_due_on": dates(oldest[accounts]),
            **{name: decimals(amount[accounts], 2) for name, amount in sums.items()},
        }
        return Table("customer_balance", columns, accounts)

    def _open_items(self) -> Table:
        items = self._items
        amounts = {
            "open_amount": items.amount,
            "open_company_amount": items.eur,
            "closing_company_amount": items.closing,
            "derived_amount": self._derived,
            "instalment_amount": items.whole,
        }
        columns = {
            "as_of": as_of(self._trade, self._evening, len(items.paper)),
            "document_id": labelled("", items.paper),
            "instalment_no": items.number,
            "customer_id": labelled("T", items.account // (MOST_CONTRACTS + 1) + FIRST_PARTNER),
            **{name: decimals(amount, 2) for name, amount in amounts.items()},
            "posted_on": dates(self._trade.clock.dated(items.booked)),
            "due_on": dates(items.due),
            "is_unapplied": ~items.debt,
            "is_disputed": items.contested > 0,
        }
        return Table("open_item", columns, items.paper)
