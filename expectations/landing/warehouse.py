"""Warehouse: the sign of a movement follows its kind."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Severity, Table

INWARD = ("receipt", "return_in", "transfer_in")
OUTWARD = ("sale_issue", "other_issue", "transfer_out")


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed warehouse table."""
    return [signs_follow_kinds(feed, names)] if table.name == "wh_movement" else []


def signs_follow_kinds(feed: Feed, names: dict[str, str]) -> Check:
    """Goods that came in are positive and goods that went out negative, unless taken back."""
    query = f"""
select movement_id, kind, qty
from {names["wh_movement"]}
where reverses_movement_id is null and not is_deleted
    and ((kind in {INWARD} and qty < 0) or (kind in {OUTWARD} and qty > 0))
"""  # noqa: S608  # landing names are built by the loader
    return Check(
        check_id="warehouse.signs_follow_kinds",
        severity=Severity.WARN,
        owner=feed.owner,
        remedy="Movements named here have the sign of another kind: check how they were posted.",
        arguments={"unexpected_rows_query": query},
    )
