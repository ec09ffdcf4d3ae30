"""The registry desk: departments, calendars, service levels, feeds, figures, what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from daymart.contracts.model import Feed, LoadMode
from daymart.contracts.read import read_feeds
from daymart.demo.core.cases import SIDES
from daymart.demo.core.desks import (
    CalendarDay,
    Climb,
    Department,
    FeedEntry,
    FigureEntry,
    ReplyTime,
)
from daymart.demo.core.extras import DEPUTIES, HUB
from daymart.demo.core.people import SINCE
from daymart.demo.core.world import World
from daymart.settings import Binding, Settings, load_project

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
    ("reference", "Master data", "board"),
    ("accounting", "Papers, payments and limits", "accounting"),
    ("warehouse", "Stock, counts and picking", "warehouse"),
    ("purchasing", "Purchases and their dates", "purchasing"),
    ("logistics", "Dispatches and routes", "logistics"),
    ("sales", "Orders, returns and asks", "sales"),
    ("crm", "Leads and activities", "sales"),
    ("plan", "Targets and outlooks", "sales"),
    ("coordination", "Matters of two departments", "board"),
    ("registry", "Lists of this desk", "board"),
)
FIGURES = (
    ("receivables_open", "open_amount", "What the customer still owes", "amount - links", "E008"),
    ("receivables_open", "days_past_due", "Days since it was due", "as of - due date", "E008"),
    ("receivables_customer", "credit_headroom_amount", "Credit left", "limit - exposure", "E008"),
    ("receipts_daily", "paid_amount", "Money that came", "sum of payments", "E008"),
    ("stock_availability", "free_qty", "Free to promise", "usable - reserved", "E011"),
    ("stock_discrepancy", "variance_qty", "Found less books", "counted - book", "E011"),
    ("atp_daily", "atp_qty", "Promisable on a day", "minimum of later sums", "E009"),
    ("inbound_supply", "slip_days", "Days a purchase moved", "current - first date", "E009"),
    ("shipments_daily", "net_amount", "Value that left", "quantity * net price", "E010"),
    ("delivery_otif", "otif_requested", "As the customer asked", "full and on time", "E010"),
    ("delivery_rates", "otif_rate", "Share of lines full and on time", "OTIF / due", "E010"),
    ("order_line_board", "open_amount", "Value to be shipped", "open quantity * price", "E002"),
)


@dataclass(frozen=True)
class Agreed:
    """What contracts promise of each feed, and how the settings bind it."""

    feeds: Mapping[str, Feed]
    settings: Settings


def read_agreed() -> Agreed:
    """Read the project's contracts and settings."""
    project = load_project()
    return Agreed(read_feeds(project.contracts), project.settings)


@dataclass
class Registry:
    """Keep the lists; what was sent is counted after the last row of an evening (`batches`)."""

    world: World
    agreed: Agreed
    _until: date | None = None

    def found(self) -> None:
        """Write the lists as they are on the eve of the first day."""
        for code, title, chief, site in DEPARTMENTS:
            self.world.add(Department(code, title, chief, DEPUTIES[code], site))
        self._service_levels()
        for name, title, dept in FEEDS:
            self.world.add(self._feed(name, title, dept))
        seconds = {chief: DEPUTIES[code] for code, _, chief, _ in DEPARTMENTS}
        for number, (report, column, meaning, formula, owner) in enumerate(FIGURES, start=1):
            second = seconds[owner]
            code = f"F{number:03d}"
            self.world.add(
                FigureEntry(code, report, column, meaning, formula, owner, second, "E001")
            )
        self._calendar()

    def work(self) -> None:
        """Keep the calendar ahead of today."""
        self._calendar()
        if self.world.today == self.world.anchor:
            # Tomorrow's batches bring both days.
            self.world.mark("no_crm_batch_today", self.world.get(FeedEntry, "crm"))

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

    def _feed(self, name: str, title: str, dept: str) -> FeedEntry:
        feed = self.agreed.feeds[name]
        chief = self.world.get(Department, dept).chief_no
        return FeedEntry(
            name=name,
            title=title,
            dept=dept,
            owner_no=chief,
            second_no=DEPUTIES[dept],
            chief_no="E001",
            channel=_channel(self.agreed.settings.bindings_of(name)),
            whole=all(table.mode is LoadMode.SNAPSHOT for table in feed.tables),
            sent_when=feed.schedule,
            until_hour=feed.deadline,
            zone=str(feed.timezone),
            netting=", ".join(feed.netting_level) or None,
            closing_rule=feed.edit_ban_rule,
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


def _channel(bindings: list[Binding]) -> str:
    """Name the ways a feed comes; a feed that nothing is bound to comes by none."""
    ways = {
        "files" if binding.files else "service" if binding.odata or binding.rest else "database"
        for binding in bindings
    }
    return ", ".join(sorted(ways)) or "none"


def swapped_days(world: World) -> tuple[date, date]:
    """Name the weekday the hub had off, and the Saturday it worked for it."""
    free = world.workdays.shift(world.anchor, -MOVED_DAY_BACK)
    worked = free
    while worked.weekday() != 5 or world.workdays.is_working(worked):
        worked += timedelta(days=1)
    return free, worked
