"""Who and what there is: sites, stores, staff, partners, items, units and rates."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from daymart.demo.core.records import Item, Partner, Rate, Site, Staff, Store
from daymart.demo.core.world import World

MAIN, BRANCH, ROAD = "KYV", "BER", "ROAD"
SELLERS = ("E004", "E005", "E006", "E007")
BUYER, STOREKEEPER, HEAD_OF_SALES = "E009", "E011", "E002"
CUSTOMERS = range(1, 61)
REGULARS = range(1, 49)  # the rest play the named edge cases
ITEMS = range(1001, 1081)
ORDINARY_ITEMS = range(1001, 1071)
SUPPLIERS = range(101, 109)
SINCE = date(2024, 1, 1)
RATES_BACK = timedelta(days=110)

STAFF = (
    ("E001", "Iryna Savchenko", "board", None, None),
    ("E002", "Oleh Marchenko", "sales", None, "E001"),
    ("E003", "Daria Kovalenko", "sales", "leadgen", "E002"),
    ("E004", "Olena Bondar", "sales", "account", "E002"),
    ("E005", "Jonas Weber", "sales", "account", "E002"),
    ("E006", "Taras Lysenko", "sales", "conversion", "E002"),
    ("E007", "Mila Hoffmann", "sales", "account", "E002"),
    ("E008", "Viktor Shevchuk", "accounting", None, "E001"),
    ("E009", "Anna Keller", "purchasing", None, "E001"),
    ("E010", "Pavlo Tkach", "logistics", None, "E001"),
    ("E011", "Roman Melnyk", "warehouse", None, "E001"),
    ("E012", "Lena Fischer", "warehouse", None, "E011"),
)

# Family, brand, nouns (five each, two sizes), unit, second unit and its factor, lots.
FAMILIES = (
    ("Office / Chairs", "Norda", "Stool,Desk chair,Armchair,Visitor chair,Bench", "pcs", None),
    ("Office / Paper", "Blanko", "Copy paper,Notebook,Envelope,Folder,Label", "pcs", ("box", 10)),
    ("Tools / Hand", "Ferrum", "Hammer,Pliers,Wrench,Saw,Screwdriver", "pcs", ("dozen", 12)),
    ("Light / Lamps", "Lumo", "Bulb,Desk lamp,LED strip,Spotlight,Lantern", "pcs", ("box", 24)),
    ("House / Cleaning", "Klar", "Soap,Detergent,Polish,Bleach,Wipes", "pcs", ("box", 12)),
    ("Food / Coffee", "Aroma", "Arabica,Robusta,Espresso,Decaf,House blend", "kg", None),
    ("Food / Tea", "Lystok", "Green tea,Black tea,Herb tea,Oolong,Fruit tea", "pcs", ("box", 20)),
    ("Packing / Tape", "Fixa", "Clear tape,Brown tape,Film,Twine,Bag", "pcs", ("dozen", 12)),
)
LOT_FAMILIES = {4, 5, 6}
LAST_NAMES = (
    "Alder", "Birch", "Cedar", "Dover", "Elbe", "Fjord", "Garnet", "Harbour", "Iris", "Juniper",
)  # fmt: skip
TRADES = ("Retail", "Office Supply", "Hotels", "Services", "Wholesale", "Market")


@dataclass(frozen=True)
class Habits:
    """How a customer buys and pays; `days_late` counts from the due date."""

    store: str
    currency: str
    agreements: tuple[str | None, ...]
    discount_pct: Decimal
    days_late: tuple[int, int]
    instalments: int
    prepays: bool


def settle(world: World) -> dict[int, Habits]:
    """Fill the master data, with rates of the weeks before, and return the customers' habits."""
    _places(world)
    _staff(world)
    _items(world)
    _suppliers(world)
    habits = {number: _customer(world, number) for number in CUSTOMERS}
    past = world.workdays.span(world.first_day - RATES_BACK, world.first_day - timedelta(days=1))
    for day in past:
        world.open_day(day)
        set_rates(world)
    return habits


def stores_of(item_id: int) -> tuple[str, ...]:
    """Name the stores that keep an item: the branch keeps every second one."""
    return (MAIN, BRANCH) if item_id % 2 == 0 else (MAIN,)


