"""Goods that come back: claims, what became of them, and the tickets they open."""

from dataclasses import dataclass, field
from datetime import datetime

from daymart.demo.core.cases import Cases, Subject
from daymart.demo.core.desks import Claim
from daymart.demo.core.goods import Dispatch, DispatchEvent, DispatchLine, StockEntry
from daymart.demo.core.people import MAIN
from daymart.demo.core.records import Paper
from daymart.demo.core.stock import RETURNED, Place, Stock
from daymart.demo.core.world import FIRST_APART, World


@dataclass
class Returns:
    """Follow refused goods until they are credited, and claims that come to nothing."""

    world: World
    stock: Stock
    cases: Cases
    _events: int = 0
    _entries: int = 0
    _papers: int = 0
    _awaited: dict[tuple[int, int], Claim] = field(default_factory=dict)
    _waiting: list[tuple[Place, Claim]] = field(default_factory=list)
    _idle: list[Claim] = field(default_factory=list)

    def work(self) -> None:
        """Inspect, take in, credit and open the claims of today."""
        self._look()
        self._take_in()
        self._credit()
        self._open()
        self._drop()

    def claim(
        self, line: DispatchLine, cause: str, at: datetime, state: str = "C", claim_id: int = 0
    ) -> Claim:
        """Open a claim of a whole dispatch line; lines of one claim share its number."""
        number = claim_id or self.world.next_id(Claim)
        line_no = 1 + sum(1 for row in self.world.rows[Claim.TABLE] if row[0] == number)
        return self.world.add(
            Claim(number, line_no, line.dispatch_id, line.line_no, line.qty, cause, state, at)
        )

    def _look(self) -> None:
        """Goods that left their place of return since yesterday were inspected at noon."""
        for place, claim in list(self._waiting):
            if self.stock.levels[place] == 0:
                self._waiting.remove((place, claim))
                claim.looked_at = self.world.clock(place.store, 12)
                claim.state = "L"
                if claim.note_id:
                    self._close(claim, "M", self.world.clock(place.store, 16))

    def _take_in(self) -> None:
        entries = self.world.fresh(StockEntry, self._entries)
        self._entries += len(entries)
        for entry in entries:
            key = (int(entry.doc or 0), entry.doc_line or 0) if entry.type == "RET" else None
            claim = self._awaited.pop(key, None) if key else None
            if claim:
                claim.state, claim.came_at = "A", entry.moved_at
                place = Place(entry.store, entry.item_id, entry.lot, RETURNED)
                self._waiting.append((place, claim))

    def _credit(self) -> None:
        papers = self.world.fresh(Paper, self._papers)
        self._papers += len(papers)
        notes = {p.sale_id: p.id for p in papers if p.type == "CRN" and p.sale_id}
        for _, claim in self._waiting:
            sale_id = self.world.get(Dispatch, claim.dispatch_id).sale_id
            claim.note_id = claim.note_id or notes.get(sale_id or 0)

    def _open(self) -> None:
        """Open the claims of the ordinary trade; named cases write theirs themselves."""
        dice = self.world.dice_of("returns")
        events = self.world.fresh(DispatchEvent, self._events)
        self._events += len(events)
        for event in [e for e in events if e.dispatch_id < FIRST_APART]:
            head = self.world.get(Dispatch, event.dispatch_id)
            lines = self.world.lines_of(head.id)
            if event.type == "REF":
                self._refused(event, lines)
            elif event.type == "DLV" and dice.random() < 0.02:
                claim = self.claim(dice.choice(lines), "not as ordered", event.happened_at, "N")
                self._idle.append(claim)
                self._ticket(head, claim)

    def _refused(self, event: DispatchEvent, lines: list[DispatchLine]) -> None:
        head = self.world.get(Dispatch, event.dispatch_id)
        number = self.world.next_id(Claim)
        for line in lines:
            claim = self.claim(line, event.cause or "refused", event.happened_at, "C", number)
            self._awaited[head.id, line.line_no] = claim
        self._ticket(head, self.world.get(Claim, number, 1))

    def _drop(self) -> None:
        week = self.world.workdays.shift(self.world.today, -5)
        for claim in [c for c in self._idle if c.opened_at.date() <= week]:
            self._idle.remove(claim)
            claim.state, claim.closed_at = "X", self.world.clock(MAIN, 16)

    def _ticket(self, head: Dispatch, claim: Claim) -> None:
        about = f"dispatch {claim.dispatch_id}/{claim.dispatch_line}"
        subject = Subject(head.partner_id, head.sale_id, None, about)
        self.cases.open_ordinary("RET", subject, self.cases.owner("sales"))

    def _close(self, claim: Claim, ending: str, at: datetime) -> None:
        claim.state, claim.ending, claim.closed_at = "Z", ending, at
