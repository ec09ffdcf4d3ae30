"""Split a batch as read into typed rows that go on and rejects that go to quarantine."""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from daymart.contracts.arrow import arrow_schema
from daymart.contracts.model import Column, Table
from daymart.errors import ContractError
from daymart.load.rules import Broken, broken_rules
from daymart.load.typing import TextFormat, convert, plain_number
from daymart.sources.records import NO_RECORDS

SOURCE_ID = pa.field("source_id", pa.string())
IS_DELETED = pa.field("is_deleted", pa.bool_())
FILE = pa.field("_file", pa.string())
LINE = pa.field("_line", pa.int64())
VERSION = pa.field("_version", pa.string())

REJECT_SCHEMA = pa.schema(
    [
        pa.field("table_name", pa.string()),
        pa.field("source_id", pa.string()),
        pa.field("key_values", pa.string()),
        pa.field("file_name", pa.string()),
        pa.field("row_no", pa.int64()),
        pa.field("violations", pa.string()),
        pa.field("row_values", pa.string()),
        pa.field("version", pa.string()),
        pa.field("measure", pa.string()),
    ]
)
"""One rejected row: where it stood, which rules it broke (JSON) and its values as read (JSON).

`measure` is the control measure as PostgreSQL reads numbers, whatever way the source writes them.
"""

SHORT_VALUE = 200

MAX_KEY_BYTES = 2_000
"""What all text columns of a key may hold together: an index row of PostgreSQL has a limit."""


@dataclass(frozen=True)
class Split:
    """One batch after typing: rows that go on, rows that are held back."""

    good: pa.RecordBatch
    rejects: pa.RecordBatch


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

    def __init__(
        self,
        table: Table,
        columns: Sequence[str],
        text: TextFormat | None = None,
        file_name: str | None = None,
        versions: Mapping[str, str] | None = None,
    ) -> None:
        self._table = table
        self._text = text
        self._file = file_name
        self._versions = versions
        self.schema = pa.schema([*arrow_schema(table), *_loader_fields(columns, file_name)])
        if versions is not None or VERSION.name in columns:
            self.schema = self.schema.append(VERSION)
        self.rows_seen = 0
        self.no_records = 0

    def split(self, batch: pa.RecordBatch) -> Split:
        """Type one batch and set its bad rows aside."""
        marked, broken = _with_marks(batch, self._text)
        typed, found = self._typed(marked)
        broken += found
        bad = _any_of([b.rows for b in broken], len(batch))
        columns = [*typed.values(), *self._loader_columns(marked, typed)]
        good = pa.RecordBatch.from_arrays(columns, schema=self.schema)
        rejects = self._rejects(batch, typed, broken, bad)
        self.rows_seen += len(batch)
        self.no_records += _no_records(batch)
        return Split(good.filter(pc.invert(bad)) if broken else good, rejects)

    def _typed(self, batch: pa.RecordBatch) -> tuple[dict[str, pa.Array], list[Broken]]:
        alive = _alive(batch)
        typed: dict[str, pa.Array] = {}
        broken: list[Broken] = list(_defects(batch))
        for column in self._table.columns:
            field = self.schema.field(column.name)
            values, lost = convert(batch.column(column.name), field.type, self._text)
            typed[column.name] = values
            if lost is not None:
                broken.append(Broken(column.name, "type", column.physical_type, lost))
            for finding in broken_rules(column, values):
                broken.append(_unless_explained(finding, column, lost, alive))
        return typed, [*broken, *_overlong_keys(self._table, typed)]

    def _loader_columns(self, batch: pa.RecordBatch, typed: dict[str, pa.Array]) -> list[pa.Array]:
        names = batch.schema.names
        source_id = _joined_key(self._table, typed)
        if "source_id" in names:
            source_id = pc.coalesce(pc.cast(batch.column("source_id"), pa.string()), source_id)
        columns = [source_id]
        if IS_DELETED in self.schema:
            columns.append(pc.fill_null(batch.column(IS_DELETED.name), False))
        if FILE in self.schema:
            columns.append(_or_nulls(batch, FILE) if self._file is None else self._repeated(batch))
            columns.append(_or_nulls(batch, LINE))
        if VERSION in self.schema:
            columns.append(self._version_of(batch))
        return columns

    def _version_of(self, batch: pa.RecordBatch) -> pa.Array:
        """Rank rows by the file they stood in; a row of no known file ranks as the newest."""
        if self._versions is None:
            return _or_nulls(batch, VERSION)
        newest = max(self._versions.values(), default=None)
        if self._file is not None:
            version = self._versions.get(self._file, newest)
            return pa.repeat(pa.scalar(version, pa.string()), len(batch))
        files, versions = list(self._versions), list(self._versions.values())
        at = pc.index_in(_or_nulls(batch, FILE), value_set=pa.array(files, pa.string()))
        found = pa.array(versions, pa.string()).take(at)
        return pc.fill_null(found, newest) if newest else found

    def _repeated(self, batch: pa.RecordBatch) -> pa.Array:
        return pa.repeat(pa.scalar(self._file, pa.string()), len(batch))

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
        # What a file reader found wrong with a whole row stands where a value stands else.
        seen = dict(values)
        if "_defect" in batch.schema.names:
            seen[""] = _as_text(batch.column("_defect")[at])
        violations = [
            {
                "column": b.column,
                "rule": b.rule,
                "value": _short(seen.get(b.column)),
                "expected": b.expected,
            }
            for b in broken
            if b.rows[at].as_py()
        ]
        key = dict.fromkeys(self._table.key)
        if _is_key_certain(batch, at):
            key = {name: _as_text(typed[name][at]) for name in self._table.key}
        line = _or_nulls(batch, LINE)[at].as_py()
        file = self._file or _or_nulls(batch, FILE)[at].as_py()
        version = (self._versions or {}).get(file) or _or_nulls(batch, VERSION)[at].as_py()
        return {
            "table_name": self._table.name,
            "source_id": values.get("source_id"),
            "key_values": json.dumps(key, ensure_ascii=False),
            "file_name": file,
            "row_no": line if line is not None else self.rows_seen + at + 1,
            "violations": json.dumps(violations, ensure_ascii=False),
            "row_values": json.dumps(values, ensure_ascii=False),
            "version": version,
            "measure": self._measure(values),
        }

    def _measure(self, values: dict[str, str | None]) -> str | None:
        value = values.get(self._table.control_measure or "")
        return value if value is None or self._text is None else plain_number(value, self._text)


