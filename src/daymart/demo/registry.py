"""The registry desk: departments, calendars, service levels, feeds, figures, what was sent."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal

from daymart.demo.cases import SIDES
from daymart.demo.desks import (
    BatchEntry,
    CalendarDay,
    Climb,
    Department,
    FeedEntry,
    FigureEntry,
    ReplyTime,
    TicketLog,
    Touch,
)
from daymart.demo.extras import DEPUTIES, HUB
from daymart.demo.goods import Dispatch, Purchase, Sale, StockEntry
from daymart.demo.people import MAIN, SINCE
from daymart.demo.records import Paper, Row
from daymart.demo.world import World

DAYS_BACK, DAYS_AHEAD = 60, 90
MOVED_DAY_BACK, EARLY_HOURS_BACK = 8, 12
DEPARTMENTS = (
    ("board", "Board", "E001", "KYV"),
    ("sales", "Sales", "E002", "KYV"),
    ("accounting", "Accounting", "E008", "KYV"),
    ("purchasing", "Purchasing", "E009", "KYV"),
    ("logistics", "Logistics", "E010", HUB),
    ("warehouse", "Warehouse", "E011", "KYV"),
    ("security", "Security", "E014", "KYV"),
)
MINUTES = {1: (480, 2400), 2: (240, 1440), 3: (60, 480), 4: (30, 240)}
LADDER = ((0, "owner"), (50, "deputy"), (100, "chief"), (150, "commercial"), (200, "director"))
FEEDS = (
    ("reference", "Master data", "board", True, "05:45"),
    ("accounting", "Papers, payments and limits", "accounting", True, "06:45"),
    ("warehouse", "Stock, counts and picking", "warehouse", False, "06:30"),
    ("purchasing", "Purchases and their dates", "purchasing", False, "07:00"),
    ("logistics", "Dispatches and routes", "logistics", False, "06:30"),
    ("sales", "Orders, returns and asks", "sales", True, "07:15"),
    ("crm", "Leads and activities", "sales", False, "07:15"),
    ("plan", "Targets and outlooks", "sales", True, "07:15"),
    ("coordination", "Matters of two departments", "board", False, "07:00"),
    ("registry", "Lists of this desk", "board", True, "06:30"),
)
FIGURES = (
    ("receivables_open", "open_amount", "What the customer still owes", "amount - links", "E008"),
    ("receivables_open", "days_past_due", "Days since it was due", "as of - due date", "E008"),
    ("receivables_customer", "headroom", "Credit left", "limit - exposure", "E008"),
    ("receipts_daily", "paid_amount", "Money that came", "sum of payments", "E008"),
    ("stock_availability", "free_qty", "Free to promise", "usable - reserved", "E011"),
    ("stock_discrepancy", "variance_qty", "Found less books", "counted - book", "E011"),
    ("atp_daily", "atp_qty", "Promisable on a day", "minimum of later sums", "E009"),
    ("inbound_supply", "slip_days", "Days a purchase moved", "current - first date", "E009"),
    ("shipments_daily", "net_value", "Value that left", "quantity * net price", "E010"),
    ("delivery_otif", "otif_requested", "As the customer asked", "full and on time", "E010"),
    ("plan_fact", "attainment", "Share of the target", "fact / target", "E002"),
    ("funnel", "conversion", "Share that moved on", "advanced / entered", "E002"),
)
# What each feed counts as its day: table of the contract, rows of the ERP that are of the day.
COUNTED: tuple[tuple[str, str, type[Row]], ...] = (
    ("accounting", "acc_document", Paper),
    ("warehouse", "wh_movement", StockEntry),
    ("purchasing", "pur_order", Purchase),
    ("logistics", "lg_shipment", Dispatch),
    ("sales", "so_order", Sale),
    ("crm", "crm_activity", Touch),
    ("coordination", "case_event", TicketLog),
)


@dataclass
class Registry:
    """Keep the lists, and write down every evening what was sent."""

    world: World
    _known: dict[str, int] = field(default_factory=dict)
    _until: date | None = None

    def found(self) -> None:
        """Write the lists as they are on the eve of the first day."""
        for code, title, chief, site in DEPARTMENTS:
            self.world.add(Department(code, title, chief, DEPUTIES[code], site))
        self._service_levels()
        for name, title, dept, whole, hour in FEEDS:
            self.world.add(self._feed(name, title, dept, whole, hour))
        seconds = {chief: DEPUTIES[code] for code, _, chief, _ in DEPARTMENTS}
        for number, (report, column, meaning, formula, owner) in enumerate(FIGURES, start=1):
            second = seconds[owner]
            code = f"F{number:03d}"
            self.world.add(
                FigureEntry(code, report, column, meaning, formula, owner, second, "E001")
            )
        self._calendar()

    def work(self) -> None:
        """Keep the calendar ahead of today, and note what the feeds carry."""
        self._calendar()
        for feed, table_name, rows in COUNTED:
            if feed == "crm" and self.world.today == self.world.anchor:
                # Tomorrow's batch brings both days.
                self.world.mark("no_crm_batch_today", self.world.get(FeedEntry, feed))
                continue
            fresh = self.world.fresh(rows, self._known.get(feed, 0))
            self._known[feed] = self._known.get(feed, 0) + len(fresh)
            self.world.add(self._batch(feed, table_name, fresh))

    def _service_levels(self) -> None:
        for rung, (percent, who) in enumerate(LADDER, start=1):
            self.world.add(Climb("usual", rung, percent, who))
            self.world.add(Climb("hurry", rung, percent // 2, who))
        for kind, depts in SIDES.items():
            for dept in depts:
                for urgency, (ack, done) in MINUTES.items():
                    ladder = "hurry" if urgency >= 3 else "usual"
                    number = self.world.next_id(ReplyTime)
                    self.world.add(ReplyTime(number, kind, dept, urgency, SINCE, ladder, ack, done))

    def _feed(self, name: str, title: str, dept: str, whole: bool, hour: str) -> FeedEntry:
        chief = self.world.get(Department, dept).chief_no
        return FeedEntry(
            name=name,
            title=title,
            dept=dept,
            owner_no=chief,
            second_no=DEPUTIES[dept],
            chief_no="E001",
            channel="database",
            whole=whole,
            sent_when="0 20 * * 1-5",
            until_hour=time.fromisoformat(hour),
            zone="Europe/Kyiv",
            netting="entity+partner+agreement+currency" if name == "accounting" else None,
            closing_rule="10th working day" if name == "accounting" else None,
            valid_from=SINCE,
        )

    def _calendar(self) -> None:
        first = self._until or self.world.first_day - timedelta(days=DAYS_BACK)
        self._until = self.world.today + timedelta(days=DAYS_AHEAD)
        for number in range((self._until - first).days):
            day = first + timedelta(days=number)
            for site in ("KYV", "BER", HUB):
                self.world.add(self._day(site, day))

    def _day(self, site: str, day: date) -> CalendarDay:
        works = self.world.workdays.is_working(day)
        free, worked = swapped_days(self.world)
        row = CalendarDay(site, day, works, None, None)
        if not works and day.weekday() < 5:
            row.words = "holiday of the company"
        if site == HUB and day in (free, worked):
            row.works, row.words = day == worked, "day of the city, worked on Saturday"
            row.swapped_with = free if day == worked else worked
            self.world.mark("moved_working_day", row)
        if row.works:
            early = site == "KYV" and day >= self._early_hours()
            row.opens, row.closes = (time(8), time(17)) if early else (time(9), time(18))
        return row

    def _early_hours(self) -> date:
        return self.world.workdays.shift(self.world.anchor, -EARLY_HOURS_BACK)

    def _batch(self, feed: str, table_name: str, rows: list[Row]) -> BatchEntry:
        today = self.world.today
        unit, total = None, None
        if feed == "accounting":
            unit, total = "EUR", _worth(rows)
        text = f"{feed}:{today}:{len(rows)}:{total}"
        return BatchEntry(
            feed=feed,
            day=today,
            no=1,
            table_name=table_name,
            row_count=len(rows),
            measure="amount_company" if unit else None,
            unit=unit,
            total=total,
            complete_to=today,
            closed_until=today.replace(day=1) - timedelta(days=31) if unit else None,
            file_hash=hashlib.sha256(text.encode()).hexdigest(),
            sent_at=self.world.clock(MAIN, 21),
        )


def _worth(rows: list[Row]) -> Decimal:
    papers = [row for row in rows if isinstance(row, Paper)]
    return sum((p.total_eur if p.side == "D" else -p.total_eur for p in papers), Decimal(0))


def swapped_days(world: World) -> tuple[date, date]:
    """Name the weekday the hub had off, and the Saturday it worked for it."""
    free = world.workdays.shift(world.anchor, -MOVED_DAY_BACK)
    worked = free
    while worked.weekday() != 5 or world.workdays.is_working(worked):
        worked += timedelta(days=1)
    return free, worked
