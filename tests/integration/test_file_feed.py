"""File drops as a source: mornings of a feed whose department leaves files."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from daymart.contracts.model import Feed
from daymart.errors import ConfigError, ContractError, DaymartError, SourceError
from daymart.load.accept import accept
from daymart.load.pull import pull
from daymart.settings import Binding, FileTable, Project, Settings
from daymart.sources.registry import sources_of
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, Databases, rows, warehouse_at

NEXT_EVENING = date(2026, 11, 23)
HEAD = "reservation_id,order_id,order_line_no,product_id,warehouse_id,qty,uom,hard,made_at,"
HEAD += "valid_until,made_by,approved_by,released_at,release_reason"
MOVES = "movement_id,moved_at,warehouse_id,product_id,lot_id,quality_status,qty,uom,kind,"
MOVES += "document_id,document_line_no,reverses_movement_id,changed_at"


def hold(key: str, qty: str = "5", product: str = "10482") -> str:
    return f"{key},S1,1,{product},WH,{qty},pcs,true,2026-11-20T09:30:00,,E1,,,"


def move(key: str, qty: str, changed: str) -> str:
    return f"{key},2026-11-20T09:30:00,WH,1,L,usable,{qty},pcs,receipt,,,,{changed}"


def lines(*parts: str) -> str:
    return "".join(f"{part}\n" for part in parts)


class Desk:
    """The warehouse's folder: files go in, loads come out."""

    def __init__(self, warehouse: Warehouse, feed: Feed, folder: Path) -> None:
        self.warehouse, self.feed, self.folder = warehouse, feed, folder
        self.files = {"wh_reservation": FileTable(path="holds_{as_of}*.csv", stable_for=0)}

    def drop(self, name: str, *parts: str) -> None:
        (self.folder / name).write_text(lines(*parts), encoding="utf-8")

    def load(self, evening: date = DEMO_EVENING) -> int:
        """Pull and accept one evening; return how many rows were held back."""
        bound = Binding(system="desk", feeds=(self.feed.name,), folder=".", files=self.files)
        company = Settings(company="Files", currency="EUR", bindings=(bound,))
        (source,) = sources_of(self.feed, Project(self.folder, company))
        load = pull(self.warehouse, self.feed, source, evening)
        return accept(self.warehouse, self.feed, load.load_id).quarantined

    def ask(self, query: str, *values: object) -> list[tuple]:
        return rows(self.warehouse, query, *values)

    def counts(self) -> tuple[Any, ...]:
        """Give read, new, changed, unchanged, deleted and held rows of the latest load."""
        (found,) = self.ask(
            "select read_rows, new_rows, changed_rows, unchanged_rows, deleted_rows,"
            " quarantined_rows from ops.load_table"
            " where is_provided order by load_id desc limit 1"
        )
        return found


@pytest.fixture
def desk(
    databases: Databases, installed_template: str, feeds: dict[str, Feed], tmp_path: Path
) -> Iterator[Desk]:
    uri = databases.create(installed_template)
    yield Desk(warehouse_at(uri), feeds["warehouse"], tmp_path)
    databases.drop(uri)


def test_file_feed_two_evenings_move_only_the_changes(desk: Desk) -> None:
    desk.drop("holds_2026-11-20.csv", HEAD, hold("1"), hold("2"), hold("3"))
    desk.drop("holds_2026-11-23.csv", HEAD, hold("1"), hold("2", "7"), hold("4"))
    assert desk.load() == 0
    assert desk.counts() == (3, 3, 0, 0, 0, 0)
    assert desk.load(NEXT_EVENING) == 0
    assert desk.counts() == (3, 1, 1, 1, 1, 0)
    assert desk.ask("select reservation_id, qty::int from raw.wh_reservation order by 1") == [
        ("1", 5), ("2", 7), ("4", 5),
    ]  # fmt: skip


def test_file_feed_rows_lead_back_to_file_and_line(desk: Desk) -> None:
    desk.drop("holds_2026-11-20_a.csv", HEAD, hold("1"), hold("2"))
    desk.drop("holds_2026-11-20_b.csv", HEAD, hold("3"))
    desk.load()
    assert desk.ask("select reservation_id, _file, _line from raw.wh_reservation order by 1") == [
        ("1", "holds_2026-11-20_a.csv", 2),
        ("2", "holds_2026-11-20_a.csv", 3),
        ("3", "holds_2026-11-20_b.csv", 2),
    ]


def test_file_feed_key_doubled_across_files_holds_back_both(desk: Desk) -> None:
    desk.drop("holds_2026-11-20_a.csv", HEAD, hold("1"), hold("2"))
    desk.drop("holds_2026-11-20_b.csv", HEAD, hold("2", "9"))
    assert desk.load() == 2
    assert desk.ask("select file_name, row_no from quarantine.reject order by 1") == [
        ("holds_2026-11-20_a.csv", 3),
        ("holds_2026-11-20_b.csv", 2),
    ]


def test_file_feed_without_source_id_uses_the_key(desk: Desk) -> None:
    desk.drop("holds_2026-11-20.csv", HEAD, hold("1"))
    desk.load()
    assert desk.ask("select source_id from raw.wh_reservation") == [("1",)]


