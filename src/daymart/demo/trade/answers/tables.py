"""Accumulated answers as rows of schema `answers`, in the marts' own words."""

from collections.abc import Sequence

import numpy as np

from daymart.demo.trade.clock import Flags, Ints
from daymart.demo.trade.fill import BulkTrade
from daymart.demo.trade.master_tables import contract_names, store_codes
from daymart.demo.trade.masters import CURRENCIES
from daymart.demo.trade.money_tables import MOST_CONTRACTS
from daymart.demo.trade.scale import FIRST_ITEM, FIRST_PARTNER
from daymart.demo.trade.tables import Column, Table, dates, labelled, words


def stock_table(
    trade: BulkTrade, evening: int, on_hand: Ints, usable: Ints, reserved: Ints
) -> Table:
    """Give what lies, is usable, held and free in each place where there is anything."""
    place = np.flatnonzero(on_hand | usable | reserved)
    columns = {
        "as_of": as_of(trade, evening, len(place)),
        **place_columns(trade, place),
        "on_hand_qty": on_hand[place],
        "usable_qty": usable[place],
        "reserved_qty": reserved[place],
        "free_qty": (usable - reserved)[place],
    }
    return Table("stock", columns, place)


def shipped_table(trade: BulkTrade, evening: int, counts: Ints) -> Table:
    """Give dispatches, their lines and base quantities by day and store, taken back ones off."""
    store, day = np.nonzero(np.any(counts != 0, axis=2))
    columns = {
        "as_of": as_of(trade, evening, len(store)),
        "shipped_on": dates(trade.clock.dated(day)),
        "warehouse_id": words(store_codes(trade.scale), store),
        "shipment_count": counts[store, day, 0],
        "line_count": counts[store, day, 1],
        "shipped_qty": counts[store, day, 2],
    }
    return Table("shipped", columns, store)


def account_columns(trade: BulkTrade, accounts: Ints) -> dict[str, Column]:
    """Name the own company, customer, contract and currency of accounts."""
    customer, contract = accounts // (MOST_CONTRACTS + 1), accounts % (MOST_CONTRACTS + 1)
    entity = trade.masters.store_entity[trade.masters.customer_store[customer]]
    return {
        "legal_entity": labelled("NL", entity),
        "customer_id": labelled("T", customer + FIRST_PARTNER),
        "contract_id": contract_names(customer, contract).fill_null(""),
        "currency_code": words(CURRENCIES, trade.masters.customer_currency[customer]),
    }


def as_of(trade: BulkTrade, evening: int, count: int) -> Column:
    """Repeat the evening."""
    return dates(trade.clock.dated(np.full(count, evening, dtype=np.int64)))


def place_columns(trade: BulkTrade, place: Ints) -> dict[str, Column]:
    """Name the store and the item of places."""
    items = len(trade.masters.item_price)
    return {
        "warehouse_id": words(store_codes(trade.scale), place // items),
        "product_id": labelled("", place % items + FIRST_ITEM),
    }


def listed(names: Sequence[str], holds: Sequence[Flags]) -> Column:
    """Join the names of what holds of each row; empty where nothing does."""
    joined = [
        ", ".join(name for bit, name in enumerate(names) if number >> bit & 1) or None
        for number in range(1 << len(names))
    ]
    bits = [flags.astype(np.int64) << bit for bit, flags in enumerate(holds)]
    return words(joined, np.sum(bits, axis=0))
