"""A morning builds what deliveries touched, and comes to the same rows as building everything."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from daymart import stages
from daymart.build.changes import WHOLE, Since, fingerprint, since_last_publication
from daymart.connections import get_connection
from daymart.contracts.model import Feed
from daymart.demo.company import advance
from daymart.publish.ledger import open_publication
from daymart.publish.run import rollback
from daymart.settings import Calendar, Settings
from daymart.stages import Company
from daymart.warehouse.connect import Role
from tests.conftest import (
    DEMO_EVENING,
    Databases,
    company_at,
    demo_connection,
    load_everything,
    publish_everything,
    rows,
)
from tests.marts import BROUGHT_ON, MARTS
from tests.plans import read_whole

FEW_ROWS = 200
"""Of which the planner reads all sooner than look some up."""
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)

TAKE_BACK = (
    "with line as (select l.* from erp.dispatch_line as l inner join erp.dispatch as d"
    " on d.id = l.dispatch_id where l.qty > 2 and d.cancels_id is null and d.id not in"
    " (select cancels_id from erp.dispatch where cancels_id is not null)"
    " order by 1, 2 offset {nth} limit 1),"
    " head as (insert into erp.dispatch (id, no, sale_id, store, partner_id, issued_at,"
    " wants_signature, cancels_id, touched_on) select {id}, no || '-S', sale_id, store, partner_id,"
    " issued_at + interval '1 day', wants_signature, id, touched_on from erp.dispatch"
    " where id = (select dispatch_id from line))"
    " insert into erp.dispatch_line select {id}, line_no, sale_line, item_id, lot, -{qty}, unit,"
    " touched_on from line"
)
OLD_CORRECTIONS = (
    # Papers of long ago: one renumbered, one link taken back, one due another day.
    "update erp.paper set no = no || '-C' where id = (select min(id) from erp.paper"
    " where type = (select type from erp.paper where booked_on < '2026-10-20'"
    " group by type order by count(*) desc limit 1))",
    "delete from erp.paper_link where id = (select min(id) from erp.paper_link)",
    # A paper of one month booked in the one before; an order billed long ago paid in advance.
    "update erp.paper set booked_on = booked_on - 31 where id = (select max(id) from erp.paper"
    " where sale_id is not null and cancels_id is null and booked_on < '2026-11-16')",
    "update erp.sale set prepaid = true where id = (select max(p.sale_id) from erp.paper as p"
    " inner join erp.sale as s on p.sale_id = s.id"
    " where not s.prepaid and p.booked_on < '2026-10-01')",
    # An old invoice billed a piece less, so that something of an order done long ago waits again.
    "update erp.paper_line set qty = qty - 1 where (paper_id, line_no) = (select paper_id, line_no"
    " from erp.paper_line where sale_id is not null and qty > 1 order by 1, 2 limit 1)",
    # Customers of many old papers: one renamed, one given to another manager.
    "update erp.partner set title = title || ' & Sons' where id ="
    " (select partner_id from erp.paper group by 1 order by count(*) desc, 1 limit 1)",
    "update erp.partner set manager_no = (select max(manager_no) from erp.partner) where id ="
    " (select partner_id from erp.paper group by 1 order by count(*) desc, 1 offset 1 limit 1)",
    # Shipments of long ago: one delivered another day, one taken back, one in part, one short by
    # a piece.
    "update erp.dispatch_event set happened_at = happened_at + interval '9 days' where id ="
    " (select min(id) from erp.dispatch_event where type = 'DLV')",
    TAKE_BACK.format(id=900000001, nth=0, qty="line.qty"),
    TAKE_BACK.format(id=900000002, nth=1, qty=1),
    "update erp.dispatch_line set qty = qty - 1 where (dispatch_id, line_no) ="
    " (select dispatch_id, line_no from erp.dispatch_line where qty > 1 order by 1, 2 limit 1)",
    # Orders of long ago: a line given up, a promise of another day.
    "update erp.sale_line set dropped_qty = qty where (sale_id, line_no) ="
    " (select sale_id, line_no from erp.sale_line where dropped_qty = 0 order by 1, 2 limit 1)",
    "update erp.sale_promise set day = day - 9 where id = (select min(id) from erp.sale_promise)",
    # A pick that was right went wrong; a product renamed; a day off of a site.
    "update erp.pick_fault set type = (select max(type) from erp.pick_fault) where id ="
    " (select min(id) from erp.pick_fault where type <> (select max(type) from erp.pick_fault))",
    "update erp.item set title = title || ' (new)' where id ="
    " (select item_id from erp.dispatch_line group by 1 order by count(*), 1 limit 1)",
    "update erp.calendar_day set works = false, opens = null, closes = null"
    " where works and (site_code, day) = (select s.site_code, max(d.issued_at)::date"
    " from erp.dispatch as d inner join erp.store as s on d.store = s.code"
    " inner join erp.calendar_day as c on s.site_code = c.site_code"
    " and d.issued_at::date = c.day and c.works group by 1 order by count(*) desc, 1 limit 1)",
)

TUESDAY = date(2026, 11, 24)
TICKET = 900000001
NEWS_OF_TUESDAY = (
    # Told on Monday already: a pick, the fault of one, and a dispute that nothing happened to yet.
    "update erp.pick set picked_at = '2026-11-24 10:00Z' where id = (select max(p.id)"
    " from erp.pick as p inner join erp.dispatch as d on p.dispatch_id = d.id"
    " where d.issued_at < '2026-11-19' and p.id not in (select pick_id from erp.pick_fault))",
    "update erp.pick_fault set seen_at = '2026-11-24 10:00Z' where id = (select max(f.id)"
    " from erp.pick_fault as f inner join erp.pick as p on f.pick_id = p.id"
    " inner join erp.dispatch as d on p.dispatch_id = d.id where d.issued_at < '2026-11-19')",
    f"insert into erp.ticket select {TICKET}, kind, partner_id, sale_id, sale_line, about,"
    " urgency, '2026-11-24 10:00Z', opened_by from erp.ticket where id = {disputed}",
)


@pytest.fixture(scope="module")
def company(
    databases: Databases,
    published_template: str,
    demo_template: str,
    feeds: dict[str, Feed],
    settings: Settings,
) -> Iterator[Company]:
    """A company with a whole morning, then one brought on, corrections of old papers in it."""
    uri, source = databases.create(published_template), databases.create(demo_template)
    with demo_connection(source):
        company = company_at(uri, feeds, settings)
        disputed = rows(
            company.warehouse, "select max(dispute_case_id) from published.delivery_otif"
        )[0][0]
        news = [change.replace("{disputed}", disputed) for change in NEWS_OF_TUESDAY]
        with psycopg.connect(source) as session:
            for correction in (*OLD_CORRECTIONS, *news):
                assert session.execute(correction.encode()).rowcount == 1, correction
        # What the ERP did not date is seen when everything is read.
        publish_everything(company, _next_evening(company))
        yield company
    databases.drop(uri)
    databases.drop(source)


def _next_evening(company: Company) -> date:
    evening = advance(get_connection("demo_erp", company.project.home).conninfo())
    load_everything(company, evening, whole=True)
    return evening


def _whole(company: Company) -> list[tuple]:
    return rows(company.warehouse, "select is_whole from ops.publication order by publication_id")


def test_morning_after_the_first_is_brought_on(company: Company) -> None:
    assert _whole(company)[:2] == [(True,), (False,)]
    assert BROUGHT_ON


def test_corrections_of_seen_days_are_told_and_news_are_not(company: Company) -> None:
    told = rows(
        company.warehouse,
        "select mart, max(business_on) from marts.restatement where publication_id = 2 group by 1",
    )
    assert "receipts_daily" in dict(told)
    assert all(day <= DEMO_EVENING for _, day in told)


def test_shipped_saturday_is_no_news_on_tuesday(company: Company) -> None:
    told = rows(
        company.warehouse,
        "select d.is_in_morning_window, o.open_qty from marts.shipments_daily as d"
        " join marts.delivery_otif as o using (order_id, order_line_no) where d.issued_on = %s",
        DEMO_EVENING + timedelta(days=1),
    )
    assert told == [(False, 0)]


@pytest.mark.parametrize("mart", BROUGHT_ON)
def test_only_touched_keys_were_looked_at(company: Company, mart: str) -> None:
    touched = rows(
        company.warehouse,
        "select touched ->> 'model' from ops.mart_definition where publication_id = 2"
        " and mart = %s",
        mart,
    )[0][0]
    keys = rows(company.warehouse, f"select count(*) from intermediate.{touched}")[0][0]
    assert 0 < keys < rows(company.warehouse, f"select count(*) from published.{mart}")[0][0]


def test_rows_of_a_day_are_looked_up_however_many_there_are(company: Company) -> None:
    """What is brought on reads its own rows of the tables whose contract names lookups."""
    found = _growing_tables_read_whole(
        company,
        lambda node: (
            node["resource_type"] == "model"
            and (
                node["config"]["materialized"] == "incremental"
                or node["name"].endswith(("_touched", "_concerned"))
            )
        ),
    )
    assert {*BROUGHT_ON, "int_money__items_linked", "int_delivery__orders_touched"} <= set(found)
    whole = {model: tables for model, tables in found.items() if tables}
    assert whole == {}, "explain these: a view that has a `with` is computed before it is joined"


def test_data_tests_of_a_day_read_its_rows(company: Company) -> None:
    """A test of a model that says which rows are touched reads no others."""
    keyed = {
        node_id for node_id, node in _nodes(company).items() if node["config"].get("unique_key")
    }
    found = _growing_tables_read_whole(company, lambda node: node.get("attached_node") in keyed)
    assert len(found) > 50
    assert {test: tables for test, tables in found.items() if tables} == {}


def _nodes(company: Company) -> dict[str, dict[str, Any]]:
    """Return what dbt compiled for the second morning, which was brought on."""
    builds = company.project.builds(company.warehouse.connection.database)
    told = json.loads((builds / "2" / "manifest.json").read_text(encoding="utf-8"))
    nodes: dict[str, dict[str, Any]] = told["nodes"]
    return nodes


def _growing_tables_read_whole(
    company: Company, is_asked: Callable[[dict[str, Any]], bool]
) -> dict[str, set[str]]:
    """Return, by dbt's name, which tables that grow day by day a node reads from end to end."""
    growing = {
        table.name
        for feed in company.feeds.values()
        for table in feed.tables
        if table.lookups
        and rows(company.warehouse, f"select count(*) from raw.{table.name}")[0][0] > FEW_ROWS  # noqa: S608
    }
    assert len(growing) > 8
    with company.warehouse.session(None) as session:
        return {
            node["name"]: read_whole(session, node["compiled_code"]) & growing
            for node in _nodes(company).values()
            if is_asked(node)
        }


