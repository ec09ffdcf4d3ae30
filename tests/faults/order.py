"""What a child of the fork server is told to do."""

import json
from dataclasses import asdict, dataclass

REHEARSAL = -1
"""`kill_at` of an order the server does itself, so that every child finds it all warmed up."""


@dataclass(frozen=True)
class Order:
    """What a child is to do. `kill_at` is the point where it kills itself; 0: nowhere."""

    warehouse: str
    source: str = ""
    feeds: tuple[str, ...] = ()
    evening: str = ""
    publication: int = 0
    kill_at: int = 0


def as_line(order: Order) -> str:
    """Return an order as the server reads it."""
    return json.dumps(asdict(order)) + "\n"
