"""Matters of two departments in the bulk trade, with all that is done about them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from daymart.demo.core.cases import HIGH, NORMAL, SIDES, URGENT
from daymart.demo.trade.claims import Claims
from daymart.demo.trade.clock import NEVER, Clock, Flags, Ints
from daymart.demo.trade.dice import another, scaled
from daymart.demo.trade.journal import Journal
from daymart.demo.trade.master_tables import seller_names
from daymart.demo.trade.masters import Masters
from daymart.demo.trade.money import BILL, PAYMENTS, Fate
from daymart.demo.trade.orders import Lines, Orders, seller_of
from daymart.demo.trade.scale import FIRST_PARTNER, Scale
from daymart.demo.trade.supply import Supplies
from daymart.demo.trade.tables import (
    Column,
    Table,
    instants,
    joined,
    labelled,
    numbers,
    same,
    stacked,
    words,
)

RETURNED, PICKED_WRONG, UNMATCHED, CONTESTED, WISHED, TAKEN_BACK = range(6)
"""Numbers of an order's matters."""
LONGEST_MATTER = 10
"""Working days at most from a matter to its last event."""
LOG_SLOTS, BRIEF_SLOTS = 16, 8
WISHES = ("EXP", "JMP", "REP", "RSV")
KINDS = ("RET", "PCK", "PAY", "DOC", *WISHES, "TAK", "ABS", "CNT")
CHIEFS = {
    "sales": "E002", "accounting": "E008", "purchasing": "E009", "logistics": "E010",
    "warehouse": "E011",
}  # fmt: skip
DEPARTMENTS = tuple(CHIEFS)
FIRST_SIDE, SECOND_SIDE = (
    np.array([DEPARTMENTS.index(SIDES[kind][side]) for kind in KINDS]) for side in (0, 1)
)
URGENCY = np.array([{"TAK": URGENT, "EXP": HIGH, "JMP": HIGH}.get(k, NORMAL) for k in KINDS])
RISKY_HABIT = 6
WISHING, RAISED, LEFT_OPEN, REOPENED = 0.012, 0.05, 0.03, 0.04
"""Part of the orders somebody wishes something of; parts of the matters that run their own way."""


@dataclass(frozen=True)
class Matters:
    """One entry a matter; `customer`, `sale` and `line` are -1 where it is about none."""

    id: Ints
    log: Ints
    """Number of the first row of its log."""
    kind: Ints
    day: Ints
    minute: Ints
    customer: Ints
    seller: Ints
    """Who answers for the side of sales; -1 for its chief."""
    sale: Ints
    line: Ints
    about: Column
    draw: np.ndarray
    is_brief: Flags
    """Has room for opening, taking note and ending only."""

    def seen(self, side: int) -> Ints:
        """Tell when a side takes note."""
        return self.day + 1 + (another(self.draw, side) > 0.75)

    def wait(self, side: int) -> Ints:
        """Count the days from taking note to the end."""
        return np.array([0, 0, 1, 2, 4])[scaled(another(self.draw, side + 2), 0, 4)]

    def done(self, side: int) -> Ints:
        """Tell when a side is done for the first time; a few second sides never are."""
        open_still = (side == 2) & (another(self.draw, 9) < LEFT_OPEN)
        return np.where(open_still, NEVER, self.seen(side) + self.wait(side))

    def reopened(self, side: int) -> Ints:
        """Tell when a side begins again, for a day."""
        again = (side == 1) & (another(self.draw, 11) < REOPENED) & ~self.is_brief
        done = self.done(side)
        return np.where(again & (done < NEVER), done + 1, NEVER)

    def raised(self) -> Ints:
        """Tell when a few become urgent that were not: the day after they were opened."""
        up = (another(self.draw, 12) < RAISED) & ~self.is_brief & (URGENCY[self.kind] < URGENT)
        return np.where(up, self.day + 1, NEVER)


