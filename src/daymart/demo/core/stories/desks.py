"""Named edge cases of two-department matters, of plan and CRM, told like those of the trade."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from daymart.demo.core import extras
from daymart.demo.core.business import Business
from daymart.demo.core.cases import URGENT, Subject
from daymart.demo.core.crm import CLOSER, HUNTER
from daymart.demo.core.delivery import Shipped
from daymart.demo.core.desks import SaleShare, Ticket
from daymart.demo.core.people import HEAD_OF_SALES, MAIN
from daymart.demo.core.records import Partner
from daymart.demo.core.registry import EARLY_HOURS_BACK, MOVED_DAY_BACK, swapped_days
from daymart.demo.core.sales import Want
from daymart.demo.core.stories.money import Story
from daymart.demo.core.stories.trade import told_apart

SELLER, OTHER_SELLER = "E004", "E005"


def case_opened_out_of_hours(b: Business) -> Iterator[int]:
    yield 6
    ticket = _open(b, "EXP", b.world.clock(MAIN, 21, 15))
    b.world.mark("case_opened_out_of_hours", ticket)
    yield 5
    _both(b, ticket, "ACK", 9)
    yield 4
    _both(b, ticket, "FIN", 12)


def case_paused_over_a_holiday(b: Business) -> Iterator[int]:
    """The hub has the day off that lies between the two events of its side."""
    yield MOVED_DAY_BACK + 1
    ticket = _open(b, "EXP", b.world.clock(MAIN, 10))
    _both(b, ticket, "ACK", 11)
    b.cases.log(ticket, 2, "PAU", b.world.clock(MAIN, 16), words="customer is asked")
    b.world.mark("case_paused_over_a_holiday", ticket)
    yield MOVED_DAY_BACK - 1
    b.cases.log(ticket, 2, "RES", b.world.clock(MAIN, 10), words="customer answered")
    _both(b, ticket, "FIN", 15)


def case_reopened_after_breach(b: Business) -> Iterator[int]:
    yield 15
    ticket = _open(b, "DOC", b.world.clock(MAIN, 10))
    _both(b, ticket, "ACK", 12)
    yield 5
    _both(b, ticket, "FIN", 11)
    yield 4
    b.world.mark("case_reopened_after_breach", b.cases.log(ticket, 2, "REO", _noon(b)))
    yield 2
    b.cases.log(ticket, 2, "FIN", b.world.clock(MAIN, 16))


def case_priority_raised_later(b: Business) -> Iterator[int]:
    yield 7
    ticket = _open(b, "RSV", b.world.clock(MAIN, 10))
    _both(b, ticket, "ACK", 11)
    yield 6
    ticket.urgency = URGENT
    event = b.cases.log(ticket, None, "URG", _noon(b), HEAD_OF_SALES, str(URGENT))
    b.world.mark("case_priority_raised_later", event)
    yield 5
    _both(b, ticket, "FIN", 10)


def case_owner_absent_deputy(b: Business) -> Iterator[int]:
    yield 8
    ticket = _open(b, "JMP", b.world.clock(MAIN, 9, 30))
    b.cases.log(ticket, 1, "ACK", b.world.clock(MAIN, 10))
    yield 7
    side = b.cases.side(ticket, 2)
    absent, side.owner_no = side.owner_no, extras.DEPUTIES[side.dept]
    words = f"{absent} is ill, the deputy takes it"
    event = b.cases.log(ticket, 2, "PAS", b.world.clock(MAIN, 9), HEAD_OF_SALES, words)
    b.world.mark("case_owner_absent_deputy", event)
    b.cases.log(ticket, 2, "ACK", b.world.clock(MAIN, 10))
    yield 5
    _both(b, ticket, "FIN", 11)


def case_with_two_schedules(b: Business) -> Iterator[int]:
    """Kyiv changes its hours while the case is open."""
    yield EARLY_HOURS_BACK + 2
    ticket = _open(b, "REP", b.world.clock(MAIN, 16))
    _both(b, ticket, "ACK", 17)
    b.world.mark("case_with_two_schedules", ticket)
    yield EARLY_HOURS_BACK - 2
    _both(b, ticket, "FIN", 8)


def case_with_both_sides_one_person(b: Business) -> Iterator[int]:
    yield 3
    ticket = _open(b, "RET", b.world.clock(MAIN, 11))
    b.cases.side(ticket, 2).owner_no = b.cases.side(ticket, 1).owner_no
    _both(b, ticket, "ACK", 14)
    b.world.mark("case_with_both_sides_one_person", ticket)


def urgent_takeback(b: Business) -> Iterator[int]:
    yield 2
    at = b.world.clock(MAIN, 9, 10)
    subject = Subject(45, about="all dispatches on the road")
    ticket = b.cases.open("TAK", subject, at, extras.GUARD)
    _both(b, ticket, "ACK", 10)
    b.world.mark("urgent_takeback", ticket)


def case_clock_over_a_weekend(b: Business) -> Iterator[int]:
    """Opened on a Friday at 16:30, hours 9 to 18, 240 minutes allowed: due Monday at 11:30."""
    ago = 1
    while not _is_plain_weekend(b, ago):
        ago += 1
    yield ago
    ticket = _open(b, "TAK", b.world.clock(MAIN, 16, 30))
    b.world.mark("case_clock_over_a_weekend", ticket)
    yield ago - 1
    for side_no in (1, 2):
        b.cases.log(ticket, side_no, "ACK", b.world.clock(MAIN, 9, 20))
        b.cases.log(ticket, side_no, "FIN", b.world.clock(MAIN, 11, 30))


def shared_order(b: Business) -> Iterator[int]:
    yield 4
    shipped = _sell(b, extras.SHARED, extras.SENT_ITEM)
    sale_id = shipped.row.sale_id
    assert sale_id is not None
    b.world.mark("shared_order", b.world.add(SaleShare(sale_id, SELLER, Decimal(60))))
    b.world.add(SaleShare(sale_id, OTHER_SELLER, Decimal(40)))
    yield 3
    _deliver(b, shipped)


def manager_changed_mid_month(b: Business) -> Iterator[int]:
    """One sale under each manager, within a month; another one on the last day."""
    ago = 1
    while not _is_mid_month(b, ago):
        ago += 1
    yield ago + 1
    first = _sell(b, extras.MOVED, extras.SENT_ITEM)
    yield ago
    _deliver(b, first)
    partner = b.world.get(Partner, extras.MOVED)
    partner.manager_no, partner.terms_since = OTHER_SELLER, b.world.today
    b.world.mark("manager_changed_mid_month", partner)
    yield ago - 1
    second = _sell(b, extras.MOVED, extras.SENT_ITEM)
    if ago > 1:
        yield 0
        _sell(b, extras.MOVED, extras.SENT_ITEM)
    yield -1
    _deliver(b, second)


def fact_on_an_unplanned_slice(b: Business) -> Iterator[int]:
    yield 2
    shipped = _sell(b, extras.SENDER, extras.EXTRA_ITEM)
    b.world.mark("fact_on_an_unplanned_slice", shipped.lines[0][0])
    yield 1
    _deliver(b, shipped)


def stage_skipped(b: Business) -> Iterator[int]:
    yield 9
    lead = b.crm.lead("fair", HUNTER, _noon(b))
    b.crm.step(lead, None, "NEW", _noon(b))
    yield 6
    b.world.mark("stage_skipped", b.crm.step(lead, "NEW", "NEG", _noon(b), 4200))


def stage_back(b: Business) -> Iterator[int]:
    yield 12
    lead = b.crm.lead("web form", HUNTER, _noon(b))
    b.crm.step(lead, None, "NEW", _noon(b))
    yield 10
    b.crm.step(lead, "NEW", "QLF", _noon(b), 1500)
    b.crm.hand_over(lead, CLOSER, b.world.clock(MAIN, 13)).taken_at = b.world.clock(MAIN, 14)
    yield 7
    b.crm.step(lead, "QLF", "OFF", _noon(b), 1500)
    yield 4
    b.world.mark("stage_back", b.crm.step(lead, "OFF", "QLF", _noon(b), 1200))


def lead_created_as_won(b: Business) -> Iterator[int]:
    yield 5
    lead = b.crm.lead("recommendation", CLOSER, _noon(b))
    lead.partner_id = extras.SENDER
    b.world.mark("lead_created_as_won", b.crm.step(lead, None, "WON", _noon(b), 9000))


STORIES: tuple[Story, ...] = tuple(
    told_apart(story)
    for story in (
        case_opened_out_of_hours,
        case_paused_over_a_holiday,
        case_reopened_after_breach,
        case_priority_raised_later,
        case_owner_absent_deputy,
        case_with_two_schedules,
        case_with_both_sides_one_person,
        urgent_takeback,
        case_clock_over_a_weekend,
        shared_order,
        manager_changed_mid_month,
        fact_on_an_unplanned_slice,
        stage_skipped,
        stage_back,
        lead_created_as_won,
    )
)


def _open(b: Business, kind: str, at: datetime) -> Ticket:
    return b.cases.open(kind, Subject(extras.SENDER), at, SELLER)


def _both(b: Business, ticket: Ticket, what: str, hour: int) -> None:
    for side_no in (1, 2):
        b.cases.log(ticket, side_no, what, b.world.clock(MAIN, hour, 20 * side_no))


def _noon(b: Business) -> datetime:
    return b.world.clock(MAIN, 12)


def _day(b: Business, ago: int) -> date:
    return b.world.workdays.shift(b.world.anchor, -ago)


def _is_plain_weekend(b: Business, ago: int) -> bool:
    """Tell whether the day is a Friday before a weekend the hub did not work."""
    friday = _day(b, ago)
    _, worked = swapped_days(b.world)
    is_next_monday = _day(b, ago - 1) == friday + timedelta(days=3)
    return friday.weekday() == 4 and is_next_monday and worked != friday + timedelta(days=1)


def _is_mid_month(b: Business, ago: int) -> bool:
    return len({(_day(b, n).year, _day(b, n).month) for n in (ago - 1, ago, ago + 1)}) == 1


def _sell(b: Business, partner_id: int, item_id: int) -> Shipped:
    day = b.world.workdays.shift(b.world.today, 1)
    want = Want(item_id, Decimal(4), "pcs", day)
    demand = b.sales.place(partner_id, [want], scripted=True)[0]
    shipped = b.delivery.send([(demand, demand.open)], scripted=True)
    b.delivery.unbilled.remove(shipped)
    return shipped


def _deliver(b: Business, shipped: Shipped) -> None:
    b.delivery.deliver(shipped)
    b.delivery.prove(shipped)
    b.money.issue(shipped)
