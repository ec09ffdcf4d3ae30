"""Logistics: nothing happened after it was delivered."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Severity, Table

HAPPENED = {"lg_shipment": ("shipment_id", "issued_at"), "lg_delivery_event": ("event_id", "at")}


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed table of logistics."""
    if table.name not in HAPPENED:
        return []
    key, moment = HAPPENED[table.name]
    query = f"""
select {key}, {moment}
from {names[table.name]}
where {moment} > now() + interval '10 minutes'
"""  # noqa: S608  # landing names are built by the loader
    return [
        Check(
            check_id="logistics.happened_before_delivery",
            severity=Severity.WARN,
            owner=feed.owner,
            remedy="Rows named here lie in the future: correct the time or the clock.",
            arguments={"unexpected_rows_query": query},
        )
    ]