def set_rates(world: World) -> None:
    """Write the central bank's rates of today; days off have none."""
    usd = Decimal(world.dice.randint(8900, 9300)) / 10000
    world.add(Rate("USD", world.today, usd, 1, "central bank"))
    uah = Decimal(world.dice.randint(2050, 2120)) / 1000
    world.add(Rate("UAH", world.today, uah, 100, "central bank"))


def _places(world: World) -> None:
    world.add(Site("KYV", "Kyiv", "Europe/Kyiv"))
    world.add(Site("BER", "Berlin", "Europe/Berlin"))
    world.add(Store(MAIN, "KYV", "Kyiv central store", "STOCK", 1))
    world.add(Store(BRANCH, "BER", "Berlin store", "STOCK", 2))
    world.add(Store(ROAD, "KYV", "On the road Kyiv - Berlin", "TRANSIT", 1))


def _staff(world: World) -> None:
    for no, name, dept, stage, boss in STAFF:
        world.add(Staff(no, SINCE, name, dept, stage, boss))
    changed = world.workdays.shift(world.anchor, -10)
    moved = world.add(Staff("E006", changed, "Taras Lysenko", "sales", "account", "E002"))
    world.mark("seller_changed_stage", moved)


def _items(world: World) -> None:
    for index, item_id in enumerate(ITEMS):
        family = index % len(FAMILIES)
        path, brand, nouns, unit, pack = FAMILIES[family]
        number = index // len(FAMILIES)
        title = f"{nouns.split(',')[number % 5]} {'large' if number >= 5 else 'small'}"
        item = Item(
            id=item_id,
            sku=f"{4400 + 7 * index:06d}",
            title=title,
            brand=brand,
            family=path,
            unit=unit,
            value_class="ABC"[min(2, number // 3)],
            divisible=unit == "kg",
            keeps_lots=family in LOT_FAMILIES,
            supplier_id=SUPPLIERS[family],
            list_price=Decimal(world.dice.randint(150, 9000)) / 100,
        )
        world.add(item)
        world.set_unit(item_id, unit, SINCE, 1)
        if pack:
            world.set_unit(item_id, pack[0], SINCE, pack[1])


def _suppliers(world: World) -> None:
    for number, supplier_id in enumerate(SUPPLIERS, start=1):
        brand = FAMILIES[number - 1][1]
        row = Partner(supplier_id, f"S{number:03d}", f"{brand} Works", buys=False, sells=True)
        row.tax_no = f"55{number:08d}"
        world.add(row)


def _customer(world: World, number: int) -> Habits:
    dice = world.dice
    store = MAIN if number % 3 else BRANCH
    abroad = number % 8 == 0
    row = Partner(
        id=number,
        code=f"C{number:04d}",
        title=f"{LAST_NAMES[number % 10]} {TRADES[number // 10 % 6]}",
        buys=True,
        sells=False,
        tax_no=f"77{number * 131:08d}",
        group_id=1 if number in (11, 21) else None,
        manager_no=SELLERS[number % len(SELLERS)] if number != 47 else None,
        route=("K1", "K2", "K3")[number % 3] if store == MAIN else "B1",
        area="Ukraine" if store == MAIN else "Germany",
        segment=TRADES[number // 10 % 6].lower(),
        terms_days=(7, 14, 21, 30)[number % 4],
        grade="A" if number <= 12 else "B" if number <= 30 else "C",
        risky=number == 45,
        terms_since=SINCE + timedelta(days=number),
    )
    world.add(row)
    agreements: tuple[str | None, ...] = (None,)
    if number % 5 == 0:
        agreements = (f"K-2026/{number:02d}",)
    if number in (12, 24, 60):
        agreements = (f"K-2026/{number:02d}", f"K-2026/{number:02d}-B")
    return Habits(
        store=store,
        currency="USD" if abroad else "EUR",
        agreements=agreements,
        discount_pct=Decimal((0, 0, 3, 5, 10)[number % 5]),
        days_late=dice.choice(((-3, 0), (-3, 0), (-1, 2), (-1, 2), (0, 6), (3, 15), (10, 40))),
        instalments=3 if number % 7 == 0 else 1,
        prepays=number % 11 == 0,
    )
