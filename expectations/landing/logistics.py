"""Logistics: no line without its shipment."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Table
from expectations.landing.orphans import lines_without_head


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed logistics table."""
    if table.name == "lg_shipment_line" and "lg_shipment" in names:
        return [lines_without_head(feed, names, "lg_shipment_line", "lg_shipment", "shipment_id")]
    return []
