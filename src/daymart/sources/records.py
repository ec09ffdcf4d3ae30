"""Turn the records of a file into Arrow batches named as the contract names its columns."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pyarrow as pa

from daymart.errors import ContractError
from daymart.sources.file_format import MIB, FileFormat

_BATCH_CHARS = 16 * MIB
_TOTALS = re.compile(
    r"\s*((общий|загальний|grand)\s+)?(итого|всего|усього|всього|разом|(sub)?totals?)\b", re.I
)


_DATA = re.compile(r"[-+]?\d[\d\s.,:/T-]*")

STAGED = ("_file", "_line", "_defect", "_date")
"""What a mapping finds beside the columns of a file."""

HEADER_AGAIN = "header row repeated"
TOTALS = "totals row"
NO_RECORDS = frozenset({HEADER_AGAIN, TOTALS})
"""Defects of rows that stand for no record at all; any other may hide which record it was."""


class Problem(NamedTuple):
    """Say what is wrong with a record, and in which columns (None: in all of it)."""

    reason: str
    columns: range | None = None


Record = tuple[int, list[str], int, tuple[Problem, ...]]
"""Line (or sheet row), fields as written, their size in characters, problems."""


@dataclass(frozen=True)
class Layout:
    """Tell where each contract column stands in the file (None: an optional one, absent)."""

    header: list[str]
    positions: dict[str, int | None]
    required: tuple[int, ...]

    @property
    def used(self) -> frozenset[int]:
        """Give the positions that are read at all."""
        return frozenset(at for at in self.positions.values() if at is not None)


def batch_schema(wanted: Sequence[str]) -> pa.Schema:
    """Give the Arrow schema of a drop: contract columns as text, then line and defect."""
    fields = [pa.field(name, pa.string()) for name in wanted]
    return pa.schema([*fields, pa.field("_line", pa.int64()), pa.field("_defect", pa.string())])


def match_header(
    header: list[str], wanted: Sequence[str], optional: Collection[str], fmt: FileFormat, what: str
) -> Layout:
    """Find the contract's columns in a header by name, in any order; raises ContractError."""
    names = [_composed(name) for name in header]
    headers = {column: _composed(fmt.columns.get(column, column)) for column in wanted}
    _refuse_repeated(names, headers.values(), what)
    positions = {
        column: names.index(name) if name in names else None for column, name in headers.items()
    }
    missing = [c for c in wanted if positions[c] is None and c not in optional]
    if missing:
        raise _missing(missing, positions, headers, names, what)
    required = (positions[c] for c in wanted if c not in optional)
    return Layout(header, positions, tuple(at for at in required if at is not None))


def _composed(name: str) -> str:
    """Write a header as people see it: an é typed on a Mac may be two characters, and is one."""
    return unicodedata.normalize("NFC", name.strip())


def own_columns(header: list[str], fmt: FileFormat, what: str) -> list[str]:
    """Name all columns of a file as its header does, renamed as the binding says.

    Columns without a name are left out. Raises ContractError where the header is data, misses a
    renamed column or repeats a name.
    """
    names = [_composed(name) for name in header if name.strip()]
    data = [name for name in names if _DATA.fullmatch(name)]
    if len(data) * 2 > len(names):
        raise ContractError(
            what,
            saw=f"the header looks like data ({data[0][:40]!r})",
            expected="a row of column names",
            remedy="Ask the sender for a header row, or correct header_row in daymart.yaml.",
        )
    match_header(header, list(fmt.columns), (), fmt, what)
    renamed = {headed: name for name, headed in fmt.columns.items()}
    wanted = [renamed.get(name, name) for name in names]
    _refuse_twins(wanted, what)
    return wanted


def _refuse_twins(names: list[str], what: str) -> None:
    """Refuse names that SQL cannot tell apart, or that a mapping already knows."""
    seen = {reserved: reserved for reserved in STAGED}
    for name in names:
        twin = seen.setdefault(name.casefold(), name)
        if twin is not name or name in STAGED:
            raise ContractError(
                what,
                saw=f"header {name!r} stands beside {twin!r}",
                expected="names that differ by more than case",
                remedy="Ask the sender to rename one of the columns.",
            )


def extra_headers(layout: Layout) -> list[str]:
    """List the file's columns that the contract does not know."""
    named = ((at, name.strip()) for at, name in enumerate(layout.header))
    return [name for at, name in named if name and at not in layout.used]


