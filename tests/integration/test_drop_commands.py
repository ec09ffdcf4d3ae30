"""What the commands tell of a drop folder: check, dry run, status."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_drop_folder import told
from test_file_feed import MOVES

from daymart import stages
from daymart.cli import app as commands
from daymart.contracts.model import Feed
from daymart.errors import ConfigError, SourceError
from daymart.settings import Binding, FileTable, Project, Settings
from daymart.sources.drop_check import check_drop
from daymart.sources.registry import sources_of
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING

DAILY = FileTable(path="moves_{as_of:%Y%m%d}.csv", stable_for=0)


class Desk:
    """A company whose movements come from a folder, and its command line."""

    def __init__(self, warehouse: Warehouse, feeds: dict[str, Feed], home: Path) -> None:
        self.feeds, self.warehouse, self.home = feeds, warehouse, home

    def company(self, system: str = "desk", **files: FileTable) -> stages.Company:
        bound = Binding(
            system=system, feeds=("warehouse",), folder=".", files=files or {"wh_movement": DAILY}
        )
        settings = Settings(company="Files", currency="EUR", bindings=(bound,))
        return stages.Company(Project(self.home, settings), self.feeds, self.warehouse)

    def drop(self, name: str, *lines: str) -> None:
        (self.home / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def check(self, **files: FileTable) -> list[str]:
        company = self.company(**files)
        feed = self.feeds["warehouse"]
        (source,) = sources_of(feed, company.project)
        return list(check_drop(source, feed, DEMO_EVENING))  # type: ignore[arg-type]


@pytest.fixture
def desk(
    warehouse: Warehouse, feeds: dict[str, Feed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    made = Desk(warehouse, feeds, tmp_path)
    monkeypatch.setattr(stages, "open_company", made.company)
    yield made


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run a command with --json; return its answer."""
    capsys.readouterr()
    commands.app([*arguments, "--json"], standalone_mode=False)
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_dry_run_and_status_tell_which_files_and_why(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.drop("moves_20261118.csv", MOVES, told("1", "1"))
    desk.drop("moves_20261120.csv", MOVES, told("2", "1"))
    evening = ("--as-of", "2026-11-20")
    rehearsed = answered(capsys, "load", "warehouse", *evening, "--dry-run")
    assert [(f["file"], f["would"], f["why"]) for f in rehearsed["files"]] == [
        ("moves_20261118.csv", "take", "new"),
        ("moves_20261120.csv", "take", "new"),
    ]
    answered(capsys, "load", "warehouse", *evening)
    told_again = answered(capsys, "load", "warehouse", *evening, "--dry-run")
    assert {(f["would"], f["why"]) for f in told_again["files"]} == {("skip", "loaded before")}
    answered(capsys, "load", "warehouse", *evening)
    desk.drop("moves_20261119.csv", MOVES, told("3", "1"))
    answered(capsys, "load", "warehouse", *evening)
    status = answered(capsys, "status", "--feed", "warehouse")
    (file,) = status["files of the last load"]
    assert (file["file"], file["state"], file["rows"]) == ("moves_20261119.csv", "taken", 1)
    assert len(file["sha256"]) == 12
    assert "days without a file" not in status


def test_status_names_days_without_a_file(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.drop("moves_20261118.csv", MOVES, told("1", "1"))
    desk.drop("moves_20261120.csv", MOVES, told("2", "1"))
    answered(capsys, "load", "warehouse", "--as-of", "2026-11-20")
    (missing,) = answered(capsys, "status")["days without a file"]
    assert missing["table"] == "warehouse.wh_movement"
    assert missing["saw"] == "no file for 2026-11-19"


def test_check_tells_the_newest_file_of_each_table(desk: Desk) -> None:
    desk.drop("moves_20261120.csv", MOVES)
    assert desk.check()[1:] == ["files of warehouse.wh_movement: 1, newest moves_20261120.csv"]


@pytest.mark.parametrize(
    ("files", "saw"),
    [
        ({"wh_movement": FileTable(path="moves_{day}.csv")}, "path 'moves_{day}.csv'"),
        ({"wh_movement": FileTable(path="m.csv", decimal=",", thousands=",")}, "for decimals and"),
        (
            {"wh_movement": FileTable(path="m.csv", manifest="{name}.json")},
            "manifest '{name}.json'",
        ),
        ({"wh_mouvement": DAILY}, "none of its tables"),
    ],
    ids=["path", "format", "manifest", "name"],
)
def test_check_refuses_a_binding_that_cannot_work(
    desk: Desk, files: dict[str, FileTable], saw: str
) -> None:
    with pytest.raises(ConfigError, match=saw):
        desk.check(**files)


def test_check_runs_mapping_sql_against_the_headers_of_the_newest_files(desk: Desk) -> None:
    mappings = desk.home / "systems" / "desk"
    mappings.mkdir(parents=True)
    columns = ", ".join(desk.feeds["warehouse"].table("wh_movement").column_names)
    (mappings / "wh_movement.sql").write_text(f"select {columns}, _file, _line, _defect from moves")
    assert desk.check(moves=DAILY)[-1].endswith("wh_movement.sql: waits for moves")
    desk.drop("moves_20261120.csv", MOVES)
    assert desk.check(moves=DAILY)[-1] == "systems/desk/wh_movement.sql: runs"
    desk.drop("moves_20261120.csv", MOVES.replace("qty", "quantity"))
    with pytest.raises(ConfigError, match=r"systems/desk/wh_movement.sql: Binder Error.*qty"):
        desk.check(moves=DAILY)


def test_check_of_a_folder_that_is_not_there_fails(desk: Desk) -> None:
    desk.home = desk.home / "gone"
    with pytest.raises(SourceError, match="folder"):
        desk.check()
