"""Who and what the bulk trade has: stores, sellers, customers, suppliers, items."""

from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import Ints
from daymart.demo.trade.dice import MASTERS, picked, scaled, thrower
from daymart.demo.trade.scale import Scale

CURRENCIES = ("EUR", "USD", "UAH")
LIST_FACTOR = np.array([100, 110, 4800], dtype=np.int64)
"""List prices in a currency, in hundredths of the list price in EUR."""
UNITS = ("pcs", "kg", "box", "dozen")
FAMILIES = (
    "Office / Chairs", "Office / Paper", "Tools / Hand", "Tools / Power", "Light / Lamps",
    "House / Cleaning", "Food / Coffee", "Food / Tea", "Packing / Tape", "Packing / Film",
)  # fmt: skip
LOT_FAMILIES = (5, 6, 7)
LATENESS = ((-3, 0), (-3, 0), (-1, 2), (-1, 2), (0, 6), (3, 15), (10, 40))
"""Calendar days customers pay after the due date, by habit."""
TERMS = (7, 14, 21, 30)


@dataclass(frozen=True)
class Masters:
    """Columns of the master data; customers, items, suppliers and stores by index from 0."""

    store_zone: Ints
    store_entity: Ints
    customer_store: Ints
    customer_currency: Ints
    customer_contracts: Ints
    customer_discount: Ints
    customer_terms: Ints
    customer_instalments: Ints
    customer_prepays: Ints
    customer_habit: Ints
    customer_road: Ints
    customer_weight: np.ndarray
    item_price: Ints
    """Cents in EUR for a base unit."""
    item_unit: Ints
    item_pack: Ints
    item_times: Ints
    item_lots: Ints
    item_family: Ints
    item_supplier: Ints
    item_weight: np.ndarray
    supplier_currency: Ints
    supplier_lead: Ints
    supplier_slip: Ints
    """Working days at most that deliveries of a supplier slip behind the first date."""

    @property
    def places(self) -> int:
        """Number of places: an item in a store."""
        return len(self.store_zone) * len(self.item_price)

    def place(self, store: Ints, item: Ints) -> Ints:
        """Number the place of an item in a store."""
        return store * len(self.item_price) + item


def settle(seed: int, scale: Scale) -> Masters:
    """Draw the master data; the same seed and scale give the same."""
    dice = thrower(seed, 0, MASTERS)
    stores, customers = np.arange(scale.stores), np.arange(scale.customers)
    items, suppliers = np.arange(scale.items), np.arange(scale.suppliers)
    unit = (dice.random(scale.items) < 0.08).astype(np.int64)
    packed = (unit == 0) & (dice.random(scale.items) < 0.4)
    pack = np.where(packed, 2 + items % 2, 0)
    family = items % len(FAMILIES)
    return Masters(
        store_zone=stores % 2,
        store_entity=1 + stores % 2,
        customer_store=picked(dice.random(scale.customers), 1.0 / (1 + stores)),
        customer_currency=np.array([0, 0, 0, 0, 0, 0, 1, 2])[customers % 8],
        customer_contracts=np.array([0, 0, 0, 1, 2])[customers % 5],
        customer_discount=np.array([0, 0, 3, 5, 10])[scaled(dice.random(scale.customers), 0, 4)],
        customer_terms=np.array(TERMS)[scaled(dice.random(scale.customers), 0, 3)],
        customer_instalments=np.where(customers % 7 == 3, 3, 1),
        customer_prepays=(customers % 11 == 5).astype(np.int64),
        customer_habit=scaled(dice.random(scale.customers), 0, len(LATENESS) - 1),
        customer_road=1 + customers % 2,
        customer_weight=(1.0 / (5 + customers)) ** 0.8,
        item_price=scaled(dice.random(scale.items) ** 2, 120, 18_000),
        item_unit=unit,
        item_pack=pack,
        item_times=np.where(pack == 2, 10, np.where(pack == 3, 12, 1)),
        item_lots=np.isin(family, LOT_FAMILIES).astype(np.int64),
        item_family=family,
        item_supplier=scaled(dice.random(scale.items), 0, scale.suppliers - 1),
        item_weight=(1.0 / (10 + dice.permutation(items))) ** 0.9,
        supplier_currency=suppliers % 2,
        supplier_lead=scaled(dice.random(scale.suppliers), 8, 24),
        supplier_slip=np.array([1, 2, 4, 9])[scaled(dice.random(scale.suppliers), 0, 3)],
    )
