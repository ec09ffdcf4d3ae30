"""What the published marts say about what customers owe, pay and may cost."""

from typing import LiteralString

from daymart.acceptance.questions.question import Question

BALANCES: LiteralString = """
select legal_entity, customer_id, contract_id, currency_code, balance_amount, not_due_amount,
    overdue_1_30_amount, overdue_31_60_amount, overdue_61_90_amount, overdue_91_plus_amount,
    unapplied_amount, overdue_amount, overdue_net_amount, overdue_remaining_amount,
    derived_amount, disputed_amount, overdue_undisputed_amount, oldest_due_on,
    balance_company_amount, closing_company_amount, exchange_difference_amount, {judged}
from {source}
where customer_id ~ '^T[0-9]+$' and (
    balance_amount <> 0 or not_due_amount <> 0 or overdue_1_30_amount <> 0
    or overdue_31_60_amount <> 0 or overdue_61_90_amount <> 0 or overdue_91_plus_amount <> 0
    or unapplied_amount <> 0
)
"""

JUDGED: LiteralString = """
    is_overdue_material, overdue_lift_amount, future_receipts_amount, future_amount,
    future_company_amount
"""
OVERDUE_LIFT: LiteralString = """
    case when overdue_amount >= material_amount then overdue_amount - material_amount + 0.01 end
"""
JUDGED_ANSWER: LiteralString = f"""
    overdue_amount >= material_amount as is_overdue_material, {OVERDUE_LIFT} as overdue_lift_amount,
    0 as future_receipts_amount, 0 as future_amount, 0 as future_company_amount
"""
MATERIAL: LiteralString = """
(
    select *, case currency_code when 'UAH' then 50.00 else 1.00 end as material_amount
    from answer_customer_balance
) as balance
"""
"""What is overdue matters from such an amount. Bulk trade books nothing ahead of its day."""

OPEN_ITEM = """
select document_id, instalment_no, posted_on, instalment_amount, open_amount, open_company_amount,
    closing_company_amount, exchange_difference_amount, derived_amount, remaining_amount, due_on,
    due_on_effective, ageing_bucket, expected_pay_on, is_unapplied, is_disputed
from receivables_open where customer_id ~ '^T[0-9]+$'
"""

OPEN_ITEM_ANSWER = """
select document_id, instalment_no, posted_on, instalment_amount, open_amount, open_company_amount,
    closing_company_amount, closing_company_amount - open_company_amount
        as exchange_difference_amount,
    derived_amount, open_amount + derived_amount as remaining_amount, due_on,
    due_on as due_on_effective,
    case when is_unapplied then 'unapplied' when as_of <= due_on then 'not_due'
        when as_of - due_on <= 30 then '1-30' when as_of - due_on <= 60 then '31-60'
        when as_of - due_on <= 90 then '61-90' else '91+' end as ageing_bucket,
    due_on + usual_delay_days::integer as expected_pay_on, is_unapplied, is_disputed
from answer_open_item left join answer_payment_delay using (as_of, customer_id)
"""

PAYMENT = """
select payment_id, max(paid_on) as paid_on, sum(paid_amount) as paid_amount,
    sum(paid_company_amount) as paid_company_amount,
    sum(case when is_unapplied then paid_amount else 0 end) as unapplied_amount
from receipts_daily where customer_id ~ '^T[0-9]+$'
group by payment_id
"""

PAYMENT_ANSWER = """
select payment_id, paid_on, paid_amount, paid_company_amount, unapplied_amount
from answer_payment
"""

APPLIED_PAYMENT = """
select payment_id, allocation_id, applied_document_id, applied_instalment_no, applied_on, due_on,
    due_on_effective, days_late, paid_amount, paid_company_amount
from receipts_daily where customer_id ~ '^T[0-9]+$' and not is_unapplied and paid_amount <> 0
"""

