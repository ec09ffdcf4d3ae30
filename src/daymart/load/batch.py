"""Split a batch as read into typed rows that go on and rejects that go to quarantine."""

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from daymart.contracts.arrow import arrow_schema
from daymart.contracts.model import Column, Table
from daymart.errors import ContractError
from daymart.load.rules import Broken, broken_rules
from daymart.load.typing import TextFormat, convert

LOADER_COLUMNS = pa.schema(
    [
        pa.field("source_id", pa.string()),
        pa.field("is_deleted", pa.bool_()),
        pa.field("_file", pa.string()),
        pa.field("_line", pa.int64()),
    ]
)
"""What landing carries beside the contract's own columns."""

REJECT_SCHEMA = pa.schema(
    [
        pa.field("table_name", pa.string()),
        pa.field("source_id", pa.string()),
        pa.field("key_values", pa.string()),
        pa.field("file_name", pa.string()),
        pa.field("row_no", pa.int64()),
        pa.field("violations", pa.string()),
        pa.field("row_values", pa.string()),
    ]
)
"""One rejected row: where it stood, which rules it broke (JSON) and its values as read (JSON)."""

SHORT_VALUE = 200


@dataclass(frozen=True)
class Split:
    """One batch after typing: rows that go on, rows that are held back."""

    good: pa.RecordBatch
    rejects: pa.RecordBatch


def landing_schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of a landing table: contract columns, then the loader's."""
    return pa.schema([*arrow_schema(table), *LOADER_COLUMNS])


