"""Orders, promises, holds, dispatches and stock entries as rows of the ERP on an evening."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import NEVER, Clock, Flags, Ints
from daymart.demo.trade.inventory import KINDS, QUALITIES, Moves
from daymart.demo.trade.master_tables import contract_names, seller_names, store_codes
from daymart.demo.trade.masters import CURRENCIES, UNITS, Masters
from daymart.demo.trade.orders import HELD, SIGNED, Lines, Orders, seller_of
from daymart.demo.trade.scale import FIRST_ITEM, FIRST_PARTNER, Scale
from daymart.demo.trade.supply import lot_index, lot_names
from daymart.demo.trade.tables import (
    Column,
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

MILLION = 1_000_000
CARRIERS = ("Own truck", "Hansa Parcels")
WHY_MOVED = ("goods are expected later", "customer asked for a later day")
WHY_RELEASED = ("shipped", "customer gave it up", "expired")
VAT_PCT = np.array([0, 2000, 1900])


@dataclass(frozen=True)
class GoodsTables:
    """Turn columns of orders into rows as `evening`, the number of a working day, knows them."""

    clock: Clock
    scale: Scale
    masters: Masters
    evening: int

    def of_orders(self, orders: Orders, lines: Lines) -> Iterator[Table]:
        """Give every table orders and dispatches are written to."""
        yield self._sale(orders)
        yield self._sale_line(orders, lines)
        yield from stacked(self._promises(orders, lines))
        yield self._hold(orders, lines)
        yield from stacked(self._dispatches(orders, lines))
        yield from stacked(self._dispatch_lines(orders, lines))
        yield from stacked(self._events(orders, lines))

    def _sale(self, orders: Orders) -> Table:
        seller = seller_of(self.scale, orders.customer, orders.born)
        return Table(
            "sale",
            {
                "id": orders.id,
                "no": labelled("SO-", orders.id),
                "partner_id": orders.customer + FIRST_PARTNER,
                "seller_no": words(seller_names(self.scale), seller),
                "confirmed_on": dates(self.clock.dated(orders.born)),
                "currency": words(CURRENCIES, orders.currency),
                "agreement": contract_names(orders.customer, orders.contract),
                "prepaid": orders.prepaid,
            },
            orders.born,
        )

    def _sale_line(self, orders: Orders, lines: Lines) -> Table:
        order, dropped = lines.order, lines.dropped_on <= self.evening
        born = orders.born[order]
        discount = self.masters.customer_discount[orders.customer[order]]
        return Table(
            "sale_line",
            {
                "sale_id": orders.id[order],
                "line_no": lines.number,
                "item_id": lines.item + FIRST_ITEM,
                "store": words(store_codes(self.scale), orders.store[order]),
                "qty": lines.qty,
                "unit": words(UNITS, lines.unit),
                "dropped_qty": np.where(dropped, lines.dropped, 0),
                "list_price": decimals(lines.list_price, 4),
                "discount_pct": discount,
                "vat_pct": decimals(VAT_PCT[orders.entity[order]], 2),
                "wanted_on": dates(self.clock.dated(orders.wanted[order])),
            },
            np.where(dropped, lines.dropped_on, born),
        )

    def _promises(self, orders: Orders, lines: Lines) -> Iterator[Table]:
        order = lines.order
        yield self._promise(orders, lines, 0, orders.born, orders.promised, same(None, len(order)))
        why = words(WHY_MOVED, orders.moved_by_customer[order])
        yield self._promise(orders, lines, 1, orders.moved, orders.promised_again, why)
        again = orders.ship_again + orders.road
        why = same("shipment was cancelled", len(order))
        yield self._promise(orders, lines, 2, orders.taken_back, again, why)
        short = np.where(orders.taken_back < NEVER, NEVER, orders.ship)
        why = same("goods are not here yet", len(order))
        yield self._promise(orders, lines, 3, short, again, why, lines.second > 0)

    def _promise(
        self,
        orders: Orders,
        lines: Lines,
        slot: int,
        given: Ints,
        day: Ints,
        why: object,
        chosen: Flags | None = None,
    ) -> Table:
        order, on = lines.order, given[lines.order]
        if slot:
            # A line that was given up is promised nothing more.
            on = np.where((lines.dropped_on <= on) & (lines.dropped == lines.qty), NEVER, on)
        if chosen is not None:
            on = np.where(chosen, on, NEVER)
        by_customer = orders.moved_by_customer[order] & (slot == 1)
        minute = 910 if slot else 670
        return Table(
            "sale_promise",
            {
                "id": orders.id[order] + (lines.number - 1) * 4 + slot,
                "sale_id": orders.id[order],
                "line_no": lines.number,
                "day": dates(self.clock.dated(day[order])),
                "given_at": instants(self.clock.instants(on, orders.zone[order], minute)),
                "by_customer": by_customer,
                "cause": why,
            },
            on,
        )

    def _hold(self, orders: Orders, lines: Lines) -> Table:
        order = lines.order
        held = lines.held_on
        gone = lines.released <= self.evening
        zone = orders.zone[order]
        until = self.clock.instants(np.where(held < NEVER, held + HELD, NEVER), zone, 1080)
        dropped, shipped = lines.released == lines.dropped_on, lines.released == orders.ship[order]
        why = words(
            [*WHY_RELEASED, None], np.where(gone, np.where(dropped, 1, np.where(shipped, 0, 2)), 3)
        )
        seller = seller_of(self.scale, orders.customer, orders.born)[order]
        qty = lines.held * lines.times
        return Table(
            "hold",
            {
                "id": orders.id[order] + lines.number - 1,
                "sale_id": orders.id[order],
                "sale_line": lines.number,
                "item_id": lines.item + FIRST_ITEM,
                "store": words(store_codes(self.scale), orders.store[order]),
                "qty": qty,
                "firm": np.ones(len(order), dtype=bool),
                "made_at": instants(self.clock.instants(held, zone, 660)),
                "until": instants(until),
                "made_by": words(seller_names(self.scale), seller),
                "approved_by": words(["E002", None], (qty < 100)),
                "released_at": instants(self.clock.instants(lines.released, zone, 1080), gone),
                "why_released": why,
            },
            np.where(gone, lines.released, held),
        )

    def _dispatches(self, orders: Orders, lines: Lines) -> Iterator[Table]:
        first, second = lines.per_order(lines.first), lines.per_order(lines.second)
        ship = np.where(first > 0, orders.ship, NEVER)
        yield self._dispatch(orders, 0, ship, orders.ship + orders.road)
        back = np.where(first > 0, orders.taken_back, NEVER)
        yield self._dispatch(orders, 1, back, np.full_like(back, NEVER))
        again = np.where(second > 0, orders.ship_again, NEVER)
        yield self._dispatch(orders, 2, again, orders.ship_again + orders.road)

    def _dispatch(self, orders: Orders, slot: int, day: Ints, slot_day: Ints) -> Table:
        planned = slot_day < NEVER
        minute = (840, 570, 850)[slot]
        at = self.clock.instants
        return Table(
            "dispatch",
            {
                "id": orders.id + slot,
                "no": labelled("DN-", orders.id + slot),
                "sale_id": orders.id,
                "store": words(store_codes(self.scale), orders.store),
                "partner_id": orders.customer + FIRST_PARTNER,
                "route": labelled("R", orders.customer % 20),
                "carrier": words(CARRIERS, orders.entity - 1),
                "issued_at": instants(at(day, orders.zone, minute)),
                "slot_from": instants(at(slot_day, orders.zone, 540), planned),
                "slot_to": instants(at(slot_day, orders.zone, 780), planned),
                "wants_signature": planned & (orders.draws[:, 8] < SIGNED),
                "cancels_id": numbers(orders.id, np.full(len(day), slot == 1)),
            },
            day,
        )

    def _dispatch_lines(self, orders: Orders, lines: Lines) -> Iterator[Table]:
        days = (orders.ship, orders.taken_back, orders.ship_again)
        quantities = (lines.first, -lines.first, lines.second)
        names = lot_names(self.clock)
        lot = lot_index(self.masters, lines.item, lines.block)
        for slot, (day, qty) in enumerate(zip(days, quantities, strict=True)):
            yield Table(
                "dispatch_line",
                {
                    "dispatch_id": orders.id[lines.order] + slot,
                    "line_no": lines.number,
                    "sale_line": lines.number,
                    "item_id": lines.item + FIRST_ITEM,
                    "lot": words(names, lot),
                    "qty": qty,
                    "unit": words(UNITS, lines.unit),
                },
                np.where(qty != 0, day[lines.order], NEVER),
            )

    def _events(self, orders: Orders, lines: Lines) -> Iterator[Table]:
        first, second = lines.per_order(lines.first), lines.per_order(lines.second)
        ship = np.where(first > 0, orders.ship, NEVER)
        again = np.where(second > 0, orders.ship_again, NEVER)
        arrived = np.where((first > 0) & ~orders.silent, orders.arrived, NEVER)
        proven = np.where(arrived < NEVER, orders.proven, NEVER)
        taken = np.where(orders.refused, NEVER, arrived)
        refused = np.where(orders.refused, arrived, NEVER)
        yield self._event(orders, 0, 0, "DEP", ship, 1020)
        yield self._event(orders, 1, 0, "DLV", taken, 600)
        yield self._event(orders, 2, 0, "REF", refused, 615)
        yield self._difference(orders, lines, np.where(orders.difference, taken, NEVER))
        yield self._event(orders, 4, 0, "POD", proven, 960)
        yield self._event(orders, 5, 2, "DEP", again, 1020)
        coming = np.where(again < NEVER, again + orders.road, NEVER)
        yield self._event(orders, 6, 2, "DLV", coming, 620)

    def _difference(self, orders: Orders, lines: Lines, day: Ints) -> Table:
        """Note that one unit of the first line was short, where that line was sent."""
        sent = lines.first[lines.starts] if len(day) else day
        event = self._event(orders, 3, 0, "DIF", np.where(sent > 0, day, NEVER), 605)
        given = np.ones(len(day), dtype=bool)
        event.columns["line_no"] = numbers(np.ones_like(day), given)
        event.columns["qty"] = numbers(sent - 1, given)
        event.columns["difference"] = numbers(np.full_like(day, -1), given)
        event.columns["cause"] = same("one piece short", len(day))
        return event

    def _event(
        self, orders: Orders, slot: int, dispatch: int, kind: str, day: Ints, minute: int
    ) -> Table:
        count = len(day)
        none = np.zeros(count, dtype=bool)
        cause = "not ordered, says the customer" if kind == "REF" else None
        clerk = "store clerk" if kind in ("DLV", "POD") else None
        proof = labelled("scan ", orders.id) if kind == "POD" else same(None, count)
        by = same("C", count) if kind == "POD" else words(("D", "K"), orders.entity - 1)
        return Table(
            "dispatch_event",
            {
                "id": orders.id + slot,
                "dispatch_id": orders.id + dispatch,
                "line_no": numbers(day, none),
                "type": same(kind, count),
                "happened_at": instants(self.clock.instants(day, orders.zone, minute)),
                "qty": numbers(day, none),
                "difference": numbers(day, none),
                "cause": same(cause, count),
                "signed_by": same(clerk, count),
                "proof": proof,
                "reported_by": by,
            },
            day,
        )

    def entries(self, moves: Moves, doc: Column | None = None) -> Table:
        """Give the stock entries of moves; they name their own documents unless some are given."""
        items = len(self.masters.item_price)
        item, store = moves.place % items, moves.place // items
        at = self.clock.instants(moves.day, self.masters.store_zone[store], moves.minute)
        return Table(
            "stock_entry",
            {
                "id": moves.id,
                "moved_at": instants(at),
                "store": words(store_codes(self.scale), store),
                "item_id": item + FIRST_ITEM,
                "lot": words(lot_names(self.clock), lot_index(self.masters, item, moves.block)),
                "quality": words(QUALITIES, moves.quality),
                "way": words("-+", moves.qty > 0),
                "qty": np.abs(moves.qty),
                "type": words(KINDS, moves.kind),
                "doc": labelled("", moves.doc) if doc is None else doc,
                "doc_line": numbers(moves.line, moves.line > 0),
                "cancels_id": numbers(moves.cancels, moves.cancels > 0),
                "touched_at": instants(at + 3 * 60 * MILLION),
            },
            moves.day,
        )

    def balances(self, places: tuple[Ints, Ints, Ints, Ints]) -> Table:
        """Give the evening's balances of places, blocks, qualities and quantities."""
        place, block, quality, qty = places
        items = len(self.masters.item_price)
        item = place % items
        day = np.full_like(place, self.evening)
        lot = lot_index(self.masters, item, block)
        return Table(
            "stock_balance",
            {
                "day": dates(self.clock.dated(day)),
                "store": words(store_codes(self.scale), place // items),
                "item_id": item + FIRST_ITEM,
                "lot": words(lot_names(self.clock), lot),
                "quality": words(QUALITIES, quality),
                "qty": qty,
            },
            day,
        )

    def plans(self, orders: Orders, lines: Lines) -> Table:
        """Give the planned issues of the lines that are open on the evening."""
        order, evening = lines.order, self.evening
        first = np.where(orders.ship[order] <= evening, lines.first, 0)
        back = np.where(orders.taken_back[order] <= evening, lines.first, 0)
        again = np.where(orders.ship_again[order] <= evening, lines.second, 0)
        dropped = np.where(lines.dropped_on <= evening, lines.dropped, 0)
        waiting = lines.qty - dropped - first + back - again
        moved = orders.moved <= evening
        planned = np.where(moved, orders.promised_again, orders.promised) - orders.road
        shipped = orders.ship <= evening
        day = np.where(shipped, orders.ship_again, planned)[order]
        code = labelled("S-", orders.id[order])
        return Table(
            "stock_plan",
            {
                "code": joined(code, "-", lines.number),
                "day": dates(self.clock.dated(day)),
                "store": words(store_codes(self.scale), orders.store[order]),
                "item_id": lines.item + FIRST_ITEM,
                "way": same("-", len(order)),
                "type": same("SAL", len(order)),
                "qty": waiting * lines.times,
                "doc": labelled("SO-", orders.id[order]),
                "sale_id": orders.id[order],
                "purchase_id": numbers(orders.id[order], np.zeros(len(order), dtype=bool)),
            },
            np.where(waiting > 0, orders.born[order], NEVER),
        )
