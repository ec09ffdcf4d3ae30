"""OData as a source: mornings of a CRM kept in 1C, over the demo's own server."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from daymart.checkup import checkup
from daymart.contracts.model import Feed, LoadMode
from daymart.demo.odata_server import Service, serve
from daymart.errors import SourceError
from daymart.load.accept import accept
from daymart.load.pull import pull
from daymart.settings import Binding, EntitySet, OData, Project, Settings
from daymart.sources.odata import ODataSource
from daymart.sources.protocol import ReadParams
from daymart.sources.queries import read_queries
from daymart.sources.registry import text_format_of
from daymart.stages import Company
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, HOME, Databases, rows, warehouse_at
from tests.onec_base import (
    CRM,
    QUICK,
    connection_to,
    connection_uri,
    create_base,
    service_over,
)

NEXT_EVENING = date(2026, 11, 23)


@dataclass
class Crm:
    """A 1C base, the service over it, and a warehouse it is loaded into."""

    base: str
    service: Service
    url: str
    warehouse: Warehouse
    feed: Feed
    settings: OData = CRM

    def write(self, statement: str) -> None:
        with psycopg.connect(self.base) as database:
            database.execute(statement.encode())

    def source(self) -> ODataSource:
        queries = read_queries(HOME / "systems" / "demo_crm")
        return ODataSource("demo_crm", connection_to(self.url), queries, self.settings)

    def load(self, evening: date = DEMO_EVENING) -> int:
        load = pull(self.warehouse, self.feed, self.source(), evening)
        return accept(self.warehouse, self.feed, load.load_id).quarantined

    def ask(self, query: str, *values: object) -> list[tuple]:
        return rows(self.warehouse, query, *values)

    def counts(self, table: str) -> tuple[Any, ...]:
        """Give read, new, changed, unchanged, deleted and held rows of the latest load."""
        (found,) = self.ask(
            "select read_rows, new_rows, changed_rows, unchanged_rows, deleted_rows,"
            " quarantined_rows from ops.load_table where table_name = %s"
            " order by load_id desc limit 1",
            table,
        )
        return found


@pytest.fixture(scope="module")
def base_template(databases: Databases) -> Iterator[str]:
    uri = databases.create()
    create_base(uri)
    yield uri.partition("?")[0].rpartition("/")[2]
    databases.drop(uri)


@pytest.fixture
def crm(
    databases: Databases, base_template: str, installed_template: str, feeds: dict[str, Feed]
) -> Iterator[Crm]:
    base, uri = databases.create(base_template), databases.create(installed_template)
    service = service_over(base, most=60)
    with serve(service) as url:
        yield Crm(base, service, url, warehouse_at(uri), feeds["crm"])
    databases.drop(base)
    databases.drop(uri)


def test_odata_feed_first_evening_lands_every_row_typed(crm: Crm) -> None:
    assert crm.load() == 1  # the activity of an unknown kind
    assert crm.counts("crm_lead") == (320, 320, 0, 0, 0, 0)
    assert crm.ask("select * from raw.crm_lead where lead_id = 'LD0003'")[0][:5] == (
        "LD0003", datetime(2026, 11, 2, 7, 3, tzinfo=UTC), "выставка", "E001", None,
    )  # fmt: skip
    assert crm.ask("select sum(value), min(at) from raw.crm_stage_event") == [
        (Decimal("820004.00"), datetime(2026, 11, 10, 9, tzinfo=UTC))
    ]
    assert crm.ask("select handoff_id, accepted_at from raw.crm_handoff order by 1") == [
        ("HO1", datetime(2026, 11, 12, 9, 30, tzinfo=UTC)), ("HO2", None),
    ]  # fmt: skip


def test_odata_feed_unknown_kind_is_held_with_its_key(crm: Crm) -> None:
    crm.load()
    ((key, violations),) = crm.ask("select key_values, violations from quarantine.reject")
    assert key == {"activity_id": "AC3"}
    assert violations[0]["value"] == "Телепатия"
    assert crm.ask("select activity_id, kind, done_at from raw.crm_activity order by 1") == [
        ("AC1", "call", None), ("AC2", "call", None),
    ]  # fmt: skip


def test_odata_feed_next_evening_asks_only_for_what_is_new(crm: Crm) -> None:
    crm.load()
    crm.write(
        """
        insert into odata."Document_СтадияЛида"
        select public.ref('move', 41), 'SE0041', timestamp '2026-11-20 10:00', true, false,
            public.ref('lead', 1), 'lead', 'qualified', public.ref('user', 1), 7;
        """
    )
    crm.load(NEXT_EVENING)
    # The overlap of a day brings the moves of the last 24 hours once more.
    assert crm.counts("crm_stage_event")[:4] == (26, 1, 0, 25)
    assert crm.ask("select count(*) from raw.crm_stage_event") == [(41,)]


def test_odata_feed_marked_for_deletion_is_gone_and_comes_back(crm: Crm) -> None:
    crm.load()
    mark = 'update odata."Catalog_Лиды" set "DeletionMark" = {} where "Code" = \'LD0007\''
    crm.write(mark.format("true"))
    crm.load(NEXT_EVENING)
    assert crm.counts("crm_lead") == (319, 0, 0, 319, 1, 0)
    crm.write(mark.format("false"))
    crm.load(date(2026, 11, 24))
    assert crm.counts("crm_lead") == (320, 1, 0, 319, 0, 0)


MARKED = """
select
    "Number" as event_id, "Лид_Key" as lead_id, null as from_stage, "НоваяСтадия" as to_stage,
    "Date" as at, null as by_id, "Сумма" as value, "DeletionMark" as is_deleted
