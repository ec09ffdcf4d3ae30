"""The right answers about the bulk trade, held against the ERP's own tables."""

from datetime import date
from typing import Any

import pytest

from daymart.demo import company
from tests.integration.answer_sql import board, delivery, money, plan, stock, supply
from tests.integration.test_demo_trade import FRIDAY, SEED, rows_of

ENOUGH = 0.1
"""Scale of a company small and yet such that every figure of its answers varies."""


QUERIES = [
    ("customer_balance", "legal_entity, customer_id, contract_id, currency_code,"
     " balance_amount, not_due_amount, overdue_1_30_amount, overdue_31_60_amount,"
     " overdue_61_90_amount, overdue_91_plus_amount, unapplied_amount", money.BALANCES),
    ("open_item", "document_id, instalment_no, customer_id, open_amount, open_company_amount,"
     " closing_company_amount, posted_on, instalment_amount, due_on, is_unapplied, is_disputed",
     money.OPEN_ITEM),
    ("applied_payment", "payment_id, allocation_id, applied_document_id, applied_instalment_no,"
     " applied_on, due_on, days_late, paid_amount, paid_company_amount", money.APPLIED_PAYMENT),
    ("stock", "warehouse_id, product_id, on_hand_qty, usable_qty, reserved_qty, free_qty",
     stock.STOCK),
    ("shipped", "shipped_on, warehouse_id, shipment_count, line_count, shipped_qty",
     delivery.SHIPPED),
    ("otif", "basis, month_on, customer_id, line_count, on_time_in_full_count", delivery.OTIF),
    ("plan_fact", "plan_version, period_on, brand, customer_id, route_id, employee_id,"
     " plan_amount, fact_amount", plan.PLAN_FACT),
    ("exposure", "customer_id, open_order_net_amount, open_order_amount,"
     " shipped_not_invoiced_net_amount, shipped_not_invoiced_amount, open_items_amount",
     money.EXPOSURE),
    ("receipt_lateness", "customer_id, currency_code, paid_month_on, applied_amount,"
     " late_amount, days_late_amount", money.LATENESS),
    ("returned", "month_on, warehouse_id, product_id, returned_qty", delivery.RETURNED),
    ("count_discrepancy", "count_id, warehouse_id, product_id, lot_id, counted_on, book_qty,"
     " counted_qty, state, variance_amount", stock.DISCREPANCY),
    ("inbound", "po_id, line_no, warehouse_id, product_id, received_qty, in_transit_qty,"
     " not_shipped_qty, expected_on, ordered_on, first_confirmed_on, slip_days,"
     " date_change_count, ordered_qty, cancelled_qty, shipped_qty", supply.INBOUND),
    ("delivery", "basis, month_on, customer_id, line_count, on_time_line_count,"
     " in_full_line_count, otif_line_count, unconfirmed_line_count, wanted_qty, filled_qty,"
     " filled_line_count, order_count, filled_order_count, judged_order_count,"
     " perfect_order_count", delivery.DELIVERY),
    ("supplier", "supplier_id, month_on, due_line_count, received_line_count,"
     " otif_line_count, ordered_qty, received_qty, on_time_qty, base_uom_count, receipt_count,"
     " p50_slip_days, p80_slip_days", supply.SUPPLIER),
    ("credit", "legal_entity, customer_id, currency_code, limit_amount, exposure_amount,"
     " headroom_amount, utilisation_share, over_limit_amount, stop_reasons", money.CREDIT),
    ("collection", "legal_entity, customer_id, contract_id, currency_code, dso_on, dso_days,"
     " dso_count_back_days, dso_best_days, delinquent_days, collection_effectiveness_pct",
     money.COLLECTION),
    ("picked", "month_on, warehouse_id, line_count, shipped_qty, picked_line_count,"
     " picked_qty, right_line_count, error_count", delivery.PICKED),
    ("pick_error", "shipment_id, line_no, shipped_on, warehouse_id, error_kinds,"
     " found_where, case_id", delivery.PICK_ERROR),
    ("hold", "reservation_id, warehouse_id, product_id, order_id, order_line_no,"
     " reserved_qty, made_on, valid_until_on", stock.HOLD),
    ("hold_ended", "ended_on, warehouse_id, reason, hold_count, held_qty", stock.HOLD_ENDED),
    ("outlook", "warehouse_id, product_id, outgoing_qty, incoming_qty, forecast_qty,"
     " last_counted_at, last_variance_qty, open_discrepancy_qty, is_count_in_doubt,"
     " promise_safe_qty", stock.OUTLOOK),
    ("accuracy", "warehouse_id, abc_class, counted_count, accurate_count, accuracy_pct,"
     " week_accuracy_pct, last_counted_at, valued_count, book_amount, absolute_variance_amount,"
     " value_accuracy_pct", stock.ACCURACY),
    ("payment_delay", "customer_id, usual_delay_days", money.DELAY),
    ("customer_balance", "legal_entity, customer_id, contract_id, currency_code,"
     " overdue_amount, overdue_net_amount, disputed_amount, overdue_undisputed_amount,"
     " oldest_due_on,"
     " balance_company_amount, closing_company_amount, exchange_difference_amount",
     money.BALANCE_VALUES),
    ("payment", "payment_id, paid_on, paid_amount, paid_company_amount, unapplied_amount",
     money.PAYMENT),
    ("planned", "warehouse_id, product_id, available_on, supply_qty, demand_qty,"
     " cumulative_qty, free_supply_qty", supply.PLANNED),
    ("supply_expected", "po_id, line_no, eta_safe_on", supply.SUPPLY_EXPECTED),
    ("open_line", "order_id, order_line_no, customer_id, warehouse_id, product_id, open_qty,"
     " open_amount, requested_on, first_promised_on, last_promised_on, is_prepaid",
     delivery.OPEN_LINE),
    ("order_line", "order_id, order_line_no, requested_on, first_promised_on, last_promised_on,"
     " requested_due_on, first_promised_due_on, last_promised_due_on, ordered_qty, cancelled_qty,"
     " shipped_qty, delivered_qty, refused_qty, open_qty, backorder_qty, first_shipped_qty,"
     " last_delivered_on, completed_on, is_on_time_requested, is_in_full_requested,"
     " is_on_time_first_promised, is_in_full_first_promised, is_on_time_last_promised,"
     " is_in_full_last_promised, pod_state, has_difference, our_qty", delivery.ORDER_LINE),
    ("sent_line", "shipment_id, line_no, issued_on, requested_on, first_promised_on,"
     " last_promised_on, shipped_qty, net_amount, planned_delivery_on, delivered_on, cancelled_on,"
     " delivery_state, pod_state", delivery.SENT_LINE),
    ("returned_line", "rma_id, line_no, opened_on, received_on, inspected_on, closed_on,"
     " delivered_on, return_state, returned_qty, received_qty, quarantine_qty, inspected_qty,"
     " refunded_qty, scrapped_qty, handed_over_qty", delivery.RETURNED_LINE),
    ("return_rate", "delivered_month_on, customer_id, delivered_line_count,"
     " returned_line_count, delivered_qty, returned_qty", delivery.RETURN_RATE),
    ("date_change", "po_id, line_no, event_no, supplier_id, told_on, old_expected_on,"
     " new_expected_on, moved_days, slip_days", supply.DATE_CHANGE),
    ("waiting_line", "order_id, order_line_no, lack_qty, po_id, po_line_no", board.WAITING_LINE),
    ("order_case", "case_id, order_id, order_line_no, opened_on, priority, departments, ask_id",
     board.ORDER_CASE),
]  # fmt: skip
"""Table of answers, columns of it, and what the ERP says of them."""


