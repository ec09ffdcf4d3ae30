"""Purchasing's workbooks: one a day, all sheets anew, in the words of the clerk who keeps them.

Times are the wall clock of the office to the second, as Excel keeps them; of the hour that comes
twice in autumn nobody can tell which of the two is meant.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import psycopg
import xlsxwriter
from psycopg import Connection, IsolationLevel
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from daymart.errors import SourceError

FILE_NAME = "закупки_{evening}.xlsx"
SHEETS = {
    "orders": "Заказы",
    "lines": "Строки",
    "date_changes": "Переносы",
    "transports": "Перевозки",
    "receipts": "Приход",
    "suppliers": "Поставщики",
    "replies": "Ответы",
}
"""The query that fills each sheet; its columns are the sheet's headers."""

ROWS_AT_ONCE = 5_000
WRITTEN_ON = datetime(2026, 1, 1)
"""The day every workbook says it was made, so that the same rows are the same bytes."""


def keep_purchasing(erp_dsn: str, folder: Path, evening: date) -> None:
    """Write the evening's workbook into `folder`, in place of one before, when it is whole.

    Raises SourceError when a sheet has no room for what the ERP holds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (
        _replacing(folder / FILE_NAME.format(evening=evening)) as path,
        _erp(erp_dsn) as erp,
        xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook,
    ):
        workbook.set_properties({"author": "Отдел закупок", "created": WRITTEN_ON})
        day = workbook.add_format({"num_format": "dd.mm.yyyy"})
        moment = workbook.add_format({"num_format": "dd.mm.yyyy hh:mm:ss"})
        for query, title in SHEETS.items():
            sheet = Sheet(workbook.add_worksheet(title), day, moment)
            for number, row in enumerate(_rows(erp, query)):
                sheet.write(number, row)


class Sheet:
    """One sheet that is written row by row."""

    def __init__(self, sheet: Worksheet, day: Format, moment: Format) -> None:
        self._sheet = sheet
        self._day = day
        self._moment = moment

    def write(self, number: int, row: tuple[object, ...]) -> None:
        """Write a row, counted from 0; raises SourceError when a cell does not fit."""
        for column, value in enumerate(row):
            if value is not None and self._write(number, column, value) < 0:
                raise SourceError(
                    f"sheet {self._sheet.get_name()} row {number + 1} column {column + 1}",
                    saw=f"{str(value)[:40]!r}",
                    expected="a row and a text that Excel has room for",
                    remedy="Play the demo company at a smaller scale.",
                )

    def _write(self, number: int, column: int, value: object) -> int:
        """Write a cell of the value's own kind; a negative number says it does not fit."""
        sheet = self._sheet
        if isinstance(value, datetime):
            done = sheet.write_datetime(number, column, value, self._moment)
        elif isinstance(value, date):
            done = sheet.write_datetime(number, column, value, self._day)
        elif isinstance(value, int | Decimal) and is_exact(value):
            done = sheet.write_number(number, column, value)
        else:
            done = sheet.write_string(number, column, plain(value))
        return int(done)


def is_exact(number: int | Decimal) -> bool:
    """Tell whether a cell keeps all digits: Excel shows 15 of them."""
    return Decimal(f"{float(number):.15g}") == number


def plain(value: object) -> str:
    """Write what is no cell of its own kind as text; a number without an exponent."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@contextmanager
def _erp(dsn: str) -> Iterator[Connection]:
    """Connect such that all sheets tell of the same moment."""
    with psycopg.connect(dsn) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.execute(_script("words"))
        yield connection


def _rows(erp: Connection, query: str) -> Iterator[tuple[object, ...]]:
    """Yield the headers, then the rows."""
    with erp.cursor(query) as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(_script(query))
        yield tuple(column.name for column in cursor.description or ())
        yield from cursor


def _script(name: str) -> bytes:
    folder = files("daymart.demo.departments").joinpath("purchasing")
    return folder.joinpath(f"{name}.sql").read_bytes()


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """Offer a name beside `path` that becomes it when all went well."""
    beside = path.with_name(path.name + ".part")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
