"""Rows of JSON on disk as Arrow text, until a whole extract is known to be sound."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

NOTHING = frozenset(
    {
        "00000000-0000-0000-0000-000000000000",
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01",
    }
)
"""How 1C writes an empty reference and an empty date."""


class Spool:
    """A file of batches. Pages may differ in their fields; the reader fills gaps with nulls."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._schemas: list[pa.Schema] = []
        self._writer: pa.RecordBatchStreamWriter | None = None
        self._file = path.open("wb")
        self.rows = 0

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write one page."""
        if not rows:
            return
        batch = text_batch(rows)
        if self._writer is None or not self._schemas[-1].equals(batch.schema):
            self._begin(batch.schema)
        assert self._writer is not None
        self._writer.write_batch(batch)
        self.rows += len(rows)

    def close(self) -> None:
        """Finish the file; it can be read from now on."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._file.close()

    def remove(self) -> None:
        """Close and forget the file."""
        self.close()
        self._path.unlink(missing_ok=True)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every field seen in any row, in the order of appearance."""
        return tuple(dict.fromkeys(name for schema in self._schemas for name in schema.names))

    def reader(self, columns: Iterable[str] | None = None) -> pa.RecordBatchReader:
        """Stream the rows with these columns (default: all seen)."""
        names = self.columns if columns is None else tuple(columns)
        schema = pa.schema([pa.field(name, pa.string()) for name in names])
        return pa.RecordBatchReader.from_batches(schema, self._batches(schema))

    def _begin(self, schema: pa.Schema) -> None:
        """Start another stream in the same file: a stream has one schema."""
        if self._writer is not None:
            self._writer.close()
        self._writer = pa.ipc.new_stream(self._file, schema)
        self._schemas.append(schema)

    def _batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with self._path.open("rb") as file:
            for _ in self._schemas:
                for batch in pa.ipc.open_stream(file):
                    yield _padded(batch, schema)


def _padded(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    known = set(batch.schema.names)
    columns = [
        batch.column(name) if name in known else pa.nulls(len(batch), pa.string())
        for name in schema.names
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def text_batch(rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    """Return rows as columns of text, without what describes the row to the protocol."""
    names = dict.fromkeys(name for row in rows for name in row if _is_data(name))
    columns = [pa.array([text_of(row.get(name)) for row in rows], pa.string()) for name in names]
    return pa.RecordBatch.from_arrays(columns, names=[_utf8(name) for name in names])


def text_of(value: Any) -> str | None:
    """Return a JSON value as text: digits as written, nested values as JSON, emptiness as null."""
    if value is None or isinstance(value, str):
        return None if value is None or value in NOTHING else _utf8(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _utf8(json.dumps(value, ensure_ascii=False))


def _utf8(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can escape and no database can hold."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_data(name: str) -> bool:
    return "@" not in name and not name.startswith(("odata.", "__"))
