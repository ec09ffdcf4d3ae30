"""Matters of two departments: opened on both sides at once, done when each side is done."""

from dataclasses import dataclass, field
from datetime import date, datetime

from daymart.demo.core.desks import Department, Ticket, TicketLog, TicketSide
from daymart.demo.core.goods import PurchaseLine, Sale
from daymart.demo.core.people import MAIN
from daymart.demo.core.records import Paper
from daymart.demo.core.sales import Demand, Sales
from daymart.demo.core.world import World

SIDES = {
    "RET": ("sales", "warehouse"),
    "TAK": ("sales", "logistics"),
    "EXP": ("sales", "logistics"),
    "JMP": ("sales", "warehouse"),
    "REP": ("sales", "purchasing"),
    "RSV": ("sales", "warehouse"),
    "PCK": ("warehouse", "logistics"),
    "ABS": ("purchasing", "warehouse"),
    "CNT": ("warehouse", "sales"),
    "DOC": ("sales", "accounting"),
    "PAY": ("accounting", "sales"),
}
LOW, NORMAL, HIGH, URGENT = 1, 2, 3, 4
URGENT_KINDS = {"TAK": URGENT, "EXP": HIGH, "JMP": HIGH}


@dataclass(frozen=True)
class Subject:
    """What a ticket is about."""

    partner_id: int | None = None
    sale_id: int | None = None
    sale_line: int | None = None
    about: str | None = None


@dataclass(frozen=True)
class Step:
    """What a side will do: on which day, at which hour."""

    day: date
    hour: int
    ticket: Ticket
    side_no: int
    what: str
    words: str | None = None


@dataclass
class Cases:
    """Open tickets, log what happens, and let the ordinary ones be worked on."""

    world: World
    sales: Sales
    _steps: list[Step] = field(default_factory=list)
    _papers: int = 0

    def open(self, kind: str, subject: Subject, at: datetime, by_no: str) -> Ticket:
        """Open a ticket with a side in each of its two departments."""
        number = self.world.next_id(Ticket)
        urgency = URGENT_KINDS.get(kind, NORMAL)
        ticket = self.world.add(
            Ticket(number, kind, subject.partner_id, subject.sale_id, subject.sale_line,
                   subject.about, urgency, at, by_no)
        )  # fmt: skip
        for side_no, dept in enumerate(SIDES[kind], start=1):
            self.world.add(TicketSide(number, side_no, dept, self.owner(dept)))
            self.log(ticket, side_no, "OPN", at, by_no)
        return ticket

    def owner(self, dept: str) -> str:
        """Name who answers for a side: the chief, where nobody else is named."""
        return self.world.get(Department, dept).chief_no

    def side(self, ticket: Ticket, side_no: int) -> TicketSide:
        """Find a side of a ticket."""
        return self.world.get(TicketSide, ticket.id, side_no)

    def log(
        self,
        ticket: Ticket,
        side_no: int | None,
        what: str,
        at: datetime,
        by_no: str | None = None,
        words: str | None = None,
    ) -> TicketLog:
        """Write one event of a ticket."""
        person = by_no or self.side(ticket, side_no or 1).owner_no
        number = self.world.next_id(TicketLog)
        return self.world.add(TicketLog(number, ticket.id, side_no, what, at, person, words))

    def open_ordinary(self, kind: str, subject: Subject, by_no: str) -> Ticket:
        """Open a ticket that is worked on in the usual way."""
        at = self.world.clock(MAIN, 16, len(self.world.rows[Ticket.TABLE]) % 60)
        ticket = self.open(kind, subject, at, by_no)
        dice = self.world.dice_of(f"ticket {ticket.id}")
        for side_no in (1, 2):
            seen = self.world.workdays.shift(self.world.today, dice.choice((1, 1, 1, 2)))
            done = self.world.workdays.shift(seen, dice.choice((0, 0, 1, 2, 4)))
            self._steps.append(Step(seen, 10, ticket, side_no, "ACK"))
            if done > seen and dice.random() < 0.3:
                self._steps.append(Step(seen, 11, ticket, side_no, "PAU", "customer is asked"))
                self._steps.append(Step(done, 9, ticket, side_no, "RES", "customer answered"))
            self._steps.append(Step(done, 15, ticket, side_no, "FIN"))
        return ticket

    def work(self) -> None:
        """Do what is due today, then open what today brought."""
        due = [step for step in self._steps if step.day <= self.world.today]
        self._steps = [step for step in self._steps if step.day > self.world.today]
        for step in sorted(due, key=lambda s: (s.hour, s.ticket.id, s.side_no)):
            at = self.world.clock(MAIN, step.hour, step.ticket.id % 60)
            self.log(step.ticket, step.side_no, step.what, at, words=step.words)
        self._unmatched_payments()
        self._wishes()

    def _unmatched_payments(self) -> None:
        papers = self.world.fresh(Paper, self._papers)
        self._papers += len(papers)
        for paper in papers:
            if paper.type == "PAY" and paper.bank_text == "for goods":
                subject = Subject(paper.partner_id, about=f"payment {paper.no}")
                self.open_ordinary("PAY", subject, self.owner("accounting"))

    def _wishes(self) -> None:
        dice = self.world.dice_of("wishes")
        waiting = [d for d in self.sales.open.values() if not d.scripted]
        kinds = [k for k in ("EXP", "JMP", "RSV", "REP", "DOC") if dice.random() < 0.2]
        for kind in kinds if waiting else ():
            demand = dice.choice(waiting)
            self.open_ordinary(kind, subject_of(demand), demand.sale.seller_no or "E002")
        late = [line for line in self.world.every(PurchaseLine) if line.stage == "C"]
        if late and dice.random() < 0.25:
            line = dice.choice(late)
            about = f"purchase {line.purchase_id}/{line.line_no}"
            self.open_ordinary("ABS", Subject(about=about), self.owner("purchasing"))


def subject_of(demand: Demand) -> Subject:
    """Say that a ticket is about a sale line."""
    sale: Sale = demand.sale
    return Subject(sale.partner_id, sale.id, demand.row.line_no)
