"""What is held against the marts: a table of answers and how both sides are asked."""

from dataclasses import dataclass
from typing import LiteralString


@dataclass(frozen=True)
class Question:
    """One table of answers, what identifies its rows, and both sides of the comparison.

    Both queries give the columns `keys`, then `figures`; `keys` are unique on each side. What a
    mart gathers from others, the answer gathers from other tables of answers: of other questions,
    and those it alone asks, `gathers`.
    """

    table: LiteralString
    keys: tuple[LiteralString, ...]
    figures: tuple[LiteralString, ...]
    mart: LiteralString
    answer: LiteralString
    gathers: tuple[LiteralString, ...] = ()

    @property
    def tables(self) -> tuple[LiteralString, ...]:
        """Name the tables of answers nobody else brings."""
        return (self.table, *self.gathers)
