"""Papers of a span of orders, and which of them its parts and links belong to."""

from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import Ints
from daymart.demo.trade.journal import FXD, Journal, Links, Papers, Parts


@dataclass(frozen=True)
class Ledger:
    """What accounting wrote, by position: of each part its paper, of each link both ends."""

    papers: Papers
    parts: Parts
    links: Links
    paper: Ints
    payer: Ints
    payer_part: Ints
    part: Ints

    @classmethod
    def of(cls, journal: Journal) -> "Ledger":
        """Look up what belongs together."""
        papers, parts, links = journal.papers(), journal.parts(), journal.links()
        keys = parts.paper * 4 + parts.number
        return cls(
            papers,
            parts,
            links,
            paper=_found(papers.id, parts.paper),
            payer=_found(papers.id, links.payer),
            payer_part=_found(keys, links.payer * 4 + 1),
            part=_found(keys, links.paid * 4 + links.part),
        )

    def open(self, evening: int) -> Ints:
        """Tell what the links of an evening leave of each part; credits are below 0."""
        return self._left(self.parts.amount, self.links.amount, evening)

    def open_eur(self, evening: int) -> Ints:
        """Tell the same in EUR; what a payment gained or lost between two rates is its own."""
        left = self._left(self.parts.eur, self.links.eur, evening)
        papers = self.papers
        gained = np.flatnonzero((papers.type == FXD) & (papers.entered <= evening))
        keys = self.parts.paper * 4 + self.parts.number
        payer = _found(keys, papers.refers[gained] * 4 + 1)
        np.add.at(left, payer, (papers.sign * papers.eur)[gained])
        return left

    def _left(self, amounts: Ints, links: Ints, evening: int) -> Ints:
        left: Ints = self.papers.sign[self.paper] * amounts
        done = self.links.day <= evening
        np.subtract.at(left, self.part[done], links[done])
        np.add.at(left, self.payer_part[done], links[done])
        return left


def _found(keys: Ints, wanted: Ints) -> Ints:
    order = np.argsort(keys)
    found: Ints = order[np.searchsorted(keys, wanted, sorter=order)]
    return found
