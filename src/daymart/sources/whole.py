"""Any source, read from its beginning: what a source forgot to tell of is found again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from daymart.contracts.model import Table
from daymart.sources.protocol import ReadParams, Snapshot, Source, TableStream


@dataclass(frozen=True)
class WholeSource:
    """A source whose tables are read whole, whatever was read before.

    Of a drop folder only new files are read all the same: what older ones said is in raw or in
    its history, in the order of their dates.
    """

    source: Source

    @property
    def name(self) -> str:
        """Return what raw rows of this source carry in `source_system`."""
        return self.source.name

    @contextmanager
    def snapshot(self) -> Iterator["WholeSnapshot"]:
        """Open the source's own view."""
        with self.source.snapshot() as snapshot:
            yield WholeSnapshot(snapshot)


@dataclass(frozen=True)
class WholeSnapshot:
    """One view of a source; it offers no changes, so full lists are full."""

    snapshot: Snapshot

    def provides(self, table: Table) -> bool:
        """Tell whether the source fills `table` at all."""
        return self.snapshot.provides(table)

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        """Stream `table` from its beginning."""
        yield from self.snapshot.read(table, replace(params, since=None))
