"""How big the bulk trade is: what grows with the scale, and which numbers its rows have."""

from dataclasses import dataclass
from math import ceil, log2, pow, sqrt

from daymart.errors import ConfigError

LARGEST_SCALE = 150
FIRST_PARTNER, FIRST_SUPPLIER = 1_000_001, 2_000_001
FIRST_ITEM = 1_000_001
FIRST_ID = 10_000_000
LAST_ID = 2_147_000_000
LINES_A_YEAR = 50_000
WORKDAYS_A_YEAR = 260
LINES_AN_ORDER = 2.5
SLOTS = 96
"""Numbers an order keeps for each table: its papers, links, entries and events."""
SUPPLY_SLOTS = 8
"""Numbers a purchase line keeps for each table: its transports, date changes and entries."""
FIRST_OPENING = 1_000_001
"""First number of the entries that count the opening stock."""
FIRST_COUNT = 2_000_001
"""First number of the entries and matters of later counts."""
KEPT_EVENINGS = 40
"""Evening balances of bulk stock and accounts that are kept; the core keeps all of its own."""


@dataclass(frozen=True)
class Scale:
    """Size of the trade: 1 is a company of 20 people with about 50,000 order lines a year.

    Orders grow with the scale; customers, items, suppliers and stores grow slower, because a
    company a hundred times as busy has about ten times the customers and articles, and a handful
    of stores more.
    """

    size: float

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be played."""
        if not 0 <= self.size <= LARGEST_SCALE:
            raise ConfigError(
                "demo company",
                saw=f"scale {self.size:g}",
                expected=f"0 to {LARGEST_SCALE}",
                remedy="Scale 1 is 50,000 order lines a year; 0 plays the hand-written core only.",
            )

    @property
    def orders_a_day(self) -> float:
        """Mean number of orders on a working day."""
        return LINES_A_YEAR * self.size / WORKDAYS_A_YEAR / LINES_AN_ORDER

    @property
    def most_orders_a_day(self) -> int:
        """Bound of the orders of one day: their numbers end there."""
        return ceil(self.orders_a_day * 1.6) + 40

    @property
    def customers(self) -> int:
        """Number of customers: grows with the root of the scale."""
        return max(12, round(160 * sqrt(self.size)))

    @property
    def items(self) -> int:
        """Number of items: grows with the root of the scale."""
        return max(20, round(400 * sqrt(self.size)))

    @property
    def suppliers(self) -> int:
        """Number of suppliers: grows slower than the root."""
        return max(4, round(14 * pow(self.size, 0.4)))

    @property
    def stores(self) -> int:
        """Number of stores: two, and one more for each doubling or so."""
        return 2 + int(log2(1 + self.size) / 1.2)

    @property
    def sellers(self) -> int:
        """Number of sales people: four, and more with the root of the scale."""
        return 4 + round(4 * sqrt(self.size))

    @property
    def leads_a_day(self) -> float:
        """Mean number of leads, and of questions in vain, on a working day."""
        return 0.4 * self.sellers

    @property
    def brands(self) -> int:
        """Number of brands: grows slower than the items."""
        return max(4, round(8 * pow(self.size, 0.3)))

    @property
    def ids_a_day(self) -> int:
        """Numbers each table keeps for what begins on one day."""
        return self.most_orders_a_day * SLOTS + self.items * self.stores * SUPPLY_SLOTS

    @property
    def first_purchase(self) -> int:
        """Where the numbers of purchases begin within those of a day."""
        return self.most_orders_a_day * SLOTS

    @property
    def most_days(self) -> int:
        """Working days until the numbers of the tables run out."""
        return (LAST_ID - FIRST_ID) // self.ids_a_day

    def require_room(self, days: int) -> None:
        """Raise ConfigError when the tables have no numbers for so many working days."""
        if self.size and days > self.most_days:
            raise ConfigError(
                "demo company",
                saw=f"scale {self.size:g} over {days} working days",
                expected=f"at most {self.most_days} working days at this scale",
                remedy="Take a smaller scale or fewer days.",
            )
