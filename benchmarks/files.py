"""Reading files that departments drop, beside the csv module and polars in the same run."""

import csv
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from measure import run

from daymart.demo.local import LocalPostgres

HEADER = ("row_id", "name", "day", "changed_at", "amount", "qty", "is_open", "code", "note")
ROWS = {"csv": 300_000, "xlsx": 100_000}
WAYS = {
    "csv": {
        "polars": "polars, typed with floats, whole file in memory",
        "csv": "Python's csv module alone, rows of text",
        "daymart": "ours: read, type, judge each row, Arrow batches",
    },
    "xlsx": {
        "polars": "polars (calamine), floats, whole file in memory",
        "daymart": "ours: read, type, judge each row, Arrow batches",
    },
}
Row = tuple[int, str, date, datetime, Decimal, Decimal, bool, str, str | None]


def measure_files(_: LocalPostgres) -> None:
    """Write a CSV and an XLSX file and read each in every way; no database takes part."""
    with tempfile.TemporaryDirectory() as folder:
        for kind, rows in ROWS.items():
            path = Path(folder) / f"bench_row.{kind}"
            {"csv": write_csv, "xlsx": write_xlsx}[kind](path, rows)
            _compare(kind, rows, path)


def write_csv(path: Path, rows: int) -> None:
    """Write what an office exports: cp1251, semicolons, decimal commas, names in quotes."""
    with path.open("w", encoding="cp1251", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        for number, name, day, moment, amount, qty, is_open, code, note in _rows(rows):
            days = (f"{day:%d.%m.%Y}", f"{moment:%d.%m.%Y %H:%M:%S}")
            figures = (str(figure).replace(".", ",") for figure in (amount, qty))
            writer.writerow((number, name, *days, *figures, "да" if is_open else "нет", code, note))


def write_xlsx(path: Path, rows: int) -> None:
    """Write a workbook of real dates, numbers and booleans, text in the cells themselves."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("rows")
        day_format = book.add_format({"num_format": "dd.mm.yyyy"})
        moment_format = book.add_format({"num_format": "dd.mm.yyyy hh:mm:ss"})
        sheet.write_row(0, 0, HEADER)
        for at, row in enumerate(_rows(rows), start=1):
            number, name, day, moment, amount, qty, is_open, code, note = row
            sheet.write_row(at, 0, (number, name))
            sheet.write_datetime(at, 2, day, day_format)
            sheet.write_datetime(at, 3, moment, moment_format)
            sheet.write_row(at, 4, (amount, qty, is_open, code, note))


def _rows(count: int) -> Iterator[Row]:
    first_day, last_moment = date(2026, 1, 1), datetime(2026, 11, 20, 12)
    for i in range(1, count + 1):
        yield (
            i,
            f'ТОВ "Північ; південь" №{i}',
            first_day + timedelta(days=i % 300),
            last_moment - timedelta(seconds=i),
            Decimal(i * 101) / 100,
            Decimal(i) / 1000,
            i % 2 == 0,
            f"code{i % 100}",
            None if i % 7 == 0 else "примітка",
        )


def _compare(kind: str, rows: int, path: Path) -> None:
    """Print each way's rates, and how fast ours is beside each yardstick."""
    megabytes = path.stat().st_size / 1e6
    print(f"{kind}: {rows:,} rows of {len(HEADER)} columns, {megabytes:.1f} MB")
    seconds: dict[str, float] = {}
    for way, meaning in WAYS[kind].items():
        found = run("read_drop.py", way, kind, str(path))
        if found["rows"] != rows:
            print(f"    {way} read only {found['rows']:,} rows")
        took = seconds[way] = found["seconds"]
        print(
            f"    {meaning:<49} {took:6.2f} s  {rows / took:11,.0f} rows/s"
            f"  {rows * len(HEADER) / took:12,.0f} cells/s  {megabytes / took:6.1f} MB/s"
            f"  peak {found['peak_mb']:4.0f} MB",
            flush=True,
        )
    ours = seconds.pop("daymart")
    print("    " + ", ".join(f"{took / ours:.2f} of {way}" for way, took in seconds.items()))
