"""The guide for newcomers, followed to the letter: its commands, its files and what they print."""

import csv
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from daymart.demo.local import LocalPostgres
from daymart.errors import ExitCode
from daymart.scaffold.samples import samples_in
from daymart.scaffold.system import binding
from tests.conftest import HOME, Databases, rows, warehouse_at
from tests.integration.conftest import Daymart

GUIDE = (HOME / "docs" / "connect_your_own_system.md").read_text(encoding="utf-8")
FILES = ("inventory_transactions.csv", "order_details.csv")
AN_HOUR = 3600


@dataclass
class Newcomer:
    """Somebody with a shell in the project's folder, who types what the guide shows."""

    folder: Path
    daymart: Daymart

    def type(self, command: str) -> list[str]:
        """Run a command; return its lines, blanks folded."""
        program, *arguments = shlex.split(command)
        if program == "daymart":
            code, out, err = self.daymart(*arguments)
        else:
            done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
            code, out, err = done.returncode, done.stdout, done.stderr
        assert code in (0, ExitCode.QUARANTINED), f"{command}: {code}\n{err}{out}"
        return [" ".join(line.split()) for line in (err + out).splitlines()]

    def write(self, name: str, content: str) -> None:
        """Save a file as somebody does who then has a coffee: it rests."""
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        os.utime(path, (path.stat().st_mtime - AN_HOUR,) * 2)


def blocks(language: str = "") -> list[str]:
    """Return the fenced blocks of the guide in a language; without one, those of the shell."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```", GUIDE, re.S | re.M)
    return [text for name, text in fenced if name == language]


def steps() -> list[tuple[str, list[str]]]:
    """Return the commands of the guide in turn, each with the lines shown below it."""
    shown: list[tuple[str, list[str]]] = []
    for block in blocks():
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *lines = re.split(r"\n(?! {4})", part.rstrip())
            shown.append((command, [" ".join(line.split()) for line in lines]))
    return shown


@pytest.fixture
def newcomer(
    databases: Databases,
    postgres: LocalPostgres,
    daymart: Daymart,
    tmp_path: Path,
    shared_data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Newcomer]:
    """Offer somebody who did what the guide asks for before it begins."""
    uri = databases.create()
    begin = next(block for block in blocks() if "mkdir" in block)
    script = begin.replace("postgresql://USER:PASSWORD@HOST:5432/northwind", f"'{uri}'")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(postgres.programs), prepend=os.pathsep)
    done = subprocess.run(
        ["bash", "-euc", f"{script}\nenv -0"], cwd=HOME, capture_output=True, text=True, check=True
    )
    told = dict(line.partition("=")[::2] for line in done.stdout.split("\0") if line)
    for name in ("DAYMART_HOME", "AIRFLOW_CONN_WAREHOUSE"):
        monkeypatch.setenv(name, told[name])
    monkeypatch.chdir(told["PWD"])
    somebody = Newcomer(Path(told["PWD"]), daymart)
    for name in FILES:
        content = (shared_data / "northwind_2010" / name).read_text(encoding="utf-8")
        somebody.write(f"drop/{name}", content)
    yield somebody
    databases.drop(uri)


def test_guide_shows_the_binding_that_is_offered(newcomer: Newcomer) -> None:
    offered = binding("northwind", ["warehouse"], "drop", samples_in(newcomer.folder / "drop"))
    (settings,) = blocks("yaml")
    assert yaml.safe_load(settings)["bindings"] == yaml.safe_load(offered)


def test_guide_leads_from_files_to_published_figures(newcomer: Newcomer) -> None:
    (settings,) = blocks("yaml")
    queries = re.findall(r"`(systems/\w+/\w+\.sql)`.*?```sql\n(.*?)```", GUIDE, re.S)
    content = (newcomer.folder / "drop" / FILES[0]).read_text(encoding="utf-8")
    spoilt = content.replace(",80,75,", ",80,ten,", 1)
    before = {
        "daymart install": [("daymart.yaml", settings)],
        "daymart check": queries,
        "daymart load warehouse --as-of 2006-06-24": [(f"drop/{FILES[0]}", spoilt)],
        "daymart run --as-of 2006-06-26": [(f"drop/{FILES[0]}", content)],
    }
    for command, shown in steps():
        for name, text in before.pop(command, []):
            newcomer.write(name, text)
        printed = newcomer.type(command)
        assert missing(shown, printed) == [], "\n".join((command, *printed))
    assert before == {}
    warehouse = warehouse_at(os.environ["AIRFLOW_CONN_WAREHOUSE"])
    query = "select product_id, on_hand_qty, reserved_qty from marts.stock_availability"
    found = {product: (on_hand, held) for product, on_hand, held in rows(warehouse, query)}
    assert found == counted(content)


def missing(shown: list[str], printed: list[str]) -> list[str]:
    """Return shown lines that are not printed, in their order; the guide may cut a line short."""
    rest = iter(printed)
    wanted = [line for line in shown if line != "…" and not line.startswith("─")]
    return [line for line in wanted if not any(found.startswith(line) for found in rest)]


def counted(content: str) -> dict[str, tuple[int, int]]:
    """Count what lies there and what is held of each product, line by line of its file."""
    counts: dict[str, tuple[int, int]] = {}
    for line in csv.DictReader(content.splitlines()):
        kind, quantity = line["transaction_type"], int(line["quantity"])
        moved = {"1": quantity, "2": -quantity, "4": -quantity, "3": 0}[kind]
        on_hand, held = counts.get(line["product_id"], (0, 0))
        counts[line["product_id"]] = (on_hand + moved, held + quantity * (kind == "3"))
    return counts
