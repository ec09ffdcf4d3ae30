"""What the published marts say about open order lines, gathered on one board."""

from typing import LiteralString

from daymart.acceptance.questions.money import MATERIAL, OVERDUE_LIFT
from daymart.acceptance.questions.question import Question

OPEN_LINE = """
select order_id, order_line_no, customer_id, warehouse_id, product_id, open_qty, open_amount,
    requested_on, first_promised_on, last_promised_on, stop_reasons, payment_lift_amount,
    is_lifted_by_payment, held_qty, held_until_on,
    coalesce(free_qty, 0) as free_qty, coalesce(promise_safe_qty, 0) as promise_safe_qty,
    is_count_in_doubt, availability, available_from_on, available_safe_from_on, lack_qty, po_id,
    po_line_no, eta_on, eta_safe_on, slip_days, open_case_count, case_id, case_opened_on,
    case_priority, case_departments, case_ask_id
from order_line_board where product_id ~ '^[0-9]{7,}$'
"""

OPEN_LINE_ANSWER: LiteralString = """
with held as (
    select order_id, order_line_no, sum(reserved_qty) as held_qty,
        min(valid_until_on) as held_until_on
    from answer_hold group by order_id, order_line_no
),
lifts as (
    select as_of, customer_id, sum({overdue_lift}) as overdue_lift_amount
    from {balances} group by as_of, customer_id
),
horizon as (
    select min(available_on) as first_on, max(available_on) as last_on
    from atp_daily where product_id ~ '^[0-9]{{7,}}$'
),
promised as (
    select as_of, warehouse_id, product_id, min(from_on) as from_on
    from answer_atp cross join horizon
    where atp_qty >= 1 and from_on <= last_on group by 1, 2, 3
),
promised_safe as (
    select as_of, warehouse_id, product_id, min(from_on) as safe_from_on
    from answer_atp_safe cross join horizon
    where atp_safe_qty >= 1 and from_on <= last_on group by 1, 2, 3
),
waiting as (
    select line.order_id, line.order_line_no, line.lack_qty, line.po_id, line.po_line_no,
        inbound.expected_on as eta_on, supply.eta_safe_on, inbound.slip_days
    from answer_waiting_line as line
    left join answer_inbound as inbound
        on line.po_id = inbound.po_id and line.po_line_no = inbound.line_no
    left join answer_supply_expected as supply
        on line.po_id = supply.po_id and line.po_line_no = supply.line_no
),
cases as (
    select line.order_id, line.order_line_no, case_id, opened_on, priority, departments, ask_id,
        count(*) over (partition by line.order_id, line.order_line_no) as open_case_count,
        row_number() over (
            partition by line.order_id, line.order_line_no order by opened_on desc, case_id desc
        ) as newest
    from answer_order_case as told
    inner join answer_open_line as line
        on told.order_id = line.order_id
        and coalesce(told.order_line_no, line.order_line_no) = line.order_line_no
),
stops as (
    select line.order_id, line.order_line_no, overdue_lift_amount,
        case when not is_prepaid then over_limit_amount end as over_limit_amount,
        case when is_prepaid
            then nullif(regexp_replace(stop_reasons, '^over_limit(, )?', ''), '')
            else stop_reasons end as stop_reasons
    from answer_open_line as line
    left join answer_credit using (as_of, customer_id) left join lifts using (as_of, customer_id)
)
select order_id, order_line_no, line.customer_id, warehouse_id, product_id, open_qty, open_amount,
    requested_on, first_promised_on, last_promised_on,
    stop_reasons, greatest(over_limit_amount, overdue_lift_amount) as payment_lift_amount,
    not stop_reasons ~ 'blocked_by_hand|risk_flag' as is_lifted_by_payment,
    coalesce(held_qty, 0) as held_qty, held_until_on, coalesce(free_qty, 0) as free_qty,
    coalesce(promise_safe_qty, 0) as promise_safe_qty,
    coalesce(is_count_in_doubt, false) as is_count_in_doubt,
    case when from_on <= first_on then 'now' when from_on > first_on then 'later'
        else 'beyond_horizon' end as availability,
    case when from_on > first_on then from_on end as available_from_on,
    case when safe_from_on > first_on then safe_from_on end as available_safe_from_on,
    coalesce(lack_qty, 0) as lack_qty, po_id, po_line_no, eta_on, eta_safe_on, slip_days,
    coalesce(open_case_count, 0) as open_case_count, case_id, opened_on as case_opened_on,
    priority as case_priority, departments as case_departments, ask_id as case_ask_id
from answer_open_line as line
cross join horizon
left join stops using (order_id, order_line_no)
left join held using (order_id, order_line_no)
left join answer_stock using (as_of, warehouse_id, product_id)
left join answer_outlook using (as_of, warehouse_id, product_id)
left join promised using (as_of, warehouse_id, product_id)
left join promised_safe using (as_of, warehouse_id, product_id)
left join waiting using (order_id, order_line_no)
left join (select * from cases where newest = 1) as newest_case using (order_id, order_line_no)
"""
"""A customer of bulk trade has one own company; an order paid in advance takes no credit; a case of
a whole order is one of each of its lines."""

BOARD_QUESTIONS = (
    Question(
        "open_line",
        ("order_id", "order_line_no"),
        ("customer_id", "warehouse_id", "product_id", "open_qty", "open_amount", "requested_on",
         "first_promised_on", "last_promised_on", "stop_reasons", "payment_lift_amount",
         "is_lifted_by_payment", "held_qty", "held_until_on",
         "free_qty", "promise_safe_qty", "is_count_in_doubt", "availability", "available_from_on",
         "available_safe_from_on", "lack_qty", "po_id", "po_line_no", "eta_on", "eta_safe_on",
         "slip_days", "open_case_count", "case_id", "case_opened_on", "case_priority",
         "case_departments", "case_ask_id"),
        OPEN_LINE,
        OPEN_LINE_ANSWER.format(overdue_lift=OVERDUE_LIFT, balances=MATERIAL),
        gathers=("waiting_line", "order_case"),
    ),
)  # fmt: skip
