"""receivables_customer: what is owed equals the ledger, and every balance adds up."""

from datetime import date

from daymart.checks.check import Check, Reconciliation
from daymart.contracts.model import Severity

MART = "receivables_customer"
OWNER = "accounting.chief"


def checks(as_of: date) -> list[Check]:
    """Return R3 in both currencies, R4, and the tie between the two receivables marts."""
    return [
        balance_equals_ledger(as_of, "R3", "balance_amount + future_amount", "balance"),
        balance_equals_ledger(
            as_of, "R3.company", "balance_company_amount + future_company_amount", "balance_company"
        ),
        buckets_add_up(),
        items_add_up(),
    ]


def balance_equals_ledger(as_of: date, check_id: str, ours: str, theirs: str) -> Check:
    """R3: open items per netting group equal the ledger's own total, to the cent.

    The ledger's total counts later-dated papers, so ours adds what is still to come.
    """
    query = f"""
select
    coalesce(mart.legal_entity, ledger.legal_entity) as legal_entity,
    coalesce(mart.customer_id, ledger.customer_id) as customer_id,
    coalesce(mart.contract_id, ledger.contract_id) as contract_id,
    coalesce(mart.currency_code, ledger.currency) as currency_code,
    mart.amount as left_value, ledger.amount as right_value
from (
    select legal_entity, customer_id, contract_id, currency_code, {ours} as amount
    from candidate.receivables_customer
) as mart
full join (
    select legal_entity, customer_id, contract_id, currency, sum({theirs}) as amount
    from raw.acc_balance_control as c
    where as_of = (
        select max(newest.as_of) from raw.acc_balance_control as newest
        where newest.source_system = c.source_system and newest.as_of <= '{as_of}'
    )
    group by legal_entity, customer_id, contract_id, currency
) as ledger
    on ledger.legal_entity = mart.legal_entity and ledger.customer_id = mart.customer_id
    and ledger.contract_id = mart.contract_id and ledger.currency = mart.currency_code
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
select
    coalesce(mart.legal_entity, items.legal_entity) as legal_entity,
    coalesce(mart.customer_id, items.customer_id) as customer_id,
    coalesce(mart.contract_id, items.contract_id) as contract_id,
    coalesce(mart.currency_code, items.currency_code) as currency_code,
    items.amount as left_value, mart.balance_amount as right_value
from candidate.receivables_customer as mart
full join (
    select legal_entity, customer_id, contract_id, currency_code, sum(open_amount) as amount
    from candidate.receivables_open
    group by legal_entity, customer_id, contract_id, currency_code
) as items
    on items.legal_entity = mart.legal_entity and items.customer_id = mart.customer_id
    and items.contract_id = mart.contract_id and items.currency_code = mart.currency_code
"""
    return Check(
        check_id="R4.items",
        severity=Severity.FAIL,
        owner=OWNER,
        remedy="receivables_open and receivables_customer disagree: rebuild both.",
        reconciliation=Reconciliation(query),
    )
