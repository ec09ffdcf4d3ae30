"""Read the file a department drops: csv, gzipped csv or xlsx, as Arrow batches of raw text."""

import os
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa

from daymart.errors import ContractError, SourceUnavailable
from daymart.sources.csv_drop import csv_records
from daymart.sources.file_format import FileFormat, raise_limit
from daymart.sources.folder import unreadable
from daymart.sources.records import (
    Record,
    batch_schema,
    batches,
    extra_headers,
    match_header,
    own_columns,
)
from daymart.sources.xlsx_drop import xlsx_records

__all__ = ["FileFormat", "batch_schema", "read_file", "read_whole_file"]

_READERS: dict[str, Callable[[Path, str, FileFormat], Generator[Record, None, None]]] = {
    "csv": csv_records,
    "xlsx": xlsx_records,
}


def _ignore(_: list[str]) -> None:
    """Take notice of no extra column."""


def read_file(
    path: Path,
    what: str,
    wanted: Sequence[str],
    optional: Collection[str],
    fmt: FileFormat,
    batch_rows: int = 50_000,
    on_extra: Callable[[list[str]], None] = _ignore,
) -> Iterator[pa.RecordBatch]:
    """Yield batches of the `wanted` contract columns as text, with `_line` and `_defect`.

    A value is exactly what the file holds; an empty one is null. `_line` is the physical line of
    csv or the row of the sheet. `_defect` is null, or says why the row is unfit: its fields are
    kept as far as they go. Blank rows are skipped, so a file with only a header yields nothing.
    `on_extra` is called once with the headers the contract does not know, if there are any.
    Only what is needed for the current batch is held.

    Raises ContractError for a file that cannot be read without guessing, SourceError where it
    cannot be opened, SourceUnavailable where it changes while being read.
    """

    def choose(header: list[str]) -> Sequence[str]:
        layout = match_header(header, wanted, optional, fmt, what)
        if extra := extra_headers(layout):
            on_extra(extra)
        return wanted

    yield from _read(path, what, choose, optional, fmt, batch_rows)


def read_whole_file(
    path: Path,
    what: str,
    fmt: FileFormat,
    on_columns: Callable[[list[str]], None],
    batch_rows: int = 50_000,
) -> Generator[pa.RecordBatch]:
    """Yield batches of every column of a file, as text under its own header, like `read_file`.

    `on_columns` is called once with the names before the first batch; `fmt.columns` renames.
    Raises ContractError also for a header that repeats a name or is no header but data.
    """

    def choose(header: list[str]) -> Sequence[str]:
        names = own_columns(header, fmt, what)
        on_columns(names)
        return names

    yield from _read(path, what, choose, (), fmt, batch_rows)


def _read(
    path: Path,
    what: str,
    choose: Callable[[list[str]], Sequence[str]],
    optional: Collection[str],
    fmt: FileFormat,
    batch_rows: int,
) -> Iterator[pa.RecordBatch]:
    """Yield batches of the columns chosen by the header."""
    try:
        before = _stat(path, what, fmt)
        with closing(_READERS[fmt.kind](path, what, fmt)) as records:
            header = next(records)[1]
            wanted = choose(header)
            layout = match_header(header, wanted, optional, fmt, what)
            yield from batches(records, layout, wanted, batch_rows)
        _check_unchanged(before, path.stat(), what)
    except OSError as error:
        raise unreadable(what, error) from error


def _stat(path: Path, what: str, fmt: FileFormat) -> os.stat_result:
    found = path.stat()
    if found.st_size > fmt.limits.max_bytes:
        raise ContractError(
            what,
            saw=f"the file has {found.st_size} bytes",
            expected=f"{fmt.limits.max_bytes} at most",
            remedy=raise_limit("max_bytes"),
        )
    return found


def _check_unchanged(before: os.stat_result, after: os.stat_result, what: str) -> None:
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise SourceUnavailable(
            what,
            saw=f"the file changed while being read ({before.st_size} to {after.st_size} bytes)",
            expected="a finished file",
            remedy="It is read again later.",
        )
