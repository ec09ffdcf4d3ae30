"""Who may see and do what: sellers their own customers, every role no more than its stage needs."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from daymart.publish.run import rollback
from daymart.stages import Company
from daymart.warehouse.connect import Role, Warehouse
from tests.conftest import rows
from tests.faults.republish import marts_of, publish_again
from tests.marts import MARTS, SELLER_MARTS

SELLERS = ("E004", "E005")

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
SCHEMAS = (
    "landing", "raw", "raw_history", "quarantine", "ops", "staging", "intermediate", "candidate",
    "published", "published_history", "marts", "public",
)  # fmt: skip

READ, WRITE = {"SELECT"}, {"SELECT", "INSERT", "UPDATE", "DELETE"}
ALL = set(VERBS)

# What each role may do with every table of a schema; nothing else. `ops` is table by table below.
EXPECTED = {
    Role.LOADER: {"raw": WRITE, "raw_history": WRITE, "quarantine": WRITE},
    Role.TRANSFORMER: {
        "raw": READ, "raw_history": READ, "staging": ALL, "intermediate": ALL, "candidate": ALL,
    },
    Role.PUBLISHER: {
        "raw": READ, "raw_history": READ, "quarantine": READ, "staging": READ,
        "intermediate": READ, "candidate": READ, "published": ALL, "published_history": ALL,
        "marts": ALL,
    },
    Role.READER: {"published": READ, "published_history": READ, "marts": READ},
    Role.SELLER: {"published": READ, "published_history": READ, "marts": READ},
}  # fmt: skip

LOADERS = ("load", "load_table", "load_file", "tombstone")
LEDGER = (
    *LOADERS, "build_result", "calendar", "check_result", "feed", "lease", "mart_definition",
    "mart_state", "publication", "publication_load", "publication_mart",
)  # fmt: skip
SHOWN_TO_SELLERS = ("feed", "mart_state", "publication", "publication_mart")

EXPECTED_OPS = {
    Role.LOADER: dict.fromkeys(LEDGER, READ)
    | dict.fromkeys(("load", "load_table"), {"SELECT", "INSERT", "UPDATE"})
    | {"lease": WRITE, "tombstone": {"SELECT", "INSERT", "UPDATE"}}
    | {"check_result": {"SELECT", "INSERT"}, "load_file": {"SELECT", "INSERT", "DELETE"}},
    Role.TRANSFORMER: dict.fromkeys(LEDGER, READ),
    Role.PUBLISHER: dict.fromkeys(LEDGER, WRITE)
    | dict.fromkeys(("calendar", "feed", *LOADERS), READ),
    Role.READER: dict.fromkeys((*SHOWN_TO_SELLERS, "check_result"), READ),
    Role.SELLER: dict.fromkeys(SHOWN_TO_SELLERS, READ),
}

MAY_CREATE_IN = {
    Role.LOADER: {"landing"},
    Role.TRANSFORMER: {"staging", "intermediate", "candidate"},
    Role.PUBLISHER: {"published", "published_history", "marts"},
    Role.READER: set(),
    Role.SELLER: set(),
}

REFUSALS = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ObjectNotInPrerequisiteState,  # the marts are views of two tables
)

MATRIX = """
select n.nspname, c.relname, v.verb
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
cross join unnest(%s::text[]) as v (verb)
where n.nspname = any (%s) and c.relkind in ('r', 'v', 'm', 'p', 'f')
    and has_table_privilege(%s, c.oid, v.verb)
