"""Sources that answer a full list with success and next to nothing: refused, nothing deleted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest

from daymart.contracts.model import Feed
from daymart.demo.departments.crm import keep_crm
from daymart.demo.departments.workbooks import keep_purchasing
from daymart.demo.odata_server import Service, serve, sets_in
from daymart.errors import ContractError, ExitCode
from daymart.sources.protocol import Source
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, rows
from tests.departments import database, load, service_source
from tests.integration.test_departments_purchasing import workbooks

NEXT_EVENING = date(2026, 11, 23)

Answering = Callable[[str, Feed, Path, date], Iterator[Source]]


def by_database(erp: str, feed: Feed, folder: Path, evening: date) -> Iterator[Source]:
    yield database("demo", erp)


def by_workbook(erp: str, feed: Feed, folder: Path, evening: date) -> Iterator[Source]:
    keep_purchasing(erp, folder, evening)
    yield workbooks(feed, folder)


def by_service(erp: str, feed: Feed, folder: Path, evening: date) -> Iterator[Source]:
    keep_crm(erp)
    with serve(Service(erp, sets_in(erp, "odata"), most=100)) as url:
        yield service_source(url)


class Delivered:
    """A feed of the demo company that was loaded once from one kind of source."""

    def __init__(
        self, answering: Answering, erp: str, feed: Feed, warehouse: Warehouse, folder: Path
    ) -> None:
        self._answering = contextmanager(answering)
        self.erp, self.feed, self.warehouse, self.folder = erp, feed, warehouse, folder
        self.load(DEMO_EVENING)

    def load(self, evening: date = NEXT_EVENING) -> int:
        with self._answering(self.erp, self.feed, self.folder, evening) as source:
            return load(self.warehouse, self.feed, source, evening)

    def keep(self, table: str, fifths: int) -> None:
        """Let the source forget all but so many fifths of a table's rows."""
        forget = (
            f"delete from {table} where ctid in (select ctid from {table} order by ctid"
            f" offset (select count(*) * {fifths} / 5 from {table}))"
        )
        with psycopg.connect(self.erp) as erp:
            erp.execute(forget.encode())

    def raw(self) -> dict[str, list[tuple]]:
        return {
            t.name: rows(self.warehouse, f"select * from raw.{t.name} order by source_id")
            for t in self.feed.tables
        }


@pytest.mark.parametrize(
    ("answering", "feed", "table", "at_source", "fifths"),
    [
        (by_database, "reference", "employee", "erp.staff", (2, 0)),
        (by_service, "crm", "crm_activity", "erp.touch", (2, 0)),
        # An empty sheet is refused before, as an empty file.
        (by_workbook, "purchasing", "pur_receipt", "erp.purchase_receipt", (2,)),
    ],
)
def test_list_of_next_to_nothing_is_refused_and_deletes_nothing(
    demo_source: str,
    warehouse: Warehouse,
    feeds: dict[str, Feed],
    tmp_path: Path,
    *,
    answering: Answering,
    feed: str,
    table: str,
    at_source: str,
    fifths: tuple[int, ...],
) -> None:
    delivered = Delivered(answering, demo_source, feeds[feed], warehouse, tmp_path)
    before = delivered.raw()
    for few in fifths:
        delivered.keep(at_source, few)
        with pytest.raises(ContractError) as caught:
            delivered.load()
        said = str(caught.value)
        assert f"landing.collapse failed on {feed}.{table}: " in said
        assert f"{len(before[table])} keys are known" in said
        assert "minKeyShare in the contract" in said
        assert caught.value.exit_code == ExitCode.REJECTED == 6
        assert delivered.raw() == before


def test_list_that_may_come_empty_is_accepted_with_a_warning(
    demo_source: str, warehouse: Warehouse, feeds: dict[str, Feed], tmp_path: Path
) -> None:
    feed = feeds["warehouse"]
    delivered = Delivered(by_database, demo_source, feed, warehouse, tmp_path)
    known = len(delivered.raw()["wh_planned_movement"])
    delivered.keep("erp.stock_plan", 0)
    emptied = delivered.load(DEMO_EVENING)
    assert delivered.raw()["wh_planned_movement"] == []
    (told,) = rows(
        warehouse,
        "select subject, verdict, remedy from ops.check_result"
        " where load_id = %s and check_id = 'landing.collapse' and verdict <> 'passed'",
        emptied,
    )
    assert told[:2] == ("warehouse.wh_planned_movement", "warned")
    assert told[2].startswith(f"{known} keys are known")
