"""Look at a folder of sample files and describe them as a binding would."""

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from daymart.errors import ConfigError
from daymart.sources.file_format import FileFormat
from daymart.sources.sniff import HEAD_BYTES, byte_order_mark
from daymart.sources.xlsx_drop import xlsx_records

ENCODINGS = ("utf-8", "cp1251")
DELIMITERS = ",;\t|"
SAMPLE_ROWS = 200
DATES = (
    (r"\d{4}-\d{2}-\d{2}", "{as_of:%Y-%m-%d}"),
    (r"\d{2}\.\d{2}\.\d{4}", "{as_of:%d.%m.%Y}"),
    (r"(?<!\d)20\d{6}(?!\d)", "{as_of:%Y%m%d}"),
)
"""How departments write a day into a file's name, and the same in a binding's path."""

TYPES = (
    ("integer", r"-?\d{1,9}"),
    ("numeric(18,6)", r"-?\d{1,12}([.,]\d{1,6})?"),
    ("date", r"\d{4}-\d{2}-\d{2}|\d{2}\.\d{2}\.\d{4}"),
    ("timestamptz", r"(\d{4}-\d{2}-\d{2}[ T]|\d{2}\.\d{2}\.\d{4} )\d{2}:\d{2}.*"),
    ("boolean", r"true|false|yes|no"),
)
"""Types worth guessing. A number that begins with a zero is a code, so text."""

NOTATIONS = {
    "date": ((r"\d{2}\.\d{2}\.\d{4}", "%d.%m.%Y"),),
    "timestamp": (
        (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", "%Y-%m-%d %H:%M:%S"),
        (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}", "%Y-%m-%d %H:%M"),
        (r"\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}:\d{2}", "%d.%m.%Y %H:%M:%S"),
        (r"\d{2}\.\d{2}\.\d{4} \d{2}:\d{2}", "%d.%m.%Y %H:%M"),
    ),
    "decimal": ((r"-?\d+(,\d+)?", ","),),
}
BY_DEFAULT = {
    "date": r"\d{4}-\d{2}-\d{2}",
    "timestamp": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}",
    "decimal": r"-?\d+\.\d+",
}
"""How files write values other than by default: a setting of a binding, and what it looks like.

Days and months that could change places (01/02/2026) are not guessed.
"""


@dataclass(frozen=True)
class Sample:
    """One kind of file: its entity name, its path pattern and how it is written."""

    entity: str
    path: str
    kind: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def binding(self) -> dict[str, str]:
        """Return the block of `files:` in daymart.yaml; what is the default is left out."""
        block = {"path": self.path}
        if self.kind != "csv":
            return block | {"kind": self.kind}
        block |= self.notation()
        if self.encoding != "utf-8":
            block["encoding"] = self.encoding
        if self.delimiter != ",":
            block["delimiter"] = self.delimiter
        return block

    def notation(self) -> dict[str, str]:
        """Return the settings of a notation some column is written in throughout."""
        columns = [self._values(at) for at in range(len(self.header))]
        return {
            setting: written
            for setting, looks in NOTATIONS.items()
            for pattern, written in looks[::-1]
            if any(_is_written(values, pattern, written) for values in columns)
        }

    def shows_default(self, setting: str) -> bool:
        """Tell whether some value is written in the default notation."""
        values = chain.from_iterable(self._values(at) for at in range(len(self.header)))
        return any(re.fullmatch(BY_DEFAULT[setting], value) for value in values)

    def _values(self, at: int) -> list[str]:
        return [row[at] for row in self.rows if len(row) > at and row[at] != ""]

    def type_of(self, column: str) -> str:
        """Guess a column's contract type from its values; text where in doubt."""
        values = self._values(self.header.index(column))
        if not values or any(re.fullmatch(r"-?0\d.*", value) for value in values):
            return "text"
        for kind, pattern in TYPES:
            if all(re.fullmatch(pattern, value, re.IGNORECASE) for value in values):
                return kind
        return "text"

    def example_of(self, column: str) -> str:
        """Return the first value a column holds."""
        return next(iter(self._values(self.header.index(column))), "")


def _is_written(values: list[str], pattern: str, written: str) -> bool:
    """Tell whether all values look so, one of them with its mark."""
    mark = "," if written == "," else ""
    return (
        bool(values)
        and all(re.fullmatch(pattern, value) for value in values)
        and any(mark in value for value in values)
    )


def samples_in(folder: Path) -> list[Sample]:
    """Describe the files of a folder, days of the same file together, by name.

    Raises ConfigError when there is no file of a known kind.
    """
    found: dict[str, Sample] = {}
    for path in sorted(p for p in folder.glob("*") if p.is_file()):
        if path.name.lower().endswith((".csv", ".csv.gz", ".txt", ".xlsx")):
            sample = sample_of(path)
            found.setdefault(sample.path, sample)
    if not found:
        raise ConfigError(
            str(folder),
            saw="no .csv, .csv.gz, .txt or .xlsx file",
            remedy="Name the folder in which the department leaves its files.",
        )
    return list(found.values())


def sample_of(path: Path) -> Sample:
    """Describe one file; ConfigError when it has no header."""
    encoding, delimiter = "utf-8", ","
    if path.suffix == ".xlsx":
        rows = [fields for _, fields, _, _ in islice(_workbook(path), SAMPLE_ROWS)]
    else:
        encoding, text = _text(path)
        lines = text.splitlines()
        delimiter = _delimiter(lines[0] if lines else "")
        rows = list(csv.reader(lines, delimiter=delimiter))
    if not rows:
        raise ConfigError(path.name, saw="an empty file", expected="a header and some rows")
    pattern = _pattern(path.name)
    return Sample(
        entity=identifier(re.sub(r"\{.*?\}", "", pattern.split(".")[0]))
        or identifier(path.parent.name),
        path=pattern,
        kind="xlsx" if path.suffix == ".xlsx" else "csv",
        encoding=encoding,
        delimiter=delimiter,
        header=tuple(name.strip() for name in rows[0]),
        rows=tuple(tuple(row) for row in rows[1:SAMPLE_ROWS]),
    )


def table_of(feed: str, sample: Sample) -> str:
    """Name the contract table a sample of a new feed becomes."""
    return f"{feed}_{sample.entity}"


def identifier(name: str) -> str:
    """Turn a name into a plain identifier: lower case words joined by underscores."""
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_")


def _workbook(path: Path) -> Iterator[tuple[int, list[str], int, Sequence[object]]]:
    yield from xlsx_records(path, path.name, FileFormat(kind="xlsx"))


def _text(path: Path) -> tuple[str, str]:
    """Read the head of a text file and the encoding it can be read in."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if len(head) == HEAD_BYTES:
        head = head[: head.rfind(b"\n") + 1]  # a half line is no line
    marked, length = byte_order_mark(head)
    for encoding in (marked,) if marked else ENCODINGS:
        try:
            return encoding, head[length:].decode(encoding)
        except UnicodeDecodeError:
            continue
    return "latin-1", head.decode("latin-1")


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _pattern(name: str) -> str:
    """Write a file's name as a path pattern: its date, if it has one, becomes `{as_of:...}`."""
    for digits, placeholder in DATES:
        if found := re.search(digits, name):
            return f"{name[: found.start()]}{placeholder}{name[found.end() :]}"
    return name
