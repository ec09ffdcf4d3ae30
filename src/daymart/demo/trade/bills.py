"""Lines of invoices and credit notes, and who is credited with an order."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import NEVER, Flags, Ints
from daymart.demo.trade.dice import another
from daymart.demo.trade.journal import Journal
from daymart.demo.trade.master_tables import seller_names
from daymart.demo.trade.masters import UNITS, Masters
from daymart.demo.trade.money import BILL, REFUSAL, RETURN, Returned, priced
from daymart.demo.trade.orders import Lines, Orders, seller_of
from daymart.demo.trade.scale import FIRST_ITEM, Scale
from daymart.demo.trade.tables import Table, decimals, numbers, stacked, words

SHARED = 0.08
"""Part of the orders two sellers are credited with."""
OWN_PCT = 60
"""Percent of a shared order that its own seller keeps."""


def is_shared(orders: Orders) -> Flags:
    """Tell which orders two sellers are credited with: the customer's, and the next by number."""
    return another(orders.draws[:, 25], 1) < SHARED


@dataclass(frozen=True)
class BillTables:
    """Turn what was billed and credited into rows; they never change."""

    scale: Scale
    masters: Masters

    def of_orders(
        self, orders: Orders, lines: Lines, journal: Journal, back: Returned
    ) -> Iterator[Table]:
        """Give the lines of papers and the shares of sales."""
        returned = np.zeros_like(lines.qty)
        returned[back.line] = back.qty
        parts = (
            (BILL, lines.first, 0),
            (BILL + 1, lines.second, 2),
            (REFUSAL, lines.first, 0),
            (RETURN, returned, None),
        )
        tables = [self._billed(orders, lines, journal, *part) for part in parts]
        yield from stacked([table for table in tables if len(table)])
        yield from stacked(self._shares(orders))

    def _billed(
        self,
        orders: Orders,
        lines: Lines,
        journal: Journal,
        slot: int,
        qty: Ints,
        dispatch: int | None,
    ) -> Table:
        """Give the lines of a paper of each order; a part of a dispatch line names no dispatch."""
        of = lines.order
        entered = np.where(qty > 0, journal.entered(slot)[of], NEVER)
        net, vat = priced(orders, lines, qty, self.masters)
        return Table(
            "paper_line",
            {
                "paper_id": orders.id[of] + slot,
                "line_no": lines.number,
                "sale_id": orders.id[of],
                "sale_line": lines.number,
                "dispatch_id": numbers(
                    orders.id[of] + (dispatch or 0), np.full(len(of), dispatch is not None)
                ),
                "item_id": lines.item + FIRST_ITEM,
                "qty": qty,
                "unit": words(UNITS, lines.unit),
                "net": decimals(net, 2),
                "vat": decimals(vat, 2),
            },
            entered,
        ).filled(0, NEVER - 1)

    def _shares(self, orders: Orders) -> Iterator[Table]:
        seller = seller_of(self.scale, orders.customer, orders.born)
        shared = is_shared(orders)
        yield self._share(orders, seller, np.where(shared, OWN_PCT, 100), orders.born)
        helper = (seller + 1) % self.scale.sellers
        helped = np.where(shared, orders.born, NEVER)
        yield self._share(orders, helper, np.full_like(seller, 100 - OWN_PCT), helped)

    def _share(self, orders: Orders, seller: Ints, pct: Ints, day: Ints) -> Table:
        columns = {
            "sale_id": orders.id,
            "staff_no": words(seller_names(self.scale), seller),
            "pct": pct,
        }
        return Table("sale_share", columns, day)
