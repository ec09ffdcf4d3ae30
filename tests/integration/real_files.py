"""Folders of real files of companies, bound and mapped as their settings and SQL say."""

import csv
import gzip
import io
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import yaml

from daymart.build.dbt import run_variables
from daymart.contracts.model import Feed
from daymart.load.accept import Accepted, accept
from daymart.load.pull import pull
from daymart.settings import Project, Settings
from daymart.sources.registry import sources_of
from daymart.warehouse.connect import Warehouse
from tests.conftest import HOME, dbt_for, rows

COMPANIES = HOME / "tests" / "fixtures" / "companies"


@dataclass(frozen=True)
class Folder:
    """The settings of a company whose one binding is a folder."""

    settings: Settings

    @classmethod
    def of(cls, company: str) -> "Folder":
        """Read the settings of a company."""
        settings = yaml.safe_load((COMPANIES / f"{company}.yaml").read_text(encoding="utf-8"))
        return cls(Settings.model_validate(settings))

    @property
    def place(self) -> Path:
        """Where the files lie."""
        (binding,) = self.settings.bindings
        return HOME / (binding.folder or ".")

    @property
    def entities(self) -> dict[str, Path]:
        """Which file each entity is, in a folder of one file each."""
        (binding,) = self.settings.bindings
        return {name: self.place / described.path for name, described in binding.files.items()}

    def records(self, entity: str) -> list[dict[str, str]]:
        """Read an entity's file with the standard library alone."""
        return records(self.entities[entity])

    def moved_to(self, place: Path, **files: Path) -> "Folder":
        """Copy the folder; some of its files are replaced by others."""
        shutil.copytree(self.place, place, dirs_exist_ok=True)
        for entity, path in files.items():
            path.replace(place / self.entities[entity].name)
        return self.at(place)

    def at(self, place: Path) -> "Folder":
        """Return the same settings for files that lie elsewhere."""
        (binding,) = self.settings.bindings
        elsewhere = binding.model_copy(update={"folder": str(place)})
        return Folder(self.settings.model_copy(update={"bindings": (elsewhere,)}))


def day_of(path: Path) -> date | None:
    """Return the business date a file is named by, if it is."""
    try:
        return date.fromisoformat(path.name.split(".")[0])
    except ValueError:
        return None


Opened = Callable[[Folder], "Desk"]


@dataclass
class Desk:
    """One company's folder and warehouse: loads feeds and asks what came of them."""

    folder: Folder
    warehouse: Warehouse
    feeds: dict[str, Feed]

    def load(self, names: Iterable[str], as_of: date) -> dict[str, Accepted]:
        """Pull and accept feeds; each mapped table among them is filled."""
        done = {}
        for name in names:
            feed = self.feeds[name]
            (source,) = sources_of(feed, Project(HOME, self.folder.settings))
            load = pull(self.warehouse, feed, source, as_of)
            done[name] = accept(self.warehouse, feed, load.load_id)
        return done

    def build(self, as_of: date, target: Path, *marts: str) -> None:
        """Build `marts` from what was loaded; nothing of the models may fail."""
        at = datetime(as_of.year, as_of.month, as_of.day, 22, tzinfo=UTC)
        variables = run_variables(as_of, at, self.folder.settings.currency)
        project = dbt_for(self.warehouse, target)
        assert [r.message for r in project.build(variables, *marts) if r.failed] == []

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return, per table of the latest loads, rows read and rows held back."""
        found = self.ask(
            "select distinct on (table_name) table_name, read_rows, quarantined_rows"
            " from ops.load_table where is_provided order by table_name, load_id desc"
        )
        return {name: (read, held) for name, read, held in found}

    def loaded(self) -> dict[str, int]:
        """Return, per table of the latest loads, how many rows of it raw holds."""
        return {name: self.number(f"count(*) from raw.{name}") for name in self.counts()}  # noqa: S608

    def ask(self, query: str, *values: object) -> list[tuple]:
        return rows(self.warehouse, query, *values)

    def number(self, what: str) -> int:
        ((number,),) = self.ask(f"select {what}")
        return number

    def groups(self, column: str, table: str, measure: str = "count(*)") -> dict[object, object]:
        """Return one figure per value of a column."""
        return dict(self.ask(f"select {column}, {measure} from raw.{table} group by 1"))  # noqa: S608


def records(path: Path) -> list[dict[str, str]]:
    """Read a file with the standard library alone, for counts that no mapping had a hand in."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def total(found: Iterable[dict[str, str]], column: str) -> Decimal:
    """Add up a column."""
    return sum((Decimal(row[column]) for row in found), Decimal(0))


def grouped(found: Iterable[dict[str, str]], key: str, value: str) -> dict[str, Decimal]:
    """Add up one column per value of another."""
    sums: dict[str, Decimal] = {}
    for row in found:
        sums[row[key]] = sums.get(row[key], Decimal(0)) + Decimal(row[value])
    return sums


def all_loaded(desk: Desk) -> dict[str, int]:
    """Return how many rows each table took, once nothing was held back or lost."""
    counts, loaded = desk.counts(), desk.loaded()
    assert {name: (read, 0) for name, read in loaded.items()} == counts
    return loaded


def rewritten(path: Path, folder: Path, old: str, new: str) -> Path:
    """Return a copy of a file with one text replaced wherever it stands."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    copy = folder / path.name
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return copy
