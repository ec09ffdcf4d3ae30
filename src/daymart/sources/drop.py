"""File drops as a source: each contract table is read from files its department leaves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from daymart.contracts.model import Table
from daymart.errors import ConfigError, SourceError
from daymart.load.typing import TextFormat
from daymart.settings import FileTable
from daymart.sources.file_format import FileFormat
from daymart.sources.files import read_file
from daymart.sources.protocol import ReadParams, TableStream


@dataclass(frozen=True)
class DropSource:
    """A folder in which departments leave the files of one feed, described per contract table."""

    name: str
    feed: str
    folder: Path
    tables: Mapping[str, FileTable]

    @contextmanager
    def snapshot(self) -> Iterator["DropSource"]:
        """Offer the folder as it is; a file that changes while being read is an error."""
        yield self

    def provides(self, table: Table) -> bool:
        return table.name in self.tables

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        """Stream every file of `table` for the evening, in the order of their names.

        Raises SourceError when there is none: an absent file is not an empty one.
        """
        described = self.tables[table.name]
        for path in self._paths(table, described, params):
            yield self._stream(path, table, described)

    def _paths(self, table: Table, described: FileTable, params: ReadParams) -> list[Path]:
        what = f"{self.feed}.{table.name} {params.as_of}"
        try:
            pattern = described.path.format(as_of=params.as_of)
            paths = sorted(p for p in self.folder.glob(pattern) if p.is_file())
        except (KeyError, IndexError, ValueError, NotImplementedError) as broken:
            raise ConfigError(
                what,
                saw=f"path {described.path!r}",
                expected="one like orders_{as_of}.csv, relative to the binding's folder",
                remedy="Correct the binding in daymart.yaml.",
            ) from broken
        if not paths:
            raise SourceError(
                what,
                saw=f"no file {pattern}",
                expected=f"one in {self.folder.name}/",
                remedy="Ask the feed's owner for it, or correct the path of the binding.",
            )
        return paths

    def _stream(self, path: Path, table: Table, described: FileTable) -> TableStream:
        """Open one file as far as its first batch: its header tells which columns it holds."""
        extra: list[str] = []
        own = table.column_names
        # A column the contract promises and the file leaves out is refused, nullable or not.
        marks = tuple(name for name in ("source_id", "is_deleted") if name not in own)
        name = printable(path.name)
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
            batches=batches if first is None else chain([first], batches),
            columns=(*own, *marks, *extra),
            text=text_format(described),
            file_name=name,
        )


def printable(name: str) -> str:
    """Write a file's name so that no terminal or log obeys what stands in it."""
    return name if name.isprintable() else repr(name)[1:-1]


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
