"""Right answers about targets: what was shipped less what came back, by slice and month."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daymart.demo.trade.answers.months import Months
from daymart.demo.trade.answers.tables import as_of
from daymart.demo.trade.bills import OWN_PCT, is_shared
from daymart.demo.trade.claims import claims_of
from daymart.demo.trade.clock import EPOCH, Ints
from daymart.demo.trade.fill import Born, BulkTrade
from daymart.demo.trade.master_tables import (
    ROUTES,
    brand_names,
    brand_of,
    route_of,
    seller_names,
)
from daymart.demo.trade.money import priced
from daymart.demo.trade.orders import seller_of
from daymart.demo.trade.scale import FIRST_PARTNER
from daymart.demo.trade.tables import Column, Table, dates, decimals, labelled, words
from daymart.demo.trade.targets import NET, Targets

PLAN_SCHEMA = """
create table answers.plan_fact (
    as_of date, plan_version text, period_on date, brand text, customer_id text, route_id text,
    employee_id text, plan_amount numeric(18, 2), fact_amount numeric(18, 2),
    primary key (as_of, plan_version, brand, customer_id, route_id, employee_id)
);
comment on table answers.plan_fact is
    'Targets of net shipped value and their facts in EUR; what a slice is not split by is empty.'
    ' A fact adds up lines of shipments at the order''s price before tax, rounded to cents, at the'
    ' rate of their own day, rounded again: what was taken back counts against the day of that,'
    ' what customers returned against the day it came. Sellers have their shares of an order.';
"""


class PlanFacts:
    """Accumulate facts of the months up to an evening, in hundredths of a cent in EUR."""

    def __init__(self, trade: BulkTrade, evening: int) -> None:
        self._trade, self._evening = trade, evening
        scale = trade.scale
        self._months = Months(trade, evening)
        months = self._months.count
        self.by_customer = np.zeros((months, scale.customers), dtype=np.int64)
        self.by_brand = np.zeros((months, scale.brands), dtype=np.int64)
        self.by_seller = np.zeros((months, scale.sellers, scale.brands), dtype=np.int64)

    def add(self, born: Born) -> None:
        """Add what left and what came back of the orders of a span, each on its own day."""
        orders, lines = born.orders, born.lines
        every = np.arange(len(lines.order))
        for day, qty, sign in (
            (orders.ship, lines.first, 1),
            (orders.taken_back, lines.first, -1),
            (orders.ship_again, lines.second, 1),
        ):
            self._add(born, every, day[lines.order], qty, sign)
        claims = claims_of(orders, lines, born.back)
        qty = np.zeros_like(lines.qty)
        qty[claims.line] = claims.qty
        self._add(born, claims.line, claims.came, qty, -1)

    def _add(self, born: Born, line: Ints, day: Ints, qty: Ints, sign: int) -> None:
        orders, lines, trade = born.orders, born.lines, self._trade
        net, _ = priced(orders, lines, qty, trade.masters)
        done = (day <= self._evening) & (net[line] > 0)
        line, day = line[done], day[done]
        of = lines.order[line]
        cents = sign * trade.rates.eur(net[line], orders.currency[of], day)
        month = self._months.of(day)
        brand = brand_of(trade.scale, lines.item[line])
        np.add.at(self.by_customer, (month, orders.customer[of]), cents * 100)
        np.add.at(self.by_brand, (month, brand), cents * 100)
        seller = seller_of(trade.scale, orders.customer[of], orders.born[of])
        own = np.where(is_shared(orders)[of], OWN_PCT, 100)
        np.add.at(self.by_seller, (month, seller, brand), cents * own)
        helper = (seller + 1) % trade.scale.sellers
        np.add.at(self.by_seller, (month, helper, brand), cents * (100 - own))

    def tables(self) -> Iterator[Table]:
        """Give each target of net shipped value with its fact."""
        trade = self._trade
        targets = Targets(trade.seed, trade.clock, trade.scale, trade.masters)
        slices = targets.slices
        chosen = np.flatnonzero(slices.measure == NET)
        brand, customer, route, seller = (
            part[chosen] for part in (slices.brand, slices.customer, slices.route, slices.seller)
        )
        by_route = np.zeros((len(self.by_customer), ROUTES), dtype=np.int64)
        routes = route_of(np.arange(trade.scale.customers))
        np.add.at(by_route.T, routes, self.by_customer.T)
        for freeze in targets.freezes(0, self._evening):
            number = int(self._months.of(np.array([freeze.day]))[0])
            of_brand, of_customer = self.by_brand[number], self.by_customer[number]
            of_seller = self.by_seller[number]
            fact = np.select(
                [customer >= 0, route >= 0, (seller >= 0) & (brand >= 0), seller >= 0],
                [
                    of_customer[customer],
                    by_route[number][route],
                    of_seller[seller, brand],
                    of_seller.sum(axis=1)[seller],
                ],
                of_brand[brand],
            )
            count = len(chosen)
            month = np.full(count, (freeze.month - EPOCH).days)
            none = np.full(count, False)
            columns = {
                "as_of": as_of(trade, self._evening, count),
                "plan_version": words([freeze.version], none),
                "period_on": dates(month),
                "brand": _named(brand_names(trade.scale), brand),
                "customer_id": _coded("T", customer + FIRST_PARTNER, customer),
                "route_id": _coded("R", route, route),
                "employee_id": _named(seller_names(trade.scale), seller),
                "plan_amount": decimals(targets.amounts(freeze)[chosen], 2),
                "fact_amount": decimals((2 * fact + 100) // 200, 2),
            }
            yield Table("plan_fact", columns, month)


def _named(names: list[str], index: Ints) -> Column:
    return words([*names, ""], np.where(index >= 0, index, len(names)))


def _coded(prefix: str, number: Ints, index: Ints) -> Column:
    return pc.if_else(pa.array(index >= 0), labelled(prefix, number), "")
