"""Read what the sheets of a workbook share: their names, texts and styles."""

import difflib
from dataclasses import dataclass, field
from typing import NamedTuple

from daymart.errors import ContractError
from daymart.sources.file_format import MIB, FileFormat
from daymart.sources.sniff import shortened
from daymart.sources.xlsx_package import Package, damaged
from daymart.sources.xlsx_values import format_shows, unescape

_MAX_TEXTS_BYTES = 256 * MIB
_TEXT_BYTES = 64


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


def read_workbook(package: Package, what: str) -> tuple[Workbook, dict[str, str]]:
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


def chosen_sheet(sheets: list[Sheet], what: str, fmt: FileFormat) -> Sheet:
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


def read_texts(package: Package, part: str, what: str, fmt: FileFormat) -> list[str]:
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
        self._max_chars = fmt.limits.max_field_chars
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


def read_styles(package: Package, part: str) -> dict[str, str]:
    """Map the index of each cell style that shows a date or a time to what it shows."""
    codes: dict[int, str] = {}
    formats: list[int] = []
    inside: list[str] = []

    def start(tag: str, attrs: dict[str, str]) -> None:
        inside.append(tag)
        if tag == "numFmt" and "numFmts" in inside:
            codes[whole_number(attrs.get("numFmtId"))] = attrs.get("formatCode", "")
        elif tag == "xf" and "cellXfs" in inside:
            formats.append(whole_number(attrs.get("numFmtId")))

    def end(_: str) -> None:
        inside.pop()

    package.parse_whole(part, start, end, _nothing)
    shows = (format_shows(number, codes.get(number, "")) for number in formats)
    return {str(style): shown for style, shown in enumerate(shows) if shown}


def whole_number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _nothing(*_: object) -> None:
    """Ignore what the parser reports."""
