"""What makes some answers of every table wrong, for the comparison to find."""

_LAST_STEP = """
update answers.{name} as step set {name}_qty = {name}_qty + 1000
where from_on < as_of + 70 and not exists (
    select from answers.{name} as later
    where (later.warehouse_id, later.product_id) = (step.warehouse_id, step.product_id)
        and later.from_on > step.from_on
)
"""

ALTERED = {
    "open_item": (
        "update answers.open_item set derived_amount = derived_amount - 0.01"
        " where derived_amount < 0"
    ),
    "applied_payment": (
        "update answers.applied_payment set applied_on = applied_on - 1 where days_late > 0"
    ),
    "payment": (
        "update answers.payment set unapplied_amount = unapplied_amount + 1"
        " where unapplied_amount <> 0"
    ),
    "customer_balance": (
        "update answers.customer_balance set closing_company_amount = balance_company_amount"
        " where exchange_difference_amount <> 0"
    ),
    "atp": _LAST_STEP.format(name="atp"),
    "atp_safe": _LAST_STEP.format(name="atp_safe"),
    "planned": "update answers.planned set demand_qty = demand_qty + 1 where supply_qty > 0",
    "supply_expected": "update answers.supply_expected set eta_safe_on = eta_safe_on - 1",
    "inbound": "update answers.inbound set date_change_count = 0 where date_change_count > 0",
    "count_discrepancy": (
        "update answers.count_discrepancy set variance_amount = -variance_amount"
        " where state = 'open' and variance_amount <> 0"
    ),
    "open_line": (
        "update answers.open_line set open_amount = open_amount + 0.01"
        " where last_promised_on > first_promised_on"
    ),
    "date_change": (
        "update answers.date_change set moved_days = moved_days + 1 where event_no > 1"
    ),
    "order_line": (
        "update answers.order_line set backorder_qty = 0, last_delivered_on = null"
        " where backorder_qty > 0"
    ),
    "sent_line": (
        "update answers.sent_line set delivered_on = planned_delivery_on"
        " where delivery_state = 'delivered_late'"
    ),
    "returned_line": (
        "update answers.returned_line set closed_on = null"
        " where received_qty = 0 and closed_on is not null"
    ),
    "return_rate": (
        "update answers.return_rate set returned_line_count = returned_line_count + 1"
        " where returned_line_count > 0"
    ),
    "delivery": (
        "update answers.delivery set unconfirmed_line_count = unconfirmed_line_count - 1"
        " where unconfirmed_line_count > 0 and basis = 'first_promised'"
    ),
    "collection": (
        "update answers.collection set dso_count_back_days = dso_count_back_days + 0.1"
        " where dso_count_back_days is not null and (customer_id, contract_id) in ("
        "select customer_id, contract_id from answers.customer_balance where balance_amount <> 0)"
    ),
    "credit": (
        "update answers.credit set stop_reasons = 'overdue_material'"
        " where stop_reasons = 'over_limit, overdue_material'"
    ),
    "payment_delay": (
        "update answers.payment_delay set usual_delay_days = usual_delay_days + 1"
        " where usual_delay_days > 5"
    ),
    "picked": (
        "update answers.picked set right_line_count = right_line_count - 1"
        " where right_line_count < picked_line_count and month_on >= as_of - 300"
    ),
    "pick_error": (
        "update answers.pick_error"
        " set found_where = case found_where when 'check' then 'loading' else 'check' end"
    ),
    "hold": (
        "update answers.hold set valid_until_on = valid_until_on + 1 where warehouse_id = 'T02'"
    ),
    "hold_ended": (
        "update answers.hold_ended set held_qty = held_qty + 1"
        " where reason = 'shipped' and ended_on = as_of"
    ),
    "outlook": (
        "update answers.outlook set last_variance_qty = 0, incoming_qty = incoming_qty + 1"
        " where last_variance_qty <> 0"
    ),
    "accuracy": (
        "update answers.accuracy set book_amount = book_amount + 0.01"
        " where accurate_count < counted_count"
    ),
    "supplier": (
        "update answers.supplier set p80_slip_days = p80_slip_days + 1"
        " where p80_slip_days = (select max(p80_slip_days) from answers.supplier)"
    ),
}
"""Table of answers -> the statement that alters some of its rows."""

ALTERED_ON_BOARD = (
    "update answers.waiting_line set po_line_no = po_line_no + 1",
    "insert into answers.order_case select as_of, 'nobody''s', order_id, null, as_of, 'urgent',"
    " 'sales', 'E002' from answers.open_line where (order_id, order_line_no) not in"
    " (select order_id, order_line_no from answers.waiting_line) order by order_id limit 1",
)
"""Statements that alter what is told of an open line by other tables of answers alone."""