from stage_moves
"""


def test_odata_feed_deletion_mark_is_a_tombstone_where_changes_are_sent(crm: Crm) -> None:
    moves = replace(crm.feed.table("crm_stage_event"), mode=LoadMode.INCREMENTAL)
    crm.feed = replace(crm.feed, tables=(moves,))
    source = replace(crm.source(), queries={"crm_stage_event": MARKED})
    for evening in (DEMO_EVENING, NEXT_EVENING):
        load = pull(crm.warehouse, crm.feed, source, evening)
        accept(crm.warehouse, crm.feed, load.load_id)
        crm.write(
            'update odata."Document_СтадияЛида" set "DeletionMark" = true,'
            " \"Date\" = '2026-11-20T12:00' where \"Number\" = 'SE0005'"
        )
    assert crm.counts("crm_stage_event")[4] == 1
    assert crm.ask("select count(*) from raw.crm_stage_event") == [(39,)]


class Restless(Service):
    """A service whose base changes when a page was served."""

    def _page(self, database: psycopg.Connection, name: str, options: Any) -> str:
        page = super()._page(database, name, options)
        if name == "Catalog_Лиды":
            CHANGES.pop(0)(database) if CHANGES else None
        return page


CHANGES: list[Callable[[psycopg.Connection], Any]] = []


def insert_lead(database: psycopg.Connection) -> None:
    """Add a lead in front of all others."""
    database.execute(
        """
        insert into odata."Catalog_Лиды"
        select '00000000-0000-0000-0000-000000000001', 'LD9999', "Description", false,
            "ДатаСоздания", "Источник", "Ответственный_Key", "Партнер_Key"
        from odata."Catalog_Лиды" where "Code" = 'LD0001'
        """.encode()
    )


def delete_first(database: psycopg.Connection) -> None:
    """Take away the lead that came first."""
    database.execute(
        'delete from odata."Catalog_Лиды" where "Ref_Key" ='
        ' (select min("Ref_Key"::text)::uuid from odata."Catalog_Лиды")'.encode()
    )


def swap(database: psycopg.Connection) -> None:
    """Take away the first lead and add one at the end: the count stays."""
    delete_first(database)
    database.execute(
        """
        insert into odata."Catalog_Лиды"
        select 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'LD9998', "Description", false,
            "ДатаСоздания", "Источник", "Ответственный_Key", "Партнер_Key"
        from odata."Catalog_Лиды" where "Code" = 'LD0001'
        """.encode()
    )


@pytest.mark.parametrize("change", [insert_lead, delete_first, swap], ids=lambda c: c.__name__)
def test_odata_set_that_changes_between_pages_is_read_again(
    crm: Crm, change: Callable[[psycopg.Connection], None]
) -> None:
    CHANGES[:] = [change]
    with serve(Restless(**vars(crm.service))) as url:
        crm.url = url
        crm.load()
    with psycopg.connect(crm.base) as database:
        there = database.execute('select "Code" from odata."Catalog_Лиды" order by 1').fetchall()
    assert crm.ask("select lead_id from raw.crm_lead order by 1") == there


LINES = """
create table odata."Document_Заказ" as
select public.ref('order', n) as "Ref_Key", 'O' || n as "Number",
    (select jsonb_agg(jsonb_build_object('LineNumber', l::text, 'Цена', 0.10::numeric(9, 2) * l))
        from generate_series(1, n - 1) as l) as "Товары"
