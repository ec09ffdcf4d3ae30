"""Faults in stock."""

from tests.integration.broken.fault import MONDAY, Fault

FAULTS = (
    Fault(
        "R6",
        # A movement of the day was never delivered, so stock changed without one.
        "delete from raw.wh_movement where ctid = (select min(ctid) from raw.wh_movement"
        " where _load_id = (select max(load_id) from ops.load) and kind = 'sale_issue'"
        " and uom = 'pcs')"
        " returning warehouse_id, product_id, lot_id, quality_status, qty as difference",
        "warehouse.manager",
        "Stock named here changed without a movement, or moved without changing",
        evening=MONDAY,
    ),
    Fault(
        "R6.closing",
        # A join doubled the stock of one product.
        "update candidate.stock_availability set on_hand_qty = on_hand_qty * 2"
        " where warehouse_id = 'BER' and product_id = '1004'"
        " returning warehouse_id, product_id, old.on_hand_qty as difference",
        "warehouse.manager",
        "On hand named here is not the closing stock",
    ),
    Fault(
        "R7",
        # A reservation was released, and the mart still counts it.
        "update raw.wh_reservation set released_at = '2026-11-20 10:00+00'"
        " where ctid = (select min(ctid) from raw.wh_reservation where hard and uom = 'pcs'"
        " and released_at is null and valid_until > '2026-11-21')"
        " returning warehouse_id, product_id, qty as difference",
        "warehouse.manager",
        "Reserved named here differs from the live reservations",
    ),
    Fault(
        "R7.order_line",
        # The customer cancelled the line, and its goods are still held.
        "update raw.so_order_line as l set cancelled_qty = l.qty"
        " from (select min(r.order_id) as order_id from raw.wh_reservation as r"
        " where hard and released_at is null and valid_until > '2026-11-21') as held"
        " where l.order_id = held.order_id and exists (select from raw.wh_reservation as r"
        " where r.order_id = l.order_id and r.order_line_no = l.line_no and hard"
        " and released_at is null)"
        " returning l.order_id, l.line_no as order_line_no",
        "warehouse.manager",
        "Order lines named here hold more than was ordered",
        severity="warn",
    ),
    Fault(
        "R8",
        # Free stock was promised without looking at reservations.
        "update candidate.stock_availability set free_qty = usable_qty"
        " where reserved_qty > 0 and warehouse_id = 'BER' and product_id = '1006'"
        " returning warehouse_id, product_id, reserved_qty as difference",
        "warehouse.manager",
        "Free quantity is computed wrongly",
    ),
    Fault(
        "R8.negative",
        "update candidate.stock_availability set on_hand_qty = -1"
        " where warehouse_id = 'BER' and product_id = '1004'"
        " returning warehouse_id, product_id, product_code, on_hand_qty",
        "warehouse.manager",
        "Stock below zero cannot exist",
        severity="warn",
        also=("R6.closing",),
    ),
    Fault(
        "R8.whole_units",
        "update candidate.stock_availability set on_hand_qty = on_hand_qty - 0.5"
        " where warehouse_id = 'BER' and product_id = '1004'"
        " returning warehouse_id, product_id, on_hand_qty",
        "warehouse.manager",
        "Pieces came out as fractions",
        severity="warn",
        also=("R6.closing",),
    ),
)