def matters_of_orders(
    scale: Scale, masters: Masters, lines: Lines, journal: Journal, claims: Claims
) -> Matters:
    """Gather what orders give rise to: returns, wrong picks, money and papers, wishes, dangers."""
    orders = journal.orders
    ids, u = orders.id, orders.draws[:, 24]
    claimed = np.full_like(ids, NEVER)
    claimed[claims.order] = claims.opened
    sent = lines.first[lines.starts] if len(ids) else ids
    short = np.where(orders.difference & (sent > 0), orders.arrived, NEVER)
    unmatched = np.where(Fate(orders, 0).unmatched > 0, journal.entered(PAYMENTS), NEVER)
    contested = orders.draws[:, 19] < 0.004
    billed = np.where(contested, journal.entered(BILL), NEVER)
    contested_on = np.where(billed < NEVER, billed + 2, NEVER)
    wishes = (orders.draws[:, 25] < WISHING) & (orders.born + 1 < orders.ship)
    risky = masters.customer_habit[orders.customer] == RISKY_HABIT
    risky &= (orders.draws[:, 25] > 0.97) & (sent > 0)
    wish = 4 + scaled(another(u, 7), 0, len(WISHES) - 1)
    dispatch = joined("dispatch ", ids, "/1")
    groups = (
        (RETURNED, 0 * ids, claimed, labelled("claim ", ids), False),
        (PICKED_WRONG, 0 * ids + 1, short, dispatch, False),
        (UNMATCHED, 0 * ids + 2, unmatched, labelled("payment BNK-", ids + PAYMENTS), False),
        (CONTESTED, 0 * ids + 3, contested_on, labelled("invoice INV-", ids + BILL), False),
        (WISHED, wish, np.where(wishes, orders.born + 1, NEVER), same(None, len(ids)), True),
        (TAKEN_BACK, 0 * ids + 8, np.where(risky, orders.ship + 1, NEVER), dispatch, False),
    )
    return _joined([_of_orders(scale, orders, *group) for group in groups])


def _of_orders(
    scale: Scale, orders: Orders, slot: int, kind: Ints, day: Ints, about: Column, of_line: bool
) -> Matters:
    at = np.flatnonzero(day < NEVER)
    ids = orders.id[at]
    customer = orders.customer[at]
    return Matters(
        id=ids + slot,
        log=ids + slot * LOG_SLOTS,
        kind=kind[at],
        day=day[at],
        minute=960 + ids // 96 % 60,
        customer=customer,
        seller=seller_of(scale, customer, day[at]),
        sale=ids,
        line=np.full_like(ids, 1 if of_line else -1),
        about=about.take(pa.array(at)),
        draw=another(orders.draws[at, 24], 13 + slot),
        is_brief=np.zeros(len(at), dtype=bool),
    )