def test_what_is_dated_later_comes_when_its_day_does(company: Company) -> None:
    """Nothing is delivered between Monday and Tuesday; time alone brings it in."""
    on_monday = _news(company)
    publish_everything(company, TUESDAY)
    assert _whole(company)[-1] == (False,)
    assert _news(company) == tuple(count + 1 for count in on_monday)


def _news(company: Company) -> tuple[int, ...]:
    """Count late picks, faults of picks and disputes about Tuesday's ticket."""
    return rows(
        company.warehouse,
        "select count(*) filter (where picked_at >= '2026-11-24'), sum(error_count), (select"
        " count(distinct dispute_case_id) from published.delivery_otif where dispute_case_id = %s)"
        " from published.pick_quality",
        str(TICKET),
    )[0]


def test_marts_brought_on_equal_marts_built_anew(company: Company) -> None:
    """Nothing is left to change, or to write, when the same evening is built as a whole."""
    written = _written(company)
    evening = rows(company.warehouse, "select max(as_of) from ops.publication")[0][0]
    number = stages.build(company, evening, whole=True)
    stages.audit(company, number)
    stages.publish(company, number)

    assert _whole(company)[-1] == (True,)
    changed = rows(
        company.warehouse,
        "select mart, inserted_rows, updated_rows, deleted_rows, rows_total from"
        " ops.publication_mart where publication_id = %s",
        number,
    )
    totals = rows(
        company.warehouse,
        "select mart, rows_total from ops.publication_mart where publication_id = %s",
        number - 1,
    )
    assert {row[0]: row[1:4] for row in changed} == dict.fromkeys(MARTS, (0, 0, 0))
    assert {row[0]: row[4] for row in changed} == dict(totals)
    assert _written(company) == written
    assert rows(
        company.warehouse, "select distinct publication_id from marts.stock_availability"
    ) == [(number,)]


