"""Right answers about what customers owe: by account and age, and by open part of a paper."""

from collections.abc import Iterator

import numpy as np

from daymart.demo.trade.answers.ledger import Ledger
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
    overdue_net_amount numeric(18, 2), disputed_amount numeric(18, 2), oldest_due_on date,
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
    closing_company_amount numeric(18, 2), due_on date, is_unapplied boolean,
    is_disputed boolean, primary key (as_of, document_id, instalment_no)
);
comment on table answers.open_item is
    'Parts of papers of which something is left; credits are below 0 and have no due day.';
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
        accounts = trade.scale.customers * (MOST_CONTRACTS + 1)
        self._posted = np.zeros(accounts, dtype=bool)
        self._balance, self._balance_eur, self._closing, self._disputed = (
            np.zeros(accounts, dtype=np.int64) for _ in range(4)
        )
        self._oldest = np.full(accounts, NEVER, dtype=np.int64)
        self._aged = np.zeros((accounts, len(AGED)), dtype=np.int64)
        self._items: list[Table] = []

    @property
    def overdue(self) -> Ints:
        """Add up what is past due on each account."""
        late: Ints = self._aged[:, 1:].sum(axis=1)
        return late

    def add(self, orders: Orders, ledger: Ledger) -> None:
        """Add the papers of a span and what is open of them."""
        papers = ledger.papers
        now = (papers.entered <= self._known) & (papers.booked <= self._evening)
        account = (orders.customer * (MOST_CONTRACTS + 1) + orders.contract)[papers.order]
        self._posted[account[now]] = True
        np.add.at(self._balance, account[now], (papers.sign * papers.total)[now])
        np.add.at(self._balance_eur, account[now], (papers.sign * papers.eur)[now])
        self._pay(ledger, now)
        left, eur = ledger.open(self._evening), ledger.open_eur(self._evening)
        there = (now & (papers.type != FXD))[ledger.paper] & ((left != 0) | (eur != 0))
        part = np.flatnonzero(there)
        self._open(orders, ledger, part, (left[part], eur[part]), account[ledger.paper[part]])

    def _pay(self, ledger: Ledger, now: Flags) -> None:
        papers = ledger.papers
        paid = now & (np.isin(papers.type, (PAY, ADV, REV)))
        unapplied = np.zeros_like(papers.total)
        credit = papers.sign[ledger.paper] < 0
        np.subtract.at(unapplied, ledger.paper[credit], ledger.open(self._evening)[credit])
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
        self._items.append(Table("payment", columns, papers.booked[paid]))

    def _open(
        self, orders: Orders, ledger: Ledger, part: Ints, left: tuple[Ints, Ints], account: Ints
    ) -> None:
        papers, paper = ledger.papers, ledger.paper[part]
        amount, eur = left
        debt = amount > 0
        currency = orders.currency[papers.order[paper]]
        by_rate = self._trade.rates.eur(np.abs(amount), currency, np.array([self._evening]))
        closing = np.where(papers.type[paper] == ADV, eur, np.sign(amount) * by_rate)
        np.add.at(self._closing, account, closing)
        due = np.where(debt, ledger.parts.due[part], NEVER)
        contested = papers.contested[paper] > 0
        self._age(account, due, amount, debt, contested)
        columns = {
            "as_of": as_of(self._trade, self._evening, len(part)),
            "document_id": labelled("", papers.id[paper]),
            "instalment_no": ledger.parts.number[part],
            "customer_id": labelled("T", orders.customer[papers.order[paper]] + FIRST_PARTNER),
            "open_amount": decimals(amount, 2),
            "open_company_amount": decimals(eur, 2),
            "closing_company_amount": decimals(closing, 2),
            "due_on": dates(due),
            "is_unapplied": ~debt,
            "is_disputed": contested,
        }
        self._items.append(Table("open_item", columns, part))

    def _age(self, account: Ints, due: Ints, amount: Ints, debt: Flags, contested: Flags) -> None:
        today = int(self._trade.clock.dated(np.array([self._evening]))[0])
        bucket = np.searchsorted(np.array(BUCKETS), today - due[debt])
        np.add.at(self._aged, (account[debt], bucket), amount[debt])
        np.minimum.at(self._oldest, account[debt], due[debt])
        both = debt & contested
        np.add.at(self._disputed, account[both], amount[both])

    def tables(self) -> Iterator[Table]:
        """Give the rows: accounts posted to, and open parts."""
        accounts = np.flatnonzero(self._posted)
        aged, balance = self._aged[accounts], self._balance[accounts]
        unapplied, overdue = balance - aged.sum(axis=1), self.overdue[accounts]
        eur, closing = self._balance_eur[accounts], self._closing[accounts]
        sums = {
            "balance_amount": balance,
            "unapplied_amount": unapplied,
            **{name: aged[:, index] for index, name in enumerate(AGED)},
            "overdue_amount": overdue,
            "overdue_net_amount": np.maximum(overdue + np.minimum(unapplied, 0), 0),
            "disputed_amount": self._disputed[accounts],
            "balance_company_amount": eur,
            "closing_company_amount": closing,
            "exchange_difference_amount": closing - eur,
        }
        columns = {
            "as_of": as_of(self._trade, self._evening, len(accounts)),
            **account_columns(self._trade, accounts),
            "oldest_due_on": dates(self._oldest[accounts]),
            **{name: decimals(amount, 2) for name, amount in sums.items()},
        }
        yield Table("customer_balance", columns, accounts)
        yield from self._items
