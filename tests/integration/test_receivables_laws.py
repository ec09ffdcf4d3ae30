"""Laws of receivables that hold for any books: ageing adds up, derived allocation moves nothing.

The models are built once on an empty warehouse; every example puts generated papers into raw and
evaluates the models' own compiled SQL in a transaction that is rolled back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daymart.build.dbt import run_variables
from tests.conftest import Databases, dbt_for, warehouse_at

AS_OF = date(2026, 11, 20)
EXAMPLES = 40
TABLES = (
    ("intermediate", "int_money__items_linked"),
    ("intermediate", "int_money__open_items"),
    ("intermediate", "int_money__credits_named"),
    ("intermediate", "int_money__credits_derived"),
    ("intermediate", "int_money__open_items_valued"),
    ("candidate", "receivables_open"),
    ("candidate", "receivables_customer"),
)
"""Tables between raw and the marts that rest on papers, in the order they are built."""

SYSTEM = "'test', 'x', 1, now(), now(), 0"
CREDITS = ("payment", "advance", "credit_note", "write_off")
DEBTS = ("invoice", "debit_note", "refund", "opening")


@dataclass(frozen=True)
class Paper:
    """A paper with the amounts of its instalments in cents and their due days before as_of."""

    kind: str
    customer: str
    contract: str
    posted_days_ago: int
    cents: tuple[int, ...]
    due_days_ago: tuple[int | None, ...]
    linked_share: int
    is_disputed: bool
    names_invoice: bool = False

    @property
    def sign(self) -> int:
        return -1 if self.kind in CREDITS else 1


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    kind = draw(st.sampled_from((*CREDITS, *DEBTS, "invoice", "invoice", "payment")))
    count = draw(st.integers(1, 3)) if kind == "invoice" else 1
    day = st.none() | st.integers(-40, 200) | st.sampled_from((0, 1, 30, 31, 60, 61, 90, 91))
    return Paper(
        kind=kind,
        customer=draw(st.sampled_from(("C1", "C2", "C3"))),
        contract=draw(st.sampled_from(("", "K1"))),
        posted_days_ago=draw(st.integers(-5, 200)),
        cents=tuple(draw(st.integers(1, 99999)) for _ in range(count)),
        due_days_ago=tuple(draw(day) for _ in range(count)),
        linked_share=draw(st.integers(0, 100)),
        is_disputed=draw(st.booleans()),
        names_invoice=draw(st.booleans()),
    )


@pytest.fixture(scope="module")
def models(
    databases: Databases, installed_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[psycopg.Connection, dict[str, str]]]:
    """Offer a session on a built, empty warehouse, and the SQL each table is made by."""
    uri = databases.create(installed_template)
    target = Path(tmp_path_factory.mktemp("dbt"))
    dbt = dbt_for(warehouse_at(uri), target)
    variables = run_variables(AS_OF, datetime(2026, 11, 23, 6, tzinfo=UTC), "EUR")
    results = dbt.build(variables, "receivables_customer", "receivables_open")
    assert [r for r in results if r.failed] == []
    compiled = {
        path.stem: path.read_text()
        for path in (target / "compiled").rglob("*.sql")
        if path.stem in {name for _, name in TABLES} and path.parent.suffix != ".yml"
    }
    with psycopg.connect(uri) as session:
        yield session, compiled
    databases.drop(uri)


def keep(session: psycopg.Connection, generated: list[Paper]) -> None:
    """Write the papers into raw, and links from credits to debts of the same account."""
    left: dict[tuple[int, int], int] = {}
    invoices = {
        (p.customer, p.contract): no for no, p in enumerate(generated) if p.kind == "invoice"
    }
    for no, paper in enumerate(generated):
        named = invoices.get((paper.customer, paper.contract)) if paper.names_invoice else None
        original = f"{named:03}" if paper.kind == "credit_note" and named is not None else None
        posted = AS_OF - timedelta(days=paper.posted_days_ago)
        total = Decimal(paper.sign * sum(paper.cents)) / 100
        session.execute(
            "insert into raw.acc_document (document_id, kind, number, doc_date, posting_date,"
            " customer_id, contract_id, legal_entity, currency, amount_gross, company_currency,"
            " amount_company, is_disputed, original_document_id, source_system, source_id,"
            " _load_id, _loaded_at, _known_at, _row_hash) values (%s, %s, %s, %s, %s, %s, %s,"
            f" 'N1', 'EUR', %s, 'EUR', %s, %s, %s, {SYSTEM})",
            [f"{no:03}", paper.kind, f"P{no % 7}", posted, posted, paper.customer, paper.contract,
             total, total, paper.is_disputed, original],
        )  # fmt: skip
        for part, (cents, due) in enumerate(
            zip(paper.cents, paper.due_days_ago, strict=True), start=1
        ):
            left[no, part] = cents
            amount = Decimal(paper.sign * cents) / 100
            session.execute(
                "insert into raw.acc_instalment (document_id, instalment_no, due_date, amount,"
                " amount_company, source_system, source_id, _load_id, _loaded_at, _known_at,"
                f" _row_hash) values (%s, %s, %s, %s, %s, {SYSTEM})",
                [f"{no:03}", part, None if due is None else AS_OF - timedelta(days=due), amount,
                 amount],
            )  # fmt: skip
    link(session, generated, left)


def link(
    session: psycopg.Connection, generated: list[Paper], left: dict[tuple[int, int], int]
) -> None:
    """Let each credit pay the newest debt of its account with a share of what both have left."""
    for no, credit in enumerate(generated):
        debts = [
            (n, part)
            for n, paper in enumerate(generated)
            for part in range(1, len(paper.cents) + 1)
            if paper.sign > 0
            and (paper.customer, paper.contract) == (credit.customer, credit.contract)
        ]
        if credit.sign > 0 or not debts:
            continue
        debt = debts[-1]
        cents = min(left[no, 1], left[debt]) * credit.linked_share // 100
        if cents:
            left[no, 1] -= cents
            left[debt] -= cents
            session.execute(
                "insert into raw.acc_allocation (allocation_id, from_document_id,"
                " from_instalment_no, to_document_id, to_instalment_no, amount, from_amount,"
                " amount_company, effective_date, source_system, source_id, _load_id, _loaded_at,"
                f" _known_at, _row_hash) values (%s, %s, 1, %s, %s, %s, %s, %s, %s, {SYSTEM})",
                [f"{no:03}", f"{no:03}", f"{debt[0]:03}", debt[1], *[Decimal(cents) / 100] * 3,
                 AS_OF - timedelta(days=credit.posted_days_ago)],
            )  # fmt: skip


def build(session: psycopg.Connection, compiled: dict[str, str]) -> None:
    for schema, table in TABLES:
        session.execute(f"truncate {schema}.{table}".encode())
        session.execute(f"insert into {schema}.{table} {compiled[table]}".encode())


def found(session: psycopg.Connection, query: str) -> list[tuple[object, ...]]:
    return session.execute(query.encode()).fetchall()


ACCOUNT = "legal_entity, customer_id, contract_id, currency_code"
NAMED = "select original_document_id from raw.acc_document where original_document_id is not null"
LAWS = {
    "buckets and unapplied add up to the balance": f"""
        select {ACCOUNT} from candidate.receivables_customer
        where not_due_amount + overdue_1_30_amount + overdue_31_60_amount + overdue_61_90_amount
            + overdue_91_plus_amount + unapplied_amount <> balance_amount""",
    "the balance is what was posted by the evening": f"""
        select customer_id, contract_id from candidate.receivables_customer as mart
        full join (
            select customer_id, contract_id, sum(amount_gross) as posted from raw.acc_document
            where posting_date <= '{AS_OF}' group by customer_id, contract_id
        ) as paper using (customer_id, contract_id)
        where coalesce(balance_amount, 0) <> coalesce(posted, 0)""",
    "derived allocation changes no balance": f"""
        select {ACCOUNT} from candidate.receivables_open
        group by {ACCOUNT} having sum(derived_amount) <> 0""",
    "derived allocation takes no more than is open": """
        select document_id from candidate.receivables_open
        where derived_amount * open_amount > 0 or abs(derived_amount) > abs(open_amount)""",
    "no debt is settled before an earlier due one": f"""
        select {ACCOUNT} from candidate.receivables_open
        where not is_unapplied and document_id not in ({NAMED})
        group by {ACCOUNT}
        having max(due_on_effective) filter (where derived_amount < 0)
            > min(due_on_effective) filter (where remaining_amount > 0)""",
    "a credit note goes to the invoice it names while that is open": """
        select named.original_document_id
        from candidate.receivables_open as note
        inner join raw.acc_document as named using (document_id)
        inner join (
            select document_id, sum(remaining_amount) as remaining, -sum(derived_amount) as settled
            from candidate.receivables_open where not is_unapplied group by document_id
        ) as invoice on invoice.document_id = named.original_document_id
        group by named.original_document_id, invoice.remaining, invoice.settled
        having invoice.remaining > 0 and sum(note.derived_amount) > invoice.settled""",
    "all that can be settled is": f"""
        select {ACCOUNT} from candidate.receivables_open group by {ACCOUNT}
        having coalesce(sum(derived_amount) filter (where is_unapplied), 0) <> greatest(least(
            coalesce(-sum(open_amount)
                filter (where is_unapplied and document_kind <> 'advance'), 0),
            coalesce(sum(open_amount) filter (where not is_unapplied), 0)), 0)""",
    "an advance settles nothing": """
        select document_id from candidate.receivables_open
        where document_kind = 'advance' and derived_amount <> 0""",
}


@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(generated=st.lists(papers(), min_size=1, max_size=25))
def test_any_books_obey_the_laws_of_receivables(
    models: tuple[psycopg.Connection, dict[str, str]], generated: list[Paper]
) -> None:
    session, compiled = models
    with session.transaction(force_rollback=True):
        keep(session, generated)
        build(session, compiled)
        broken = {law: found(session, query) for law, query in LAWS.items()}
    assert {law: rows for law, rows in broken.items() if rows} == {}


def test_every_law_sees_it_broken(
    models: tuple[psycopg.Connection, dict[str, str]],
) -> None:
    """One account: a late invoice, a later one, money, and an invoice with its credit note."""
    invoice = Paper("invoice", "C1", "", 60, (1000,), (10,), 0, False)
    later = Paper("invoice", "C1", "", 60, (1000,), (0,), 0, False)
    payment = Paper("payment", "C1", "", 1, (1500,), (None,), 0, False)
    advance = Paper("advance", "C1", "", 1, (100,), (None,), 0, False)
    last = Paper("invoice", "C1", "", 60, (1000,), (-30,), 0, False)
    note = Paper("credit_note", "C1", "", 1, (300,), (None,), 0, False, names_invoice=True)
    damages = {
        "buckets and unapplied add up to the balance":
            "update candidate.receivables_customer set not_due_amount = 0",
        "the balance is what was posted by the evening":
            "update candidate.receivables_customer set balance_amount = balance_amount + 0.01",
        "derived allocation changes no balance":
            "update candidate.receivables_open set derived_amount = 0 where document_id = '000'",
        "derived allocation takes no more than is open":
            "update candidate.receivables_open set derived_amount = -10.01"
            " where document_id = '000'",
        "no debt is settled before an earlier due one":
            "update candidate.receivables_open set remaining_amount = 1 where document_id = '000'",
        "a credit note goes to the invoice it names while that is open":
            "update candidate.receivables_open set derived_amount = 0 where document_id = '004'",
        "all that can be settled is":
            "update candidate.receivables_open set derived_amount = 14 where document_id = '002'",
        "an advance settles nothing":
            "update candidate.receivables_open set derived_amount = 1 where document_id = '003'",
    }  # fmt: skip
    assert damages.keys() == LAWS.keys()
    session, compiled = models
    for law, damage in damages.items():
        with session.transaction(force_rollback=True):
            keep(session, [invoice, later, payment, advance, last, note])
            build(session, compiled)
            assert found(session, LAWS[law]) == [], law
            assert session.execute(damage.encode()).rowcount >= 1
            assert found(session, LAWS[law]) != [], law