def matters_of_supplies(s: Supplies) -> Matters:
    """Ask where goods are that slipped at the last moment, of every fourth such line."""
    at = np.flatnonzero((s.slipped < NEVER) & (s.id // 8 % 4 == 0))
    about = joined(labelled("purchase ", s.purchase[at]), "/", s.number[at])
    return brief("ABS", s.id[at], s.slipped[at], about)


def brief(kind: str, ids: Ints, day: Ints, about: Column) -> Matters:
    """Give matters of no customer; their logs take eight numbers from their own on."""
    none = np.full_like(ids, -1)
    return Matters(
        id=ids,
        log=ids,
        kind=np.full_like(ids, KINDS.index(kind)),
        day=day,
        minute=960 + ids // BRIEF_SLOTS % 60,
        customer=none,
        seller=none,
        sale=none,
        line=none,
        about=about,
        draw=another(np.zeros(len(ids)), ids // BRIEF_SLOTS),
        is_brief=np.ones(len(ids), dtype=bool),
    )


def _joined(groups: list[Matters]) -> Matters:
    columns = []
    for name in Matters.__dataclass_fields__:
        parts = [getattr(group, name) for group in groups]
        is_array = isinstance(parts[0], np.ndarray)
        columns.append(np.concatenate(parts) if is_array else pa.concat_arrays(parts))
    return Matters(*columns)


def owners(scale: Scale, m: Matters, depts: Ints) -> Column:
    """Name who answers for a side: the customer's seller, else the chief of the department."""
    names = [*seller_names(scale), *CHIEFS.values()]
    by_seller = (m.seller >= 0) & (depts[m.kind] == DEPARTMENTS.index("sales"))
    return words(names, np.where(by_seller, m.seller, scale.sellers + depts[m.kind]))


@dataclass(frozen=True)
class MatterTables:
    """Turn matters into tickets, their two sides, and what happened to them."""

    clock: Clock
    scale: Scale

    def of_matters(self, m: Matters) -> Iterator[Table]:
        """Give every table matters are written to."""
        none = np.full(len(m.id), True)
        yield Table(
            "ticket",
            {
                "id": m.id,
                "kind": words(KINDS, m.kind),
                "partner_id": numbers(m.customer + FIRST_PARTNER, m.customer >= 0),
                "sale_id": numbers(m.sale, m.sale >= 0),
                "sale_line": numbers(m.line, m.line >= 0),
                "about": m.about,
                "urgency": URGENCY[m.kind],
                "opened_at": self._at(m.day, m.minute),
                "opened_by": owners(self.scale, m, FIRST_SIDE),
            },
            m.day,
        )
        sides = [(1, FIRST_SIDE), (2, SECOND_SIDE)]
        yield from stacked(
            [
                Table(
                    "ticket_side",
                    {
                        "ticket_id": m.id,
                        "side_no": numbers(np.full_like(m.id, number), none),
                        "dept": words(DEPARTMENTS, depts[m.kind]),
                        "owner_no": owners(self.scale, m, depts),
                    },
                    m.day,
                )
                for number, depts in sides
            ]
        )
        logs = [table for number, depts in sides for table in self._logs(m, number, depts)]
        yield from stacked([*logs, self._raised(m)])

    def _at(self, day: Ints, minute: Ints) -> Column:
        return instants(self.clock.instants(day, np.zeros_like(day), minute))

    def _logs(self, m: Matters, side: int, depts: Ints) -> Iterator[Table]:
        """Open, take note, wait for the customer now and then, end, begin again now and then."""
        seen, done, reopened = m.seen(side), m.done(side), m.reopened(side)
        pauses = (m.wait(side) > 0) & (another(m.draw, side + 4) < 0.3) & ~m.is_brief
        paused, resumed = np.where(pauses, seen, NEVER), np.where(pauses, done, NEVER)
        small = m.id // BRIEF_SLOTS % 60
        for slot, what, day, minute, said in (
            (side - 1, "OPN", m.day, m.minute, None),
            (side + 1, "ACK", seen, 600 + small, None),
            (side + 3, "FIN", done, 900 + small, None),
            (side + 5, "PAU", paused, 660 + small, "customer is asked"),
            (side + 7, "RES", resumed, 540 + small, "customer answered"),
            (10, "REO", reopened, 600 + small, "not settled, says the customer"),
            (11, "FIN", np.where(reopened < NEVER, reopened + 1, NEVER), 900 + small, None),
        ):
            yield self._log(m, slot, side, what, day, minute, owners(self.scale, m, depts), said)

    def _raised(self, m: Matters) -> Table:
        day = m.raised()
        chief = same(CHIEFS["sales"], len(day))
        return self._log(m, 12, 0, "URG", day, np.full_like(day, 590), chief, str(URGENT))

    def _log(
        self,
        m: Matters,
        slot: int,
        side: int,
        what: str,
        day: Ints,
        minute: Ints,
        by: Column,
        said: str | None,
    ) -> Table:
        count = len(m.id)
        columns = {
            "id": m.log + slot,
            "ticket_id": m.id,
            "side_no": numbers(np.full_like(m.id, side), np.full(count, side > 0)),
            "what": same(what, count),
            "at": self._at(day, minute),
            "by_no": by,
            "words": same(said, count),
        }
        return Table("ticket_log", columns, day)
