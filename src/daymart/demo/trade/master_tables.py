"""Master data of the bulk trade as rows of the ERP."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from daymart.demo.trade.clock import EPOCH, NEVER, Clock, Flags, Ints
from daymart.demo.trade.credit import credit_of
from daymart.demo.trade.masters import CURRENCIES, FAMILIES, UNITS, Masters
from daymart.demo.trade.orders import handed_over, seller_of
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
BRANDS = ("Ardo", "Belm", "Cest", "Dorn", "Elvo", "Fint", "Gral", "Hest", "Ilmo", "Jura")
ENDS = ("a", "ine", "ox", "um")
ROUTES = 20
VALUE_CLASSES = "ABC"


def store_codes(scale: Scale) -> list[str]:
    """Name the bulk stores."""
    return [f"T{number + 1:02d}" for number in range(scale.stores)]


def seller_no(number: int) -> str:
    """Name a sales person."""
    return f"T{number + 1:04d}"


def seller_names(scale: Scale) -> list[str]:
    """Name all sales people."""
    return [seller_no(number) for number in range(scale.sellers)]


def brand_names(scale: Scale) -> list[str]:
    """Name the brands of the bulk items; the core has none of them."""
    return [BRANDS[n % len(BRANDS)] + ENDS[n // len(BRANDS)] for n in range(scale.brands)]


def brand_of(scale: Scale, item: Ints) -> Ints:
    """Find the brand of each item."""
    return item % scale.brands


def value_class_of(masters: Masters) -> Ints:
    """Find the class of each item: what sells most is A."""
    ranks = np.argsort(np.argsort(-masters.item_weight)) * 10 // max(1, len(masters.item_weight))
    return np.where(ranks < 2, 0, np.where(ranks < 5, 1, 2))


def route_of(customer: Ints) -> Ints:
    """Find the route of each customer."""
    return customer % ROUTES


def contract_names(customer: Ints, contract: Ints) -> Column:
    """Name the contract of a customer; empty where there is none."""
    named = joined("K-", customer + FIRST_PARTNER, "/", contract)
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(contract > 0), named, pa.scalar(None, pa.string()))


def master_tables(scale: Scale, masters: Masters, clock: Clock, evening: int) -> Iterator[Table]:
    """Give the rows of everybody and everything the bulk trade has, as an evening knows them."""
    yield _stores(scale, masters)
    yield _staff(scale)
    yield _routes()
    yield _customers(scale, masters, evening)
    yield _suppliers(scale)
    yield from _credit_lines(scale, masters, clock)
    yield _items(scale, masters)
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
        "no": words(seller_names(scale), index),
        "since": dates(np.full_like(index, SINCE)),
        "full_name": joined("Seller ", index + 1),
        "dept": same("sales", len(index)),
        "sales_stage": same("account", len(index)),
        "boss_no": same("E002", len(index)),
    }
    return Table("staff", columns, np.zeros_like(index))


def _routes() -> Table:
    index = np.arange(ROUTES)
    columns = {
        "code": labelled("R", index),
        "title": joined("Round ", index + 1),
        "area": words(("Ukraine", "Germany"), index // 2 % 2),
        "days": 1 + index % 2,
        "site_code": words(SITES, index // 2 % 2),
    }
    return Table("route", columns, np.zeros_like(index))


def _customers(scale: Scale, masters: Masters, evening: int) -> Table:
    """Give the customers: some are handed to another seller."""
    index = np.arange(scale.customers)
    moves = index % 9 == 4
    changed = np.where(moves & (handed_over(index) <= evening), handed_over(index), 0)
    trade = words(TRADES, index % len(TRADES))
    columns = {
        "id": index + FIRST_PARTNER,
        "code": labelled("T", index + FIRST_PARTNER),
        "title": joined(trade, " customer ", index + 1),
        "buys": np.ones(len(index), dtype=bool),
        "sells": np.zeros(len(index), dtype=bool),
        "tax_no": labelled("88", index + FIRST_PARTNER),
        "manager_no": words(seller_names(scale), seller_of(scale, index, evening)),
        "route": labelled("R", route_of(index)),
        "area": words(("Ukraine", "Germany"), masters.store_zone[masters.customer_store]),
        "segment": trade,
        "terms_days": masters.customer_terms,
        "grade": words("ABC", np.minimum(2, index * 6 // scale.customers)),
        "risky": masters.customer_habit == 6,
        "terms_since": dates(SINCE + index % 300),
    }
    return Table("partner", columns, changed)


def _credit_lines(scale: Scale, masters: Masters, clock: Clock) -> Iterator[Table]:
    """Give what customers may owe; some are given more after a while."""
    credit = credit_of(scale, masters)
    why = np.where(credit.prepays, 1, np.where(credit.stopped, 2, 0))
    since, first = np.full_like(why, SINCE), np.zeros_like(why)
    yield _credit(masters, since, credit.allowed, credit.is_set, why, first)
    day, given = credit.raised_on, np.ones(len(why), dtype=bool)
    yield _credit(masters, clock.dated(day), credit.raised, given, np.full_like(why, 3), day)


def _credit(
    masters: Masters, since: Ints, allowed: Ints, is_set: Flags, why: Ints, changed: Ints
) -> Table:
    index = np.arange(len(allowed))
    columns = {
        "partner_id": index + FIRST_PARTNER,
        "entity": masters.store_entity[masters.customer_store],
        "since": dates(since),
        "allowed": decimals(allowed, 2, is_set),
        "currency": words(CURRENCIES, masters.customer_currency),
        "stopped": why == 2,
        "why": words(
            [None, "pays before delivery", "court case over old debts", "good payer"], why
        ),
    }
    return Table("credit_line", columns, changed)


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


def _items(scale: Scale, masters: Masters) -> Table:
    index = np.arange(len(masters.item_price))
    brand = words(brand_names(scale), brand_of(scale, index))
    columns = {
        "id": index + FIRST_ITEM,
        "sku": labelled("0", index + FIRST_ITEM),
        "title": joined(brand, " article ", index + 1),
        "brand": brand,
        "family": words(FAMILIES, masters.item_family),
        "unit": words(UNITS, masters.item_unit),
        "value_class": words(VALUE_CLASSES, value_class_of(masters)),
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
    written = np.where(masters.item_pack > 0, 0, NEVER)
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
    return Table("item_unit", columns, changed)