"""


@contextmanager
def seller(warehouse: Warehouse, employee: str | None) -> Iterator[psycopg.Connection]:
    """Open a session as a seller: the identity set for one transaction, or not set at all."""
    with warehouse.session(Role.SELLER) as session, session.transaction():
        if employee is not None:
            session.execute("select set_config('daymart.employee_id', %s, true)", [employee])
        yield session


def own_rows(warehouse: Warehouse, mart: str, employee: str) -> int:
    """Return how many rows of a mart are the seller's, counted by the database's owner."""
    found = rows(
        warehouse, f"select count(*) from published.{mart} where manager_id = %s", employee
    )
    return int(found[0][0])


@pytest.fixture(scope="module")
def company(shared_company: Company) -> Company:
    """Offer a company with a past to look into; its tests only look, or are refused."""
    publish_twice(shared_company)
    return shared_company


def publish_twice(company: Company) -> None:
    """Add two publications to the first one."""
    publish_again(company.warehouse, company.project.settings, "new")
    with company.warehouse.session(None) as session:
        session.execute("update candidate.receivables_customer set balance_amount = 1")
    publish_again(company.warehouse, company.project.settings, "newer")


def test_marts_with_a_manager_are_all_under_row_security(company: Company) -> None:
    with company.warehouse.session(None) as session:
        assert marts_of(session) == MARTS
    secured = rows(
        company.warehouse,
        "select relnamespace::regnamespace::text, relname from pg_class"
        " where relrowsecurity and relforcerowsecurity order by 1, 2",
    )
    expected = {(s, m) for s in ("published", "published_history") for m in SELLER_MARTS}
    expected.add(("published", "restatement"))
    assert set(secured) == expected
    assert (
        rows(
            company.warehouse,
            "select rolname from pg_roles where rolname like 'daymart%'"
            " and (rolbypassrls or rolsuper or rolcanlogin or rolcreaterole)",
        )
        == []
    )
    invoker = rows(
        company.warehouse,
        "select count(*) from pg_class where relnamespace = 'marts'::regnamespace"
        " and relkind = 'v' and 'security_invoker=true' = any (reloptions)",
    )
    assert invoker == [(len(MARTS) + 1,)], "every mart, and restatement"


@pytest.mark.parametrize("mart", SELLER_MARTS)
@pytest.mark.parametrize("employee", SELLERS)
def test_seller_sees_own_customers_only(company: Company, mart: str, employee: str) -> None:
    sources = [f"marts.{mart}", f"published.{mart}", f"published_history.{mart}"]
    sources += [f"marts.{mart}_at({n})" for n in (1, 2, 3)]
    with seller(company.warehouse, employee) as session:
        for source in sources:
            managers = session.execute(
                f"select distinct manager_id from {source}".encode()
            ).fetchall()
            assert managers in ([(employee,)], []), source
        count = session.execute(f"select count(*) from marts.{mart}".encode()).fetchone()
        past = session.execute(f"select count(*) from marts.{mart}_at(1)".encode()).fetchone()
    assert count == past == (own_rows(company.warehouse, mart, employee),)
    assert any(own_rows(company.warehouse, mart, one) for one in SELLERS), "nobody has any"


@pytest.mark.parametrize("employee", [None, "", "E999", "E004' or true --", "%"])
def test_seller_without_a_known_identity_sees_no_customer(
    company: Company, employee: str | None
) -> None:
    with seller(company.warehouse, employee) as session:
        for mart in SELLER_MARTS:
            for source in (f"marts.{mart}", f"marts.{mart}_at(1)", f"published_history.{mart}"):
                assert session.execute(f"select * from {source}".encode()).fetchall() == []
        for mart in set(MARTS) - set(SELLER_MARTS):
            assert session.execute(f"select 1 from marts.{mart} limit 1".encode()).fetchall()


def test_next_user_of_a_pooled_session_sees_nothing_of_the_one_before(company: Company) -> None:
    with company.warehouse.session(Role.SELLER) as session:
        count = "select count(*) from marts.receivables_customer"
        with session.transaction():
            session.execute("select set_config('daymart.employee_id', 'E004', true)")
            first = session.execute(count, prepare=True).fetchone()
        unset = session.execute(count, prepare=True).fetchone()
        with session.transaction():
            session.execute("select set_config('daymart.employee_id', 'E005', true)")
            second = session.execute(count, prepare=True).fetchone()
    mine = [own_rows(company.warehouse, "receivables_customer", e) for e in SELLERS]
    assert (first, unset, second) == ((mine[0],), (0,), (mine[1],))
    assert mine[0] != mine[1]


def test_reader_sees_all_customers(company: Company) -> None:
    with company.warehouse.session(Role.READER) as session:
        for mart in SELLER_MARTS:
            shown = session.execute(f"select count(*) from marts.{mart}".encode()).fetchall()
            past = session.execute(f"select count(*) from marts.{mart}_at(1)".encode()).fetchall()
            stored = rows(company.warehouse, f"select count(*) from published.{mart}")
            assert shown == past == stored


def test_row_security_after_a_rollback_is_what_it_was(published_company: Company) -> None:
    publish_twice(published_company)
    rollback(published_company.warehouse, 1, "wrong")
    with seller(published_company.warehouse, "E004") as session:
        managers = session.execute("select distinct manager_id from marts.receivables_customer")
        assert managers.fetchall() == [("E004",)]


def test_seller_learns_nothing_from_statistics_errors_or_verdicts(company: Company) -> None:
    with company.warehouse.session(None) as session:
        session.execute("analyze")
    with seller(company.warehouse, "E004") as session:
        stats = session.execute(
            "select count(*) from pg_stats where tablename = any (%s)", [list(SELLER_MARTS)]
        ).fetchone()
        assert stats == (0,)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        seller(company.warehouse, "E004") as session,
    ):
        # Verdicts name the rows that are wrong, of any customer.
        session.execute("select detail from ops.check_result")
    leaky = "create function pg_temp.leak(text) returns boolean language plpgsql cost 0.0001 as"
    with seller(company.warehouse, "E004") as session:
        session.execute(f"{leaky} $$ begin raise notice 'saw %', $1; return true; end $$".encode())
        notices: list[str] = []
        session.add_notice_handler(lambda d: notices.append(str(d.message_primary)))
        session.execute(
            "select 1 from marts.receivables_customer where pg_temp.leak(manager_id)"
        ).fetchall()
    assert set(notices) == {"saw E004"}


@pytest.mark.parametrize("role", list(Role))
def test_role_has_exactly_the_rights_of_its_stage(company: Company, role: Role) -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for schema, table, verb in rows(
        company.warehouse, MATRIX, list(VERBS), list(SCHEMAS), str(role)
    ):
        found.setdefault((schema, table), set()).add(verb)
    expected = {("ops", table): verbs for table, verbs in EXPECTED_OPS[role].items()}
    for schema, table in rows(
        company.warehouse,
        "select n.nspname, c.relname from pg_class as c inner join pg_namespace as n"
        " on n.oid = c.relnamespace where n.nspname = any (%s) and c.relkind in ('r', 'v')"
        " and c.relname <> 'left_out'",
        list(SCHEMAS),
    ):
        verbs = EXPECTED[role].get(schema, set())
        if schema != "ops" and verbs:
            expected[schema, table] = verbs
    found = {k: v for k, v in found.items() if k[1] != "left_out"}
    without_maintain = {key: verbs & ALL for key, verbs in found.items()}
    assert without_maintain == expected


@pytest.mark.parametrize("role", list(Role))
def test_role_creates_tables_only_where_its_stage_writes(company: Company, role: Role) -> None:
    found = rows(
        company.warehouse,
        "select nspname from pg_namespace where nspname = any (%s)"
        " and has_schema_privilege(%s, oid, 'CREATE')",
        list(SCHEMAS),
        str(role),
    )
    assert {row[0] for row in found} == MAY_CREATE_IN[role]


@pytest.mark.parametrize("role", [Role.READER, Role.SELLER])
@pytest.mark.parametrize(
    "statement",
    [
        "select * from raw.customer",
        "select * from raw_history.customer",
        "select * from candidate.receivables_customer",
        "select * from quarantine.reject",
        "select * from ops.load",
        "select * from ops.lease",
        "insert into marts.stock_availability (warehouse_id) values ('X')",
        "update marts.stock_availability set brand = 'X'",
        "delete from published.stock_availability",
        "truncate published.stock_availability",
        "update ops.mart_state set stale_reason = null",
        "create table public.mine (i int)",
        "create view marts.mine as select 1",
        "alter table published.receivables_customer disable row level security",
        "drop policy own_customers on published.receivables_customer",
        "set role daymart_publisher",
    ],
)
def test_reader_and_seller_may_not_look_behind_or_write(
    company: Company, role: Role, statement: str
) -> None:
    with company.warehouse.session(None) as session:
        session.execute(f"set session authorization {role}".encode())
        with pytest.raises(REFUSALS):
            session.execute(statement.encode())
