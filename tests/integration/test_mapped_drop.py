"""Files of any shape mapped by SQL: entities in, contract tables out."""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from daymart.contracts.model import Feed
from daymart.errors import ConfigError, ContractError, SourceError
from daymart.load.accept import accept
from daymart.load.pull import pull
from daymart.settings import Binding, FileTable, Project, Settings
from daymart.sources.registry import sources_of
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, Databases, rows, warehouse_at

FRIDAY, MONDAY = DEMO_EVENING, date(2026, 11, 23)

MOVEMENTS = """
select
    "Номер" as movement_id, "Когда" as moved_at, "Склад" as warehouse_id,
    coalesce(item.code, "Товар") as product_id, '' as lot_id, 'usable' as quality_status,
    "Кол-во" as qty, 'pcs' as uom, 'receipt' as kind, null as document_id,
    null as document_line_no, null as reverses_movement_id, "Когда" as changed_at,
    move._file, move._line, move._defect
from moves as move
left join items as item on item.name = move."Товар"
"""


class MappedDesk:
    """A project whose movements are mapped from files with headers of their own."""

    def __init__(self, warehouse: Warehouse, feed: Feed, home: Path) -> None:
        self.warehouse, self.feed, self.home = warehouse, feed, home
        (home / "systems" / "desk").mkdir(parents=True)
        self.files = {
            "moves": FileTable(
                path="moves_{as_of}.csv", delimiter=";", decimal=",", stable_for=0, mode="all_new"
            ),
            "items": FileTable(path="items.csv", delimiter=";", decimal=",", stable_for=0),
        }
        self.write("systems/desk/wh_movement.sql", MOVEMENTS)
        self.write("items.csv", "code;name\n10482;Гайка\n")

    def write(self, name: str, content: str) -> None:
        (self.home / name).write_text(content, encoding="utf-8")

    def moves(self, name: str, *lines: str) -> None:
        head = "Номер;Когда;Склад;Товар;Кол-во"
        self.write(name, "".join(f"{line}\n" for line in (head, *lines)))

    def load(self, evening: date = FRIDAY) -> int:
        bound = Binding(system="desk", feeds=(self.feed.name,), folder=".", files=self.files)
        company = Settings(company="Files", currency="EUR", bindings=(bound,))
        (source,) = sources_of(self.feed, Project(self.home, company))
        self.last = pull(self.warehouse, self.feed, source, evening)
        return accept(self.warehouse, self.feed, self.last.load_id).quarantined

    def stock(self) -> list[tuple]:
        return rows(
            self.warehouse,
            "select movement_id, product_id, qty::numeric(9,1)::text, _file, _line"
            " from raw.wh_movement order by 1",
        )


@pytest.fixture
def mapped(
    databases: Databases, installed_template: str, feeds: dict[str, Feed], tmp_path: Path
) -> Iterator[MappedDesk]:
    uri = databases.create(installed_template)
    yield MappedDesk(warehouse_at(uri), feeds["warehouse"], tmp_path)
    databases.drop(uri)


def moved(key: str, qty: str, item: str = "Гайка") -> str:
    return f"{key};2026-11-20T09:30:00;WH;{item};{qty}"


def test_mapped_files_fill_a_contract_table_and_lead_back_to_their_lines(
    mapped: MappedDesk,
) -> None:
    mapped.moves("moves_2026-11-19.csv", moved("1", "1,5"), moved("2", "2"))
    mapped.moves("moves_2026-11-20.csv", moved("1", "3"), moved("3", "4", "Болт"))
    assert mapped.load() == 0
    assert mapped.stock() == [
        ("1", "10482", "3.0", "moves_2026-11-20.csv", 2),
        ("2", "10482", "2.0", "moves_2026-11-19.csv", 3),
        ("3", "Болт", "4.0", "moves_2026-11-20.csv", 3),
    ]
    noted = rows(
        mapped.warehouse, "select table_name, file_name, state, rows from ops.load_file order by 2"
    )
    assert noted == [
        ("items", "items.csv", "taken", 1),
        ("moves", "moves_2026-11-19.csv", "taken", 2),
        ("moves", "moves_2026-11-20.csv", "taken", 2),
    ]


def test_mapped_late_file_neither_overwrites_nor_deletes(mapped: MappedDesk) -> None:
    mapped.moves("moves_2026-11-20.csv", moved("1", "3"), moved("2", "4"))
    mapped.load()
    mapped.moves("moves_2026-11-19.csv", moved("1", "1"))
    mapped.load()
    assert [row[:3] for row in mapped.stock()] == [("1", "10482", "3.0"), ("2", "10482", "4.0")]


