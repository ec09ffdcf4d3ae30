"""Retention: what is deleted changes nothing of what a later load decides."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_drop_folder import FRIDAY, MONDAY, THURSDAY, Drop, told
from test_file_feed import HEAD, MOVES, Desk, hold

from daymart.contracts.model import Feed
from daymart.errors import ContractError
from daymart.load.files_ledger import LoadFiles
from daymart.settings import FileTable, Project, Settings
from daymart.sources.protocol import FileNote
from daymart.warehouse.connect import Role
from daymart.warehouse.prune import prune
from tests.conftest import Databases, warehouse_at

FILES = {
    "wh_movement": FileTable(path="moves_{as_of:%Y%m%d}.csv", stable_for=0),
    "wh_reservation": FileTable(path="holds.csv", stable_for=0),
}
NOTES = "select file_name, state, count(*) from ops.load_file group by 1, 2 order by 1, 2"


@pytest.fixture
def drop(
    databases: Databases, installed_template: str, feeds: dict[str, Feed], tmp_path: Path
) -> Iterator[Drop]:
    uri = databases.create(installed_template)
    desk = Desk(warehouse_at(uri), feeds["warehouse"], tmp_path)
    yield Drop(desk, "desk", tmp_path, FILES)
    databases.drop(uri)


def pruned(drop: Drop, days_old: int) -> dict[str, int]:
    """Let every load be so many days older, and prune."""
    with drop.warehouse.session(None) as session:
        aged = "update ops.load set started_at = started_at - make_interval(days => %s)"
        session.execute(aged, [days_old])
    company = Settings(company="Files", currency="EUR")
    return prune(drop.warehouse, [drop.feed], Project(drop.folder, company))


def known(drop: Drop) -> list[FileNote]:
    with drop.warehouse.session(Role.LOADER) as session:
        ledger = LoadFiles(session, drop.last)
        return [note for table in FILES for note in ledger.known(table)]


def missing_days(drop: Drop) -> list[tuple]:
    return drop.ask(
        "select detail ->> 'saw' from ops.check_result"
        " where check_id = 'landing.missing_day' and load_id = %s",
        drop.last.load_id,
    )


def test_notes_of_files_written_anew_are_forgotten_and_nothing_is_loaded_again(
    drop: Drop,
) -> None:
    drop.drop("moves_20261118.csv", MOVES, told("0", "1"))
    for qty, holds in (("1", [hold("1")]), ("2", [hold("1"), hold("2")])):
        drop.drop("holds.csv", HEAD, *holds)
        drop.drop("moves_20261120.csv", MOVES, told("1", qty))
        drop.load(FRIDAY)
    drop.drop("moves_20261123.csv", "no header at all")
    with pytest.raises(ContractError):
        drop.load(MONDAY)
    before = known(drop)
    assert pruned(drop, 700) == {}
    assert pruned(drop, 100) == {"ops.load_file": 3}
    assert drop.ask(NOTES) == [
        ("holds.csv", "taken", 1),
        ("moves_20261118.csv", "taken", 1),
        ("moves_20261120.csv", "taken", 1),
    ]
    assert known(drop) == before
    drop.drop("moves_20261123.csv", MOVES, told("2", "1"))
    drop.load(MONDAY)
    assert drop.noted() == [("moves_20261123.csv", "taken")]
    assert drop.moves() == [("0", 1), ("1", 2), ("2", 1)]
    assert missing_days(drop) == [(f"no file for {THURSDAY}",)]


def test_files_of_old_builds_go_and_those_of_new_ones_stay(drop: Drop) -> None:
    company = Settings(company="Files", currency="EUR")
    builds = Project(drop.folder, company).builds(drop.warehouse.connection.database)
    old, new = builds / "7", builds / "8"
    for target in (old, new):
        target.mkdir(parents=True)
    two_months_ago = time.time() - 60 * 86_400
    os.utime(old, (two_months_ago, two_months_ago))

    pruned(drop, 0)

    assert (old.exists(), new.exists()) == (False, True)
