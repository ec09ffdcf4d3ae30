"""What makes some answers of every table wrong, for the comparison to find."""

ALTERED = {
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