APPLIED_PAYMENT_ANSWER = """
select payment_id, allocation_id, applied_document_id, applied_instalment_no, applied_on, due_on,
    due_on as due_on_effective, days_late, paid_amount, paid_company_amount
from answer_applied_payment
"""

EXPOSURE = """
with sums as (
    select customer_id, currency_code, sum(open_orders_amount) as open_order_amount,
        sum(shipped_not_invoiced_amount) as shipped_not_invoiced_amount,
        sum(invoiced_not_posted_amount) as invoiced_not_posted_amount,
        sum(open_items_amount) as open_items_amount, sum(exposure_amount) as exposure_amount
    from receivables_customer where customer_id ~ '^T[0-9]+$'
    group by customer_id, currency_code
)
select * from sums
where open_order_amount <> 0 or shipped_not_invoiced_amount <> 0 or open_items_amount <> 0
    or exposure_amount <> 0
"""

EXPOSURE_ANSWER = """
select customer_id, currency_code, open_order_amount, shipped_not_invoiced_amount,
    0 as invoiced_not_posted_amount, open_items_amount,
    open_order_amount + shipped_not_invoiced_amount + open_items_amount as exposure_amount
from answer_exposure
where open_order_amount <> 0 or shipped_not_invoiced_amount <> 0 or open_items_amount <> 0
"""

LATENESS = """
with months as (
    select customer_id, currency_code, date_trunc('month', paid_on)::date as paid_month_on,
        sum(paid_amount) as applied_amount,
        sum(case when days_late > 0 then paid_amount else 0 end) as late_amount,
        sum(paid_amount * days_late) as days_late_amount
    from receipts_daily
    where customer_id ~ '^T[0-9]+$' and payment_kind = 'payment'
        and applied_document_kind = 'invoice'
    group by 1, 2, 3
)
select * from months where applied_amount <> 0 or late_amount <> 0 or days_late_amount <> 0
"""

LATENESS_ANSWER = """
select customer_id, currency_code, paid_month_on, applied_amount, late_amount, days_late_amount
from answer_receipt_lateness
where applied_amount <> 0 or late_amount <> 0 or days_late_amount <> 0
"""

CREDIT = """
select distinct legal_entity, customer_id, credit_currency_code as currency_code,
    credit_limit_amount as limit_amount, credit_exposure_amount as exposure_amount,
    credit_headroom_amount as headroom_amount, credit_utilisation_share as utilisation_share,
    over_limit_lift_amount as over_limit_amount, stop_reasons, is_stopped, is_over_limit,
    is_stopped_by_overdue, is_blocked_by_hand, is_risk_flagged
from receivables_customer where customer_id ~ '^T[0-9]+$'
"""
"""What a customer may owe is repeated on each of its accounts: one row where they agree."""

CREDIT_ANSWER = """
select legal_entity, customer_id, currency_code, limit_amount, exposure_amount, headroom_amount,
    utilisation_share, over_limit_amount, stop_reasons, stop_reasons is not null as is_stopped,
    coalesce(stop_reasons ~ 'over_limit', false) as is_over_limit,
    coalesce(stop_reasons ~ 'overdue_material', false) as is_stopped_by_overdue,
    coalesce(stop_reasons ~ 'blocked_by_hand', false) as is_blocked_by_hand,
    coalesce(stop_reasons ~ 'risk_flag', false) as is_risk_flagged
from answer_credit
"""

COLLECTION = """
select legal_entity, customer_id, contract_id, currency_code, dso_on, dso_days,
    dso_count_back_days, dso_best_days, delinquent_days, collection_effectiveness_pct
from receivables_customer where customer_id ~ '^T[0-9]+$' and dso_on is not null
"""

