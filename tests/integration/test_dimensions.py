"""Dimensions keep what was true when: versions, placeholders, and facts that come late."""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest

from daymart import stages
from daymart.contracts.model import Feed
from daymart.demo.core import extras
from daymart.settings import Settings
from daymart.stages import Company
from tests.conftest import DEMO_EVENING, Databases, company_at, demo_connection, rows
from tests.marts import MODELS

MONDAY = date(2026, 11, 23)
EARLIEST = date(1900, 1, 1)
LEAVER, NAMESAKE, FIRST, SUPPLIER = 3, 5, 1, 101
"""Partners: one leaves the list, one gets the tax number of another, one only sells to us."""

MONDAYS_CHANGES = (
    f"update erp.partner set manager_no = 'E006' where id = {extras.MOVED}",
    f"update erp.partner set buys = false where id = {LEAVER}",
    "update erp.partner set tax_no = (select tax_no from erp.partner"
    f" where id = {FIRST}) where id = {NAMESAKE}",
    # A renamed product is the same version under another name; another brand is another version.
    "update erp.item set title = 'Renamed' where id = 1001",
    "update erp.item set brand = 'Rebranded' where id = 1002",
    # A warehouse moved to another site, and a supplier left the list.
    "update erp.store set site_code = 'BER' where code = 'KYV'",
    f"update erp.partner set sells = false where id = {SUPPLIER}",
    # Orders of before and after the change of manager, both first told on Monday.
    "insert into erp.sale values"
    f" (990001, 'LATE', {extras.MOVED}, 'E005', '2026-11-19', 'EUR', null, false),"
    f" (990002, 'NEW', {extras.MOVED}, 'E006', '2026-11-23', 'EUR', null, false),"
    f" (990003, 'STRANGE', {SUPPLIER}, 'E999', '2026-11-23', 'EUR', null, false)",
    "insert into erp.sale_line values"
    " (990003, 1, 999999, 'NOWHERE', 1, 'pcs', 0, 10, 0, 20, '2026-11-23')",
    "insert into erp.dispatch"
    " select 980000 + right(id::text, 1)::int, no, id, 'KYV', partner_id, null, null,"
    " '2026-11-23 10:00Z', null, null, false, null from erp.sale where id in (990001, 990002)",
    "insert into erp.dispatch_line"
    " select id, 1, null, 1001, '', 1, 'pcs' from erp.dispatch where sale_id in (990001, 990002)",
    # Each names goods and a store that nothing else names.
    "insert into erp.purchase_line select id, 99, 999991, 'AT_LINE', 1, 'pcs', 10, '2026-11-30',"
    " null, 'N', 0 from erp.purchase order by id desc limit 1",
    "insert into erp.purchase_receipt values (990001, 1, null, null, null, 'AT_RECEIPT', 999992,"
    " '', 1, 'pcs', 'A', '2026-11-23 10:00Z', '2026-11-23 10:00Z')",
    "insert into erp.hold values (990001, null, null, 999993, 'AT_HOLD', 1, false,"
    " '2026-11-23 10:00Z', null, 'E004')",
    "insert into erp.stock_check values ('LATE', 'AT_COUNT', 999994, '', '2026-11-23 10:00Z',"
    " 0, 1, 'E004', 'O')",
    "insert into erp.stock_plan values ('LATE', '2026-11-30', 'AT_PLAN', 999995, '+', 'PUR', 1)",
)
GOODS_LISTED_LATER = (
    "insert into erp.item select (jsonb_populate_record(i, jsonb_build_object('id', later))).*"
    " from erp.item as i, generate_series(999993, 999995) as later where i.id = 1001"
)
"""What stores handle is written in the unit of goods the list of products does not hold yet."""

NAMED_IN_MARTS = [
    (mart, column["name"])
    for mart, model in MODELS.items()
    for column in model["columns"]
    if column["name"] in ("product_id", "warehouse_id") and not mart.startswith("dim_")
]