def _loader_fields(columns: Sequence[str], file_name: str | None) -> list[pa.Field]:
    """Return what landing carries of a stream beside the contract's columns, and no more."""
    fields = [SOURCE_ID]
    if IS_DELETED.name in columns:
        fields.append(IS_DELETED)
    from_files = file_name is not None or FILE.name in columns
    return [*fields, FILE, LINE] if from_files else fields


def _or_nulls(batch: pa.RecordBatch, field: pa.Field) -> pa.Array:
    """Return a column a stream may have, typed; nulls where it has none."""
    if field.name not in batch.schema.names:
        return pa.nulls(len(batch), field.type)
    return pc.cast(batch.column(field.name), field.type)


def _defects(batch: pa.RecordBatch) -> list[Broken]:
    """Rows a file reader already found broken, such as a row with too few fields."""
    if "_defect" not in batch.schema.names:
        return []
    rows = pc.is_valid(batch.column("_defect"))
    return [Broken("", "row_shape", "a whole row", rows)] if pc.any(rows).as_py() else []


def _no_records(batch: pa.RecordBatch) -> int:
    """Count rows that stand for no record, such as a totals row: no sender counts them."""
    if "_defect" not in batch.schema.names:
        return 0
    marks = pa.array(sorted(NO_RECORDS), pa.string())
    return pc.sum(pc.is_in(batch.column("_defect"), value_set=marks)).as_py() or 0


def _with_marks(
    batch: pa.RecordBatch, text: TextFormat | None
) -> tuple[pa.RecordBatch, list[Broken]]:
    """Read the deletion mark of a source that delivers text only."""
    at = batch.schema.get_field_index("is_deleted")
    if at < 0 or not pa.types.is_string(batch.column(at).type):
        return batch, []
    marks, lost = convert(batch.column(at), pa.bool_(), text)
    broken = [] if lost is None else [Broken("is_deleted", "type", "boolean", lost)]
    return batch.set_column(at, "is_deleted", marks), broken


def _is_key_certain(batch: pa.RecordBatch, at: int) -> bool:
    """Tell whether a row's key is where the header says, or the row stands for no record.

    In a row with a field too many another value may have slipped into the key's place; the key
    it hides must not look gone.
    """
    if "_defect" not in batch.schema.names:
        return True
    defect = batch.column("_defect")[at].as_py()
    return defect is None or defect in NO_RECORDS


def _overlong_keys(table: Table, typed: dict[str, pa.Array]) -> list[Broken]:
    """Find rows whose key no index of the warehouse could hold."""
    texts = [c for c in table.columns if c.key_position and pa.types.is_string(typed[c.name].type)]
    limit = MAX_KEY_BYTES // max(len(texts), 1)
    found = []
    for column in texts:
        rows = pc.fill_null(pc.greater(pc.binary_length(typed[column.name]), limit), False)
        if pc.any(rows).as_py():
            found.append(Broken(column.name, "key_length", f"at most {limit} bytes in a key", rows))
    return found


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