def _written(company: Company) -> dict[str, tuple]:
    """Tell of every published table how many row versions stand and who wrote the newest."""
    return {
        mart: rows(
            company.warehouse,
            f"select count(*), max(xmin::text::bigint) from published.{mart}",
        )[0]
        for mart in MARTS
    }


MANIFEST = {
    "nodes": {
        "model.daymart.receipts_daily": {
            "schema": "candidate",
            "name": "receipts_daily",
            "config": {"materialized": "incremental"},
        }
    }
}
SAME = "as before"


def begin(company: Company, as_of: date = DEMO_EVENING, definitions: str = SAME) -> Since:
    """Return where a build would begin."""
    with company.warehouse.session(Role.PUBLISHER) as session:
        return since_last_publication(
            session, open_publication(session, as_of, NOW), MANIFEST, definitions
        )


@pytest.fixture
def shown(published_company: Company) -> Company:
    """A company whose first morning was defined as `SAME`."""
    with published_company.warehouse.session(None) as session:
        session.execute("update ops.publication set definitions = %s", [SAME])
    return published_company


def test_a_build_begins_with_the_deliveries_behind_what_readers_see(shown: Company) -> None:
    loads = rows(
        shown.warehouse,
        "select feed_id, max(load_id) from ops.load where state = 'accepted' group by 1",
    )
    assert begin(shown) == Since(dict(loads), DEMO_EVENING)


