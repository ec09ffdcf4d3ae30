"""What a seller sees of every edge case of money, on the published demo company."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, Databases, warehouse_at

Row = dict[str, Any]


def cents(amount: Decimal) -> Decimal:
    """Round as the books do: half up."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


@dataclass(frozen=True)
class Seen:
    """The published marts, and the rows the demo company names for its cases."""

    warehouse: Warehouse
    keys: dict[str, str]

    def rows(self, query: str, *values: object) -> list[Row]:
        with (
            self.warehouse.session(None) as session,
            session.cursor(row_factory=dict_row) as cursor,
        ):
            return cursor.execute(query.encode(), values).fetchall()

    def open(self, case: str) -> list[Row]:
        """Return the open instalments of the case's paper."""
        query = "select * from marts.receivables_open where document_id = %s order by instalment_no"
        return self.rows(query, self.keys[case])

    def receipts(self, case: str) -> list[Row]:
        """Return the receipts of the case's payment."""
        query = "select * from marts.receipts_daily where payment_id = %s order by allocation_id"
        return self.rows(query, self.keys[case])

    def account(self, case: str) -> Row:
        """Return the account of the case's paper."""
        query = (
            "select m.* from marts.receivables_customer as m join raw.acc_document as d"
            " on d.legal_entity = m.legal_entity and d.customer_id = m.customer_id"
            " and coalesce(d.contract_id, '') = m.contract_id and d.currency = m.currency_code"
            " where d.document_id = %s"
        )
        (row,) = self.rows(query, self.keys[case])
        return row

    def customer(self, case: str) -> list[Row]:
        """Return the accounts with the own company of the case's credit line."""
        partner, entity = self.keys[case].split("/")[:2]
        query = (
            "select * from marts.receivables_customer where customer_id = %s and legal_entity = %s"
        )
        return self.rows(query, f"C{int(partner):04d}", f"NL{entity}")

    def links_of(self, document_id: str) -> list[Row]:
        return self.rows(
            "select * from raw.acc_allocation where from_document_id = %s or to_document_id = %s",
            document_id,
            document_id,
        )


@pytest.fixture(scope="module")
def seen(databases: Databases, published_template: str, demo_template: str) -> Iterator[Seen]:
    uri, source = databases.create(published_template), databases.create(demo_template)
    with psycopg.connect(source) as session:
        keys = dict(session.execute("select name, key from erp.demo_case").fetchall())
    databases.drop(source)
    yield Seen(warehouse_at(uri), keys)
    databases.drop(uri)


def test_part_payment_with_remainder_past_due_ages_the_rest_by_the_old_day(seen: Seen) -> None:
    (item,) = seen.open("part_payment_past_due")
    assert (item["instalment_amount"], item["open_amount"]) == (Decimal(1000), Decimal(600))
    assert item["due_on"] < DEMO_EVENING
    assert item["days_past_due"] == (DEMO_EVENING - item["due_on"]).days > 0
    assert item["ageing_bucket"] == "1-30"


def test_payment_on_account_stays_unapplied_and_outside_buckets(seen: Seen) -> None:
    (item,) = seen.open("payment_on_account")
    assert item["open_amount"] < 0
    assert (item["ageing_bucket"], item["due_on"]) == ("unapplied", None)
    (receipt,) = seen.receipts("payment_on_account")
    assert receipt["is_unapplied"] and receipt["paid_amount"] == -item["open_amount"]
    account = seen.account("payment_on_account")
    assert account["unapplied_amount"] <= item["open_amount"]


def test_credit_note_without_invoice_lowers_the_balance_and_would_settle_a_debt(
    seen: Seen,
) -> None:
    (item,) = seen.open("credit_note_without_invoice")
    assert (item["open_amount"], item["ageing_bucket"]) == (Decimal(-90), "unapplied")
    assert 0 <= item["derived_amount"] <= 90
    account = seen.account("credit_note_without_invoice")
    assert account["unapplied_amount"] == Decimal(-90)
    assert account["derived_amount"] == item["derived_amount"] == Decimal(90)
    assert (
        account["balance_amount"]
        == account["unapplied_amount"] + account["not_due_amount"] + (account["overdue_amount"])
    )


def test_payment_on_a_credit_note_leaves_nothing_open(seen: Seen) -> None:
    assert seen.open("credit_note_paid_out") == []
    (receipt,) = seen.receipts("credit_note_paid_out")
    assert receipt["paid_amount"] == Decimal(-120)
    assert receipt["applied_document_kind"] == "credit_note"


def test_overpayment_leaves_the_rest_unapplied(seen: Seen) -> None:
    (item,) = seen.open("overpayment")
    assert (item["open_amount"], item["ageing_bucket"]) == (Decimal("-7.60"), "unapplied")
    parts = {r["is_unapplied"]: r["paid_amount"] for r in seen.receipts("overpayment")}
    assert parts == {False: Decimal("512.40"), True: Decimal("7.60")}


