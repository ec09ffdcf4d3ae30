"""What every source offers: one contract table is always one query against it."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

import pyarrow as pa

from daymart.contracts.model import Table
from daymart.load.typing import TextFormat


@dataclass(frozen=True)
class ReadParams:
    """What a query may ask for: the evening it describes and the cursor it continues from."""

    as_of: date
    since: datetime | None = None


@dataclass(frozen=True)
class ControlTotal:
    """What the source itself counts, in the same snapshot: rows and the control measure's sum."""

    rows: int
    measure: Decimal | None


@dataclass(frozen=True)
class TableStream:
    """One table on its way: batches, where they come from and how their text is to be read.

    `control` is None where the source cannot count before it is read.
    """

    batches: Iterator[pa.RecordBatch]
    columns: tuple[str, ...]
    control: ControlTotal | None = None
    text: TextFormat | None = None
    file_name: str | None = None


class Snapshot(Protocol):
    """One consistent view of a source, open for the tables of one load."""

    def provides(self, table: Table) -> bool:
        """Tell whether this source fills `table` at all."""

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        """Stream `table`; files yield one stream each."""


class Source(Protocol):
    """A system of one company that fills contract tables."""

    @property
    def name(self) -> str:
        """What raw rows of this source carry in `source_system`."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Open one consistent view; raises SourceUnavailable when the system does not answer."""


Queries = Mapping[str, str]
"""Contract table -> the query that fills it."""