def test_mapped_evening_already_delivered_changes_nothing(mapped: MappedDesk) -> None:
    mapped.moves("moves_2026-11-20.csv", moved("1", "3"))
    mapped.load()
    assert mapped.load() == 0
    assert [row[0] for row in mapped.stock()] == ["1"]
    with pytest.raises(SourceError, match="no file moves_2026-11-23.csv"):
        mapped.load(MONDAY)


def test_mapped_list_that_changed_alone_reads_no_movement_twice(mapped: MappedDesk) -> None:
    mapped.moves("moves_2026-11-20.csv", moved("1", "3"))
    mapped.load()
    mapped.write("items.csv", "code;name\n10482;Гайка\n10483;Болт\n")
    assert mapped.load() == 0
    assert rows(
        mapped.warehouse,
        "select read_rows from ops.load_table where is_provided order by load_id desc limit 1",
    ) == [(0,)]
    assert len(mapped.stock()) == 1


@pytest.mark.parametrize(
    ("header", "saw"),
    [
        ("Номер;Когда;Склад;Товар;номер", "header 'номер' stands beside 'Номер'"),
        ("Номер;Когда;Склад;Товар;Номер", "header 'Номер' stands beside 'Номер'"),
        ("1;2026-11-20;7;10482;3,5", "the header looks like data"),
        ("_file;Когда;Склад;Товар;Кол-во", "header '_file' stands beside"),
    ],
    ids=["differs-by-case", "twice", "data", "reserved"],
)
def test_mapped_header_that_names_no_columns_is_refused(
    mapped: MappedDesk, header: str, saw: str
) -> None:
    mapped.write("moves_2026-11-20.csv", f"{header}\n{moved('1', '3')}\n")
    with pytest.raises(ContractError, match=saw):
        mapped.load()


def test_mapped_renamed_header_names_the_mapping_and_columns_mend_it(mapped: MappedDesk) -> None:
    head = "Номер;Когда;Склад;Товар;Количество"
    mapped.write("moves_2026-11-20.csv", f"{head}\n{moved('1', '3')}\n")
    with pytest.raises(
        ContractError, match="no column 'Кол-во' in the header.*desk/wh_movement.sql"
    ):
        mapped.load()
    described = mapped.files["moves"].model_copy(update={"columns": {"Кол-во": "Количество"}})
    mapped.files["moves"] = described
    mapped.load()
    assert len(mapped.stock()) == 1


def test_mapped_files_of_one_load_with_other_columns_are_refused(mapped: MappedDesk) -> None:
    mapped.moves("moves_2026-11-19.csv", moved("1", "3"))
    mapped.write("moves_2026-11-20.csv", "Номер;Когда;Склад;Товар;Кол-во;Цена\n")
    with pytest.raises(ContractError, match="header differs from the file before.*with Цена"):
        mapped.load()


def test_mapped_full_list_from_movements_is_refused(mapped: MappedDesk) -> None:
    mapped.moves("moves_2026-11-20.csv", moved("1", "3"))
    mapped.write("systems/desk/wh_movement.sql", "select 1 from moves")
    (mapped.home / "systems/desk/wh_movement.sql").rename(
        mapped.home / "systems/desk/wh_reservation.sql"
    )
    with pytest.raises(ConfigError, match="a full list from moves"):
        mapped.load()


HOLDS = """
select
    "Номер" as reservation_id, null as order_id, null as order_line_no, "Товар" as product_id,
    "Склад" as warehouse_id, "Кол-во" as qty, 'pcs' as uom, true as hard, "Когда" as made_at,
    null as valid_until, null as made_by, null as approved_by, null as released_at,
    null as release_reason, _file, _line, _defect
from moves
"""


@pytest.fixture
def listed(mapped: MappedDesk) -> MappedDesk:
    """Offer a desk whose full list of reservations is made of daily files."""
    mapped.write("systems/desk/wh_reservation.sql", HOLDS)
    (mapped.home / "systems/desk/wh_movement.sql").unlink()
    mapped.files["moves"] = mapped.files["moves"].model_copy(update={"mode": "all"})
    return mapped


def held(desk: MappedDesk) -> list[tuple]:
    return rows(
        desk.warehouse,
        "select reservation_id, qty::numeric(9,1)::text from raw.wh_reservation order by 1",
    )


def test_mapped_full_list_is_made_of_every_file_each_evening(listed: MappedDesk) -> None:
    listed.moves("moves_2026-11-19.csv", moved("1", "1,5"))
    listed.moves("moves_2026-11-20.csv", moved("2", "2"))
    listed.load()
    listed.moves("moves_2026-11-23.csv", moved("3", "3"))
    listed.moves("moves_2026-11-23_2.csv", moved("3", "3"))
    listed.files["moves"] = listed.files["moves"].model_copy(
        update={"path": "moves_{as_of:%Y-%m-%d}*.csv"}
    )
    listed.load(MONDAY)
    assert held(listed) == [("1", "1.5"), ("2", "2.0"), ("3", "3.0")]
    assert rows(
        listed.warehouse,
        "select state, count(*) from ops.load_file group by 1 order by 1",
    ) == [("duplicate", 1), ("taken", 3)]
    listed.load(MONDAY)
    assert len(held(listed)) == 3


