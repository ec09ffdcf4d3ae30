"""Faults in supply."""

from tests.integration.broken.fault import Fault

FAULTS = (
    Fault(
        "R12",
        # What was not shipped yet fell out of the mart.
        "update candidate.inbound_supply set not_shipped_qty = 0"
        " where ctid = (select min(ctid) from candidate.inbound_supply"
        " where not_shipped_qty > 0)"
        " returning po_id, line_no, -old.not_shipped_qty as difference",
        "purchasing.head",
        "Purchase lines named here do not add up",
    ),
    Fault(
        "R12.transit",
        # Goods on the way were moved to the wrong bucket; the line still adds up.
        "update candidate.inbound_supply set in_transit_qty = 0,"
        " not_shipped_qty = not_shipped_qty + in_transit_qty"
        " where ctid = (select min(ctid) from candidate.inbound_supply"
        " where in_transit_qty > 0)"
        " returning po_id, line_no, inbound_id, -old.in_transit_qty as difference",
        "purchasing.head",
        "In transit is computed wrongly",
    ),
    Fault(
        "R12.negative",
        # More came than was sent, and nothing capped it.
        "update candidate.inbound_supply set received_qty = received_qty + 5,"
        " in_transit_qty = in_transit_qty - 5"
        " where ctid = (select min(ctid) from candidate.inbound_supply"
        " where in_transit_qty = 0)"
        " returning po_id, line_no, inbound_id, in_transit_qty",
        "purchasing.head",
        "More was received than sent",
    ),
)
