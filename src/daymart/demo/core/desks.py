"""Rows of the demo ERP, the desks around the trade: one class per table of departments.sql."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from daymart.demo.core.records import Row


@dataclass
class PaperLine(Row):
    TABLE = "paper_line"
    KEY = ("paper_id", "line_no")
    paper_id: int
    line_no: int
    sale_id: int | None
    sale_line: int | None
    dispatch_id: int | None
    item_id: int
    qty: Decimal
    unit: str
    net: Decimal
    vat: Decimal


@dataclass
class CreditLine(Row):
    TABLE = "credit_line"
    KEY = ("partner_id", "entity", "since")
    partner_id: int
    entity: int
    since: date
    allowed: Decimal | None
    currency: str
    stopped: bool = False
    why: str | None = None


@dataclass
class Department(Row):
    TABLE = "dept"
    KEY = ("code",)
    code: str
    title: str
    chief_no: str
    second_no: str
    site_code: str


@dataclass
class CalendarDay(Row):
    TABLE = "calendar_day"
    KEY = ("site_code", "day")
    site_code: str
    day: date
    works: bool
    opens: time | None
    closes: time | None
    swapped_with: date | None = None
    words: str | None = None


@dataclass
class Route(Row):
    TABLE = "route"
    KEY = ("code",)
    code: str
    title: str
    area: str
    days: int
    site_code: str


@dataclass
class StockCheck(Row):
    TABLE = "stock_check"
    KEY = ("no", "store", "item_id", "lot")
    no: str
    store: str
    item_id: int
    lot: str
    taken_at: datetime
    book: Decimal
    found: Decimal
    counter_no: str
    status: str
    entry_id: int | None = None
    cause: str | None = None


@dataclass
class Pick(Row):
    TABLE = "pick"
    id: int
    dispatch_id: int
    line_no: int
    qty: Decimal
    picker_no: str
    checker_no: str | None
    picked_at: datetime
    sale_id: int
    sale_line: int


@dataclass
class PickFault(Row):
    TABLE = "pick_fault"
    id: int
    pick_id: int
    type: str
    qty: Decimal
    seen_by: str
    seen_at: datetime
    ticket_id: int | None = None


@dataclass
class SaleShare(Row):
    TABLE = "sale_share"
    KEY = ("sale_id", "staff_no")
    sale_id: int
    staff_no: str
    pct: Decimal


@dataclass
class Claim(Row):
    TABLE = "claim"
    KEY = ("id", "line_no")
    id: int
    line_no: int
    dispatch_id: int
    dispatch_line: int
    qty: Decimal
    cause: str
    state: str
    opened_at: datetime
    came_at: datetime | None = None
    looked_at: datetime | None = None
    closed_at: datetime | None = None
    ending: str | None = None
    note_id: int | None = None


@dataclass
class Ask(Row):
    TABLE = "ask"
    id: int
    asked_at: datetime
    staff_no: str
    partner_id: int
    item_id: int | None
    words: str | None
    qty: Decimal
    why: str
    lost: bool


@dataclass
class AskReply(Row):
    TABLE = "ask_reply"
    KEY = ("ask_id",)
    ask_id: int
    verdict: str
    words: str | None
    decided_at: datetime
    staff_no: str


@dataclass
class Lead(Row):
    TABLE = "lead"
    id: int
    came_at: datetime
    origin: str
    owner_no: str
    partner_id: int | None = None


@dataclass
class LeadStep(Row):
    TABLE = "lead_step"
    id: int
    lead_id: int
    was: str | None
    becomes: str
    at: datetime
    by_no: str
    worth: Decimal | None = None


@dataclass
class LeadPass(Row):
    TABLE = "lead_pass"
    id: int
    lead_id: int
    giver_no: str
    taker_no: str
    given_at: datetime
    taken_at: datetime | None = None


@dataclass
class Touch(Row):
    TABLE = "touch"
    id: int
    type: str
    planned_at: datetime | None
    done_at: datetime | None
    staff_no: str
    partner_id: int | None = None
    lead_id: int | None = None
    seconds: int | None = None
    result: str | None = None


@dataclass
class TargetSet(Row):
    TABLE = "target_set"
    KEY = ("version",)
    version: str
    month: date
    frozen_at: datetime
    row_count: int
    total: Decimal


@dataclass
class Target(Row):
    TABLE = "target"
    id: int
    version: str
    measure: str
    starts_on: date
    ends_on: date
    brand: str | None
    partner_id: int | None
    route: str | None
    staff_no: str | None
    amount: Decimal
    unit: str


@dataclass
class TargetSignature(Row):
    TABLE = "target_signature"
    KEY = ("version", "staff_no")
    version: str
    staff_no: str
    signed_at: datetime


@dataclass
class Outlook(Row):
    TABLE = "outlook"
    id: int
    staff_no: str
    brand: str | None
    month: date
    sent_at: datetime
    amount: Decimal


@dataclass
class GapNote(Row):
    TABLE = "gap_note"
    id: int
    staff_no: str
    month: date
    cause: str
    remedy: str
    owner_no: str
    fix_by: date
    state: str
    closed_at: datetime | None = None


@dataclass
class Ticket(Row):
    TABLE = "ticket"
    id: int
    kind: str
    partner_id: int | None
    sale_id: int | None
    sale_line: int | None
    about: str | None
    urgency: int
    opened_at: datetime
    opened_by: str


@dataclass
class TicketSide(Row):
    TABLE = "ticket_side"
    KEY = ("ticket_id", "side_no")
    ticket_id: int
    side_no: int
    dept: str
    owner_no: str


@dataclass
class TicketLog(Row):
    TABLE = "ticket_log"
    id: int
    ticket_id: int
    side_no: int | None
    what: str
    at: datetime
    by_no: str
    words: str | None = None


@dataclass
class ReplyTime(Row):
    TABLE = "reply_time"
    id: int
    kind: str
    dept: str
    urgency: int
    since: date
    ladder: str
    ack_min: int
    done_min: int


@dataclass
class Climb(Row):
    TABLE = "climb"
    KEY = ("ladder", "rung")
    ladder: str
    rung: int
    after_pct: int
    who: str


@dataclass
class FeedEntry(Row):
    TABLE = "feed_list"
    KEY = ("name",)
    name: str
    title: str
    dept: str
    owner_no: str
    second_no: str
    chief_no: str
    channel: str
    whole: bool
    sent_when: str
    until_hour: time
    zone: str
    netting: str | None
    closing_rule: str | None
    valid_from: date
    valid_to: date | None = None


@dataclass
class FigureEntry(Row):
    TABLE = "figure_list"
    KEY = ("code",)
    code: str
    report: str
    field: str
    meaning: str
    formula: str
    owner_no: str
    second_no: str
    chief_no: str