@pytest.fixture(scope="module")
def company(
    databases: Databases,
    published_template: str,
    demo_template: str,
    feeds: dict[str, Feed],
    settings: Settings,
) -> Iterator[Company]:
    """A company whose Friday is published and whose Monday is built."""
    uri, source = databases.create(published_template), databases.create(demo_template)
    with demo_connection(source):
        with psycopg.connect(source) as session:
            session.execute(f"set erp.today = '{MONDAY}'".encode())
            for change in MONDAYS_CHANGES:
                assert session.execute(change.encode()).rowcount > 0, change
        company = company_at(uri, feeds, settings)
        stages.accept(company, "reference", stages.pull(company, "reference", MONDAY))
        with psycopg.connect(source) as session:
            session.execute(GOODS_LISTED_LATER.encode())
        for feed in ("sales", "logistics", "purchasing"):
            stages.accept(company, feed, stages.pull(company, feed, MONDAY))
        # Nobody closed Monday's stock in the ERP: Friday's lists come again with what is new.
        stages.accept(company, "warehouse", stages.pull(company, "warehouse", DEMO_EVENING))
        stages.build(company, MONDAY)
        yield company
    databases.drop(uri)
    databases.drop(source)


def _code(partner_id: int) -> str:
    return f"C{partner_id:04d}"


def test_a_changed_manager_opens_a_version_on_the_evening_it_was_told(company: Company) -> None:
    versions = rows(
        company.warehouse,
        "select valid_from, valid_to, is_current, manager_id_then, manager_id"
        " from candidate.dim_customer"
        " where customer_id = %s order by valid_from",
        _code(extras.MOVED),
    )
    assert [v[:3] for v in versions] == [(EARLIEST, MONDAY, False), (MONDAY, None, True)]
    assert [v[3:] for v in versions] == [("E005", "E006"), ("E006", "E006")]


def test_an_order_that_comes_late_finds_the_manager_of_its_day(company: Company) -> None:
    then = rows(
        company.warehouse,
        "select order_number, manager_id, manager_id_then from candidate.shipments_daily"
        " where order_id in ('990001', '990002') order by order_number",
    )
    assert then == [("LATE", "E006", "E005"), ("NEW", "E006", "E006")]


def test_a_customer_off_the_list_stays_and_says_so(company: Company) -> None:
    versions = rows(
        company.warehouse,
        "select valid_from, is_listed, is_current, is_placeholder, customer_name"
        " from candidate.dim_customer where customer_id = %s order by valid_from",
        _code(LEAVER),
    )
    name = versions[0][4]
    assert versions == [
        (EARLIEST, True, False, False, name),
        (MONDAY, False, True, False, name),
    ]
    assert not name.startswith("Unknown")


def test_a_warehouse_that_moved_stood_at_its_old_site_before(company: Company) -> None:
    assert rows(
        company.warehouse,
        "select valid_from, valid_to, is_current, site_id from candidate.dim_warehouse"
        " where warehouse_id = 'KYV' order by valid_from",
    ) == [(EARLIEST, MONDAY, False, "KYV"), (MONDAY, None, True, "BER")]


def test_a_supplier_off_the_list_stays_and_says_so(company: Company) -> None:
    assert rows(
        company.warehouse,
        "select valid_from, is_listed, is_current from candidate.dim_supplier"
        " where supplier_id = (select supplier_id from published.dim_supplier"
        " except select supplier_id from candidate.dim_supplier where is_listed and is_current)"
        " order by valid_from",
    ) == [(EARLIEST, True, False), (MONDAY, False, True)]


def test_customers_of_one_tax_number_count_as_one(company: Company) -> None:
    assert rows(
        company.warehouse,
        "select customer_id, main_customer_id, is_duplicate from candidate.dim_customer"
        " where is_current and customer_id in (%s, %s) order by customer_id",
        _code(FIRST),
        _code(NAMESAKE),
    ) == [(_code(FIRST), _code(FIRST), False), (_code(NAMESAKE), _code(FIRST), True)]


