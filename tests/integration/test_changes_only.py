"""Full lists whose source can tell changes: read in part, merged as the whole would be."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest

from daymart import stages
from daymart.contracts.model import Feed
from daymart.demo import company as demo_company
from daymart.load.ledger import Landed, as_delivered
from daymart.settings import Project, Settings
from tests.conftest import DEMO_EVENING, HOME, Databases, rows, warehouse_at

TABLES = ("acc_document", "acc_instalment", "acc_allocation", "acc_balance_control")


@pytest.fixture
def other_company(
    databases: Databases, installed_template: str, feeds: dict[str, Feed], settings: Settings
) -> Iterator[stages.Company]:
    """Offer the same company with a warehouse that knows nothing yet."""
    uri = databases.create(installed_template)
    yield stages.Company(Project(HOME, settings), feeds, warehouse_at(uri))
    databases.drop(uri)


def load(company: stages.Company, evening: date, *, whole: bool = False) -> int:
    (load_id,) = stages.pull(company, "accounting", evening, whole=whole)
    stages.accept(company, "accounting", [load_id])
    return load_id


def read(company: stages.Company, load_id: int, table: str) -> tuple[int, bool]:
    """Return how many rows a load read and whether it read changes only."""
    (found,) = rows(
        company.warehouse,
        "select read_rows, since is not null from ops.load_table"
        " where load_id = %s and table_name = %s",
        load_id,
        table,
    )
    return found


def content(company: stages.Company, table: str) -> list[tuple]:
    columns = ", ".join(company.feed("accounting").table(table).column_names)
    return rows(company.warehouse, f"select {columns} from raw.{table} order by {columns}")


def test_days_loaded_as_changes_equal_the_last_one_loaded_whole(
    demo_company_at_start: stages.Company, other_company: stages.Company, demo_source: str
) -> None:
    first = load(demo_company_at_start, DEMO_EVENING)
    assert read(demo_company_at_start, first, "acc_document")[1] is False
    for _ in range(2):
        evening = demo_company.advance(demo_source)
        later = load(demo_company_at_start, evening)
    few, is_part = read(demo_company_at_start, later, "acc_document")
    assert is_part and 0 < few < read(demo_company_at_start, first, "acc_document")[0] / 2
    load(other_company, evening)
    for table in TABLES[:3]:
        assert content(demo_company_at_start, table) == content(other_company, table), table


def test_what_a_source_forgot_to_tell_is_found_by_reading_it_whole(
    demo_company_at_start: stages.Company, demo_source: str
) -> None:
    load(demo_company_at_start, DEMO_EVENING)
    with psycopg.connect(demo_source) as erp:
        (gone,) = erp.execute(
            "delete from erp.paper_link where id = (select min(id) from erp.paper_link)"
            " returning id::text"
        ).fetchone() or ("",)
    known = "select count(*) from raw.acc_allocation where allocation_id = %s"
    load(demo_company_at_start, DEMO_EVENING)
    assert rows(demo_company_at_start.warehouse, known, gone) == [(1,)]
    load(demo_company_at_start, DEMO_EVENING, whole=True)
    assert rows(demo_company_at_start.warehouse, known, gone) == [(0,)]


def test_a_column_may_be_called_what_the_merge_calls_its_own(
    demo_company_at_start: stages.Company, demo_source: str
) -> None:
    """Column `action` of deviation_action changes; the merge speaks of actions, too."""
    for state in ("O", "D"):
        with psycopg.connect(demo_source) as erp:
            erp.execute("update erp.gap_note set state = %s", [state])
        (load_id,) = stages.pull(demo_company_at_start, "plan", DEMO_EVENING)
        stages.accept(demo_company_at_start, "plan", [load_id])
    kept = "select count(*) from raw_history.deviation_action where _reason = 'changed'"
    assert rows(demo_company_at_start.warehouse, kept)[0][0] > 0


@pytest.mark.parametrize("since", [None, "2026-11-20"], ids=["whole", "part"])
def test_a_list_read_in_part_is_merged_as_changes(feeds: dict[str, Feed], since: object) -> None:
    landed = [Landed("acc_document", True, 1, 0, since=since)]  # type: ignore[arg-type]
    modes = {t.name: t.mode for t in as_delivered(feeds["accounting"], landed).tables}
    assert modes["acc_document"] == ("incremental" if since else "snapshot")
    assert modes["acc_instalment"] == "snapshot"


def test_changes_of_a_list_need_not_be_many(feeds: dict[str, Feed]) -> None:
    landed = [Landed("acc_document", True, 0, 0, since=datetime(2026, 11, 19, tzinfo=UTC))]
    metrics = {p.metric for p in feeds["accounting"].table("acc_document").promises}
    changes = as_delivered(feeds["accounting"], landed).table("acc_document")
    assert "rowCount" in metrics and "rowCount" not in {p.metric for p in changes.promises}
