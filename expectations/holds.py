"""Reservations that hold goods, straight from raw, for reconciliations."""

from datetime import date

from expectations.sites import local_day
from expectations.units import in_base_units


def holds_goods(as_of: date) -> str:
    """Return the condition under which reservation `r` holds goods on an evening of its site.

    It binds them to an order line (hard), nobody released it, and its last day is to come.
    """
    return (
        f"r.hard and (r.released_at is null or {local_day('r.released_at')} > '{as_of}')"
        f" and (r.valid_until is null or {local_day('r.valid_until')} > '{as_of}')"
    )


def units_of_holds(as_of: date) -> str:
    """Return the joins that convert reservations `r`: by the factor of the day they were made."""
    return in_base_units("r", f"coalesce({local_day('r.made_at')}, date '{as_of}')")