@pytest.fixture(scope="module")
def answered(databases: Any) -> Any:
    """Offer a small company of half a year with its answers."""
    uri = databases.create()
    company.create(uri, SEED, FRIDAY, 130, scale=ENOUGH)
    assert company.answer(uri) == FRIDAY
    yield uri
    databases.drop(uri)


@pytest.mark.parametrize(
    ("table", "columns", "query"), QUERIES, ids=[table for table, *_ in QUERIES]
)
def test_answers_equal_an_independent_query(
    answered: str, table: str, columns: str, query: str
) -> None:
    found = rows_of(answered, f"select {columns} from answers.{table}")
    assert found, "nothing was answered"
    expected = sorted(
        (tuple(plain(value) for value in row) for row in rows_of(answered, query)), key=repr
    )
    assert sorted((tuple(plain(v) for v in row) for row in found), key=repr) == expected


def test_atp_answer_equals_an_independent_query(answered: str) -> None:
    steps: dict[tuple[str, str], list[tuple[date, int]]] = {}
    for store, item, atp, day in rows_of(answered, supply.ATP):
        steps.setdefault((store, item), []).append((day, int(atp)))
    checked = 0
    query = "select warehouse_id, product_id, from_on, atp_qty from answers.atp"
    for store, item, day, atp in rows_of(answered, query):
        known = sorted(steps.get((store, item), []))
        level = [qty for on, qty in known if on <= day]
        # Before the first event the least of all later levels holds; empty places have none.
        expected = level[-1] if level else (min([0, *(qty for _, qty in known)]))
        assert atp == expected, (store, item, day)
        checked += 1
    assert checked > len(steps) > 0