def batches(
    records: Iterator[Record], layout: Layout, wanted: Sequence[str], batch_rows: int
) -> Iterator[pa.RecordBatch]:
    """Gather records into batches of at most `batch_rows` rows, smaller where rows are wide.

    Blank rows are skipped. A row with a defect keeps the fields it has.
    """
    schema = batch_schema(wanted)
    find_defect = _defect_finder(layout)
    rows: list[list[str]] = []
    lines: list[int] = []
    defects: list[str | None] = []
    chars = 0
    for line, fields, size, problems in records:
        if not problems and not any(map(str.strip, fields)):
            continue
        defects.append(find_defect(fields, problems))
        rows.append(_fitted(fields, len(layout.header)))
        lines.append(line)
        chars += size
        if len(rows) >= batch_rows or chars >= _BATCH_CHARS:
            yield _batch(rows, lines, defects, layout, schema)
            rows, lines, defects, chars = [], [], [], 0
    if rows:
        yield _batch(rows, lines, defects, layout, schema)


def _batch(
    rows: list[list[str]],
    lines: list[int],
    defects: list[str | None],
    layout: Layout,
    schema: pa.Schema,
) -> pa.RecordBatch:
    nothing = pa.nulls(len(rows), pa.string())
    columns = list(zip(*rows, strict=True))
    arrays = [
        nothing if at is None else pa.array([v or None for v in columns[at]], pa.string())
        for at in layout.positions.values()
    ]
    arrays += [pa.array(lines, pa.int64()), pa.array(defects, pa.string())]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _fitted(fields: list[str], width: int) -> list[str]:
    if len(fields) == width:
        return fields
    return fields[:width] + [""] * (width - len(fields))


def _defect_finder(
    layout: Layout,
) -> Callable[[list[str], tuple[Problem, ...]], str | None]:
    header, width, required, used = layout.header, len(layout.header), layout.required, layout.used

    def find(fields: list[str], problems: tuple[Problem, ...]) -> str | None:
        """Name what makes a row unfit, or None."""
        if fields == header:
            return HEADER_AGAIN
        if _is_totals(fields, required):
            return TOTALS
        if len(fields) != width:
            return f"{len(fields)} fields, expected {width}"
        reasons = [p.reason for p in problems if p.columns is None or used.intersection(p.columns)]
        return "; ".join(reasons[:5]) or None

    return find


def _is_totals(fields: list[str], required: Sequence[int]) -> bool:
    """Tell a totals row: its first filled cell says so, and a required value is not there."""
    first = next(filter(str.strip, fields), "")
    if not _TOTALS.match(first):
        return False
    return any(at >= len(fields) or not fields[at].strip() for at in required)


def _refuse_repeated(names: list[str], headers: Collection[str], what: str) -> None:
    for name in headers:
        at = [str(place) for place, seen in enumerate(names, 1) if seen == name]
        if len(at) > 1:
            raise ContractError(
                what,
                saw=f"header {name!r} stands {len(at)} times (columns {_some(at)})",
                expected="each header once",
                remedy="Ask the sender to rename or remove the copies.",
            )


def _some(places: list[str]) -> str:
    return ", ".join(places[:10]) + ("…" if len(places) > 10 else "")


def _missing(
    missing: list[str],
    positions: dict[str, int | None],
    headers: dict[str, str],
    names: list[str],
    what: str,
) -> ContractError:
    taken = {names[at] for at in positions.values() if at is not None}
    free = [name for name in names if name and name not in taken]
    guesses = [_closest(headers[column], free) for column in missing]
    hints = list(dict.fromkeys(repr(guess) for guess in guesses if guess))
    found = len(taken)
    listed = ", ".join(_named(column, headers[column]) for column in missing)
    verb = "column {} is missing" if len(missing) == 1 else "columns {} are missing"
    hint = f"; did you mean {', '.join(hints)}?" if hints else ""
    return ContractError(
        what,
        saw=f"{verb.format(listed)} ({found} of {found + len(missing)} found{hint})",
        expected="every required column of the contract",
        remedy="Ask the sender to restore it, or map its header in daymart.yaml.",
    )


def _named(column: str, header: str) -> str:
    return repr(column) if column == header else f"{column!r} (header {header!r})"


def _closest(name: str, names: Sequence[str]) -> str:
    folded = {_folded(candidate): candidate for candidate in names}
    close = difflib.get_close_matches(_folded(name), list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
