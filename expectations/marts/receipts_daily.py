"""receipts_daily: money in equals the payments of the books, and every payment adds up."""

from datetime import date, timedelta

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity

MART = "receipts_daily"
OWNER = "accounting.chief"
MANIFEST_DAYS = 35

MONEY_PAPERS = """
select d.*
from raw.acc_document as d
left join raw.acc_document as reversed
    on reversed.source_system = d.source_system
    and reversed.document_id = d.reverses_document_id
where d.kind in ('payment', 'advance', 'refund')
    or (d.kind = 'reversal' and reversed.kind in ('payment', 'advance', 'refund'))
"""
"""Papers by which money came in or went back, straight from the feed."""


def checks(as_of: date) -> list[Check]:
    """Return R1 and R2."""
    return [
        receipts_equal_payments(as_of),
        receipts_equal_manifest(as_of),
        payments_add_up(as_of),
        nothing_paid_twice(as_of),
        nothing_spent_twice(as_of),
    ]


def receipts_equal_payments(as_of: date) -> Check:
    """R1: receipts by day and currency equal the posted payments of the feed."""
    query = f"""
select paid_on, currency_code, mart.amount as left_value, feed.amount as right_value
from (
    select paid_on, currency_code, sum(paid_amount) as amount
    from candidate.receipts_daily group by paid_on, currency_code
) as mart
full join (
    select posting_date as paid_on, currency as currency_code, -sum(amount_gross) as amount
    from ({MONEY_PAPERS}) as paper where posting_date <= '{as_of}'
    group by posting_date, currency
) as feed using (paid_on, currency_code)
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R1",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Receipts of the days named here differ from the posted payments: see both lists.",
        reconciliation=Reconciliation(query),
    )


def receipts_equal_manifest(as_of: date) -> Check:
    """R1: receipts of a day are what accounting's control total leaves beside its other papers.

    Days of the last five weeks with a manifest; of a day told again, its last batch. What
    accounting told of evenings that it has not delivered yet is freshness's business.
    """
    first = as_of - timedelta(days=MANIFEST_DAYS)
    days = f"between '{first}' and '{as_of}'"
    query = f"""
with told as (
    select distinct on (business_date, control_unit)
        business_date, control_unit, control_total
    from raw.batch_manifest
    where feed_id = 'accounting' and table_name = 'acc_document'
        and control_measure = 'amount_gross' and business_date {days}
        and coalesce(complete_through, business_date) <= (
            select max(as_of) from ops.load where feed_id = 'accounting' and state = 'accepted'
        )
    order by business_date, control_unit, batch_no desc
),
amounts (paid_on, currency_code, received, left_to_receipts) as (
    select paid_on, currency_code, paid_amount, 0
    from candidate.receipts_daily where paid_on {days}
    union all
    select business_date, control_unit, 0, -control_total from told
    union all
    select posting_date, currency, 0, amount_gross
    from raw.acc_document where posting_date {days}
    union all
    select posting_date, currency, 0, -amount_gross
    from ({MONEY_PAPERS}) as paper where posting_date {days}
)
select paid_on, currency_code, sum(received) as left_value, sum(left_to_receipts) as right_value
from amounts
where paid_on in (select business_date from told)
group by paid_on, currency_code
"""  # noqa: S608  # dates only
    return Check(
        check_id="R1.manifest",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Papers of the days named here are not those accounting says it sent: load"
        " accounting whole, else ask accounting which total is right.",
        reconciliation=Reconciliation(query),
    )


def payments_add_up(as_of: date) -> Check:
    """R2: for every payment, allocations and the unapplied rest add up to its amount."""
    query = f"""
select payment_id, mart.amount as left_value, feed.amount as right_value
from (
    select payment_id, sum(paid_amount) as amount
    from candidate.receipts_daily group by payment_id
) as mart
full join (
    select document_id as payment_id, -sum(amount_gross) as amount
    from ({MONEY_PAPERS}) as paper where posting_date <= '{as_of}' group by document_id
) as feed using (payment_id)
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R2",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Payments named here do not add up from what they paid: check their links.",
        reconciliation=Reconciliation(query),
    )


def nothing_paid_twice(as_of: date) -> Check:
    """R2: no instalment of a debt is settled by more than its amount."""
    return Check(
        check_id="R2.settled",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Instalments named here are paid beyond their amount: an overpayment is unapplied.",
        arguments={"unexpected_rows_query": _linked_beyond_amount(as_of, "i.amount > 0")},
    )


def nothing_spent_twice(as_of: date) -> Check:
    """R2: no payment or credit settles more than its amount; its rest is never below zero."""
    return Check(
        check_id="R2.spent",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Payments and credits named here settle more than they are: take a link back.",
        arguments={"unexpected_rows_query": _linked_beyond_amount(as_of, "i.amount < 0")},
    )


def _linked_beyond_amount(as_of: date, side: str) -> str:
    """Return the query of instalments `i` of a side whose links exceed them, each way round."""
    return f"""
select i.document_id, i.instalment_no, abs(i.amount) as amount, sum(linked.amount) as settled
from (
    select source_system, effective_date, to_document_id as document_id,
        to_instalment_no as instalment_no, amount
    from raw.acc_allocation
    union all
    select source_system, effective_date, from_document_id, from_instalment_no,
        coalesce(from_amount, amount)
    from raw.acc_allocation
) as linked
inner join raw.acc_instalment as i
    on i.source_system = linked.source_system
    and i.document_id = linked.document_id
    and i.instalment_no = linked.instalment_no
where {side} and linked.effective_date <= '{as_of}'
group by i.document_id, i.instalment_no, i.amount
having sum(linked.amount) > abs(i.amount)
"""  # noqa: S608  # as_of is a date, the sides are those of this file
