"""Files of any shape mapped by SQL: entities in, contract tables out."""

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
    with pytest.raises(SourceError, match=r"(?s)Кол-во.*systems/desk/wh_movement.sql"):
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
