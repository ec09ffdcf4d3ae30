"""What a fault is, and what its check must say of it."""

from dataclasses import dataclass
from datetime import date

from tests.conftest import DEMO_EVENING

MONDAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Fault:
    """A fault as it would happen and what the check must say of it.

    `statement` corrupts rows and returns, for each key that the check must name, the key's
    columns; `difference` beside them where the check has two sides. `also` are other checks of
    the same mart that see this fault too.
    """

    check_id: str
    statement: str
    owner: str
    remedy: str
    severity: str = "fail"
    also: tuple[str, ...] = ()
    evening: date = DEMO_EVENING
