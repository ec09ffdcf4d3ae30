"""A drop folder scanned by contract: which files count, and no order of them matters."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from test_file_feed import HEAD, MOVES, NEXT_EVENING, Desk, hold, move

from daymart.contracts.model import Feed
from daymart.errors import ConfigError, ContractError, SourceError
from daymart.load.accept import accept
from daymart.load.pull import pull
from daymart.settings import FileTable, Settings
from daymart.sources.drop import DropSource
from daymart.sources.whole import WholeSource
from daymart.warehouse.connect import Warehouse
from daymart.warehouse.install import check_installed, install
from tests.conftest import DEMO_EVENING, Databases, warehouse_at

LISTS = {"wh_reservation": FileTable(path="holds_{as_of}*.csv", stable_for=0)}
DAILY = {"wh_movement": FileTable(path="moves_{as_of:%Y%m%d}*.csv", stable_for=0)}
THURSDAY, FRIDAY, MONDAY = date(2026, 11, 19), DEMO_EVENING, NEXT_EVENING
TAKEN = "select file_name, state from ops.load_file where load_id = %s order by 1"


@pytest.fixture(scope="module")
def shared(databases: Databases, installed_template: str, feeds: dict[str, Feed]) -> Iterator[Desk]:
    """Offer one warehouse for tests that tell themselves apart by their system."""
    uri = databases.create(installed_template)
    yield Desk(warehouse_at(uri), feeds["warehouse"], Path())
    databases.drop(uri)


class Drop(Desk):
    """A folder of one system of its own."""

    def __init__(self, shared: Desk, system: str, folder: Path, files: dict) -> None:
        super().__init__(shared.warehouse, shared.feed, folder)
        self.system, self.files = system, files

    def load(self, evening: date = DEMO_EVENING) -> int:
        source = DropSource(self.system, self.feed.name, self.folder, self.files)
        self.last = pull(self.warehouse, self.feed, source, evening)
        return accept(self.warehouse, self.feed, self.last.load_id).quarantined

    def noted(self) -> list[tuple]:
        return self.ask(TAKEN, self.last.load_id)

    def moves(self) -> list[tuple]:
        return self.ask(
            "select movement_id, qty::int from raw.wh_movement where source_system = %s order by 1",
            self.system,
        )

    def ledger(self) -> tuple:
        """Give read, new, changed, unchanged, superseded and held rows of the last load."""
        (found,) = self.ask(
            "select read_rows, new_rows, changed_rows, unchanged_rows, superseded_rows,"
            " quarantined_rows from ops.load_table where is_provided and load_id = %s",
            self.last.load_id,
        )
        return found


@pytest.fixture
def moves(shared: Desk, request: pytest.FixtureRequest, tmp_path: Path) -> Drop:
    return Drop(shared, request.node.name, tmp_path, DAILY)


@pytest.fixture
def lists(shared: Desk, request: pytest.FixtureRequest, tmp_path: Path) -> Drop:
    return Drop(shared, request.node.name, tmp_path, LISTS)


def told(key: str, qty: str) -> str:
    return move(key, qty, "2026-11-20T10:00:00")


def test_daily_files_not_yet_accepted_are_all_taken_oldest_first(moves: Drop) -> None:
    moves.drop("moves_20261119.csv", MOVES, told("1", "1"), told("2", "1"))
    moves.drop("moves_20261120.csv", MOVES, told("1", "2"))
    moves.drop("moves_20261123.csv", MOVES, told("1", "3"))
    moves.load(FRIDAY)
    assert moves.noted() == [("moves_20261119.csv", "taken"), ("moves_20261120.csv", "taken")]
    assert moves.moves() == [("1", 2), ("2", 1)]
    assert moves.ledger() == (3, 2, 0, 0, 1, 0)
    moves.load(MONDAY)
    assert moves.noted() == [("moves_20261123.csv", "taken")]
    assert moves.moves() == [("1", 3), ("2", 1)]


def test_read_whole_leaves_accepted_files_as_they_are(moves: Drop) -> None:
    moves.drop("moves_20261119.csv", MOVES, told("1", "1"))
    moves.drop("moves_20261120.csv", MOVES, told("1", "2"))
    moves.load(FRIDAY)
    before = moves.ask("select * from raw_history.wh_movement order by _loaded_at, 1")
    source = WholeSource(DropSource(moves.system, moves.feed.name, moves.folder, DAILY))
    load = pull(moves.warehouse, moves.feed, source, FRIDAY)
    accept(moves.warehouse, moves.feed, load.load_id)
    assert moves.ask("select reason from ops.load where load_id = %s", load.load_id) == [
        ("already delivered",)
    ]
    assert moves.moves() == [("1", 2)]
    assert moves.ask("select * from raw_history.wh_movement order by _loaded_at, 1") == before


def test_overtaken_row_goes_to_history_never_to_raw(moves: Drop) -> None:
    moves.drop("moves_20261120.csv", MOVES, told("1", "2"))
    moves.load(FRIDAY)
    moves.drop("moves_20261119.csv", MOVES, told("1", "1"), told("2", "1"))
    moves.load(FRIDAY)
    assert moves.last.as_of == FRIDAY
    assert moves.moves() == [("1", 2), ("2", 1)]
    assert moves.ledger() == (2, 1, 0, 0, 1, 0)
    assert moves.ask(
        "select qty::int, _file, _reason from raw_history.wh_movement where source_system = %s",
        moves.system,
    ) == [(1, "moves_20261119.csv", "superseded")]


def test_unchanged_row_of_a_newer_file_outranks_a_late_older_one(moves: Drop) -> None:
    for day, qty in (("19", "1"), ("23", "1"), ("20", "9")):
        moves.drop(f"moves_202611{day}.csv", MOVES, told("1", qty), told(f"only {day}", "1"))
        moves.load(MONDAY)
    assert moves.moves()[0] == ("1", 1)


def test_late_row_does_not_revive_what_a_newer_file_deleted(moves: Drop) -> None:
    moves.drop("moves_20261120.csv", f"{MOVES},is_deleted", f"{told('1', '1')},true")
    moves.load(FRIDAY)
    moves.drop("moves_20261119.csv", MOVES, told("1", "1"))
    moves.load(FRIDAY)
    assert moves.moves() == []
    moves.drop("moves_20261123.csv", MOVES, told("1", "5"))
    moves.load(MONDAY)
    assert moves.moves() == [("1", 5)]


def test_key_doubled_within_one_file_holds_back_both_and_spares_the_other_file(
    moves: Drop,
) -> None:
    moves.drop("moves_20261119.csv", MOVES, told("1", "1"), told("2", "1"))
    moves.drop("moves_20261120.csv", MOVES, told("1", "2"), told("1", "3"))
    feed = replace(moves.feed, max_reject_rows=2)
    moves.feed = feed
    assert moves.load(FRIDAY) == 2
    assert moves.moves() == [("1", 1), ("2", 1)]


def test_same_content_again_is_a_duplicate_and_not_loaded(moves: Drop) -> None:
    moves.drop("moves_20261120.csv", MOVES, told("1", "1"))
    moves.load(FRIDAY)
    moves.drop("moves_20261120_copy.csv", MOVES, told("1", "1"))
    moves.load(FRIDAY)
    assert moves.noted() == [("moves_20261120_copy.csv", "duplicate")]
    found = moves.ask("select state, reason from ops.load where load_id = %s", moves.last.load_id)
    reason = "already delivered; moves_20261120_copy.csv: same content as moves_20261120.csv"
    assert found == [("accepted", reason)]
    moves.load(FRIDAY)
    assert moves.noted() == []


def test_same_name_with_other_content_is_a_correction(moves: Drop) -> None:
    moves.drop("moves_20261120.csv", MOVES, told("1", "1"))
    moves.load(FRIDAY)
    moves.drop("moves_20261120.csv", MOVES, told("1", "70"))
    moves.load(FRIDAY)
    assert moves.moves() == [("1", 70)]
    moves.drop("moves_20261120.csv", MOVES, told("1", "1"))
    moves.load(FRIDAY)
    assert moves.moves() == [("1", 1)]


def test_evening_already_delivered_is_an_honest_no_op(lists: Drop) -> None:
    lists.drop("holds_2026-11-20.csv", HEAD, hold("1"), hold("2"))
    lists.load(FRIDAY)
    assert lists.load(FRIDAY) == 0
    found = lists.ask(
        "select state, reason, read_rows from ops.load where load_id = %s", lists.last.load_id
    )
    assert found == [("accepted", "already delivered", 0)]
    held = "select count(*) from raw.wh_reservation where source_system = %s"
    assert lists.ask(held, lists.system) == [(2,)]


def test_load_is_of_the_evening_its_files_reach(moves: Drop) -> None:
    moves.drop("moves_20261120.csv", MOVES, told("1", "1"))
    moves.load(MONDAY)
    assert moves.last.as_of == FRIDAY
    assert ("moves_20261123*.csv", "missing") in moves.noted()
    with pytest.raises(SourceError, match="no file moves_20261123"):
        moves.load(MONDAY)


def test_full_list_older_than_the_newest_is_overtaken_and_never_loaded(lists: Drop) -> None:
    lists.drop("holds_2026-11-19.csv", HEAD, hold("1"))
    lists.drop("holds_2026-11-20.csv", HEAD, hold("2"))
    lists.load(FRIDAY)
    assert lists.noted() == [
        ("holds_2026-11-19.csv", "overtaken"),
        ("holds_2026-11-20.csv", "taken"),
    ]
    lists.drop("holds_2026-11-18.csv", HEAD, hold("3"))
    lists.load(FRIDAY)
    assert lists.noted() == [("holds_2026-11-18.csv", "overtaken")]
    keys = "select reservation_id from raw.wh_reservation where source_system = %s"
    assert lists.ask(keys, lists.system) == [("2",)]


def test_file_whose_date_part_is_no_date_is_named(moves: Drop) -> None:
    moves.drop("moves_20261320.csv", MOVES, told("1", "1"))
    with pytest.raises(ContractError, match=r"moves_20261320.csv: its name holds no business date"):
        moves.load(FRIDAY)


def days(count: int, seed: int) -> list[tuple[str, list[str]]]:
    """Make daily files whose rows overlap, change, return and get deleted."""
    chance = random.Random(seed)
    files = []
    for n in range(count):
        day = date(2026, 11, 2) + timedelta(days=n)
        keys = chance.sample(range(12), 6)
        rows = [
            f"{told(str(key), str(chance.randint(1, 3)))},{str(chance.random() < 0.2).lower()}"
            for key in keys
        ]
        files.append((f"moves_{day:%Y%m%d}.csv", [f"{MOVES},is_deleted", *rows]))
    return files


def state(drop: Drop) -> list[tuple]:
    """Give contract columns, file and line of every row."""
    columns = ", ".join((*drop.feed.table("wh_movement").column_names, "_file", "_line"))
    return drop.ask(
        f"select {columns} from raw.wh_movement where source_system = %s order by movement_id",
        drop.system,
    )


def load_in_order(drop: Drop, files: Sequence[tuple[str, list[str]]]) -> list[tuple]:
    for name, content in files:
        drop.drop(name, *content)
        drop.load(date.fromisoformat(name[6:14]))
        (balance,) = drop.ask(
            "select read_rows = new_rows + changed_rows + unchanged_rows + superseded_rows"
            " + quarantined_rows from ops.load_table where is_provided and load_id = %s",
            drop.last.load_id,
        )
        assert balance == (True,)
    return state(drop)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_daily_files_in_any_order_give_the_same_raw(
    shared: Desk, tmp_path: Path, seed: int
) -> None:
    files = days(10, seed)
    folders = {way: tmp_path / way for way in ("sequence", "shuffled", "once")}
    for folder in folders.values():
        folder.mkdir()
    shuffled = random.Random(seed).sample(files, len(files))
    expected = load_in_order(Drop(shared, f"sequence {seed}", folders["sequence"], DAILY), files)
    assert len(expected) > 5
    assert load_in_order(Drop(shared, f"any {seed}", folders["shuffled"], DAILY), shuffled) == (
        expected
    )
    once = Drop(shared, f"once {seed}", folders["once"], DAILY)
    for name, content in files:
        once.drop(name, *content)
    once.load(date(2026, 11, 11))
    assert state(once) == expected


def missing(drop: Drop) -> list[tuple]:
    return drop.ask(
        "select verdict, detail ->> 'saw' from ops.check_result"
        " where check_id = 'landing.missing_day' and load_id = %s",
        drop.last.load_id,
    )


def test_working_day_without_a_file_is_named_until_it_comes(moves: Drop) -> None:
    moves.drop("moves_20261118.csv", MOVES, told("1", "1"))
    moves.drop("moves_20261123.csv", MOVES, told("2", "1"))
    moves.load(MONDAY)
    assert missing(moves) == [("warned", "no file for 2026-11-19, 2026-11-20")]
    moves.drop("moves_20261120.csv", MOVES, told("3", "1"))
    moves.drop("moves_20261121.csv", MOVES, told("on a Saturday", "1"))
    moves.load(MONDAY)
    assert missing(moves) == [("warned", "no file for 2026-11-19")]
    moves.drop("moves_20261119.csv", MOVES, told("4", "1"))
    moves.load(MONDAY)
    assert missing(moves) == [("passed", "a file for every working day")]


def test_list_of_another_evening_inside_a_file_is_refused(
    shared: Desk, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    stock = {"wh_stock": FileTable(path="stock_{as_of}.csv", stable_for=0)}
    drop = Drop(shared, request.node.name, tmp_path, stock)
    columns = drop.feed.table("wh_stock").column_names
    values = {"as_of": "2026-11-19", "qty": "1", "quality_status": "usable"}
    drop.drop(
        "stock_2026-11-20.csv", ",".join(columns), ",".join(values.get(c, "x") for c in columns)
    )
    with pytest.raises(ContractError, match=r"landing.business_date failed on warehouse.wh_stock"):
        drop.load(FRIDAY)


def test_install_gives_versions_to_a_warehouse_from_before(
    warehouse: Warehouse, feeds: dict[str, Feed], settings: Settings
) -> None:
    with warehouse.session(None) as session:
        for schema in ("raw", "raw_history"):
            session.execute(f"alter table {schema}.wh_movement drop column _version".encode())
        session.execute("alter table ops.load_table drop column superseded_rows cascade")
    with pytest.raises(ConfigError, match="no column '_version'.*Run: daymart install"):
        check_installed(warehouse, [feeds["warehouse"]])
    install(warehouse, feeds.values(), settings.calendars)
    check_installed(warehouse, [feeds["warehouse"]])
    with warehouse.session(None) as session:
        session.execute("select superseded_rows from ops.load_table")
