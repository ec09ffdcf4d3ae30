"""Purchases as rows of the ERP on an evening."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daymart.demo.core.people import BUYER
from daymart.demo.trade.clock import NEVER, Clock, Flags, Ints
from daymart.demo.trade.master_tables import store_codes
from daymart.demo.trade.masters import CURRENCIES, UNITS, Masters
from daymart.demo.trade.scale import FIRST_ITEM, FIRST_SUPPLIER, Scale
from daymart.demo.trade.supply import Supplies, lot_index, lot_names
from daymart.demo.trade.tables import (
    Table,
    dates,
    decimals,
    instants,
    joined,
    labelled,
    numbers,
    same,
    stacked,
    words,
)

FREIGHT = ("Global Freight", "Dnipro Cargo", "Hansa Spedition")
DELAYS = ("supplier_late", "customs", "transport")
WISH = 2
"""Working days before the supplier's first date that the buyer wishes for."""


@dataclass(frozen=True)
class SupplyTables:
    """Turn purchase lines into rows as `evening`, the number of a working day, knows them."""

    clock: Clock
    scale: Scale
    masters: Masters
    evening: int

    def of_supplies(self, s: Supplies) -> Iterator[Table]:
        """Give every table purchases are written to."""
        yield self._purchase(s)
        yield self._line(s)
        yield from stacked(list(self._changes(s)))
        pieces = [
            (0, s.left, s.arrived, s.first, s.quarantined),
            (1, s.left_again, s.arrived_again, s.second, np.zeros_like(s.quarantined)),
        ]
        yield from stacked([self._transport(s, *piece[:4]) for piece in pieces])
        yield from stacked([self._receipt(s, *piece) for piece in pieces])

    def _purchase(self, s: Supplies) -> Table:
        abroad = self.masters.supplier_currency[s.supplier]
        return Table(
            "purchase",
            {
                "id": s.purchase,
                "no": labelled("PO-", s.purchase),
                "partner_id": s.supplier + FIRST_SUPPLIER,
                "placed_on": dates(self.clock.dated(s.placed)),
                "currency": words(CURRENCIES, abroad),
                "incoterm": words(("DAP", "FCA"), abroad),
                "buyer_no": same(BUYER, len(s.id)),
            },
            np.where(s.number == 1, s.placed, NEVER),
        )

    def _line(self, s: Supplies) -> Table:
        evening = self.evening
        given_up = np.where(s.cancelled > 0, self.last_left(s), NEVER)
        confirmed = s.placed + 1 <= evening
        price = self.masters.item_price[s.item] * s.times * 60
        days = (s.placed, s.placed + 1, s.left, s.left_again, s.arrived, s.arrived_again)
        changed = np.max([np.where(day <= evening, day, -NEVER) for day in days], axis=0)
        changed = np.where(s.placed <= evening, changed, NEVER)
        return Table(
            "purchase_line",
            {
                "purchase_id": s.purchase,
                "line_no": s.number,
                "item_id": s.item + FIRST_ITEM,
                "store": words(store_codes(self.scale), s.store),
                "qty": s.qty,
                "unit": words(UNITS, s.unit),
                "price": decimals(price, 4),
                "wanted_on": dates(self.clock.dated(s.eta - WISH)),
                "confirmed_on": dates(np.where(confirmed, self.clock.dated(s.eta), NEVER)),
                "stage": words("NCSRV", self._stage(s)),
                "cancelled_qty": np.where(given_up <= evening, s.cancelled, 0),
            },
            changed,
        )

    def last_left(self, s: Supplies) -> Ints:
        """Return the day the last transport left: what was not sent by then is given up."""
        return np.where(s.left_again < NEVER, s.left_again, s.left)

    def _stage(self, s: Supplies) -> Ints:
        evening = self.evening
        on_road = (s.left <= evening) & (s.arrived > evening)
        on_road |= (s.left_again <= evening) & (s.arrived_again > evening)
        done = np.where(s.left_again < NEVER, s.arrived_again, s.arrived) <= evening
        stage = np.where(s.placed + 1 <= evening, 1, 0)
        stage = np.where(done, np.where(s.quarantined, 3, 4), stage)
        return np.where(on_road, 2, stage)

    def _changes(self, s: Supplies) -> Iterator[Table]:
        none = np.full_like(s.eta, NEVER)
        soon = np.where(s.warned < NEVER, s.eta + 1, s.eta)
        yield self._change(s, 0, s.placed + 1, none, s.eta, same("first confirmation", len(none)))
        why = words(DELAYS, s.id // 8 % len(DELAYS))
        yield self._change(s, 1, s.warned, s.eta, s.eta + 1, why)
        yield self._change(s, 2, s.slipped, soon, s.arrived, why)
        split = np.where(s.arrived_again < NEVER, s.arrived, NEVER)
        rest = same("rest of a split delivery", len(none))
        yield self._change(s, 3, split, s.arrived, s.arrived_again, rest)

    def _change(
        self, s: Supplies, slot: int, day: Ints, was: Ints, becomes: Ints, why: object
    ) -> Table:
        zone = self.masters.store_zone[s.store]
        return Table(
            "purchase_date_change",
            {
                "id": s.id + slot,
                "purchase_id": s.purchase,
                "line_no": s.number,
                "was": dates(self.clock.dated(was)),
                "becomes": dates(self.clock.dated(becomes)),
                "changed_at": instants(self.clock.instants(day, zone, 620)),
                "by_no": same(BUYER, len(day)),
                "cause": why,
            },
            day,
        )

    def _transport(self, s: Supplies, slot: int, left: Ints, arrived: Ints, qty: Ints) -> Table:
        came = arrived <= self.evening
        dated = self.clock.dated
        owned = np.where(self.masters.supplier_currency[s.supplier] > 0, dated(left), NEVER)
        return Table(
            "purchase_transport",
            {
                "id": s.id + slot,
                "purchase_id": s.purchase,
                "line_no": s.number,
                "left_on": dates(dated(left)),
                "qty": qty,
                "unit": words(UNITS, s.unit),
                "carrier": words(FREIGHT, s.id // 8 % len(FREIGHT)),
                "waybill": labelled("CMR ", s.id + slot),
                "owned_from": dates(owned),
                "arrived_on": dates(np.where(came, dated(arrived), NEVER)),
            },
            np.where(came & (left < NEVER), arrived, left),
        )

    def _receipt(
        self, s: Supplies, slot: int, left: Ints, arrived: Ints, qty: Ints, checked: Flags
    ) -> Table:
        zone = self.masters.store_zone[s.store]
        lot = lot_index(self.masters, s.item, s.block)
        return Table(
            "purchase_receipt",
            {
                "id": s.id + slot,
                "line_no": np.ones_like(s.id),
                "purchase_id": s.purchase,
                "purchase_line": s.number,
                "transport_id": s.id + slot,
                "store": words(store_codes(self.scale), s.store),
                "item_id": s.item + FIRST_ITEM,
                "lot": words(lot_names(self.clock), lot),
                "qty": qty,
                "unit": words(UNITS, s.unit),
                "quality": words("AQ", checked),
                "arrived_at": instants(self.clock.instants(arrived, zone, 545)),
                "typed_at": instants(self.clock.instants(arrived, zone, 900)),
            },
            np.where(left < NEVER, arrived, NEVER),
        )

    def expected(self, s: Supplies) -> Ints:
        """Return the day the rest is expected by what the evening knows; NEVER unconfirmed."""
        evening = self.evening
        day = np.where(s.placed + 1 <= evening, s.eta, NEVER)
        day = np.where(s.warned <= evening, s.eta + 1, day)
        day = np.where(s.slipped <= evening, s.arrived, day)
        return np.where((s.arrived <= evening) & (s.second > 0), s.arrived_again, day)

    def awaited(self, s: Supplies) -> Ints:
        """Return what is ordered and neither received nor given up, in the line's unit."""
        evening = self.evening
        given_up = np.where(self.last_left(s) <= evening, s.cancelled, 0)
        received = np.where(s.arrived <= evening, s.first, 0)
        received = received + np.where(s.arrived_again <= evening, s.second, 0)
        return s.qty - given_up - received

    def plans(self, s: Supplies) -> Table:
        """Give the planned receipts of the purchase lines that are awaited on the evening."""
        awaited = self.awaited(s)
        none = numbers(s.id, np.zeros(len(s.id), dtype=bool))
        return Table(
            "stock_plan",
            {
                "code": joined(labelled("P-", s.purchase), "-", s.number),
                "day": dates(self.clock.dated(self.expected(s))),
                "store": words(store_codes(self.scale), s.store),
                "item_id": s.item + FIRST_ITEM,
                "way": same("+", len(s.id)),
                "type": same("PUR", len(s.id)),
                "qty": awaited * s.times,
                "doc": labelled("PO-", s.purchase),
                "sale_id": none,
                "purchase_id": numbers(s.purchase, np.ones(len(s.id), dtype=bool)),
            },
            np.where(awaited > 0, s.placed, NEVER),
        )
