"""Papers of a span of orders, and which of them its parts and links belong to."""

from dataclasses import dataclass

import numpy as np

from daymart.demo.trade.clock import Ints
from daymart.demo.trade.journal import Journal, Links, Papers, Parts


@dataclass(frozen=True)
class Ledger:
    """What accounting wrote, by position: of each part its paper, of each link payer and part."""

    papers: Papers
    parts: Parts
    links: Links
    paper: Ints
    payer: Ints
    part: Ints

    @classmethod
    def of(cls, journal: Journal) -> "Ledger":
        """Look up what belongs together."""
        papers, parts, links = journal.papers(), journal.parts(), journal.links()
        return cls(
            papers,
            parts,
            links,
            paper=_found(papers.id, parts.paper),
            payer=_found(papers.id, links.payer),
            part=_found(parts.paper * 4 + parts.number, links.paid * 4 + links.part),
        )

    def left(self, evening: int) -> Ints:
        """Tell what the links of an evening leave of each part."""
        left, done = self.parts.amount.copy(), self.links.day <= evening
        np.subtract.at(left, self.part[done], self.links.amount[done])
        return left


def _found(keys: Ints, wanted: Ints) -> Ints:
    order = np.argsort(keys)
    found: Ints = order[np.searchsorted(keys, wanted, sorter=order)]
    return found
