"""Picking: who took what from the shelf, and what was wrong with it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from daymart.demo.core.cases import Cases, Subject
from daymart.demo.core.desks import Pick, PickFault
from daymart.demo.core.goods import Dispatch, DispatchEvent, DispatchLine, SaleLine
from daymart.demo.core.people import STOREKEEPER
from daymart.demo.core.world import World

PICKERS = ("E012", "E015")
FAULTS = ("OVR", "ITM", "LOT", "DMG", "PAP", "HID")


@dataclass
class Picking:
    """Write a pick for every dispatch line, and the faults people find."""

    world: World
    cases: Cases
    _lines: int = 0
    _events: int = 0
    _picks: dict[tuple[int, int], Pick] = field(default_factory=dict)

    def work(self) -> None:
        """Pick today's lines; note what customers found short."""
        lines = self.world.fresh(DispatchLine, self._lines)
        self._lines += len(lines)
        dice = self.world.dice_of("picking")
        for line in lines:
            if line.qty > 0 and (line.dispatch_id, line.line_no) not in self._picks:
                pick = self._pick(line)
                if dice.random() < 0.02:
                    self._found_here(pick, dice.choice(FAULTS))
        events = self.world.fresh(DispatchEvent, self._events)
        self._events += len(events)
        for event in events:
            if event.type == "DIF" and event.difference:
                self._found_by_customer(event, event.difference)

    def pick_ahead(self, dispatch_id: int, ordered: SaleLine, at: datetime) -> Pick:
        """Pick a sale line now for the first line of a dispatch that leaves later."""
        pick = Pick(
            id=self.world.next_id(Pick),
            dispatch_id=dispatch_id,
            line_no=1,
            qty=ordered.qty,
            picker_no=PICKERS[0],
            checker_no=None,
            picked_at=at,
            sale_id=ordered.sale_id,
            sale_line=ordered.line_no,
        )
        self._picks[dispatch_id, 1] = pick
        return self.world.add(pick)

    def _pick(self, line: DispatchLine) -> Pick:
        number = self.world.next_id(Pick)
        head = self.world.get(Dispatch, line.dispatch_id)
        assert head.sale_id is not None and line.sale_line is not None
        pick = Pick(
            id=number,
            dispatch_id=line.dispatch_id,
            line_no=line.line_no,
            qty=line.qty,
            picker_no=PICKERS[number % 2],
            checker_no=STOREKEEPER if number % 3 else None,
            picked_at=head.issued_at - timedelta(minutes=45 + number % 30),
            sale_id=head.sale_id,
            sale_line=line.sale_line,
        )
        self._picks[line.dispatch_id, line.line_no] = pick
        return self.world.add(pick)

    def _found_here(self, pick: Pick, kind: str) -> None:
        at = pick.picked_at + timedelta(minutes=20)
        seen_by = "C" if pick.checker_no else "L"
        number = self.world.next_id(PickFault)
        self.world.add(PickFault(number, pick.id, kind, Decimal(1), seen_by, at))

    def _found_by_customer(self, event: DispatchEvent, difference: Decimal) -> None:
        pick = self._picks[event.dispatch_id, event.line_no or 1]
        head = self.world.get(Dispatch, event.dispatch_id)
        about = f"dispatch {event.dispatch_id}/{pick.line_no}"
        subject = Subject(head.partner_id, head.sale_id, None, about)
        ticket = self.cases.open_ordinary("PCK", subject, STOREKEEPER)
        number = self.world.next_id(PickFault)
        kind = "SHT" if difference < 0 else "OVR"
        fault = PickFault(number, pick.id, kind, abs(difference), "K", event.happened_at)
        fault.ticket_id = ticket.id
        self.world.add(fault)