@pytest.mark.parametrize(
    ("what", "id_", "name"),
    [
        ("product", "999999", "Unknown product 999999"),
        ("employee", "E999", "Unknown employee E999"),
        ("warehouse", "NOWHERE", "Unknown warehouse NOWHERE"),
        ("product", "999991", "Unknown product 999991"),
        ("warehouse", "AT_LINE", "Unknown warehouse AT_LINE"),
        ("product", "999992", "Unknown product 999992"),
        ("warehouse", "AT_RECEIPT", "Unknown warehouse AT_RECEIPT"),
        ("product", "999993", "Unknown product 999993"),
        ("warehouse", "AT_HOLD", "Unknown warehouse AT_HOLD"),
        ("product", "999994", "Unknown product 999994"),
        ("warehouse", "AT_COUNT", "Unknown warehouse AT_COUNT"),
        ("product", "999995", "Unknown product 999995"),
        ("warehouse", "AT_PLAN", "Unknown warehouse AT_PLAN"),
    ],
)
def test_a_member_only_facts_name_gets_a_placeholder(
    company: Company, what: str, id_: str, name: str
) -> None:
    assert rows(
        company.warehouse,
        f"select {what}_name, is_placeholder, is_listed from candidate.dim_{what}"
        f" where {what}_id = %s",
        id_,
    ) == [(name, True, False)]


@pytest.mark.parametrize(("mart", "column"), NAMED_IN_MARTS)
def test_what_a_mart_names_is_in_its_dimension(company: Company, mart: str, column: str) -> None:
    dimension = f"dim_{column.removesuffix('_id')}"
    nameless = rows(
        company.warehouse,
        f"select distinct {column} from candidate.{mart} where {column} <> ''"
        f" and {column} not in (select {column} from candidate.{dimension})",
    )
    assert nameless == [], f"{dimension} has no row of what {mart} names"


def test_a_customer_only_facts_name_gets_a_placeholder(company: Company) -> None:
    ((code,),) = rows(
        company.warehouse, "select customer_id from raw.so_order where order_id = '990003'"
    )
    assert rows(
        company.warehouse,
        "select customer_name, valid_from, valid_to, is_current from candidate.dim_customer"
        " where is_placeholder",
    ) == [(f"Unknown customer {code}", EARLIEST, None, True)]


@pytest.mark.parametrize(
    ("mart", "changed"),
    [
        # Two versions each of the moved and the leaver, the namesake, the placeholder.
        ("dim_customer", 6),
        ("dim_product", 9),
        ("dim_employee", 1),
        # Two versions of the moved one, the placeholders.
        ("dim_warehouse", 8),
        ("dim_supplier", 2),
        ("dim_route", 0),
        ("dim_department", 0),
        ("dim_date", 0),
    ],
)
def test_only_what_changed_in_business_changes_overnight(
    company: Company, mart: str, changed: int
) -> None:
    names = rows(
        company.warehouse,
        "select string_agg(quote_ident(column_name), ', ') from information_schema.columns"
        " where table_schema = 'candidate' and table_name = %s",
        mart,
    )[0][0]
    assert rows(
        company.warehouse,
        f"select count(*) from (select {names} from candidate.{mart}"
        f" except select {names} from published.{mart}) as changed",
    ) == [(changed,)]


def test_no_dimension_shows_a_way_to_reach_a_person(company: Company) -> None:
    columns = {
        row[0]
        for row in rows(
            company.warehouse,
            "select column_name from information_schema.columns"
            " where table_schema = 'candidate' and table_name like 'dim\\_%'",
        )
    }
    assert len(columns) > 40
    assert [c for c in columns if any(w in c for w in ("phone", "mail", "contact"))] == []
