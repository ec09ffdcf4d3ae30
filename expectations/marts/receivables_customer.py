"""receivables_customer: what is owed equals the ledger, and every balance and order adds up."""

from datetime import date, timedelta

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity
from expectations.closings import of_newest_closing
from expectations.orders import ordered, shipped
from expectations.units import ROUNDED

MART = "receivables_customer"
OWNER = "accounting.chief"
RESTATEMENT_WINDOW = timedelta(days=35)

STORED = """
stored as (
    select legal_entity, customer_id, contract_id, currency, c.as_of, balance, _load_id
    from raw.acc_balance_control as c {newest}
),
evening as (
    select as_of, as_of as latest_date, max(_load_id) as load_id from stored group by as_of
)
"""
"""`stored`, `evening`: the ledger's totals of the evening looked back to, and its load."""

SIDES = """
links as (
    select source_system, _load_id, _load_id as changed_by, true as is_current, effective_date,
        from_document_id, to_document_id, from_amount, amount
    from raw.acc_allocation
    union all
    select source_system, _load_id, _superseded_by, false, effective_date,
        from_document_id, to_document_id, from_amount, amount
    from raw_history.acc_allocation
),
sides as (
    select source_system, _load_id, changed_by, is_current, effective_date,
        from_document_id as document_id, to_document_id as other_document_id, true as is_payer,
        coalesce(from_amount, amount) as amount
    from links
    union all
    select source_system, _load_id, changed_by, is_current, effective_date,
        to_document_id, from_document_id, false, -amount
    from links
)
"""
"""`sides`: every link twice, as the paper that pays and the paper that is paid see it."""

RESTATED = """
restated as (
    select d.legal_entity, d.customer_id, coalesce(d.contract_id, '') as contract_id, d.currency
    from raw.acc_document as d
    cross join evening as e
    where d._load_id > e.load_id and d.posting_date <= e.latest_date
    union
    select d.legal_entity, d.customer_id, coalesce(d.contract_id, ''), d.currency
    from raw_history.acc_document as d
    cross join evening as e
    where d._superseded_by > e.load_id and d._load_id <= e.load_id
    union
    select d.legal_entity, d.customer_id, coalesce(d.contract_id, ''), d.currency
    from sides as a
    cross join evening as e
    inner join raw.acc_document as d
        on d.source_system = a.source_system and d.document_id = a.document_id
    where a.changed_by > e.load_id and (a.is_current or a._load_id <= e.load_id)
        and a.effective_date <= e.latest_date
)
"""
"""`restated`: accounts with a paper or link that came, changed or went since that evening's loads,
dated not after `latest_date`."""

EFFECTS = """
effects as (
    select d.legal_entity, d.customer_id, coalesce(d.contract_id, '') as contract_id, d.currency,
        d.amount_gross as amount
    from raw.acc_document as d
    cross join evening as e
    where d.posting_date <= e.as_of or d._load_id <= e.load_id
    union all
    select d.legal_entity, d.customer_id, coalesce(d.contract_id, ''), d.currency,
        a.amount * case
            when a.is_payer and d.amount_gross > 0 and o.amount_gross < 0 then -1
            when not a.is_payer and d.amount_gross < 0 and o.amount_gross > 0 then -1
            else 1
        end
    from sides as a
    cross join evening as e
    inner join raw.acc_document as d
        on d.source_system = a.source_system and d.document_id = a.document_id
    inner join raw.acc_document as o
        on o.source_system = a.source_system and o.document_id = a.other_document_id
    where a.is_current and (a.effective_date <= e.as_of or a._load_id <= e.load_id)
)
"""
"""`effects`: what papers and links of that past did to each account."""

COMPARED = """
select account.legal_entity, account.customer_id, account.contract_id,
    account.currency as currency_code, account.left_value, account.right_value
from (
    select * from ours
    full join theirs using (legal_entity, customer_id, contract_id, currency)
) as account
where not exists (
    select from restated as r
    where r.legal_entity = account.legal_entity and r.customer_id = account.customer_id
        and r.contract_id = account.contract_id and r.currency = account.currency
)
"""
"""The query of two sides, `ours` and `theirs`, account by account, without those `restated`."""