def test_an_earlier_evening_is_built_whole(shown: Company) -> None:
    assert begin(shown, date(2026, 11, 19)) == WHOLE


def test_an_evening_before_one_that_was_built_and_held_is_built_whole(shown: Company) -> None:
    """Nobody sees Monday, but the candidate holds what came due by then."""
    assert begin(shown, date(2026, 11, 23)) != WHOLE
    assert begin(shown) == WHOLE


def test_other_definitions_are_built_whole_and_so_is_what_follows_them(shown: Company) -> None:
    assert begin(shown, definitions="other SQL") == WHOLE
    with shown.warehouse.session(None) as session:
        session.execute(
            "update ops.publication set definitions = 'other SQL', state = 'held'"
            " where publication_id > 1"
        )
    # The candidate holds rows of the other SQL now.
    assert begin(shown) == WHOLE


def test_a_lost_table_is_built_whole(shown: Company) -> None:
    with shown.warehouse.session(None) as session:
        session.execute("drop table candidate.receipts_daily")
    assert begin(shown) == WHOLE


def test_after_a_rollback_everything_is_built(shown: Company) -> None:
    rollback(shown.warehouse, 1, "a test")
    assert begin(shown) == WHOLE


def test_fingerprint_moves_with_sql_and_calendars_only(settings: Settings) -> None:
    node = {"resource_type": "model", "checksum": {"checksum": "1"}}
    macro = {"package_name": "daymart", "macro_sql": "select 1"}
    manifest = {"nodes": {"a": node}, "macros": {"m": macro}}
    known = fingerprint(manifest, settings)

    assert fingerprint(manifest, settings.model_copy(update={"retention_days": 31})) == known
    holidays = Calendar(holidays=(date(2026, 11, 20),))
    moved = settings.model_copy(update={"calendars": {"default": holidays}})
    others = {
        fingerprint(manifest, moved),
        fingerprint(manifest | {"nodes": {"a": node | {"checksum": {"checksum": "2"}}}}, settings),
        fingerprint(manifest | {"macros": {"m": macro | {"macro_sql": "select 2"}}}, settings),
    }
    assert len(others) == 3 and known not in others
