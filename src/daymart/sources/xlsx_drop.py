"""Read an xlsx drop row by row in flat memory, each cell as exact text.

The sheet's XML is read directly: calamine (polars, fastexcel) turns error cells and formulas
without a value into nulls, invents the last digits of long numbers and holds the whole sheet.
"""

import difflib
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from daymart.errors import ContractError
from daymart.sources.file_format import MIB, FileFormat
from daymart.sources.records import Problem, Record
from daymart.sources.sniff import shortened
from daymart.sources.xlsx_package import Package, damaged, open_package
from daymart.sources.xlsx_values import date_text, format_shows, iso_text, number_text, unescape

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_MAX_TEXTS_BYTES = 256 * MIB
_TEXT_BYTES = 64
_MAX_MERGES = 100_000
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]+\d+:[A-Z]+\d+)[\"']")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MERGE_OVERLAP_BYTES = 512
_RESAVE = "Ask the sender to save the table as .xlsx again."


class Sheet(NamedTuple):
    """Name a worksheet, where it lies, and whether a person sees it."""

    name: str
    part: str
    is_visible: bool


@dataclass
class Workbook:
    """Hold what all sheets share: names, texts, the meaning of styles, the epoch."""

    sheets: list[Sheet] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    shows: dict[str, str] = field(default_factory=dict)
    epoch_1904: bool = False


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
        workbook, parts = _read_workbook(package, what)
        sheet = _chosen(workbook.sheets, what, fmt)
        where = f"{what} sheet {sheet.name!r}"
        if "sharedStrings" in parts:
            workbook.texts = _read_texts(package, parts["sharedStrings"], what, fmt)
        if "styles" in parts:
            workbook.shows = _read_styles(package, parts["styles"])
        merges = _merges(package, sheet.part, where)
        reader = _SheetReader(workbook, where, fmt)
        yield from _with_merges(_table(reader.rows(package, sheet.part), where, fmt), merges)


def _read_workbook(package: Package, what: str) -> tuple[Workbook, dict[str, str]]:
    """Read the list of sheets; give it with the parts all sheets share, by kind."""
    roots = [part for kind, part in package.relations("").values() if kind == "officeDocument"]
    main = roots[0] if roots else "xl/workbook.xml"
    relations = package.relations(main)
    workbook = Workbook()

    def start(tag: str, attrs: dict[str, str]) -> None:
        if tag == "workbookPr":
            workbook.epoch_1904 = attrs.get("date1904", "0") in ("1", "true")
        elif tag == "sheet":
            link = next((value for name, value in attrs.items() if name.endswith(":id")), "")
            kind, part = relations.get(link, ("", ""))
            if kind == "worksheet":
                visible = attrs.get("state", "visible") == "visible"
                workbook.sheets.append(Sheet(attrs.get("name", ""), part, visible))

    package.parse_whole(main, start, _nothing, _nothing)
    if not workbook.sheets:
        raise damaged(what, "the workbook has no worksheet")
    return workbook, dict(relations.values())


