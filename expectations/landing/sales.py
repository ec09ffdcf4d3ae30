"""Sales: no line without its order."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Table
from expectations.landing.orphans import lines_without_head


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed sales table."""
    if table.name == "so_order_line" and "so_order" in names:
        return [lines_without_head(feed, names, "so_order_line", "so_order", "order_id")]
    return []
