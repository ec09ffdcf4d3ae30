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
    Fault(
        "R16",
        # A shipment past its window got no word.
        "update candidate.shipments_daily set punctuality = null"
        " where ctid = (select min(ctid) from candidate.shipments_daily"
        " where punctuality = 'unconfirmed' and issued_on > '2026-10-20')"
        " returning shipment_id, line_no, planned_delivery_on, -1 as difference",
        "logistics.manager",
        "past their day and not judged",
        severity="warn",
    ),
    Fault(
        "R15",
        # The customer gave up what had left already.
        "update candidate.delivery_otif set most_qty = shipped_qty - 1"
        " where ctid = (select min(m.ctid) from candidate.delivery_otif as m"
        " join candidate.shipments_daily as s using (order_id, order_line_no)"
        " where m.shipped_qty > 1 and s.issued_on > '2026-11-01')"
        " returning order_id, order_line_no",
        "logistics.manager",
        "More left than was ordered",
        severity="warn",
    ),
    Fault(
        "R16.due_lines",
        # A late line fell out of the denominator, which makes the share better.
        "update candidate.delivery_otif set otif_requested = null, requested_outcome = 'cancelled'"
        " where ctid = (select min(ctid) from candidate.delivery_otif"
        " where requested_outcome = 'late' and requested_due_on < '2026-11-20')"
        " returning order_id, order_line_no, requested_due_on as due_on, -1 as difference",
        "logistics.manager",
        "missing, judged twice",
        severity="warn",
    ),
    Fault(
        "R16.rates",
        # Unconfirmed lines were left out of the denominator.
        "update candidate.delivery_rates set line_count = line_count - 1"
        " where ctid = (select min(ctid) from candidate.delivery_rates where line_count > 1)"
        " returning basis, month_on, customer_id, -1 as difference",
        "logistics.manager",
        "shares of another number of lines",
        severity="warn",
    ),
    Fault(
        "R21",
        # Refunded goods fell out of the parts of what came back.
        "update candidate.returns_quality set refunded_qty = 0"
        " where ctid = (select min(ctid) from candidate.returns_quality where refunded_qty > 0)"
        " returning rma_id, line_no, -old.refunded_qty as difference",
        "sales.head",
        "lost or counted twice between their outcomes",
        severity="warn",
    ),
    Fault(
        "R21.quarantine",
        # The goods of a return were put among the usable ones before anybody looked.
        "update raw.wh_stock as s set quality_status = 'usable', lot_id = 'unseen'"
        " from (select warehouse_id, product_id from candidate.returns_quality"
        " where quarantine_qty > 0 order by rma_id limit 1) as one"
        " where s.quality_status in ('quarantine', 'return_hold')"
        " and (s.warehouse_id, s.product_id) = (one.warehouse_id, one.product_id)"
        " and s.as_of = (select max(as_of) from raw.wh_stock)"
        " returning s.warehouse_id, s.product_id",
        "sales.head",
        "not in quarantine",
        severity="warn",
    ),
    Fault(
        "R15.returns",
        # A return of ten was typed as a hundred.
        "update candidate.returns_quality set returned_qty = returned_qty + 100"
        " where ctid = (select min(ctid) from candidate.returns_quality"
        " where return_state <> 'cancelled')"
        " returning shipment_id, shipment_line_no",
        "sales.head",
        "More comes back than was handed over",
        severity="warn",
    ),
)