def test_mapped_full_list_names_the_evening_without_a_file(listed: MappedDesk) -> None:
    listed.moves("moves_2026-11-20.csv", moved("1", "1"))
    listed.load()
    with pytest.raises(SourceError, match="no file moves_2026-11-23.csv"):
        listed.load(MONDAY)


def test_mapped_late_or_mended_file_joins_the_full_list_and_takes_nothing_away(
    listed: MappedDesk,
) -> None:
    listed.moves("moves_2026-11-20.csv", moved("1", "1"))
    listed.moves("moves_2026-11-23.csv", moved("2", "2"))
    listed.load(MONDAY)
    listed.moves("moves_2026-11-19.csv", moved("0", "9"))
    listed.moves("moves_2026-11-20.csv", moved("1", "1,25"), moved("4", "4"))
    listed.load(FRIDAY)
    assert [key for key, _ in held(listed)] == ["0", "1", "2", "4"]


def test_mapped_full_list_keeps_the_rows_of_a_file_written_again_as_it_was(
    listed: MappedDesk,
) -> None:
    listed.moves("moves_2026-11-19.csv", moved("1", "1"))
    listed.moves("moves_2026-11-20.csv", moved("2", "2"))
    listed.load()
    os.utime(listed.home / "moves_2026-11-19.csv", (1_700_000_000, 1_700_000_000))
    listed.moves("moves_2026-11-23.csv", moved("3", "3"))
    for _ in range(2):
        listed.load(MONDAY)
        assert [key for key, _ in held(listed)] == ["1", "2", "3"]


def test_mapped_query_that_names_no_file_is_loaded(mapped: MappedDesk) -> None:
    constant = HOLDS.replace("from moves", "").replace(", _file, _line, _defect", "")
    for column, value in {
        "Номер": "'1'", "Товар": "'10482'", "Склад": "'WH'", "Кол-во": "'7'", "Когда": "null",
    }.items():  # fmt: skip
        constant = constant.replace(f'"{column}"', value)
    mapped.write("systems/desk/wh_reservation.sql", constant)
    mapped.moves("moves_2026-11-20.csv", moved("1", "3"))
    for _ in range(2):
        assert mapped.load() == 0
        assert held(mapped) == [("1", "7.0")]


def test_mapped_control_total_reads_numbers_as_the_file_writes_them(mapped: MappedDesk) -> None:
    for entity, described in mapped.files.items():
        mapped.files[entity] = described.model_copy(update={"thousands": " "})
    bad_store = moved("3", "0,75").replace(";WH;", ";;")
    mapped.moves(
        "moves_2026-11-20.csv", moved("1", "1 234,5"), moved("2", "-2"), bad_store, moved("4", "x")
    )
    assert mapped.load() == 2
    assert rows(
        mapped.warehouse,
        "select source_control::text, landed_control::numeric(9, 2)::text from ops.load_table"
        " where table_name = 'wh_movement'",
    ) == [("1233.250000", "1232.50")]
    assert rows(
        mapped.warehouse,
        "select verdict from ops.check_result where check_id = 'landing.control_total'",
    ) == [("passed",)]


@pytest.mark.parametrize("named", ["Кол-во", "qty"], ids=["header", "renamed"])
def test_mapped_manifest_total_that_differs_from_the_file_is_refused(
    mapped: MappedDesk, named: str
) -> None:
    renamed = {"qty": "Кол-во"} if named == "qty" else {}
    mapped.files["moves"] = mapped.files["moves"].model_copy(
        update={"manifest": "{stem}.json", "columns": renamed}
    )
    if renamed:
        query = MOVEMENTS.replace('"Кол-во" as qty', "qty")
        mapped.write("systems/desk/wh_movement.sql", query)
    mapped.moves("moves_2026-11-20.csv", moved("1", "1,1"), moved("2", "2,2"))
    promise = {"row_count": 2, "control_measure": "Кол-во", "control_total": "3.4"}
    mapped.write("moves_2026-11-20.json", json.dumps(promise))
    with pytest.raises(ContractError, match=rf"'{named}' adds up to 3.3, expected 3.4 by its"):
        mapped.load()
    mapped.write("moves_2026-11-20.json", json.dumps(promise | {"control_total": "3.30"}))
    assert mapped.load() == 0
