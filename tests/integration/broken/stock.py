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
        "Order lines named here hold more than they have open",
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
    Fault(
        "R7.list",
        # The list of reservations lost one that stock still counts.
        "delete from candidate.reservations where reservation_id = (select min(reservation_id)"
        " from candidate.reservations where is_hard and reservation_state = 'live'"
        " and deprived_line_count = 0)"
        " returning warehouse_id, product_id, -reserved_qty as difference",
        "warehouse.manager",
        "Live reservations named here are not what stock shows as reserved",
    ),
    Fault(
        "R8.promise_safe",
        # The loss of a count was forgotten.
        "update candidate.stock_availability set promise_safe_qty = greatest(free_qty, 0)"
        " where open_loss_qty > 0 and free_qty > 0 returning warehouse_id, product_id,"
        " free_qty - greatest(free_qty - open_loss_qty, 0) as difference",
        "warehouse.manager",
        "Safe promises named here differ from free stock less open losses",
    ),
    Fault(
        "R9",
        # The counted number was taken for the variance.
        "update candidate.stock_discrepancy set variance_qty = counted_qty"
        " where count_id = 'CNT-half' returning count_id, warehouse_id, product_id, lot_id,"
        " book_qty as difference",
        "warehouse.manager",
        "Variances named here are not counted less book",
    ),
    Fault(
        "R9.posting",
        # The counted number was posted instead of the difference.
        "update raw.wh_movement as m set qty = c.counted_qty from raw.wh_count as c"
        " where c.posted_movement_id = m.movement_id and c.uom = m.uom"
        " and c.count_id = (select min(count_id) from raw.wh_count where state = 'posted')"
        " returning c.count_id, c.warehouse_id, c.product_id, c.lot_id,"
        " c.counted_qty - c.book_qty_at_count - c.counted_qty as difference",
        "warehouse.manager",
        "have no adjusting movement of their size, or several",
        severity="warn",
    ),
    Fault(
        "R9.twice",
        # Both counts of one difference were applied.
        "update candidate.stock_discrepancy set count_state = 'posted'"
        " where count_id = 'CNT-second' returning count_id, warehouse_id, product_id, lot_id",
        "warehouse.manager",
        "were posted although another had posted their difference",
        severity="warn",
    ),
    Fault(
        "R9.orders",
        # An endangered order fell out of the list.
        "delete from candidate.stock_discrepancy_orders where count_id = 'CNT-lost'"
        " and customer_rank = 2 returning count_id, warehouse_id, product_id, lot_id,"
        " endangered_qty as difference",
        "warehouse.manager",
        "Endangered orders do not add up to the counts named here",
        severity="warn",
    ),
    Fault(
        "R9.class_accuracy",
        # A product was moved to another class, and kept the accuracy of its old one.
        "update candidate.stock_availability as s set ira_class_90d = 12.34"
        " where warehouse_id = 'KYV' and product_id = '2008'"
        " returning warehouse_id, product_id, ira_class_90d - old.ira_class_90d as difference",
        "warehouse.manager",
        "Products named here show the accuracy of another class",
        severity="warn",
    ),
    Fault(
        "R9.records",
        # Counts of a class were left out.
        "update candidate.inventory_accuracy set counted_record_count = 0"
        " where warehouse_id = 'BER' and abc_class = 'C'"
        " returning warehouse_id, -old.counted_record_count as difference",
        "warehouse.manager",
        "Accuracy leaves count lines of the warehouses named here out",
        severity="warn",
    ),
    Fault(
        "R19",
        # The deprived line was shipped meanwhile, and is still called deprived.
        "update raw.so_order_line as l set cancelled_qty = l.qty"
        " from candidate.reservation_deprivals as d where d.product_id = '2009'"
        " and l.order_id = d.order_id and l.line_no = d.order_line_no"
        " returning d.order_id, d.order_line_no, d.open_qty as difference",
        "warehouse.manager",
        "Deprived lines named here do not exist or are not open by that quantity",
        severity="warn",
    ),
    Fault(
        "R19.released",
        # The reservation was let go, and is still blamed.
        "update raw.wh_reservation as r set released_at = '2026-11-20 10:00+00'"
        " from candidate.reservations as m where m.product_id = '2009'"
        " and m.deprived_line_count > 0 and m.reservation_id = r.reservation_id"
        " returning m.reservation_id, m.deprived_line_count",
        "warehouse.manager",
        "Reservations named here hold nothing, and yet are said to deprive orders",
        severity="warn",
    ),
    Fault(
        "R19.orders",
        # A deprived order fell out of the list.
        "delete from candidate.reservation_deprivals where product_id = '2009'"
        " returning reservation_id, deprived_qty as difference",
        "warehouse.manager",
        "Deprived orders do not add up to the reservations named here",
        severity="warn",
    ),
)
