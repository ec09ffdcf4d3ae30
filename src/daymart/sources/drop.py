"""File drops as a source: each contract table is read from files its department leaves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from daymart.contracts.model import Table
from daymart.errors import SourceError
from daymart.load.typing import TextFormat
from daymart.settings import FileTable
from daymart.sources.file_format import FileFormat
from daymart.sources.files import read_file
from daymart.sources.protocol import ReadParams, TableStream


@dataclass(frozen=True)
class DropSource:
    """A folder in which departments leave files, described per contract table."""

    name: str
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
        pattern = described.path.format(as_of=params.as_of)
        paths = sorted(self.folder.glob(pattern))
        if not paths:
            raise SourceError(
                f"{self.name}.{table.name} {params.as_of}",
                saw=f"no file {pattern}",
                expected=f"one in {self.folder.name}/",
                remedy="Ask the feed's owner for it, or correct the path of the binding.",
            )
        fmt = file_format(described)
        for path in paths:
            # What a file leaves out is absent for good; read_file refuses a missing column.
            batches = read_file(
                path, f"{self.name}.{table.name} {path.name}", table.column_names, (), fmt
            )
            yield TableStream(
                batches=batches,
                columns=table.column_names,
                text=text_format(described),
                file_name=path.name,
            )


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