def _chosen(sheets: list[Sheet], what: str, fmt: FileFormat) -> Sheet:
    """Pick the declared sheet, or the only visible one; raises ContractError with the names."""
    visible = [sheet for sheet in sheets if sheet.is_visible]
    if fmt.sheet is None:
        if len(visible) == 1:
            return visible[0]
        raise ContractError(
            what,
            saw=f"the workbook has {len(visible)} visible sheets ({_listed(sheets)})",
            expected="one, as no sheet is declared",
            remedy="Name the sheet in daymart.yaml.",
        )
    named = [sheet for sheet in sheets if sheet.name == fmt.sheet]
    if not named:
        close = difflib.get_close_matches(fmt.sheet, [s.name for s in sheets], n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ContractError(
            what,
            saw=f"sheet {fmt.sheet!r} is missing (there is {_listed(sheets)}{hint})",
            expected="the declared sheet",
            remedy="Correct the name in daymart.yaml or ask the sender to restore the sheet.",
        )
    if not named[0].is_visible:
        raise ContractError(
            what,
            saw=f"sheet {fmt.sheet!r} is hidden",
            expected="a sheet its owner can see",
            remedy="Ask the sender to unhide it, or name another sheet in daymart.yaml.",
        )
    return named[0]


def _listed(sheets: list[Sheet]) -> str:
    shown = [shortened(s.name) + ("" if s.is_visible else " (hidden)") for s in sheets[:20]]
    return ", ".join(shown) + ("…" if len(sheets) > 20 else "")


def _read_texts(package: Package, part: str, what: str, fmt: FileFormat) -> list[str]:
    """Read the texts cells point at; the only thing whose memory grows with the file."""
    texts: list[str] = []
    pieces = _Pieces(what, fmt)
    held = 0

    def start(tag: str, attrs: dict[str, str]) -> None:
        if tag == "si":
            pieces.clear()
        pieces.enter(tag)

    def end(tag: str) -> None:
        nonlocal held
        pieces.leave(tag)
        if tag == "si":
            texts.append(unescape(pieces.joined()))
            held += _TEXT_BYTES + 2 * len(texts[-1])
            if held > _MAX_TEXTS_BYTES:
                raise damaged(what, f"the shared texts need more than {_MAX_TEXTS_BYTES} bytes")

    for _ in package.parse(part, start, end, pieces.add):
        pass
    return texts


class _Pieces:
    """Collect the text runs of a cell, without the reading aids of East Asian text."""

    def __init__(self, what: str, fmt: FileFormat) -> None:
        self._what = what
        self._max_chars = fmt.max_field_chars
        self._pieces: list[str] = []
        self._inside = False
        self._aids = 0

    def clear(self) -> None:
        """Forget the last cell."""
        self._pieces = []

    def enter(self, tag: str) -> None:
        """Take notice that a tag begins."""
        if tag == "rPh":
            self._aids += 1
        self._inside = tag in ("t", "v") and not self._aids

    def leave(self, tag: str) -> None:
        """Take notice that a tag ends."""
        self._inside = False
        if tag == "rPh":
            self._aids -= 1

    def add(self, text: str) -> None:
        """Collect text that stands inside a tag of text; raises ContractError past the limit."""
        if self._inside:
            self._pieces.append(text)
            if len(self._pieces) > 1 or len(text) > self._max_chars:
                self._measure()

    def _measure(self) -> None:
        self._pieces = ["".join(self._pieces)]
        if len(self._pieces[0]) > self._max_chars:
            raise damaged(self._what, f"a cell holds more than {self._max_chars} characters")

    def joined(self) -> str:
        """Give the cell's text as stored."""
        return self._pieces[0] if self._pieces else ""


def _read_styles(package: Package, part: str) -> dict[str, str]:
    """Map the index of each cell style that shows a date or a time to what it shows."""
    codes: dict[int, str] = {}
    formats: list[int] = []
    inside: list[str] = []

    def start(tag: str, attrs: dict[str, str]) -> None:
        inside.append(tag)
        if tag == "numFmt" and "numFmts" in inside:
            codes[_whole(attrs.get("numFmtId"))] = attrs.get("formatCode", "")
        elif tag == "xf" and "cellXfs" in inside:
            formats.append(_whole(attrs.get("numFmtId")))

    def end(_: str) -> None:
        inside.pop()

    package.parse_whole(part, start, end, _nothing)
    shows = (format_shows(number, codes.get(number, "")) for number in formats)
    return {str(style): shown for style, shown in enumerate(shows) if shown}


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


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
    column, row = _position(first, where)
    last_column, last_row = _position(last, where)
    return Merge(row, last_row, range(column, last_column + 1), reference)


def _position(reference: str, where: str) -> tuple[int, int]:
    """Split a reference such as AB12 into column from 0 and row; raises ContractError."""
    match = _REFERENCE.fullmatch(reference)
    column = 0
    for letter in match[1] if match else "":
        column = column * 26 + ord(letter) - 64
    if not match or column > _LAST_COLUMN or int(match[2]) > _LAST_ROW:
        raise damaged(where, f"the cell reference {reference[:20]!r} points nowhere")
    return column - 1, int(match[2])


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
    if len(fields) > fmt.max_columns:
        raise ContractError(
            where,
            saw=f"the header has {len(fields)} columns",
            expected=f"{fmt.max_columns} at most",
            remedy="Raise max_columns in daymart.yaml if this is right.",
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


class _SheetReader:
    """Build rows from the events of a sheet's XML; a cell is judged once, when it ends."""

    def __init__(self, workbook: Workbook, where: str, fmt: FileFormat) -> None:
        self._texts = workbook.texts
        self._shows = workbook.shows
        self._epoch_1904 = workbook.epoch_1904
        self._where = where
        self._columns: dict[str, int] = {}
        self._pieces = _Pieces(where, fmt)
        self._ready: list[Record] = []
        self._in_data = False
        self._row = 0
        self._row_text = ""
        self._fields: list[str] = []
        self._problems: list[Problem] = []
        self._column = -1
        self._cell: dict[str, str] = {}
        self._has_value = False
        self._has_formula = False

    def rows(self, package: Package, part: str) -> Iterator[Record]:
        """Yield the sheet's rows, as many at a time as one chunk of XML holds."""
        for _ in package.parse(part, self._start, self._end, self._pieces.add):
            yield from self._ready
            self._ready.clear()

    def _start(self, tag: str, attrs: dict[str, str]) -> None:
        if not self._in_data:
            self._in_data = tag == "sheetData"
        elif tag == "c":
            self._cell = attrs
            self._has_value = self._has_formula = False
            self._pieces.clear()
        elif tag == "v":
            self._has_value = True
            self._pieces.enter(tag)
        elif tag == "row":
            self._begin_row(attrs.get("r"))
        elif tag == "f":
            self._has_formula = True
        else:
            self._pieces.enter(tag)

    def _end(self, tag: str) -> None:
        if not self._in_data:
            return
        if tag == "c":
            self._finish_cell()
        elif tag == "row":
            self._finish_row()
        elif tag == "sheetData":
            self._in_data = False
        else:
            self._pieces.leave(tag)

    def _begin_row(self, number: str | None) -> None:
        row = self._row + 1 if number is None else _whole(number)
        if not self._row < row <= _LAST_ROW:
            raise damaged(self._where, f"row {row} follows row {self._row}")
        self._row_text = str(row)
        self._row, self._column, self._fields, self._problems = row, -1, [], []

    def _finish_row(self) -> None:
        if self._fields:
            if self._row == _LAST_ROW:
                raise self._full()
            size = sum(map(len, self._fields))
            self._ready.append((self._row, self._fields, size, tuple(self._problems)))

    def _finish_cell(self) -> None:
        self._move()
        text = self._pieces.joined()
        if not text and not self._is_unsaved(text):
            return
        fields = self._fields
        if len(fields) < self._column:
            fields += [""] * (self._column - len(fields))
        try:
            fields.append(self._value(text))
        except ValueError as error:
            fields.append(text)
            self._report(str(error))
        if "\0" in fields[-1]:
            fields[-1] = fields[-1].replace("\0", "␀")
            self._report("holds a NUL character (shown as ␀)")

    def _move(self) -> None:
        """Go to the column the cell names, or to the next one."""
        reference = self._cell.get("r")
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = _position(reference, self._where)[0]
        if column <= self._column:
            raise damaged(self._where, f"cell {reference} is out of order in row {self._row}")
        if not reference.endswith(self._row_text) or len(reference) != len(letters) + len(
            self._row_text
        ):
            raise damaged(self._where, f"cell {reference} stands in row {self._row}")
        self._column = column

    def _is_unsaved(self, text: str) -> bool:
        """Tell a formula that was never calculated from one whose value is an empty text."""
        if text or not self._has_formula:
            return False
        return not (self._has_value and self._cell.get("t") == "str")

    def _report(self, reason: str) -> None:
        here = range(self._column, self._column + 1)
        self._problems.append(Problem(f"cell {self._reference()} {reason}", here))

    def _reference(self) -> str:
        letters, rest = "", self._column + 1
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(65 + letter) + letters
        return f"{letters}{self._row}"

    def _value(self, text: str) -> str:
        """Give a cell's text by its type; raises ValueError saying what is wrong with it."""
        kind = self._cell.get("t", "n")
        if kind == "s":
            return self._shared(text)
        if self._is_unsaved(text):
            raise ValueError("holds a formula without a saved value")
        if kind in ("n", "d"):
            return self._number(text, kind)
        if kind == "b":
            return {"1": "true", "0": "false"}.get(text, text)
        if kind == "e":
            raise ValueError(f"holds {text[:40]}")
        return unescape(text)

    def _number(self, stored: str, kind: str) -> str:
        shows = self._shows.get(self._cell.get("s", ""), "")
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

    def _full(self) -> ContractError:
        return ContractError(
            self._where,
            saw=f"the sheet is full to its last row ({_LAST_ROW})",
            expected="a table that fits, as further rows were probably cut off",
            remedy="Ask the sender for csv.",
        )


def _nothing(*_: object) -> None:
    """Ignore what the parser reports."""
