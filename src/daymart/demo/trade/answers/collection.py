"""Right answers about collection: how many days of sales customers owe at the end of a month."""

from datetime import date, timedelta

import numpy as np

from daymart.demo.trade.answers.ledger import Ledger
from daymart.demo.trade.answers.months import Months, closed_month, first_of_month
from daymart.demo.trade.answers.tables import account_columns, as_of
from daymart.demo.trade.clock import EPOCH, Flags, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.journal import CRN, INV
from daymart.demo.trade.money_tables import MOST_CONTRACTS
from daymart.demo.trade.orders import Orders
from daymart.demo.trade.tables import Column, Table, dates, decimals

COLLECTION_SCHEMA = """
create table answers.collection (
    as_of date, legal_entity text, customer_id text, contract_id text, currency_code text,
    dso_on date, dso_days numeric(9, 1), dso_count_back_days numeric(9, 1),
    dso_best_days numeric(9, 1), delinquent_days numeric(9, 1),
    collection_effectiveness_pct numeric(9, 1),
    primary key (as_of, legal_entity, customer_id, contract_id, currency_code, dso_on)
);
comment on table answers.collection is
    'Parts of invoices open at the end of the newest whole month against invoices less credit notes'
    ' of three months, with tax, without orders paid before delivery: days of sales owed, counted'
    ' back month by month over two years, owed and not due, owed and past due; and the part of what'
    ' could be collected that was.';
"""
SALES_MONTHS, COUNTED_MONTHS = 3, 24


class CollectionAnswers:
    """Accumulate sales on credit by month, and what of them was open on two evenings.

    Papers entered by `known` count.
    """

    def __init__(self, trade: BulkTrade, evening: int, known: int) -> None:
        self._trade, self._evening, self._known = trade, evening, known
        self._months = Months(trade, evening)
        self.closed_on = closed_month(trade, evening)
        self.opened_on = first_of_month(self.closed_on, SALES_MONTHS - 1)
        accounts = trade.scale.customers * (MOST_CONTRACTS + 1)
        self.sales = np.zeros((accounts, self._months.count), dtype=np.int64)
        self.sold = np.zeros(accounts, dtype=bool)
        self.owed, self.not_due, self.opening = (
            np.zeros(accounts, dtype=np.int64) for _ in range(3)
        )

    def add(self, orders: Orders, ledger: Ledger) -> None:
        """Add invoices and credit notes of a span, and what was open of its invoices."""
        papers, parts, paper = ledger.papers, ledger.parts, ledger.paper
        account = orders.customer * (MOST_CONTRACTS + 1) + orders.contract
        known = (papers.entered <= self._known) & ~orders.prepaid[papers.order]
        closing, before = self._last_day(self.closed_on), self._last_day(self.opened_on, -1)
        sold = known & np.isin(papers.type, (INV, CRN)) & (papers.booked <= closing)
        at = (account[papers.order][sold], self._months.of(papers.booked[sold]))
        np.add.at(self.sales, at, (papers.sign * papers.total)[sold])
        self.sold[at[0][at[1] > self._closed_month - COUNTED_MONTHS]] = True
        debt = known[paper] & (papers.type[paper] == INV) & (parts.amount > 0)
        not_due = parts.due >= (self.closed_on - EPOCH).days
        for sums, day, chosen in (
            (self.owed, closing, debt),
            (self.not_due, closing, debt & not_due),
            (self.opening, before, debt),
        ):
            left = np.maximum(ledger.open(day), 0)
            chosen = chosen & (papers.booked[paper] <= day)
            np.add.at(sums, account[papers.order[paper[chosen]]], left[chosen])

    def _last_day(self, on: date, later: int = 0) -> int:
        """Number the last working day up to a date, or to so many days after it."""
        after = np.array([(on - EPOCH).days + later + 1])
        return int(self._trade.clock.on_or_after(after)[0]) - 1

    @property
    def _closed_month(self) -> int:
        day = self.closed_on
        return (day.year - 1970) * 12 + day.month - 1 - self._months.first

    def table(self) -> Table:
        """Give the accounts with sales on credit in two years."""
        accounts = np.flatnonzero(self.sold)
        owed, not_due, opening = (s[accounts] for s in (self.owed, self.not_due, self.opening))
        first = max(0, self._closed_month - SALES_MONTHS + 1)
        sales = self.sales[accounts, first : self._closed_month + 1].sum(axis=1)
        days = (self.closed_on - self.opened_on).days + 1
        could = opening + sales - not_due
        closed = np.full_like(accounts, (self.closed_on - EPOCH).days)
        counted, reached = self._count_back(accounts, owed)
        columns = {
            "as_of": as_of(self._trade, self._evening, len(accounts)),
            **account_columns(self._trade, accounts),
            "dso_on": dates(closed),
            "dso_days": _tenths(owed * days, sales, sales > 0),
            "dso_count_back_days": decimals(counted, 1, reached),
            "dso_best_days": _tenths(not_due * days, sales, sales > 0),
            "delinquent_days": _tenths((owed - not_due) * days, sales, sales > 0),
            "collection_effectiveness_pct": _tenths(
                (opening + sales - owed) * 100, could, could > 0
            ),
        }
        return Table("collection", columns, accounts)

    def _count_back(self, accounts: Ints, owed: Ints) -> tuple[Ints, Flags]:
        """Use up what is owed by the sales of whole months, newest first; in tenths of a day."""
        left, days = owed.copy(), np.zeros_like(owed)
        reached = owed == 0
        for back in range(min(COUNTED_MONTHS, self._closed_month + 1)):
            starts = first_of_month(self.closed_on, back)
            ends_on = _end_of(starts)
            month_days, behind = (ends_on - starts).days + 1, (self.closed_on - ends_on).days
            sales = np.maximum(self.sales[accounts, self._closed_month - back], 0)
            ends = ~reached & (left <= sales)
            found = _rounded((behind * sales + left * month_days) * 10, sales)
            days = np.where(ends, found, days)
            reached |= ends
            left = left - sales
        return days, reached


def _end_of(starts: date) -> date:
    return first_of_month(starts, -1) - timedelta(days=1)


def _tenths(part: Ints, whole: Ints, given: Flags) -> Column:
    return decimals(_rounded(part * 10, whole), 1, given)


def _rounded(part: Ints, whole: Ints) -> Ints:
    """Divide, rounded half away from zero; 0 by nothing."""
    whole = np.maximum(whole, 1)
    result: Ints = np.sign(part) * ((2 * np.abs(part) + whole) // (2 * whole))
    return result
