"""The CRM's OData service tells what the ERP tells."""

from collections.abc import Iterator

import psycopg
import pytest

from daymart.contracts.model import Feed
from daymart.demo import company
from daymart.demo.departments.crm import keep_crm
from daymart.demo.odata_server import Service, serve, sets_in
from tests.conftest import DEMO_EVENING, Databases, rows
from tests.departments import Company, company_of, database, load, same, service_source

TABLES = ("crm_lead", "crm_stage_event", "crm_handoff", "crm_activity")


@pytest.fixture
def played(databases: Databases, installed_template: str, demo_source: str) -> Iterator[Company]:
    with company_of(databases, installed_template, demo_source) as company_played:
        yield company_played


def test_the_crm_service_tells_what_the_erp_tells(played: Company, feeds: dict[str, Feed]) -> None:
    feed = feeds["crm"]
    for evening in (DEMO_EVENING, None):
        day = evening or company.advance(played.erp)
        keep_crm(played.erp)
        load(played.by_erp, feed, database("demo", played.erp), day)
        with serve(Service(played.erp, sets_in(played.erp, "odata"), most=100)) as url:
            load(played.by_department, feed, service_source(url), day)
        same(feed, played.by_erp, played.by_department, *TABLES)
    query = "select count(*) from quarantine.reject"
    assert rows(played.by_erp, query) == rows(played.by_department, query)


def test_a_page_of_the_service_is_found_by_an_index(demo_source: str) -> None:
    keep_crm(demo_source)
    keep_crm(demo_source)
    names = sets_in(demo_source, "odata")
    assert len(names) == 7
    with psycopg.connect(demo_source) as erp:
        erp.execute("set enable_seqscan = off")
        for name in names:
            page = f'explain select * from odata."{name}" order by "Ref_Key" limit 10 offset 20'
            plan = "\n".join(line for (line,) in erp.execute(page.encode()))
            assert "Index" in plan, name
            assert "Sort" not in plan, name