def check_columns(what: str, table: Table, names: Sequence[str]) -> list[str]:
    """Return the columns nobody asked for; ContractError when a promised one is missing."""
    promised = table.column_names
    missing = [name for name in promised if name not in names]
    extra = [n for n in names if n not in promised and n not in ("source_id", "is_deleted")]
    if missing:
        close = difflib.get_close_matches(missing[0], extra, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        found = len(promised) - len(missing)
        raise ContractError(
            what,
            saw=f"column {missing[0]!r} is missing ({found} of {len(promised)} found{hint})",
            remedy="Ask the feed's owner, or amend the contract or the mapping.",
        )
    return [name for name in extra if not name.startswith("_")]


class Splitter:
    """Types the batches of one table's stream and counts its rows."""

    def __init__(self, table: Table, text: TextFormat | None, file_name: str | None) -> None:
        self._table = table
        self._text = text
        self._file = file_name
        self._schema = landing_schema(table)
        self.rows_seen = 0

    def split(self, batch: pa.RecordBatch) -> Split:
        """Type one batch and set its bad rows aside."""
        typed, broken = self._typed(batch)
        bad = _any_of([b.rows for b in broken], len(batch))
        columns = [*typed.values(), *self._loader_columns(batch, typed)]
        good = pa.RecordBatch.from_arrays(columns, schema=self._schema)
        rejects = self._rejects(batch, typed, broken, bad)
        self.rows_seen += len(batch)
        return Split(good.filter(pc.invert(bad)) if broken else good, rejects)

    def _typed(self, batch: pa.RecordBatch) -> tuple[dict[str, pa.Array], list[Broken]]:
        alive = _alive(batch)
        typed: dict[str, pa.Array] = {}
        broken: list[Broken] = list(_defects(batch))
        for column in self._table.columns:
            field = self._schema.field(column.name)
            values, lost = convert(batch.column(column.name), field.type, self._text)
            typed[column.name] = values
            if lost is not None:
                broken.append(Broken(column.name, "type", column.physical_type, lost))
            for finding in broken_rules(column, values):
                broken.append(_unless_explained(finding, column, lost, alive))
        return typed, broken

    def _loader_columns(self, batch: pa.RecordBatch, typed: dict[str, pa.Array]) -> list[pa.Array]:
        names = batch.schema.names
        size = len(batch)
        source_id = (
            pc.cast(batch.column("source_id"), pa.string())
            if "source_id" in names
            else _joined_key(self._table, typed)
        )
        deleted = (
            pc.cast(pc.fill_null(batch.column("is_deleted"), False), pa.bool_())
            if "is_deleted" in names
            else pa.repeat(pa.scalar(False), size)
        )
        lines = batch.column("_line") if "_line" in names else pa.nulls(size, pa.int64())
        return [source_id, deleted, pa.repeat(pa.scalar(self._file, pa.string()), size), lines]

    def _rejects(
        self,
        batch: pa.RecordBatch,
        typed: dict[str, pa.Array],
        broken: list[Broken],
        bad: pa.Array,
    ) -> pa.RecordBatch:
        positions = pc.indices_nonzero(bad).to_pylist() if broken else []
        rows = [self._reject(batch, typed, broken, position) for position in positions]
        return pa.RecordBatch.from_pylist(rows, schema=REJECT_SCHEMA)

    def _reject(
        self, batch: pa.RecordBatch, typed: dict[str, pa.Array], broken: list[Broken], at: int
    ) -> dict[str, Any]:
        values = {
            name: _as_text(batch.column(name)[at])
            for name in batch.schema.names
            if not name.startswith("_")
        }
        violations = [
            {
                "column": b.column,
                "rule": b.rule,
                "value": _short(values.get(b.column, "")),
                "expected": b.expected if b.column else _as_text(batch.column("_defect")[at]),
            }
            for b in broken
            if b.rows[at].as_py()
        ]
        key = {name: _as_text(typed[name][at]) for name in self._table.key}
        line = batch.column("_line")[at].as_py() if "_line" in batch.schema.names else None
        return {
            "table_name": self._table.name,
            "source_id": values.get("source_id"),
            "key_values": json.dumps(key, ensure_ascii=False),
            "file_name": self._file,
            "row_no": line if line is not None else self.rows_seen + at + 1,
            "violations": json.dumps(violations, ensure_ascii=False),
            "row_values": json.dumps(values, ensure_ascii=False),
        }


def _defects(batch: pa.RecordBatch) -> list[Broken]:
    """Rows a file reader already found broken, such as a row with too few fields."""
    if "_defect" not in batch.schema.names:
        return []
    rows = pc.is_valid(batch.column("_defect"))
    return [Broken("", "row_shape", "", rows)] if pc.any(rows).as_py() else []


def _alive(batch: pa.RecordBatch) -> pa.Array | None:
    """Mask of rows that are no tombstones; a tombstone needs its key only."""
    if "is_deleted" not in batch.schema.names:
        return None
    return pc.invert(pc.fill_null(batch.column("is_deleted"), False))


def _unless_explained(
    finding: Broken, column: Column, lost: pa.Array | None, alive: pa.Array | None
) -> Broken:
    """Drop rows whose value is missing only because it had no type, and tombstones."""
    rows = finding.rows
    if lost is not None:
        rows = pc.and_not(rows, lost)
    if alive is not None and column.key_position is None:
        rows = pc.and_(rows, alive)
    return Broken(finding.column, finding.rule, finding.expected, rows)


def _any_of(masks: list[pa.Array], size: int) -> pa.Array:
    total = pa.repeat(pa.scalar(False), size)
    for mask in masks:
        total = pc.or_(total, mask)
    return total


def _joined_key(table: Table, typed: dict[str, pa.Array]) -> pa.Array:
    parts = [pc.fill_null(pc.cast(typed[name], pa.string()), "") for name in table.key]
    return pc.binary_join_element_wise(*parts, "|") if len(parts) > 1 else parts[0]


def _as_text(value: pa.Scalar) -> str | None:
    """Print a value as JSON and PostgreSQL can hold it: text without NUL characters."""
    plain = value.as_py()
    if plain is None:
        return None
    if isinstance(plain, bool):
        return str(plain).lower()
    return str(plain).replace("\x00", "\u2400")


def _short(value: str | None) -> str | None:
    if value is None or len(value) <= SHORT_VALUE:
        return value
    return value[:SHORT_VALUE] + "…"