BALANCES_AGAIN = f"""
with {STORED}, {SIDES}, {RESTATED}, {EFFECTS},
ours as (
    select legal_entity, customer_id, contract_id, currency, sum(amount) as left_value
    from effects group by legal_entity, customer_id, contract_id, currency
),
theirs as (
    select legal_entity, customer_id, contract_id, currency, balance as right_value from stored
)
{COMPARED}
"""  # noqa: S608  # the parts are constants of this file


def checks(as_of: date) -> list[Check]:
    """Return R3 in both currencies, R4 of today and of the past, and R5."""
    return [
        balance_equals_ledger(as_of),
        company_balance_equals_ledger(as_of),
        buckets_add_up(),
        items_add_up(),
        past_stays_the_past(as_of),
        no_paper_behind_the_window(as_of),
        order_lines_split(as_of),
        orders_reach_the_exposure(),
    ]


def balance_equals_ledger(as_of: date) -> Check:
    """R3: what an account owes equals the ledger's own total, to the cent."""
    return _equals_ledger(as_of, "R3", "balance_amount + future_amount", "balance")


def company_balance_equals_ledger(as_of: date) -> Check:
    """R3: the same in the currency of the books."""
    ours = "balance_company_amount + future_company_amount"
    return _equals_ledger(as_of, "R3.company", ours, "balance_company")


def _equals_ledger(as_of: date, check_id: str, ours: str, theirs: str) -> Check:
    """Compare by netting group; the ledger's total counts later-dated papers, so ours adds them.

    An evening built again after later loads has papers its total never knew: accounts they touched
    are left out, however the papers are dated. On its own morning that is none.
    """
    query = f"""
with evening as (
    select max(load_id) as load_id, date 'infinity' as latest_date
    from ops.load where as_of <= '{as_of}'
), {SIDES}, {RESTATED},
ours as (
    select legal_entity, customer_id, contract_id, currency_code as currency,
        {ours} as left_value
    from candidate.receivables_customer
),
theirs as (
    select legal_entity, customer_id, contract_id, currency, sum({theirs}) as right_value
    from raw.acc_balance_control as c
    {of_newest_closing("c", "acc_balance_control", as_of)}
    group by legal_entity, customer_id, contract_id, currency
)
{COMPARED}
"""  # noqa: S608  # as_of is a date, the columns are constants of this file
    return Check(
        check_id=check_id,
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Customers named here owe another sum in the ledger: compare papers and links.",
        reconciliation=Reconciliation(query),
    )


def buckets_add_up() -> Check:
    """R4: not due, the buckets and the unapplied rest add up to the balance."""
    query = """
select legal_entity, customer_id, contract_id, currency_code,
    not_due_amount + overdue_1_30_amount + overdue_31_60_amount + overdue_61_90_amount
        + overdue_91_plus_amount + unapplied_amount as left_value,
    balance_amount as right_value
from candidate.receivables_customer
"""
    return Check(
        check_id="R4",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="An open amount fell into no bucket: check the bounds in the ageing_bucket seed.",
        reconciliation=Reconciliation(query),
    )


def items_add_up() -> Check:
    """R4: the open instalments of a customer add up to the balance."""
    query = """
select legal_entity, customer_id, contract_id, currency_code,
    items.amount as left_value, mart.balance_amount as right_value
from candidate.receivables_customer as mart
full join (
    select legal_entity, customer_id, contract_id, currency_code, sum(open_amount) as amount
    from candidate.receivables_open
    group by legal_entity, customer_id, contract_id, currency_code
) as items using (legal_entity, customer_id, contract_id, currency_code)
"""
    return Check(
        check_id="R4.items",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="receivables_open and receivables_customer disagree: rebuild both.",
        reconciliation=Reconciliation(query),
    )


