"""Reading one dropped file: WAY KIND PATH -> good rows, seconds and peak memory, as JSON."""

import csv
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal

from measure import HERE, peak_mb

Kind = Literal["csv", "xlsx"]
ENCODING = "cp1251"
WRITTEN: dict[Kind, dict[str, object]] = {
    "csv": {
        "encoding": ENCODING,
        "delimiter": ";",
        "decimal": ",",
        "date": "%d.%m.%Y",
        "timestamp": "%d.%m.%Y %H:%M:%S",
        "true": ("да",),
        "false": ("нет",),
    },
    "xlsx": {},
}


def main(way: str, kind: Kind, path: str) -> dict[str, float]:
    """Read every row; importing libraries and reading the contract are not counted."""
    read = WAYS[way](kind, Path(path))
    started = time.monotonic()
    rows = read()
    return {"rows": rows, "seconds": time.monotonic() - started, "peak_mb": peak_mb()}


def _daymart(kind: Kind, path: Path) -> Callable[[], int]:
    """Go the way of a load as far as it needs no database."""
    import pandas  # noqa: F401  # pyarrow imports it with its first array

    from daymart.contracts.read import read_feeds
    from daymart.load.batch import Splitter
    from daymart.settings import FileTable
    from daymart.sources.drop import DropSource
    from daymart.sources.protocol import ReadParams

    feed = read_feeds(HERE)["bench"]
    table = feed.table("bench_row")
    described = {"path": path.name, "stable_for": 0, "kind": kind, **WRITTEN[kind]}
    files = {table.name: FileTable.model_validate(described)}
    source = DropSource("bench", feed.name, path.parent, files)

    def read() -> int:
        good = 0
        with source.snapshot() as snapshot:
            for stream in snapshot.read(table, ReadParams(date(2026, 11, 20))):
                splitter = Splitter(
                    table, stream.columns, stream.text, stream.file_name, stream.versions
                )
                good += sum(len(splitter.split(batch).good) for batch in stream.batches)
        return good

    return read


def _csv(kind: Kind, path: Path) -> Callable[[], int]:
    def read() -> int:
        with path.open(encoding=ENCODING, newline="") as file:
            return sum(1 for _ in csv.reader(file, delimiter=";", strict=True)) - 1

    return read


def _polars(kind: Kind, path: Path) -> Callable[[], int]:
    import fastexcel  # noqa: F401  # what polars reads workbooks with
    import polars

    if kind == "xlsx":
        return lambda: polars.read_excel(path).height
    return lambda: (
        polars.read_csv(path, separator=";", encoding=ENCODING, decimal_comma=True).height
    )


WAYS: dict[str, Callable[[Kind, Path], Callable[[], int]]] = {
    "daymart": _daymart,
    "csv": _csv,
    "polars": _polars,
}

if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
