"""Who and what plays the named cases only: no ordinary day touches them."""

from dataclasses import replace
from decimal import Decimal

from daymart.demo.core.desks import CreditLine, Route
from daymart.demo.core.people import CUSTOMERS, MAIN, SINCE, Habits
from daymart.demo.core.records import Item, Partner, Site, Staff, Store
from daymart.demo.core.sales import ROAD_DAYS
from daymart.demo.core.world import World

HUB, CONSIGNED = "LVV", "CONS"
DISPATCHER, GUARD, RETURNS_CLERK = "E013", "E014", "E015"
DEPUTIES = {
    "sales": "E016",
    "accounting": "E017",
    "purchasing": "E018",
    "warehouse": "E012",
    "logistics": DISPATCHER,
    "security": "E019",
    "board": "E002",
}
PARTNERS = range(201, 211)
SHARED, MOVED, PREPAID, UNLIMITED, TWO_MONEYS, FAR, NIGHT, SENDER, FIRST, WAITER = PARTNERS
NEW_SUPPLIER = 120
UNITS_ITEM, HALF_ITEM, COUNTED_ITEM, SENT_ITEM, EXTRA_ITEM, FAR_ITEM, PROMISE_ITEM = range(
    2001, 2008
)
LOST_ITEM, HELD_ITEM, PICKED_ITEM = range(2008, 2011)
TRADE_ITEMS, STOCK_ITEMS = range(2001, 2008), range(2008, 2011)
ITEMS = range(2001, 2011)
STAFF = (
    (DISPATCHER, "Bohdan Hrytsenko", "logistics", None, "E010"),
    (GUARD, "Stefan Krause", "security", None, "E001"),
    (RETURNS_CLERK, "Oksana Vlasenko", "warehouse", None, "E011"),
    ("E016", "Petro Dovzhenko", "sales", None, "E002"),
    ("E017", "Halyna Moroz", "accounting", None, "E008"),
    ("E018", "Markus Vogel", "purchasing", None, "E009"),
    ("E019", "Ihor Zinchenko", "security", None, "E014"),
)
ROUTES = (
    ("K1", "Kyiv left bank", "Ukraine", "KYV"),
    ("K2", "Kyiv right bank", "Ukraine", "KYV"),
    ("K3", "Kyiv region", "Ukraine", "KYV"),
    ("B1", "Berlin ring", "Germany", "BER"),
)
ALLOWED = {"A": Decimal(60000), "B": Decimal(25000), "C": Decimal(9000)}


def join(world: World, habits: dict[int, Habits]) -> None:
    """Add them after the ordinary master data, without a throw of the dice."""
    world.add(Site(HUB, "Lviv hub", "Europe/Kyiv"))
    world.add(Store(CONSIGNED, "KYV", "Our goods at Elbe Hotels", "CONSIGN", 1))
    for no, name, dept, stage, boss in STAFF:
        world.add(Staff(no, SINCE, name, dept, stage, boss))
    for code, title, area, site in ROUTES:
        world.add(Route(code, title, area, ROAD_DAYS[code], site))
    for item_id in ITEMS:
        _item(world, item_id)
    world.add(Partner(NEW_SUPPLIER, "S009", "Newcomer Works", buys=False, sells=True))
    for partner_id in PARTNERS:
        _partner(world, partner_id)
        habits[partner_id] = replace(
            habits[1],
            store=MAIN,
            currency="EUR",
            agreements=(None,),
            discount_pct=Decimal(0),
            instalments=1,
            prepays=False,
        )
    for partner_id in (*CUSTOMERS, *PARTNERS):
        _credit(world, world.get(Partner, partner_id), habits[partner_id])


def _item(world: World, item_id: int) -> None:
    world.add(
        Item(
            id=item_id,
            sku=f"00{item_id}",
            title=f"Show case {item_id}",
            brand="Nova" if item_id == EXTRA_ITEM else "Norda",
            family="Office / Chairs",
            unit="pcs",
            value_class="C",
            divisible=False,
            keeps_lots=False,
            supplier_id=NEW_SUPPLIER,
            list_price=Decimal("25.00"),
        )
    )
    world.set_unit(item_id, "pcs", SINCE, 1)
    if item_id == UNITS_ITEM:
        world.set_unit(item_id, "dozen", SINCE, 12)
        world.set_unit(item_id, "case", SINCE, 48)


def _partner(world: World, partner_id: int) -> None:
    row = Partner(partner_id, f"C{partner_id:04d}", f"Show {partner_id}", buys=True, sells=False)
    row.tax_no, row.manager_no, row.route = f"88{partner_id:08d}", "E004", "K1"
    row.area, row.segment, row.terms_days, row.grade = "Ukraine", "services", 14, "C"
    row.terms_since = SINCE
    world.add(row)


def _credit(world: World, partner: Partner, habit: Habits) -> None:
    entity = world.get(Store, habit.store).entity
    row = CreditLine(partner.id, entity, SINCE, ALLOWED[partner.grade or "C"], habit.currency)
    if partner.id == PREPAID:
        row.allowed, row.why = Decimal(0), "pays before delivery"
        world.mark("zero_limit", row)
    elif partner.id == UNLIMITED:
        row.allowed, row.why = None, None
        world.mark("no_limit", row)
    elif partner.id == 44:
        row.stopped, row.why = True, "cheque fraud is being looked into"
        world.mark("blocked_by_hand", row)
    world.add(row)
    if partner.id == 7:
        raised = world.workdays.shift(world.anchor, -15)
        higher = replace(row, since=raised, allowed=ALLOWED["A"] + 10000, why="good payer")
        world.mark("limit_raised", world.add(higher))
