"""File drops as a source: each contract table is read from files its department leaves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path

import pyarrow as pa

from daymart.connections import Connection
from daymart.contracts.model import Feed, LoadMode, Table
from daymart.errors import ConfigError, ContractError, SourceError
from daymart.load.typing import TextFormat
from daymart.settings import FileTable
from daymart.sources.archive import opened
from daymart.sources.file_format import FileFormat
from daymart.sources.files import read_file
from daymart.sources.folder import Folder
from daymart.sources.protocol import (
    ControlTotal,
    FileNote,
    FilesLedger,
    ReadParams,
    TableStream,
)
from daymart.sources.scan import PathPattern
from daymart.sources.take import Taken, Taking, Way


@dataclass(frozen=True)
class DropSource:
    """A folder in which departments leave the files of one feed, described per contract table.

    `folder` is a path or a URL of fsspec; `connection` is the log-in of a far one.
    """

    name: str
    feed: str
    folder: Path | str
    tables: Mapping[str, FileTable]
    connection: Connection | None = field(default=None, repr=False)

    @contextmanager
    def snapshot(self) -> Iterator["DropSource"]:
        """Offer the folder as it is; a file that changes while being read is an error."""
        yield self

    def provides(self, table: Table) -> bool:
        return table.name in self.tables

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        """Stream every new file of `table` up to the evening, oldest first.

        Yields nothing when the evening's own file was loaded before. Raises SourceError when it
        never came and nothing else is new: an absent file is not an empty one.
        """
        for taken in self.taking(table).take(params.as_of, params.files):
            yield from self._streams(taken, table)

    def survey(self, feed: Feed, as_of: date, ledger: FilesLedger) -> list[FileNote]:
        """Tell which files a load would take or leave, and why; no row is read."""
        tables = [table for table in feed.tables if self.provides(table)]
        return surveyed([self.taking(table) for table in tables], as_of, ledger)

    def taking(self, table: Table) -> Taking:
        """Return which files of the folder a table takes."""
        what = f"{self.feed}.{table.name}"
        described = self.tables[table.name]
        folder = Folder(self.folder, self.connection)
        others = siblings_of(table.name, self.tables, self.feed)
        return Taking(folder, table.name, described, way_of(table), others, what)

    def _streams(self, taken: Taken, table: Table) -> Iterator[TableStream]:
        described = self.tables[table.name]
        what = f"{self.feed}.{table.name} {taken.name}"
        control = _control(taken, table, what)
        members = PathPattern(described.path, what).members
        with opened(taken, members, what, file_format(described)) as files:
            if control and len(files) > 1:
                raise ConfigError(
                    what,
                    saw=f"{len(files)} members and one manifest",
                    expected="one member per archive",
                    remedy="Name one member in the path, or leave the manifest out.",
                )
            for name, path in files:
                yield self._stream(name, path, taken, control, table)

    def _stream(
        self, name: str, path: Path, taken: Taken, control: ControlTotal | None, table: Table
    ) -> TableStream:
        """Open one file as far as its first batch: its header tells which columns it holds."""
        described = self.tables[table.name]
        extra: list[str] = []
        own = table.column_names
        # A column the contract promises and the file leaves out is refused, nullable or not.
        marks = tuple(mark for mark in ("source_id", "is_deleted") if mark not in own)
        batches = read_file(
            path,
            f"{self.feed}.{table.name} {name}",
            (*own, *marks),
            marks,
            file_format(described),
            on_extra=extra.extend,
        )
        first = next(batches, None)
        return TableStream(
            batches=counted(batches if first is None else chain([first], batches), taken.note),
            columns=(*own, *marks, *extra),
            control=control,
            text=text_format(described),
            file_name=name,
            versions={name: taken.version},
        )


def surveyed(takings: list[Taking], as_of: date, ledger: FilesLedger) -> list[FileNote]:
    """Run through the files as a load would; a missing one is a note here, no error."""
    survey = Survey(ledger)
    for taking in takings:
        with suppress(SourceError):
            for _ in taking.take(as_of, survey):
                continue
    return survey.notes


class Survey:
    """A ledger that only listens."""

    def __init__(self, ledger: FilesLedger) -> None:
        self.known = ledger.known
        self.notes: list[FileNote] = []
        self.note = self.notes.append

    def cover(self, evening: date) -> None:
        """Keep nothing."""


def way_of(table: Table) -> Way:
    """Tell which files of a table count, by how it is loaded."""
    if table.mode is not LoadMode.SNAPSHOT:
        return "each"
    return "newest" if table.partition is None else "dated"


def siblings_of(name: str, tables: Mapping[str, FileTable], feed: str) -> list[PathPattern]:
    """Return the paths of the other tables and of the manifests: they explain their own names."""
    paths = [d.path for n, d in tables.items() if n != name]
    paths += [d.manifest for d in tables.values() if d.manifest and "{file" not in d.manifest]
    return [PathPattern(p, f"{feed}.{name}") for p in paths if "{stem}" not in p]


def counted(batches: Iterator[pa.RecordBatch], note: FileNote) -> Iterator[pa.RecordBatch]:
    """Pass batches on and count their rows in the file's note."""
    note.rows = note.rows or 0
    for batch in batches:
        note.rows += len(batch)
        yield batch


def _control(taken: Taken, table: Table, what: str) -> ControlTotal | None:
    manifest = taken.manifest
    if manifest is None:
        return None
    if manifest.control_measure not in (None, table.control_measure):
        raise ContractError(
            what,
            saw=f"the manifest adds up {manifest.control_measure!r}",
            expected=f"{table.control_measure!r} as the contract",
            remedy="Ask the sender to total that column.",
        )
    return ControlTotal(manifest.row_count, manifest.control_total, is_promised=True)


def file_format(described: FileTable) -> FileFormat:
    """Return how the bytes of a file become rows of text."""
    return FileFormat(
        kind=described.kind,
        encoding=described.encoding,
        delimiter=described.delimiter,
        quote=described.quote,
        sheet=described.sheet,
        header_row=described.header_row,
        columns=described.columns,
        limits=described.limits,
    )


def text_format(described: FileTable) -> TextFormat:
    """Return how the text of a file becomes values."""
    return TextFormat(
        decimal=described.decimal,
        thousands=described.thousands,
        date=described.date,
        timestamp=described.timestamp,
        timezone=described.timezone,
        true=described.true,
        false=described.false,
    )
