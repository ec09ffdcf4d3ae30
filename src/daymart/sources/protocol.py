"""What every source offers: one contract table is always one query against it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol, runtime_checkable

import pyarrow as pa

from daymart.contracts.model import Table
from daymart.load.typing import TextFormat

FileState = Literal["taken", "known", "duplicate", "overtaken", "missing", "failed"]


@dataclass
class FileNote:
    """What became of one file of a drop folder, in the columns of ops.load_file.

    `table` is the contract table or, for mapped files, the entity. `rows` grows while it is read.
    `promised_rows` and `sent_at` are the manifest's words, the latter by the sender's clock.
    """

    table: str
    name: str
    business_date: date
    state: FileState
    is_daily: bool
    sha256: str | None = None
    size: int | None = None
    modified_at: datetime | None = None
    version: str | None = None
    rows: int | None = None
    reason: str | None = None
    promised_rows: int | None = None
    sent_at: datetime | None = None


class FilesLedger(Protocol):
    """What earlier loads of this source took, and where this load writes what it takes."""

    def known(self, table: str) -> Sequence[FileNote]:
        """Return the latest accepted note of every file name of a table."""

    def note(self, note: FileNote) -> None:
        """Remember what became of one file."""

    def cover(self, evening: date) -> None:
        """Remember up to which business date one table is delivered."""


class NoFiles:
    """The ledger of a source that has no files: it knows nothing and keeps nothing."""

    def known(self, table: str) -> Sequence[FileNote]:
        """Know of no file."""
        return ()

    def note(self, note: FileNote) -> None:
        """Keep nothing."""

    def cover(self, evening: date) -> None:
        """Keep nothing."""


@dataclass(frozen=True)
class ReadParams:
    """What a query may ask for: the evening it describes and the cursor it continues from.

    `files` is the ledger of files, for sources that read a drop folder.
    """

    as_of: date
    since: datetime | None = None
    files: FilesLedger = NoFiles()


@dataclass(frozen=True)
class ControlTotal:
    """What the source itself counts, in the same snapshot: rows and the control measure's sum.

    `is_promised`: counted by the sender, who does not count a totals row among the rows.
    """

    rows: int
    measure: Decimal | None
    is_promised: bool = False


@dataclass(frozen=True)
class TableStream:
    """One table on its way: batches, where they come from and how their text is to be read.

    `control` is None where the source cannot count before it is read. `versions` tells for each
    file how its rows rank against those of other files: a later text is newer. `unasked` are the
    source's own columns that nothing maps.
    """

    batches: Iterator[pa.RecordBatch]
    columns: tuple[str, ...]
    control: ControlTotal | None = None
    text: TextFormat | None = None
    file_name: str | None = None
    unasked: tuple[str, ...] = ()
    versions: Mapping[str, str] | None = None


class Snapshot(Protocol):
    """One consistent view of a source, open for the tables of one load."""

    def provides(self, table: Table) -> bool:
        """Tell whether this source fills `table` at all."""

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        """Stream `table`; files yield one stream each, and none where nothing new is there."""


@runtime_checkable
class TellsChanges(Protocol):
    """A snapshot that can list what changed of a table, where the contract asks for all of it."""

    def knows_changes(self, table: Table) -> bool:
        """Tell whether `table` can be read from a point in time on, deletions included."""


class Source(Protocol):
    """A system of one company that fills contract tables."""

    @property
    def name(self) -> str:
        """What raw rows of this source carry in `source_system`."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Open one consistent view; raises SourceUnavailable when the system does not answer."""


Queries = Mapping[str, str]
"""Contract table -> the query that fills it."""