FIGURES = """
select columns.table_name, columns.column_name
from information_schema.columns
left join information_schema.key_column_usage as key
    using (table_schema, table_name, column_name)
where table_schema = 'answers' and key.column_name is null
"""


SELDOM = {
    ("outlook", "open_discrepancy_qty"), ("outlook", "is_count_in_doubt"),
    ("waiting_line", "po_id"), ("waiting_line", "po_line_no"),
    ("order_case", "order_line_no"), ("order_case", "priority"),
    ("returned_line", "scrapped_qty"), ("sent_line", "cancelled_on"), ("inbound", "cancelled_qty"),
}  # fmt: skip
"""A handful of places, lines and cases in a large company, on some evenings."""


def test_no_figure_of_the_answers_is_the_same_in_every_row(answered: str) -> None:
    """A figure that never varies is held against nothing."""
    still = [
        (table, column)
        for table, column in rows_of(answered, FIGURES)
        if rows_of(answered, f"select count(distinct {column}) from answers.{table}")[0][0] < 2
    ]
    assert set(still) <= SELDOM


def plain(value: Any) -> Any:
    """Compare numbers by value, whatever their type and scale."""
    return float(value) if hasattr(value, "as_tuple") or isinstance(value, int) else value


def test_answers_of_a_past_evening_hold_what_was_entered_later(answered: str) -> None:
    entered_late = (
        "select max(booked_on) from erp.paper"
        " where partner_id > 1000000 and entered_at::date > booked_on"
    )
    ((past,),) = rows_of(answered, entered_late)
    shipped = (
        "select shipped_on, warehouse_id, shipment_count, line_count, shipped_qty"
        f" from answers.shipped where shipped_on <= '{past}'"
    )
    owed = "select customer_id, sum(balance_amount) from answers.customer_balance group by 1"
    booked = (
        "select code, sum(case side when 'D' then paper.total else -paper.total end)"
        " from erp.paper join erp.partner on partner.id = partner_id"
        f" where partner_id > 1000000 and booked_on <= '{past}' group by code"
    )
    known_since = rows_of(answered, shipped)
    assert company.answer(answered, past) == past
    found = (rows_of(answered, shipped), rows_of(answered, owed))
    company.answer(answered)
    assert found == (known_since, rows_of(answered, booked))
