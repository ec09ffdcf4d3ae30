"""Read an xlsx drop row by row in flat memory, each cell as exact text.

The sheet's XML is read directly: calamine (polars, fastexcel) turns error cells and formulas
without a value into nulls, invents the last digits of long numbers and holds the whole sheet.
"""

import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

from daymart.errors import ContractError
from daymart.sources.file_format import FileFormat, raise_limit
from daymart.sources.records import Problem, Record
from daymart.sources.xlsx_package import Package, damaged, open_package
from daymart.sources.xlsx_sheet import SheetReader, position
from daymart.sources.xlsx_workbook import chosen_sheet, read_styles, read_texts, read_workbook

_MAX_MERGES = 100_000
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]+\d+:[A-Z]+\d+)[\"']")
_MERGE_OVERLAP_BYTES = 512


class Merge(NamedTuple):
    """Give a merged range: rows as numbered in the sheet, columns from 0."""

    first_row: int
    last_row: int
    columns: range
    reference: str


def xlsx_records(path: Path, what: str, fmt: FileFormat) -> Generator[Record, None, None]:
    """Yield the header record, then each data record with its row number in the sheet.

    Hidden rows are data like others. A hidden sheet is never read. Only the shared texts are
    held. Raises ContractError naming the sheet where the workbook cannot be read.
    """
    with open_package(path, what, fmt) as package:
        workbook, parts = read_workbook(package, what)
        sheet = chosen_sheet(workbook.sheets, what, fmt)
        where = f"{what} sheet {sheet.name!r}"
        if "sharedStrings" in parts:
            workbook.texts = read_texts(package, parts["sharedStrings"], what, fmt)
        if "styles" in parts:
            workbook.shows = read_styles(package, parts["styles"])
        merges = _merges(package, sheet.part, where)
        reader = SheetReader(workbook, where, fmt)
        yield from _with_merges(_table(reader.rows(package, sheet.part), where, fmt), merges)


def _merges(package: Package, part: str, where: str) -> list[Merge]:
    """Find the merged ranges, which a sheet lists after its rows.

    This first pass also proves that the sheet unpacks to its end before any row is handed on.
    """
    found: dict[str, Merge] = {}
    tail = b""
    for at, chunk in enumerate(package.chunks(part)):
        if at == 0 and chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise damaged(where, "the sheet's XML is in UTF-16")
        for reference in _MERGE.findall(tail + chunk):
            merge = _merge(reference.decode("ascii"), where)
            found[merge.reference] = merge
        tail = (tail + chunk)[-_MERGE_OVERLAP_BYTES:]
        if len(found) > _MAX_MERGES:
            raise damaged(where, f"more than {_MAX_MERGES} merged ranges")
    return sorted(found.values())


def _merge(reference: str, where: str) -> Merge:
    first, _, last = reference.partition(":")
    column, row = position(first, where)
    last_column, last_row = position(last, where)
    return Merge(row, last_row, range(column, last_column + 1), reference)


def _table(rows: Iterator[Record], where: str, fmt: FileFormat) -> Iterator[Record]:
    """Give the header at its declared row, then the rows below it cut to the header's width."""
    width = 0
    for row, fields, size, problems in rows:
        if row < fmt.header_row:
            continue
        if not width:
            width = _header_width(row, fields, problems, where, fmt)
        missing = width - len(fields)
        yield row, fields + [""] * missing if missing > 0 else fields[:width], size, problems
    if not width:
        raise _no_header(where, fmt, "the sheet ends before it")


def _header_width(
    row: int, fields: list[str], problems: tuple[Problem, ...], where: str, fmt: FileFormat
) -> int:
    if row > fmt.header_row or not any(map(str.strip, fields)):
        raise _no_header(where, fmt, f"the next row with cells is {row}")
    if problems:
        raise damaged(where, f"{problems[0].reason}, in the header")
    if len(fields) > fmt.limits.max_columns:
        raise ContractError(
            where,
            saw=f"the header has {len(fields)} columns",
            expected=f"{fmt.limits.max_columns} at most",
            remedy=raise_limit("max_columns"),
        )
    return len(fields)


def _no_header(where: str, fmt: FileFormat, saw: str) -> ContractError:
    return ContractError(
        where,
        saw=f"row {fmt.header_row} is blank ({saw})",
        expected="the header there",
        remedy="Correct header_row in daymart.yaml or ask the sender for the header.",
    )


def _with_merges(records: Iterator[Record], merges: list[Merge]) -> Iterator[Record]:
    """Add to each row below the header the merged ranges that cover it."""
    yield next(records)
    waiting = merges[::-1]
    covering: list[Merge] = []
    for row, fields, size, problems in records:
        while waiting and waiting[-1].first_row <= row:
            covering.append(waiting.pop())
        if covering:
            covering = [merge for merge in covering if merge.last_row >= row]
            problems += tuple(Problem(f"merged cells {m.reference}", m.columns) for m in covering)
        yield row, fields, size, problems