def test_bounced_payment_reopens_the_invoice_with_its_old_due_day(seen: Seen) -> None:
    reversal = seen.keys["bounced_payment"]
    ((payment, invoice),) = [
        (r["reversed_payment_id"], link["to_document_id"])
        for r in seen.receipts("bounced_payment")[:1]
        for link in seen.links_of(r["reversed_payment_id"])
        if link["amount"] < 0
    ]
    (item,) = seen.rows("select * from marts.receivables_open where document_id = %s", invoice)
    assert item["open_amount"] == item["instalment_amount"] == Decimal(880)
    assert item["due_on"] < DEMO_EVENING and item["ageing_bucket"] != "unapplied"
    assert not seen.rows(
        "select from marts.receivables_open where document_id in (%s, %s)", payment, reversal
    )
    marks = seen.rows("select is_bounced from marts.receipts_daily where payment_id = %s", payment)
    assert marks and all(m["is_bounced"] for m in marks)


def test_write_off_settles_the_invoice_and_is_no_receipt(seen: Seen) -> None:
    (link,) = seen.links_of(seen.keys["write_off"])
    assert seen.open("write_off") == []
    assert seen.receipts("write_off") == []
    query = "select from marts.receivables_open where document_id = %s"
    assert seen.rows(query, link["to_document_id"]) == []


def test_post_dated_payment_counts_from_its_day_and_shows_apart(seen: Seen) -> None:
    assert seen.open("post_dated_payment") == []
    assert seen.receipts("post_dated_payment") == []
    account = seen.account("post_dated_payment")
    assert account["future_receipts_amount"] == Decimal(660)
    assert account["balance_amount"] >= Decimal(660)


def test_three_instalments_one_paid_leaves_two_items_with_their_own_days(seen: Seen) -> None:
    items = seen.open("three_instalments_one_paid")
    assert [i["instalment_no"] for i in items] == [2, 3]
    assert items[0]["due_on"] < items[1]["due_on"]
    assert sum(i["open_amount"] for i in items) == Decimal("666.67")


def test_advance_with_no_due_date_is_unapplied_and_settles_no_other_debt(seen: Seen) -> None:
    (item,) = seen.open("advance_without_due_date")
    assert (item["due_on"], item["ageing_bucket"]) == (None, "unapplied")
    assert (item["open_amount"], item["derived_amount"]) == (Decimal(-750), 0)
    assert item["closing_company_amount"] == item["open_company_amount"]


def test_due_today_is_not_overdue(seen: Seen) -> None:
    (item,) = seen.open("due_today")
    assert (item["due_on"], item["ageing_bucket"]) == (DEMO_EVENING, "not_due")
    assert item["days_past_due"] == 0


def test_due_on_a_holiday_keeps_the_agreed_day_by_default(seen: Seen) -> None:
    (item,) = seen.open("due_on_a_day_off")
    assert item["due_on"] == item["due_on_effective"]
    working = seen.rows(
        "select is_working from raw.business_calendar where date = %s and site_id = 'KYV'",
        item["due_on"],
    )
    assert working == [{"is_working": False}]
    assert item["ageing_bucket"] == "1-30"


def test_back_dated_invoice_inside_the_window_ages_from_its_own_dates(seen: Seen) -> None:
    (item,) = seen.open("back_dated_invoice")
    assert 0 < (DEMO_EVENING - item["posted_on"]).days <= 35
    assert item["ageing_bucket"] == "not_due"
    assert (item["due_on"] - item["document_on"]).days == 30


def test_back_dated_invoice_outside_the_window_is_overdue_at_once(seen: Seen) -> None:
    (item,) = seen.open("back_dated_outside_window")
    assert (DEMO_EVENING - item["posted_on"]).days > 35
    assert (item["ageing_bucket"], item["open_amount"]) == ("1-30", Decimal(61))


def test_storno_of_a_paid_invoice_leaves_the_money_as_a_credit(seen: Seen) -> None:
    (item,) = seen.open("storno_of_paid_invoice")
    assert (item["open_amount"], item["ageing_bucket"]) == (Decimal(-410), "unapplied")
    ((invoice,),) = [
        tuple(r.values())
        for r in seen.rows(
            "select original_document_id from raw.acc_document where document_id = %s",
            seen.keys["storno_of_paid_invoice"],
        )
    ]
    assert not seen.rows("select from marts.receivables_open where document_id = %s", invoice)


def test_two_contracts_one_payer_are_not_netted(seen: Seen) -> None:
    (money,) = seen.open("two_contracts_one_payer")
    (debt,) = seen.open("two_contracts_other_invoice")
    assert money["contract_id"] != debt["contract_id"]
    assert (debt["open_amount"], debt["derived_amount"]) == (Decimal(450), 0)
    assert (money["derived_amount"], money["remaining_amount"]) == (Decimal(700), Decimal(-200))
    paying, owing = (
        seen.account(c) for c in ("two_contracts_one_payer", "two_contracts_other_invoice")
    )
    assert (paying["overdue_amount"], paying["overdue_remaining_amount"]) == (Decimal(700), 0)
    assert owing["overdue_remaining_amount"] == owing["overdue_amount"] == Decimal(450)
    assert paying["credit_exposure_amount"] == owing["credit_exposure_amount"] == Decimal(250)


