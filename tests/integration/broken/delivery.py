"""Faults in delivery."""

from tests.integration.broken.fault import Fault

FAULTS = (
    Fault(
        "R14",
        # Logistics knows of a piece the warehouse never issued.
        "update candidate.shipments_daily set shipped_qty = shipped_qty + 1"
        " where ctid = (select min(ctid) from candidate.shipments_daily"
        " where issued_on = '2026-11-19')"
        " returning issued_on as day, product_id, 1 as difference",
        "logistics.manager",
        "Logistics and warehouse disagree",
    ),
)
