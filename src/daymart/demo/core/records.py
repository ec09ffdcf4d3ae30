"""Rows of the demo ERP, names and money: one class per table, fields in column order."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

Identity = tuple[object, ...]


@dataclass
class Row:
    """Hold one row and know its table and key columns."""

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Name the columns in table order."""
        return tuple(field.name for field in fields(cls))

    def identity(self) -> Identity:
        """Return the values of the key columns."""
        return tuple(getattr(self, name) for name in self.KEY)

    def values(self) -> tuple[object, ...]:
        """Return all values in table order."""
        return tuple(vars(self).values())


@dataclass
class Company(Row):
    TABLE = "company"
    KEY = ("seed",)
    seed: int
    name: str
    first_day: date
    anchor_day: date
    last_day: date
    holidays: list[date]


@dataclass
class DemoCase(Row):
    TABLE = "demo_case"
    KEY = ("name",)
    name: str
    table_name: str
    key: str


@dataclass
class Site(Row):
    TABLE = "site"
    KEY = ("code",)
    code: str
    title: str
    zone: str


@dataclass
class Store(Row):
    TABLE = "store"
    KEY = ("code",)
    code: str
    site_code: str
    title: str
    purpose: str
    entity: int


@dataclass
class Staff(Row):
    TABLE = "staff"
    KEY = ("no", "since")
    no: str
    since: date
    full_name: str
    dept: str
    sales_stage: str | None
    boss_no: str | None
    left_on: date | None = None


@dataclass
class Partner(Row):
    TABLE = "partner"
    id: int
    code: str
    title: str | None
    buys: bool
    sells: bool
    tax_no: str | None = None
    group_id: int | None = None
    manager_no: str | None = None
    route: str | None = None
    area: str | None = None
    segment: str | None = None
    terms_days: int | None = None
    grade: str | None = None
    risky: bool = False
    terms_since: date | None = None


@dataclass
class Item(Row):
    TABLE = "item"
    id: int
    sku: str | None
    title: str | None
    brand: str | None
    family: str | None
    unit: str
    value_class: str | None
    divisible: bool
    keeps_lots: bool
    supplier_id: int | None = None
    list_price: Decimal = Decimal(0)


@dataclass
class ItemUnit(Row):
    TABLE = "item_unit"
    id: int
    item_id: int
    unit: str
    since: date
    times: int
    per: int = 1


@dataclass
class Rate(Row):
    TABLE = "rate"
    KEY = ("currency", "day")
    currency: str
    day: date
    value: Decimal
    per: int
    origin: str


@dataclass
class Paper(Row):
    TABLE = "paper"
    id: int
    type: str
    side: str
    no: str
    paper_date: date
    booked_on: date
    entity: int
    partner_id: int
    agreement: str | None
    currency: str
    total: Decimal
    vat: Decimal
    total_eur: Decimal
    sale_id: int | None
    cancels_id: int | None
    refers_id: int | None
    contested: bool
    bank_text: str | None
    entered_at: datetime


@dataclass
class PaperPart(Row):
    TABLE = "paper_part"
    KEY = ("paper_id", "part_no")
    paper_id: int
    part_no: int
    due_on: date | None
    amount: Decimal
    amount_eur: Decimal


@dataclass
class PaperLink(Row):
    TABLE = "paper_link"
    id: int
    payer_id: int
    payer_part: int
    paid_id: int
    paid_part: int
    amount: Decimal
    amount_eur: Decimal
    counts_from: date


@dataclass
class LedgerTotal(Row):
    TABLE = "ledger_total"
    KEY = ("day", "entity", "partner_id", "agreement", "currency")
    day: date
    entity: int
    partner_id: int
    agreement: str
    currency: str
    balance: Decimal
    balance_eur: Decimal
