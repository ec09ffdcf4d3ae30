"""Papers, parts, links and ledger totals as rows of the ERP."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import Clock, Ints
from daymart.demo.trade.journal import ADV, PAY, REV, TYPES, Journal, Papers
from daymart.demo.trade.master_tables import contract_names
from daymart.demo.trade.masters import CURRENCIES, Masters
from daymart.demo.trade.orders import Orders
from daymart.demo.trade.scale import FIRST_PARTNER, Scale
from daymart.demo.trade.tables import (
    Table,
    dates,
    decimals,
    instants,
    joined,
    labelled,
    numbers,
    words,
)

PREFIXES = ("INV-", "CN-", "BNK-", "ADV-", "WO-", "REV-", "FX-")
MOST_CONTRACTS = 2


@dataclass(frozen=True)
class MoneyTables:
    """Turn a journal into rows; papers never change once they are entered."""

    clock: Clock

    def of_journal(self, journal: Journal) -> Iterator[Table]:
        """Give every table accounting writes to."""
        yield self._paper(journal)
        parts = journal.parts()
        yield Table(
            "paper_part",
            {
                "paper_id": parts.paper,
                "part_no": parts.number,
                "due_on": dates(parts.due),
                "amount": decimals(parts.amount, 2),
                "amount_eur": decimals(parts.eur, 2),
            },
            parts.entered,
        )
        links = journal.links()
        yield Table(
            "paper_link",
            {
                "id": links.id,
                "payer_id": links.payer,
                "payer_part": np.ones_like(links.id),
                "paid_id": links.paid,
                "paid_part": links.part,
                "amount": decimals(links.amount, 2),
                "amount_eur": decimals(links.eur, 2),
                "counts_from": dates(self.clock.dated(links.day)),
            },
            links.day,
        )

    def _paper(self, journal: Journal) -> Table:
        papers, orders = journal.papers(), journal.orders
        order = papers.order
        kyiv = np.zeros_like(order)
        booked = dates(self.clock.dated(papers.booked))
        return Table(
            "paper",
            {
                "id": papers.id,
                "type": words(TYPES, papers.type),
                "side": words("CD", papers.sign > 0),
                "no": joined(words(PREFIXES, papers.type), papers.id),
                "paper_date": booked,
                "booked_on": booked,
                "entity": orders.entity[order],
                "partner_id": orders.customer[order] + FIRST_PARTNER,
                "agreement": contract_names(orders.customer[order], orders.contract[order]),
                "currency": words(CURRENCIES, orders.currency[order]),
                "total": decimals(papers.total, 2),
                "vat": decimals(papers.vat, 2),
                "total_eur": decimals(papers.eur, 2),
                "sale_id": orders.id[order],
                "cancels_id": numbers(papers.cancels, papers.cancels > 0),
                "refers_id": numbers(papers.refers, papers.refers > 0),
                "contested": papers.contested > 0,
                "bank_text": _bank_text(papers, orders),
                "entered_at": instants(self.clock.instants(papers.entered, kyiv, 1050)),
            },
            papers.entered,
        )

    def totals(self, masters: Masters, day: int, accounts: Ints, sums: Ints) -> Table:
        """Give an evening's totals of the accounts posted to."""
        customer, contract = accounts // (MOST_CONTRACTS + 1), accounts % (MOST_CONTRACTS + 1)
        on = np.full_like(accounts, day)
        names = contract_names(customer, contract)
        columns = {
            "day": dates(self.clock.dated(on)),
            "entity": masters.store_entity[masters.customer_store[customer]],
            "partner_id": customer + FIRST_PARTNER,
            "agreement": names.fill_null(""),
            "currency": words(CURRENCIES, masters.customer_currency[customer]),
            "balance": decimals(sums[:, 0], 2),
            "balance_eur": decimals(sums[:, 1], 2),
        }
        return Table("ledger_total", columns, on)


def _bank_text(papers: Papers, orders: Orders) -> object:
    import pyarrow as pa
    import pyarrow.compute as pc

    said = labelled("payment for SO-", orders.id[papers.order])
    none = pa.scalar(None, pa.string())
    by_bank = pa.array(np.isin(papers.type, (PAY, ADV)))
    text = pc.if_else(by_bank, said, none)
    bounced = pa.scalar("returned by the bank", pa.string())
    return pc.if_else(pa.array(papers.type == REV), bounced, text)


class Ledger:
    """The ledger's totals, kept from postings: one account a customer and contract."""

    def __init__(self, scale: Scale, kept_from: int) -> None:
        self._accounts = scale.customers * (MOST_CONTRACTS + 1)
        self._sums = np.zeros((self._accounts, 2), dtype=np.int64)
        self._known = np.zeros(self._accounts, dtype=bool)
        self._kept_from = kept_from
        self._recent: dict[int, list[tuple[Ints, Ints]]] = {}

    def post(self, journal: Journal, until: int) -> None:
        """Add the papers entered up to an evening."""
        papers, orders = journal.papers(), journal.orders
        account = orders.customer[papers.order] * (MOST_CONTRACTS + 1)
        account = account + orders.contract[papers.order]
        sums = np.stack([papers.sign * papers.total, papers.sign * papers.eur], axis=1)
        early = papers.entered <= self._kept_from
        self._add(account[early], sums[early])
        for day in np.unique(papers.entered[~early & (papers.entered <= until)]):
            on = papers.entered == day
            self._recent.setdefault(int(day), []).append((account[on], sums[on]))

    def evening(self, day: int) -> tuple[Ints, Ints]:
        """Go on to a kept evening; return the accounts posted to so far and their sums."""
        for account, sums in self._recent.pop(day, []):
            self._add(account, sums)
        accounts = np.flatnonzero(self._known)
        return accounts, self._sums[accounts]

    def _add(self, account: Ints, sums: Ints) -> None:
        np.add.at(self._sums, account, sums)
        self._known[account] = True
