"""Purchasing: no line without its order."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Table
from expectations.landing.orphans import lines_without_head


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed purchasing table."""
    if table.name == "pur_order_line" and "pur_order" in names:
        return [lines_without_head(feed, names, "pur_order_line", "pur_order", "po_id")]
    return []