def test_two_currencies_stand_in_two_rows_and_one_exposure(seen: Seen) -> None:
    (item,) = seen.open("two_currencies")
    accounts = seen.rows(
        "select * from marts.receivables_customer where customer_id = %s", item["customer_id"]
    )
    assert {a["currency_code"] for a in accounts} == {"EUR", "USD"}
    dollars = next(a for a in accounts if a["currency_code"] == "USD")
    assert dollars["exchange_difference_amount"] == (
        dollars["closing_company_amount"] - dollars["balance_company_amount"]
    )
    rate = item["closing_rate"] / item["closing_rate_nominal"]
    assert item["closing_rate_on"] == DEMO_EVENING
    assert item["closing_company_amount"] == cents(item["open_amount"] * rate)
    euros = next(a for a in accounts if a["currency_code"] == "EUR")
    both = euros["exposure_amount"] + cents(dollars["exposure_amount"] * rate)
    assert {a["credit_exposure_amount"] for a in accounts} == {both}


def test_a_paid_debt_and_its_exchange_difference_are_open_in_no_currency(seen: Seen) -> None:
    differences = "select count(*) from raw.acc_document where kind = 'exchange_difference'"
    assert seen.rows(differences)[0]["count"] > 0
    assert seen.rows("select document_id from marts.receivables_open where open_amount = 0") == []


def test_rate_missing_at_a_weekend_takes_the_last_earlier_one(seen: Seen) -> None:
    (item,) = seen.open("rate_missing_at_a_weekend")
    assert item["document_on"].isoweekday() > 5
    (rate,) = seen.rows(
        "select rate / nominal as rate, rate_date from raw.fx_rate where currency = %s"
        " and rate_date <= %s order by rate_date desc limit 1",
        item["currency_code"],
        item["document_on"],
    )
    assert rate["rate_date"] < item["document_on"]
    assert item["open_company_amount"] == cents(item["open_amount"] * rate["rate"])
    # On the evening itself there is one: nothing to flag.
    assert item["is_closing_rate_earlier"] is False


def test_kopeck_remainder_is_overdue_and_stops_nobody(seen: Seen) -> None:
    (item,) = seen.open("kopeck_remainder")
    assert (item["open_amount"], item["ageing_bucket"]) == (Decimal("0.01"), "1-30")
    account = seen.account("kopeck_remainder")
    assert account["overdue_amount"] == Decimal("0.01")
    assert not account["is_overdue_material"] and not account["is_stopped_by_overdue"]


def test_zero_limit_means_prepayment_only(seen: Seen) -> None:
    accounts = seen.customer("zero_limit")
    assert accounts
    for account in accounts:
        assert account["credit_limit_amount"] == 0
        assert account["credit_utilisation_share"] is None
        assert account["is_over_limit"] == (account["credit_exposure_amount"] > 0)


def test_no_limit_is_not_set_and_is_no_reason_to_stop(seen: Seen) -> None:
    accounts = seen.customer("no_limit")
    assert accounts
    for account in accounts:
        assert account["credit_limit_amount"] is None
        assert account["credit_headroom_amount"] is None
        assert not account["is_over_limit"]


def test_order_above_the_horizon_takes_no_credit_yet(seen: Seen) -> None:
    order_id, line_no = seen.keys["order_above_the_horizon"].split("/")
    (line,) = seen.rows(
        "select * from intermediate.int_money__order_lines_exposed"
        " where order_id = %s and line_no = %s",
        order_id,
        line_no,
    )
    assert line["is_beyond_horizon"] and line["not_shipped_amount"] == Decimal(15000)
    (account,) = seen.rows(
        "select * from marts.receivables_customer where customer_id = %s", line["customer_id"]
    )
    assert account["open_orders_amount"] == account["exposure_amount"] < Decimal(15000)


def test_disputed_invoice_stays_overdue_and_leaves_the_second_measure(seen: Seen) -> None:
    (item,) = seen.open("disputed_invoice")
    assert item["is_disputed"] and item["ageing_bucket"] == "1-30"
    account = seen.account("disputed_invoice")
    assert account["overdue_amount"] - account["overdue_undisputed_amount"] == item["open_amount"]


def test_customer_blocked_by_hand_is_stopped_whatever_is_paid(seen: Seen) -> None:
    (account,) = seen.customer("blocked_by_hand")
    assert account["is_stopped"] and "blocked_by_hand" in account["stop_reasons"]
    assert account["over_limit_lift_amount"] is None and account["overdue_lift_amount"] is None
    assert account["credit_limit_reason"]


def test_raised_limit_counts_from_its_day(seen: Seen) -> None:
    since = date.fromisoformat(seen.keys["limit_raised"].split("/")[2])
    limits = {a["credit_limit_amount"] for a in seen.customer("limit_raised")}
    assert since <= DEMO_EVENING and limits == {Decimal(70000)}