from generate_series(1, 30) as n
"""


def test_odata_tabular_section_is_an_entity_of_its_own(crm: Crm) -> None:
    crm.write(LINES)
    described = EntitySet(set="Document_Заказ", page_size=4, lists=("Товары",))
    settings = OData(entities={"orders": described}, patience=QUICK)
    query = (
        'select o."Number" as lead_id, l."LineNumber" as source, l."Цена" as owner_id'
        ' from orders as o join "orders.Товары" as l on o."Ref_Key" = l."Ref_Key"'
    )
    service = service_over(crm.base)
    with serve(service) as url:
        source = ODataSource("s", connection_to(url), {"crm_lead": query}, settings)
        with source.snapshot() as snapshot:
            (stream,) = snapshot.read(crm.feed.tables[0], ReadParams(DEMO_EVENING))
            found = [row for batch in stream.batches for row in batch.to_pylist()]
    assert len(found) == 29 * 30 // 2
    assert {"lead_id": "O3", "source": "2", "owner_id": "0.20"} in found


def test_odata_deleted_reference_and_unknown_word_go_on_as_they_are(crm: Crm) -> None:
    unmet = replace(crm.feed.tables[0], name="unmet_demand")
    with crm.source().snapshot() as snapshot:
        (stream,) = snapshot.read(unmet, ReadParams(DEMO_EVENING))
        first, second = [row for batch in stream.batches for row in batch.to_pylist()]
    assert (first["demand_id"], first["product_id"], first["qty"]) == ("UD1", "P0001", "12.500")
    assert (first["customer_id"], first["reason"], first["lost"]) == (None, "absent", "true")
    assert len(second["product_id"]) == 36  # the key of a product that is no more
    assert (second["reason"], second["employee_id"]) == ("Погода", "E002")


def test_odata_empty_set_has_its_columns(crm: Crm) -> None:
    crm.write('truncate odata."Catalog_Лиды", odata."Document_СтадияЛида"')
    crm.load()
    assert crm.counts("crm_stage_event") == (0, 0, 0, 0, 0, 0)


@pytest.fixture
def company(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    """Bind the CRM as a company would, in its settings and with a connection."""
    shutil.copytree(HOME / "systems" / "demo_crm", tmp_path / "systems" / "demo_crm")
    (tmp_path / "contracts").symlink_to(HOME / "contracts")
    monkeypatch.setenv("AIRFLOW_CONN_CRM", connection_uri(crm.url))
    bound = Binding(system="demo_crm", connection="crm", feeds=("crm",), odata=CRM)
    settings = Settings(company="Remote", currency="EUR", bindings=(bound,))
    return Company(Project(tmp_path, settings), {"crm": crm.feed}, crm.warehouse)


def checked(company: Company) -> str:
    """Return what `daymart check` says of the feed."""
    return next(line for line in checkup(company) if line.startswith("feed crm"))


def test_odata_binding_is_checked_without_reading_it(company: Company, crm: Crm) -> None:
    assert checked(company) == "feed crm from demo_crm: 4 tables"
    crm.write('truncate odata."Catalog_Лиды"')
    assert checked(company) == "feed crm from demo_crm: 4 tables"


def test_odata_binding_with_a_wrong_set_is_told_near_names(company: Company) -> None:
    wrong = {**CRM.entities, "leads": EntitySet(set="Catalog_Лид")}
    (bound,) = company.project.settings.bindings
    bound = bound.model_copy(update={"odata": CRM.model_copy(update={"entities": wrong})})
    settings = company.project.settings.model_copy(update={"bindings": (bound,)})
    with pytest.raises(SourceError, match=r"Catalog_Лид: .* it has Catalog_Лиды"):
        checked(replace(company, project=replace(company.project, settings=settings)))


def test_odata_binding_whose_mapping_names_no_field_is_told_which(company: Company) -> None:
    path = company.project.systems / "demo_crm" / "crm_lead.sql"
    path.write_text(path.read_text(encoding="utf-8").replace("Источник", "Источнег"))
    with pytest.raises(SourceError, match=r"(?s)Источнег.*systems/demo_crm/crm_lead.sql"):
        checked(company)


def test_odata_text_in_quarantine_is_read_as_the_service_writes_it(company: Company) -> None:
    text = text_format_of(company.project, "crm", "demo_crm")
    assert text is not None
    assert text.timezone == "Europe/Kyiv"


def test_odata_server_runs_on_its_own_and_prints_its_address(crm: Crm) -> None:
    command = [sys.executable, "-m", "daymart.demo.odata_server", "--dsn", crm.base]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            answer = requests.get(
                f"{url}/Catalog_Партнеры",
                params={"$top": 2, "$skip": 1, "$select": "Code", "$inlinecount": "allpages"},
                auth=("demo", "demo"),
                timeout=10,
            )
            refused = requests.get(url, timeout=10)
        finally:
            server.terminate()
    assert answer.json()["odata.count"] == "5"
    assert len(answer.json()["value"]) == 2
    assert refused.status_code == 401
