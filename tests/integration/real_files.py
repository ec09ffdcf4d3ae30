"""Folders of real csv files as a source: each entity is the files of one pattern, as text."""

import csv
import gzip
import io
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import yaml

from daymart.contracts.model import Feed
from daymart.load.accept import Accepted, accept
from daymart.load.pull import pull
from daymart.load.typing import TextFormat
from daymart.settings import Settings
from daymart.sources.csv_drop import csv_records
from daymart.sources.drop import text_format
from daymart.sources.file_format import FileFormat
from daymart.sources.files import read_file
from daymart.sources.mapped import MappedSnapshot
from daymart.sources.protocol import ReadParams
from daymart.sources.queries import read_queries
from daymart.sources.stage import open_stage
from daymart.warehouse.connect import Warehouse
from tests.conftest import HOME, rows

CSV = FileFormat(kind="csv")
COMPANIES = HOME / "tests" / "fixtures" / "companies"


@dataclass(frozen=True)
class Folder:
    """The files of one system. `entities` names the files of each; `text` is how they write."""

    system: str
    entities: dict[str, list[Path]]
    text: TextFormat = field(default_factory=TextFormat)

    @classmethod
    def of(cls, company: str) -> "Folder":
        """Return the folder that the settings of a company describe."""
        settings = yaml.safe_load((COMPANIES / f"{company}.yaml").read_text(encoding="utf-8"))
        (binding,) = Settings.model_validate(settings).bindings
        place = HOME / (binding.folder or ".")
        entities = {name: sorted(place.glob(f.path)) for name, f in binding.files.items()}
        (text,) = {text_format(described) for described in binding.files.values()}
        return cls(binding.system, entities, text)

    def with_files(self, **entities: list[Path]) -> "Folder":
        """Return the same folder with other files in the place of some."""
        return replace(self, entities=self.entities | entities)

    @property
    def name(self) -> str:
        return self.system

    @contextmanager
    def snapshot(self) -> Iterator[MappedSnapshot]:
        queries = read_queries(HOME / "systems" / self.system)
        with open_stage() as stage:
            yield MappedSnapshot(self.system, FileTransport(self), queries, stage)


@dataclass(frozen=True)
class FileTransport:
    """Serves whole files; later files of an entity have the first one's header."""

    folder: Folder

    def entities(self) -> Collection[str]:
        return self.folder.entities.keys()

    def text_of(self, entities: Collection[str]) -> TextFormat | None:
        return self.folder.text if entities else None

    def fetch(self, entity: str, params: ReadParams) -> pa.RecordBatchReader:
        paths = self.folder.entities[entity]
        header = _header(paths[0])
        batches = (batch for path in paths for batch in _batches(path, header))
        schema = pa.schema([*((name, pa.string()) for name in header), *_MARKS])
        return pa.RecordBatchReader.from_batches(schema, batches)


_MARKS = (
    ("_line", pa.int64()),
    ("_defect", pa.string()),
    ("_file", pa.string()),
    ("_date", pa.date32()),
)


def _header(path: Path) -> list[str]:
    return next(csv_records(path, path.name, CSV))[1]


def _batches(path: Path, header: list[str]) -> Iterator[pa.RecordBatch]:
    for batch in read_file(path, path.name, header, (), CSV):
        name = pa.repeat(pa.scalar(path.name, pa.string()), len(batch))
        day = pa.repeat(pa.scalar(day_of(path), pa.date32()), len(batch))
        yield batch.append_column("_file", name).append_column("_date", day)


def day_of(path: Path) -> date | None:
    """Return the business date a file is named by, if it is."""
    try:
        return date.fromisoformat(path.name.split(".")[0])
    except ValueError:
        return None


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
            load = pull(self.warehouse, self.feeds[name], self.folder, as_of)
            done[name] = accept(self.warehouse, self.feeds[name], load.load_id)
        return done

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
