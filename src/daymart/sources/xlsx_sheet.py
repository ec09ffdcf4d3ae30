"""Read the rows of one worksheet from its XML, each cell as exact text.

Millions of cells pass through here, so the parser's events are handled with as few calls as
can be: what a cell is gets judged once, when it ends.
"""

import re
from collections.abc import Iterator

from daymart.errors import ContractError
from daymart.sources.file_format import FileFormat
from daymart.sources.records import Problem, Record
from daymart.sources.xlsx_package import MAX_DEPTH, Package, damaged
from daymart.sources.xlsx_values import date_text, iso_text, number_text, unescape
from daymart.sources.xlsx_workbook import Workbook, whole_number

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def position(reference: str, where: str) -> tuple[int, int]:
    """Split a reference such as AB12 into column from 0 and row; raises ContractError."""
    match = _REFERENCE.fullmatch(reference)
    column = 0
    for letter in match[1] if match else "":
        column = column * 26 + ord(letter) - 64
    if not match or column > _LAST_COLUMN or int(match[2]) > _LAST_ROW:
        raise damaged(where, f"the cell reference {reference[:20]!r} points nowhere")
    return column - 1, int(match[2])


class SheetReader:
    """Build rows from the events of a sheet's XML."""

    def __init__(self, workbook: Workbook, where: str, fmt: FileFormat) -> None:
        self._texts = workbook.texts
        self._shows = workbook.shows
        self._epoch_1904 = workbook.epoch_1904
        self._where = where
        self._max_chars = fmt.limits.max_field_chars
        self._columns: dict[str, int] = {}
        self._ready: list[Record] = []
        self._depth = 0
        self._aids = 0
        self._in_data = False
        self._row = 0
        self._row_text = ""
        self._in_row = False
        self._fields: list[str] = []
        self._problems: list[Problem] = []
        self._column = -1
        self._cell: dict[str, str] | None = None
        self._text = ""
        self._in_text = False
        self._has_value = False
        self._has_formula = False

    def rows(self, package: Package, part: str) -> Iterator[Record]:
        """Yield the sheet's rows, as many at a time as one chunk of XML holds."""
        parser = package.parser()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add
        for _ in package.feed(parser, part):
            yield from self._ready
            self._ready.clear()

    def _start(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "c" and self._in_row:
            if self._cell is not None:
                raise self._nested(tag)
            self._cell = attrs
            self._text = ""
            self._has_value = self._has_formula = False
        elif tag == "v" and self._cell is not None:
            if self._has_value:
                raise self._nested(tag)
            self._has_value = self._in_text = True
        else:
            self._start_other(tag, attrs)

    def _start_other(self, tag: str, attrs: dict[str, str]) -> None:
        """Take notice of a tag that is no cell or value, or one that has a prefix."""
        local = tag.rpartition(":")[2]
        if local in ("c", "v"):
            if local == tag:
                raise self._nested(tag)
            self._start(local, attrs)
            return
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise damaged(self._where, f"the sheet nests more than {MAX_DEPTH} tags")
        if local == "row" and self._in_data:
            if self._in_row:
                raise self._nested(local)
            self._begin_row(attrs.get("r"))
        elif local == "sheetData":
            self._in_data = True
        elif local == "f":
            self._has_formula = True
        elif local == "rPh":
            self._aids += 1
        self._in_text = local == "t" and self._cell is not None and not self._aids

    def _end(self, tag: str) -> None:
        if tag == "v":
            self._in_text = False
        elif tag == "c":
            self._finish_cell()
        else:
            self._end_other(tag)

    def _end_other(self, tag: str) -> None:
        local = tag.rpartition(":")[2]
        if local != tag and local in ("c", "v"):
            self._end(local)
            return
        self._depth -= 1
        self._in_text = False
        if local == "row" and self._in_row:
            self._finish_row()
        elif local == "sheetData":
            self._in_data = False
        elif local == "rPh":
            self._aids -= 1

    def _add(self, text: str) -> None:
        if self._in_text:
            self._text = self._text + text if self._text else text
            if len(self._text) > self._max_chars:
                raise damaged(self._where, f"a cell holds more than {self._max_chars} characters")

    def _begin_row(self, number: str | None) -> None:
        row = self._row + 1 if number is None else whole_number(number)
        if not self._row < row <= _LAST_ROW:
            raise damaged(self._where, f"row {row} follows row {self._row}")
        self._row, self._row_text, self._in_row = row, str(row), True
        self._column, self._fields, self._problems = -1, [], []

    def _finish_row(self) -> None:
        self._in_row = False
        if self._fields:
            if self._row == _LAST_ROW:
                raise self._full()
            size = sum(map(len, self._fields))
            self._ready.append((self._row, self._fields, size, tuple(self._problems)))

    def _finish_cell(self) -> None:
        cell, self._cell = self._cell, None
        if cell is None:
            return
        column = self._place(cell.get("r"))
        text, fields = self._text, self._fields
        if not text and not self._is_unsaved(cell):
            return
        if len(fields) < column:
            fields += [""] * (column - len(fields))
        try:
            value = self._value(cell, text)
        except ValueError as error:
            value = text
            self._report(str(error))
        if "\0" in value:
            value = value.replace("\0", "␀")
            self._report("holds a NUL character (shown as ␀)")
        fields.append(value)

    def _place(self, reference: str | None) -> int:
        """Go to the column the cell names, or to the next one."""
        if reference is None:
            column = self._column + 1
        else:
            row = self._row_text
            known = self._columns.get(reference[: -len(row)]) if reference.endswith(row) else None
            column = self._new_place(reference) if known is None else known
        if column <= self._column:
            raise damaged(self._where, f"cell {reference} is out of order in row {self._row}")
        self._column = column
        return column

    def _new_place(self, reference: str) -> int:
        column, row = position(reference, self._where)
        if row != self._row:
            raise damaged(self._where, f"cell {reference} stands in row {self._row}")
        self._columns[reference.removesuffix(self._row_text)] = column
        return column

    def _is_unsaved(self, cell: dict[str, str]) -> bool:
        """Tell a formula that was never calculated from one whose value is an empty text."""
        return self._has_formula and not (self._has_value and cell.get("t") == "str")

    def _report(self, reason: str) -> None:
        here = range(self._column, self._column + 1)
        self._problems.append(Problem(f"cell {self._reference()} {reason}", here))

    def _reference(self) -> str:
        letters, rest = "", self._column + 1
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(65 + letter) + letters
        return f"{letters}{self._row}"

    def _value(self, cell: dict[str, str], text: str) -> str:
        """Give a cell's text by its type; raises ValueError saying what is wrong with it."""
        kind = cell.get("t", "n")
        if kind == "s":
            return self._shared(text)
        if not text:
            raise ValueError("holds a formula without a saved value")
        if kind in ("n", "d"):
            return self._number(cell, text, kind)
        if kind == "b":
            return {"1": "true", "0": "false"}.get(text, text)
        if kind == "e":
            raise ValueError(f"holds {text[:40]}")
        return unescape(text)

    def _number(self, cell: dict[str, str], stored: str, kind: str) -> str:
        shows = self._shows.get(cell.get("s", ""), "")
        if kind == "d":
            return iso_text(stored, shows)
        if shows:
            return date_text(stored, shows, self._epoch_1904)
        return number_text(stored)

    def _shared(self, index: str) -> str:
        at = int(index) if index.isdecimal() and len(index) < 10 else -1
        if not 0 <= at < len(self._texts):
            raise damaged(self._where, f"cell {self._reference()} points at no shared text")
        return self._texts[at]

    def _nested(self, tag: str) -> ContractError:
        return damaged(self._where, f"row {self._row} holds a tag {tag!r} where none may stand")

    def _full(self) -> ContractError:
        return ContractError(
            self._where,
            saw=f"the sheet is full to its last row ({_LAST_ROW})",
            expected="a table that fits, as further rows were probably cut off",
            remedy="Ask the sender for csv.",
        )