def past_stays_the_past(as_of: date) -> Check:
    """R4: balances of thirty days ago, computed again, are what the ledger stored then.

    R3 tied the published balances to that total on its own morning. The newest evening within the
    week before counts where that day had none. A customer with a paper or link that came, changed
    or went since then was restated and is left out; the restated figures are another matter.
    """
    latest = as_of - timedelta(days=30)
    week_before = latest - timedelta(days=7)
    newest = of_newest_closing("c", "acc_balance_control", latest, week_before)
    query = BALANCES_AGAIN.format(newest=newest)
    return Check(
        check_id="R4.past",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="Balances of the past moved without a paper: find what was lost or counted twice.",
        reconciliation=Reconciliation(query),
    )


def no_paper_behind_the_window(as_of: date) -> Check:
    """R4: a paper older than 35 days that came or changed today is a finding.

    The figures count it all the same. What the first delivery brought is the opening.
    """
    query = f"""
select d.document_id, d.kind, d.customer_id, d.posting_date
from raw.acc_document as d
inner join ops.load as l on l.load_id = d._load_id
inner join (
    select source_system, min(_load_id) as load_id from raw.acc_document group by source_system
) as opening on opening.source_system = d.source_system
where l.as_of = '{as_of}' and d.posting_date < '{as_of - RESTATEMENT_WINDOW}'
    and d._load_id > opening.load_id
"""  # noqa: S608  # the days are dates
    return Check(
        check_id="R4.window",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Papers dated back behind the window change figures already reported: ask who"
        " posted them, and why the edit-ban date let them through.",
        arguments={"unexpected_rows_query": query},
    )


def order_lines_split(as_of: date) -> Check:
    """R5: every open order line is split without overlap or gap, by what really left.

    Open are the lines the model holds, and every line of which less left than is wanted and
    nothing was billed.
    """
    query = f"""
with shipped as ({shipped(as_of)}),
ordered as ({ordered()})
select order_id, line_no, part.part, part.left_value, part.right_value
from (
    select order_id, line_no, shipped_qty,
        not_shipped_qty + shipped_not_invoiced_qty + invoiced_not_posted_qty + invoiced_qty
            + cancelled_qty - over_qty as qty
    from intermediate.int_money__order_lines_exposed
) as m
full join ordered using (order_id, line_no)
left join shipped using (order_id, line_no)
cross join lateral (
    values ('ordered', m.qty, ordered.ordered_qty),
        ('shipped', m.shipped_qty, greatest(shipped.qty, 0))
) as part (part, left_value, right_value)
where m.order_id is not null or (
    ordered.wanted_qty - coalesce(shipped.qty, 0) > {ROUNDED}
    and not exists (
        select from raw.acc_invoice_line as i
        where i.order_id = ordered.order_id and i.order_line_no = ordered.line_no
    )
)
"""  # noqa: S608  # as_of is a date
    return Check(
        check_id="R5",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Order lines named here do not split into shipped, billed, cancelled and the rest:"
        " compare their shipments and invoice lines.",
        reconciliation=Reconciliation(query, tolerance=ROUNDED),
    )


def orders_reach_the_exposure() -> Check:
    """R5: what waits to be shipped or billed is in the exposure of its account, once."""
    query = """
select legal_entity, customer_id, contract_id, currency_code,
    mart.exposure_amount - mart.open_items_amount - mart.invoiced_not_posted_amount as left_value,
    line.amount as right_value
from candidate.receivables_customer as mart
full join (
    select legal_entity, customer_id, contract_id, currency_code,
        sum(open_order_exposed_amount + shipment_exposed_amount) as amount
    from intermediate.int_money__order_lines_exposed
    group by legal_entity, customer_id, contract_id, currency_code
) as line using (legal_entity, customer_id, contract_id, currency_code)
"""
    return Check(
        check_id="R5.exposure",
        severity=Severity.WARN,
        owner=OWNER,
        remedy="Orders of the customers named here are missing from the exposure or counted twice.",
        reconciliation=Reconciliation(query),
    )
