"""Right answers about what a base unit of an item is worth on a day."""

from fractions import Fraction

import numpy as np

from daymart.demo.trade.clock import Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.journal import RATE_SCALE
from daymart.demo.trade.orders import Lines, Orders
from daymart.demo.trade.supply import Supplies

BOUGHT_AT, PRICE_SCALE = 60, 10_000
"""Ten-thousandths of the supplier's currency paid for a base unit, per cent of its list price."""
SALE_SCALE = 100 * PRICE_SCALE
"""Millionths: list prices are ten-thousandths, discounts percent."""


class ItemPrices:
    """The price of an item's last purchase until a day; of its last sale before the first one.

    In company currency at the rate of the order's day. Tell it all purchases before any sales:
    most sales come later than the first purchase of their item, and are not kept.
    """

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        self._bought = np.zeros((trade.scale.items, evening + 1), dtype=bool)
        self._sold: dict[int, dict[int, Fraction]] = {}

    def buy(self, s: Supplies) -> None:
        """Note on which days items were bought; each at one price for ever."""
        placed = s.placed <= self._evening
        self._bought[s.item[placed], s.placed[placed]] = True

    def sell(self, orders: Orders, lines: Lines) -> None:
        """Note what orders before the first purchase of an item sold it for; the last one holds."""
        masters, born = self._trade.masters, orders.born[lines.order]
        early = ~np.logical_or.accumulate(self._bought, axis=1)
        kept = np.flatnonzero(born <= self._evening)
        kept = kept[early[lines.item[kept], born[kept]]]
        order = lines.order[kept]
        discount = masters.customer_discount[orders.customer[order]]
        price = lines.list_price[kept] * (100 - discount)
        rate = self._rate(orders.currency[order], born[kept])
        scale = lines.times[kept] * SALE_SCALE
        rows = zip(lines.item[kept], born[kept], price, rate, scale, strict=True)
        for item, day, *factors in (tuple(map(int, row)) for row in rows):
            of_price, of_rate, per = factors
            value = Fraction(of_price * of_rate, per * RATE_SCALE)
            self._sold.setdefault(item, {})[day] = value

    def _rate(self, currency: Ints, day: Ints) -> Ints:
        rates = self._trade.rates
        found: Ints = rates.table[currency, day + rates.before]
        return found

    def at(self, items: Ints, days: Ints) -> list[Fraction | None]:
        """Tell what a base unit of each item was worth on a day; None where nobody can know."""
        masters, count = self._trade.masters, self._bought.shape[1]
        last = np.where(self._bought, np.arange(count), -1)
        last = np.maximum.accumulate(last, axis=1)[items, days]
        currency = masters.supplier_currency[masters.item_supplier[items]]
        cents = masters.item_price[items] * BOUGHT_AT
        rate = self._rate(currency, np.maximum(last, 0))
        return [
            Fraction(int(price) * int(by), PRICE_SCALE * RATE_SCALE)
            if bought >= 0
            else self._last_sale(int(item), int(day))
            for item, day, bought, price, by in zip(items, days, last, cents, rate, strict=True)
        ]

    def _last_sale(self, item: int, day: int) -> Fraction | None:
        sales = self._sold.get(item, {})
        return sales[max(until)] if (until := [on for on in sales if on <= day]) else None


def in_cents(amount: Fraction | int) -> int:
    """Round to hundredths, half away from zero."""
    half_up = int(abs(Fraction(amount)) * 100 + Fraction(1, 2))
    return half_up if amount >= 0 else -half_up
