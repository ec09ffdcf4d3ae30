"""Master data of the bulk trade as rows of the ERP; they are written once."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from daymart.demo.trade.clock import EPOCH, Ints
from daymart.demo.trade.masters import FAMILIES, UNITS, Masters
from daymart.demo.trade.scale import FIRST_ITEM, FIRST_PARTNER, FIRST_SUPPLIER, Scale
from daymart.demo.trade.tables import (
    Column,
    Table,
    dates,
    decimals,
    joined,
    labelled,
    numbers,
    same,
    words,
)

SINCE = (date(2024, 1, 1) - EPOCH).days
SITES = ("KYV", "BER")
"""Sites of the core, one for each zone of the clock: bulk stores stand beside its own."""
TRADES = ("Retail", "Office Supply", "Hotels", "Services", "Wholesale", "Market")
BRANDS = ("Norda", "Blanko", "Ferrum", "Lumo", "Klar", "Aroma", "Lystok", "Fixa")


def store_codes(scale: Scale) -> list[str]:
    """Name the bulk stores."""
    return [f"T{number + 1:02d}" for number in range(scale.stores)]


def seller_no(number: int) -> str:
    """Name a sales person."""
    return f"T{number + 1:04d}"


def seller_of(scale: Scale, customer: Ints) -> Ints:
    """Find the seller of each customer."""
    return customer % scale.sellers


def contract_names(customer: Ints, contract: Ints) -> Column:
    """Name the contract of a customer; empty where there is none."""
    named = joined("K-", customer + FIRST_PARTNER, "/", contract)
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(contract > 0), named, pa.scalar(None, pa.string()))


def master_tables(scale: Scale, masters: Masters) -> Iterator[Table]:
    """Give the rows of everybody and everything the bulk trade has."""
    yield _stores(scale, masters)
    yield _staff(scale)
    yield _customers(scale, masters)
    yield _suppliers(scale)
    yield _items(masters)
    yield _base_units(masters)
    yield _packs(masters)


def _stores(scale: Scale, masters: Masters) -> Table:
    index = np.arange(scale.stores)
    columns = {
        "code": words(store_codes(scale), index),
        "site_code": words(SITES, masters.store_zone),
        "title": joined("Store ", index + 1),
        "purpose": same("STOCK", len(index)),
        "entity": masters.store_entity,
    }
    return Table("store", columns, np.zeros_like(index))


def _staff(scale: Scale) -> Table:
    index = np.arange(scale.sellers)
    columns = {
        "no": words([seller_no(n) for n in range(scale.sellers)], index),
        "since": dates(np.full_like(index, SINCE)),
        "full_name": joined("Seller ", index + 1),
        "dept": same("sales", len(index)),
        "sales_stage": same("account", len(index)),
        "boss_no": same("E002", len(index)),
    }
    return Table("staff", columns, np.zeros_like(index))


def _customers(scale: Scale, masters: Masters) -> Table:
    index = np.arange(scale.customers)
    trade = words(TRADES, index % len(TRADES))
    columns = {
        "id": index + FIRST_PARTNER,
        "code": labelled("T", index + FIRST_PARTNER),
        "title": joined(trade, " customer ", index + 1),
        "buys": np.ones(len(index), dtype=bool),
        "sells": np.zeros(len(index), dtype=bool),
        "tax_no": labelled("88", index + FIRST_PARTNER),
        "manager_no": words([seller_no(n) for n in range(scale.sellers)], seller_of(scale, index)),
        "route": labelled("R", index % 20),
        "area": words(("Ukraine", "Germany"), masters.store_zone[masters.customer_store]),
        "segment": trade,
        "terms_days": masters.customer_terms,
        "grade": words("ABC", np.minimum(2, index * 6 // scale.customers)),
        "risky": masters.customer_habit == 6,
        "terms_since": dates(SINCE + index % 300),
    }
    return Table("partner", columns, np.zeros_like(index))


def _suppliers(scale: Scale) -> Table:
    index = np.arange(scale.suppliers)
    columns = {
        "id": index + FIRST_SUPPLIER,
        "code": labelled("TS", index + FIRST_SUPPLIER),
        "title": joined("Supplier ", index + 1),
        "buys": np.zeros(len(index), dtype=bool),
        "sells": np.ones(len(index), dtype=bool),
        "tax_no": labelled("66", index + FIRST_SUPPLIER),
        "risky": np.zeros(len(index), dtype=bool),
    }
    return Table("partner", columns, np.zeros_like(index))


def _items(masters: Masters) -> Table:
    index = np.arange(len(masters.item_price))
    brand = words(BRANDS, index % len(BRANDS))
    ranks = np.argsort(np.argsort(-masters.item_weight)) * 10 // max(1, len(index))
    columns = {
        "id": index + FIRST_ITEM,
        "sku": labelled("0", index + FIRST_ITEM),
        "title": joined(brand, " article ", index + 1),
        "brand": brand,
        "family": words(FAMILIES, masters.item_family),
        "unit": words(UNITS, masters.item_unit),
        "value_class": words("ABC", np.where(ranks < 2, 0, np.where(ranks < 5, 1, 2))),
        "divisible": masters.item_unit == 1,
        "keeps_lots": masters.item_lots > 0,
        "supplier_id": masters.item_supplier + FIRST_SUPPLIER,
        "list_price": decimals(masters.item_price, 2),
    }
    return Table("item", columns, np.zeros_like(index))


def _base_units(masters: Masters) -> Table:
    index = np.arange(len(masters.item_price))
    return _units(index, 0, masters.item_unit, np.ones_like(index), np.zeros_like(index))


def _packs(masters: Masters) -> Table:
    index = np.arange(len(masters.item_price))
    written = np.where(masters.item_pack > 0, 0, 1)
    return _units(index, 1, masters.item_pack, masters.item_times, written)


def _units(index: Ints, slot: int, unit: Ints, times: Ints, changed: Ints) -> Table:
    columns = {
        "id": 2 * index + FIRST_ITEM + slot,
        "item_id": index + FIRST_ITEM,
        "unit": words(UNITS, unit),
        "since": dates(np.full_like(index, SINCE)),
        "times": times,
        "per": numbers(np.ones_like(index), np.ones(len(index), dtype=bool)),
    }
    # Only rows of day 0 are written: an item without a pack has no second unit.
    return Table("item_unit", columns, changed)