def test_file_feed_with_source_id_keeps_it_where_it_is_filled(desk: Desk) -> None:
    desk.drop("holds_2026-11-20.csv", f"{HEAD},source_id", f"{hold('1')},R/7", f"{hold('2')},")
    desk.load()
    found = desk.ask("select source_id from raw.wh_reservation order by reservation_id")
    assert found == [("R/7",), ("2",)]
    assert desk.ask("select max(cardinality(extra_columns)) from ops.load_table") == [(0,)]


def test_file_feed_tombstones_delete_and_unclear_ones_wait(desk: Desk) -> None:
    desk.files = {"wh_movement": FileTable(path="moves_{as_of:%Y%m%d}.csv", stable_for=0)}
    first, second = "2026-11-20T10:00:00", "2026-11-23T10:00:00"
    desk.drop("moves_20261120.csv", MOVES, *(move(k, "5", first) for k in "123"))
    desk.load()
    desk.drop(
        "moves_20261123.csv",
        f"{MOVES},is_deleted",
        f"{move('1', '5', second)},true",
        f"{move('2', '8', second)},",
        f"{move('3', '5', second)},maybe",
    )
    assert desk.load(NEXT_EVENING) == 1
    assert desk.ask("select movement_id, qty::int from raw.wh_movement order by 1") == [
        ("2", 8), ("3", 5),
    ]  # fmt: skip
    (held,) = desk.ask("select violations -> 0 from quarantine.reject")
    assert held[0] == {
        "column": "is_deleted", "rule": "type", "value": "maybe", "expected": "boolean",
    }  # fmt: skip


def test_file_feed_notes_extra_columns_in_the_ledger(desk: Desk) -> None:
    desk.drop("holds_2026-11-20.csv", f"{HEAD},shelf,colour", f"{hold('1')},A,red")
    desk.load()
    assert desk.ask(
        "select extra_columns from ops.load_table where table_name = 'wh_reservation'"
    ) == [(["colour", "shelf"],)]


@pytest.mark.parametrize(
    ("left", "check_id"),
    [([], "landing.empty_file"), ([hold("1")], "landing.collapse")],
    ids=["header-only", "short"],
)
def test_file_feed_short_list_does_not_delete_what_is_known(
    desk: Desk, left: list[str], check_id: str
) -> None:
    guarded = replace(desk.feed.table("wh_reservation"), min_key_share=0.5)
    desk.feed = replace(desk.feed, tables=(guarded,))
    desk.drop("holds_2026-11-20.csv", HEAD, hold("1"), hold("2"), hold("3"))
    desk.drop("holds_2026-11-23.csv", HEAD, *left)
    desk.load()
    with pytest.raises(ContractError, match=f"{check_id} failed on warehouse"):
        desk.load(NEXT_EVENING)
    assert desk.ask("select count(*) from raw.wh_reservation") == [(3,)]


def test_file_feed_second_bad_file_refuses_the_first_as_well(desk: Desk) -> None:
    desk.drop("holds_2026-11-20_a.csv", HEAD, hold("1"))
    (desk.folder / "holds_2026-11-20_b.csv").write_bytes(f"{HEAD}\n\xff".encode("latin-1"))
    with pytest.raises(ContractError, match=r"^warehouse.wh_reservation holds_2026-11-20_b.csv: "):
        desk.load()
    assert desk.ask("select count(*) from raw.wh_reservation") == [(0,)]
    assert desk.ask("select state from ops.load") == [("refused",)]


def test_file_feed_absent_file_is_no_empty_one(desk: Desk) -> None:
    desk.drop("holds_2026-11-20.csv", HEAD, hold("1"))
    desk.load()
    with pytest.raises(SourceError, match=r"^warehouse.wh_reservation 2026-11-23: no file holds_"):
        desk.load(NEXT_EVENING)
    assert desk.ask("select count(*) from raw.wh_reservation") == [(1,)]


@pytest.mark.parametrize("path", ["holds_{asof}.csv", "holds_{as_of", "/etc/holds.csv", "{0}.csv"])
def test_file_feed_path_that_means_nothing_is_a_mistake_of_the_settings(
    desk: Desk, path: str
) -> None:
    desk.files = {"wh_reservation": FileTable(path=path)}
    with pytest.raises(ConfigError, match=r"Correct the binding in daymart.yaml"):
        desk.load()


@pytest.mark.parametrize(
    "wrong",
    [
        {"decimal": ".", "thousands": "."},
        {"timezone": "Europe/Nowhere"},
        {"true": ("1",), "false": ("1",)},
        {"encoding": "cp125l"},
        {"delimiter": ";;"},
    ],
    ids=str,
)
def test_file_feed_binding_that_reads_two_ways_is_refused(desk: Desk, wrong: Any) -> None:
    desk.files = {"wh_reservation": FileTable(path="holds.csv", stable_for=0, **wrong)}
    desk.drop("holds.csv", HEAD, hold("1"))
    with pytest.raises(ConfigError) as caught:
        desk.load()
    assert caught.value.exit_code == 2
    assert "daymart.yaml" in caught.value.remedy


def test_file_feed_name_of_a_file_reaches_no_terminal_unescaped(desk: Desk) -> None:
    (desk.folder / "holds_2026-11-20\x1b[2J.csv").write_bytes(b"<html>")
    with pytest.raises(DaymartError) as caught:
        desk.load()
    assert str(caught.value).isprintable()