COLLECTION_ANSWER = """
select legal_entity, customer_id, contract_id, currency_code, dso_on, dso_days,
    dso_count_back_days, dso_best_days, delinquent_days, collection_effectiveness_pct
from answer_collection
where exists (
    select from receivables_customer as mart
    where (mart.legal_entity, mart.customer_id, mart.contract_id, mart.currency_code) = (
        answer_collection.legal_entity, answer_collection.customer_id,
        answer_collection.contract_id, answer_collection.currency_code
    )
)
"""
"""The mart has no row of an account with nothing open; `customer_balance` tells which it has."""

DELAY = """
select distinct customer_id, usual_delay_days
from receivables_customer where customer_id ~ '^T[0-9]+$' and usual_delay_days is not null
"""

DELAY_ANSWER = """
select customer_id, usual_delay_days from answer_payment_delay
where customer_id in (select customer_id from receivables_customer)
"""

MONEY_QUESTIONS = (
    Question(
        "customer_balance",
        ("legal_entity", "customer_id", "contract_id", "currency_code"),
        ("balance_amount", "not_due_amount", "overdue_1_30_amount", "overdue_31_60_amount",
         "overdue_61_90_amount", "overdue_91_plus_amount", "unapplied_amount", "overdue_amount",
         "overdue_net_amount", "overdue_remaining_amount", "derived_amount", "disputed_amount",
         "overdue_undisputed_amount", "is_overdue_material", "overdue_lift_amount",
         "future_receipts_amount", "future_amount", "future_company_amount", "oldest_due_on",
         "balance_company_amount", "closing_company_amount", "exchange_difference_amount"),
        BALANCES.format(source="receivables_customer", judged=JUDGED),
        BALANCES.format(source=MATERIAL, judged=JUDGED_ANSWER),
    ),
    Question(
        "open_item",
        ("document_id", "instalment_no"),
        ("posted_on", "instalment_amount", "open_amount", "open_company_amount",
         "closing_company_amount", "exchange_difference_amount", "derived_amount",
         "remaining_amount", "due_on", "due_on_effective", "ageing_bucket", "expected_pay_on",
         "is_unapplied", "is_disputed"),
        OPEN_ITEM,
        OPEN_ITEM_ANSWER,
    ),
    Question(
        "applied_payment",
        ("payment_id", "allocation_id"),
        ("applied_document_id", "applied_instalment_no", "applied_on", "due_on",
         "due_on_effective", "days_late", "paid_amount", "paid_company_amount"),
        APPLIED_PAYMENT,
        APPLIED_PAYMENT_ANSWER,
    ),
    Question(
        "payment",
        ("payment_id",),
        ("paid_on", "paid_amount", "paid_company_amount", "unapplied_amount"),
        PAYMENT,
        PAYMENT_ANSWER,
    ),
    Question("payment_delay", ("customer_id",), ("usual_delay_days",), DELAY, DELAY_ANSWER),
    Question(
        "receipt_lateness",
        ("customer_id", "currency_code", "paid_month_on"),
        ("applied_amount", "late_amount", "days_late_amount"),
        LATENESS,
        LATENESS_ANSWER,
    ),
    Question(
        "collection",
        ("legal_entity", "customer_id", "contract_id", "currency_code", "dso_on"),
        ("dso_days", "dso_count_back_days", "dso_best_days", "delinquent_days",
         "collection_effectiveness_pct"),
        COLLECTION,
        COLLECTION_ANSWER,
    ),
    Question(
        "exposure",
        ("customer_id", "currency_code"),
        ("open_order_amount", "shipped_not_invoiced_amount", "invoiced_not_posted_amount",
         "open_items_amount", "exposure_amount"),
        EXPOSURE,
        EXPOSURE_ANSWER,
    ),
    Question(
        "credit",
        ("legal_entity", "customer_id"),
        ("currency_code", "limit_amount", "exposure_amount", "headroom_amount",
         "utilisation_share", "over_limit_amount", "stop_reasons", "is_stopped", "is_over_limit",
         "is_stopped_by_overdue", "is_blocked_by_hand", "is_risk_flagged"),
        CREDIT,
        CREDIT_ANSWER,
    ),
)  # fmt: skip
