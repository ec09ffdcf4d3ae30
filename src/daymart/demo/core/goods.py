"""Rows of the demo ERP, goods: one class per table of schema.sql, fields in column order."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from daymart.demo.core.records import Row


@dataclass
class StockBalance(Row):
    TABLE = "stock_balance"
    KEY = ("day", "store", "item_id", "lot", "quality")
    day: date
    store: str
    item_id: int
    lot: str
    quality: str
    qty: Decimal


@dataclass
class StockEntry(Row):
    TABLE = "stock_entry"
    id: int
    moved_at: datetime
    store: str
    item_id: int
    lot: str
    quality: str
    way: str
    qty: Decimal
    type: str
    doc: str | None
    doc_line: int | None
    cancels_id: int | None
    touched_at: datetime


@dataclass
class StockPlan(Row):
    TABLE = "stock_plan"
    KEY = ("code",)
    code: str
    day: date | None
    store: str
    item_id: int
    way: str
    type: str
    qty: Decimal
    doc: str | None = None
    sale_id: int | None = None
    purchase_id: int | None = None


@dataclass
class Hold(Row):
    TABLE = "hold"
    id: int
    sale_id: int | None
    sale_line: int | None
    item_id: int
    store: str
    qty: Decimal
    firm: bool
    made_at: datetime
    until: datetime | None
    made_by: str
    approved_by: str | None = None
    released_at: datetime | None = None
    why_released: str | None = None


@dataclass
class Purchase(Row):
    TABLE = "purchase"
    id: int
    no: str
    partner_id: int
    placed_on: date
    currency: str
    incoterm: str | None
    buyer_no: str


@dataclass
class PurchaseLine(Row):
    TABLE = "purchase_line"
    KEY = ("purchase_id", "line_no")
    purchase_id: int
    line_no: int
    item_id: int
    store: str
    qty: Decimal
    unit: str
    price: Decimal
    wanted_on: date | None
    confirmed_on: date | None = None
    stage: str = "N"
    cancelled_qty: Decimal = Decimal(0)


@dataclass
class PurchaseDateChange(Row):
    TABLE = "purchase_date_change"
    id: int
    purchase_id: int
    line_no: int
    was: date | None
    becomes: date | None
    changed_at: datetime
    by_no: str | None
    cause: str | None


@dataclass
class PurchaseTransport(Row):
    TABLE = "purchase_transport"
    id: int
    purchase_id: int
    line_no: int
    left_on: date
    qty: Decimal
    unit: str
    carrier: str | None
    waybill: str | None
    owned_from: date | None
    arrived_on: date | None = None


@dataclass
class PurchaseReceipt(Row):
    TABLE = "purchase_receipt"
    KEY = ("id", "line_no")
    id: int
    line_no: int
    purchase_id: int | None
    purchase_line: int | None
    transport_id: int | None
    store: str
    item_id: int
    lot: str
    qty: Decimal
    unit: str
    quality: str
    arrived_at: datetime
    typed_at: datetime


@dataclass
class Sale(Row):
    TABLE = "sale"
    id: int
    no: str
    partner_id: int
    seller_no: str | None
    confirmed_on: date
    currency: str
    agreement: str | None
    prepaid: bool


@dataclass
class SaleLine(Row):
    TABLE = "sale_line"
    KEY = ("sale_id", "line_no")
    sale_id: int
    line_no: int
    item_id: int
    store: str
    qty: Decimal
    unit: str
    dropped_qty: Decimal
    list_price: Decimal
    discount_pct: Decimal
    vat_pct: Decimal
    wanted_on: date | None


@dataclass
class SalePromise(Row):
    TABLE = "sale_promise"
    id: int
    sale_id: int
    line_no: int
    day: date
    given_at: datetime
    by_customer: bool
    cause: str | None = None


@dataclass
class Dispatch(Row):
    TABLE = "dispatch"
    id: int
    no: str
    sale_id: int | None
    store: str
    partner_id: int
    route: str | None
    carrier: str | None
    issued_at: datetime
    slot_from: datetime | None
    slot_to: datetime | None
    wants_signature: bool
    cancels_id: int | None = None


@dataclass
class DispatchLine(Row):
    TABLE = "dispatch_line"
    KEY = ("dispatch_id", "line_no")
    dispatch_id: int
    line_no: int
    sale_line: int | None
    item_id: int
    lot: str
    qty: Decimal
    unit: str


@dataclass
class DispatchEvent(Row):
    TABLE = "dispatch_event"
    id: int
    dispatch_id: int
    line_no: int | None
    type: str
    happened_at: datetime
    qty: Decimal | None = None
    difference: Decimal | None = None
    cause: str | None = None
    signed_by: str | None = None
    proof: str | None = None
    reported_by: str = "D"
