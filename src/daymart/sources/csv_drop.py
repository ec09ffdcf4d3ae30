"""Read a csv drop, plain or gzipped, record by record in flat memory.

The standard library's csv reader in strict mode survives ragged rows and knows the physical line
of each record; polars' reader does neither.
"""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NoReturn

from daymart.errors import ContractError
from daymart.sources.file_format import FileFormat, check_expansion, raise_limit
from daymart.sources.records import Problem, Record
from daymart.sources.sniff import (
    byte_order_mark,
    foreign_content,
    is_binary,
    likely_delimiter,
    likely_encoding,
    mistaken_encoding,
    reads_as_utf8,
    unmarked_utf16,
)

_CHUNK_BYTES = 256 * 1024
_FIELDS_PER_RECORD = 16
_NUL = Problem("NUL character (shown as ␀)")
_STRAY = Problem("text after a closing quote")
_RESAVE = "Ask the sender to export the table as csv again."


def csv_records(path: Path, what: str, fmt: FileFormat) -> Generator[Record, None, None]:
    """Yield the header record, then each data record with its physical line.

    Raises ContractError where the file cannot be read to its end without guessing.
    """
    with path.open("rb") as raw:
        chunks = _content(raw, path, what, fmt)
        head = next(chunks, b"")
        codec = _settled_codec(head, path, what, fmt)
        lines = _Lines(_decoded(chain([head], chunks), codec, what, fmt), what, fmt)
        yield _header(lines, what, fmt)
        yield from _records(lines, what, fmt)


def _content(raw: BinaryIO, path: Path, what: str, fmt: FileFormat) -> Iterator[bytes]:
    if path.suffix.lower() == ".gz":
        return _expanded(raw, path, what, fmt)
    return iter(lambda: raw.read(_CHUNK_BYTES), b"")


def _expanded(raw: BinaryIO, path: Path, what: str, fmt: FileFormat) -> Iterator[bytes]:
    """Expand gzip as a stream and stop at the limits, before memory or disk feel it."""
    start = raw.read(512)
    raw.seek(0)
    if start and not start.startswith(b"\x1f\x8b"):
        real = foreign_content(path, start) or "plain text"
        raise _not_a_table(what, f"the content is {real}", "gzip, as the name ends in .gz")
    total = 0
    stream = gzip.GzipFile(fileobj=raw)
    while start:
        try:
            chunk = stream.read(_CHUNK_BYTES)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise _broken_gzip(what, error, total) from error
        if not chunk:
            return
        total += len(chunk)
        check_expansion(total, raw.tell(), what, fmt)
        yield chunk


def _broken_gzip(what: str, error: Exception, total: int) -> ContractError:
    broken = "cut short" if isinstance(error, EOFError) else f"damaged ({error})"
    return ContractError(
        what,
        saw=f"the gzip data is {broken} after {total} expanded bytes",
        expected="a complete gzip file",
        remedy="Ask the sender to deliver the file again.",
    )


def _settled_codec(head: bytes, path: Path, what: str, fmt: FileFormat) -> str:
    """Settle the byte order of the declared encoding; refuse content that is no such text."""
    if not head:
        raise _not_a_table(what, "the file is empty (0 bytes)", "a header row")
    if foreign := foreign_content(path, head):
        raise _not_a_table(what, f"the content is {foreign}", "csv text")
    declared = fmt.codec.removesuffix("-sig")
    marked, _ = byte_order_mark(head)
    if marked:
        if not marked.startswith(declared):
            raise _wrong_encoding(what, f"the text is {marked} by its byte order mark", fmt)
        return marked
    if declared in ("utf-16", "utf-32"):
        raise _unmarked(what, fmt)
    if not declared.startswith(("utf-16", "utf-32")):
        _check_narrow(head, declared, what, fmt)
    elif b"\0" not in head:
        raise _wrong_encoding(what, "the text has no zero bytes", fmt)
    return declared


def _check_narrow(head: bytes, declared: str, what: str, fmt: FileFormat) -> None:
    """Refuse text that an encoding of single bytes would read as something else."""
    if unmarked := unmarked_utf16(head):
        raise _wrong_encoding(what, f"the text is {unmarked} by its zero bytes", fmt)
    if is_binary(head):
        raise _not_a_table(what, "the content is binary data", "csv text")
    if declared != "utf-8" and reads_as_utf8(head):
        raise _wrong_encoding(what, "the text is utf-8 by its letters", fmt)
    if declared != "utf-8" and (likely := mistaken_encoding(head, declared)):
        raise _wrong_encoding(what, f"the text reads as {likely}", fmt)


def _not_a_table(what: str, saw: str, expected: str) -> ContractError:
    return ContractError(what, saw=saw, expected=expected, remedy=_RESAVE)


def _wrong_encoding(what: str, saw: str, fmt: FileFormat) -> ContractError:
    return ContractError(
        what,
        saw=saw,
        expected=f"{fmt.encoding} as declared",
        remedy="Ask the sender for the declared encoding, or declare the real one in daymart.yaml.",
    )


def _unmarked(what: str, fmt: FileFormat) -> ContractError:
    return ContractError(
        what,
        saw="no byte order mark",
        expected=f"one at the start of {fmt.encoding} text",
        remedy=f"Declare {fmt.codec}-le or {fmt.codec}-be in daymart.yaml.",
    )


def _decoded(chunks: Iterator[bytes], codec: str, what: str, fmt: FileFormat) -> Iterator[str]:
    """Decode in the settled encoding only; a byte that does not fit names its place."""
    decoder = codecs.getincrementaldecoder(codec)()
    offset, line, first = 0, 1, True
    for chunk in chain(chunks, [b""]):
        held: bytes = decoder.getstate()[0]
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line += _breaks((held + chunk)[: error.start].decode(codec, "replace"))
            raise _undecodable(error, offset - len(held), line, what, fmt) from error
        offset += len(chunk)
        line += _breaks(text)
        yield text.removeprefix("\ufeff") if first else text
        first = first and not text


def _breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _undecodable(
    error: UnicodeDecodeError, base: int, line: int, what: str, fmt: FileFormat
) -> ContractError:
    """Name the offending byte by its offset in the (expanded) file and its line."""
    bad: bytes = error.object[error.start : error.start + 1]
    seen = f"byte 0x{bad.hex().upper()} at offset {base + error.start} (line {line})"
    likely = likely_encoding(error.object) if fmt.codec.startswith("utf-8") else ""
    hint = f"; the text around it reads as {likely}" if likely else ""
    return _wrong_encoding(what, f"{seen} is not valid {fmt.encoding}{hint}", fmt)


class _Lines(Iterator[str]):
    """Give physical lines one by one and remember those of the record being read."""

    def __init__(self, text: Iterator[str], what: str, fmt: FileFormat) -> None:
        self._what = what
        self._max_chars = fmt.limits.max_field_chars
        self._fmt = fmt
        self._source = self._split(text)
        self.number = 0
        self.ended = False
        self.record: list[str] = []
        self.chars = 0
        self.has_nul = False

    def __next__(self) -> str:
        line = next(self._source, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.number += 1
        self.record.append(line)
        self.chars += len(line)
        if self.chars > self._max_chars * _FIELDS_PER_RECORD:
            self._refuse_endless()
        return line

    def begin_record(self) -> int:
        """Forget the last record; give the line at which the next one starts."""
        self.record.clear()
        self.chars = 0
        return self.number + 1

    def _split(self, text: Iterator[str]) -> Iterator[str]:
        """Cut at \\n, \\r\\n and \\r and keep these marks: a quoted field may hold them."""
        joiner = io.IncrementalNewlineDecoder(None, translate=False)
        tail = ""
        for piece in chain(text, [None]):
            tail += joiner.decode(piece or "", final=piece is None)
            self.has_nul = self.has_nul or "\0" in tail
            lines = list(io.StringIO(tail, newline=""))
            whole = piece is None or not lines or lines[-1].endswith(("\r", "\n"))
            tail = "" if whole else lines.pop()
            yield from lines
            if len(tail) > self._max_chars * _FIELDS_PER_RECORD:
                self.record.append(tail)
                self.number += 1
                self._refuse_endless()

    def _refuse_endless(self) -> NoReturn:
        """Refuse a record that outgrows every limit, naming the quote that may be the cause."""
        if len(self.record) > 1:
            raise _unclosed(self, self._what, self._fmt, "is not closed within")
        fields = _forgiving(self.record, self._fmt)[0]
        longest = max(range(len(fields)), key=lambda at: len(fields[at]))
        raise _too_long(self.number, longest, self._what, self._fmt)


def _parser(lines: Iterable[str], fmt: FileFormat, strict: bool) -> Iterator[list[str]]:
    # The module's own limit is one for the process, so it is only ever widened, past the longest
    # record that reaches it: lengths are judged here.
    longest = fmt.limits.max_field_chars * _FIELDS_PER_RECORD + 2 * _CHUNK_BYTES
    csv.field_size_limit(max(csv.field_size_limit(), longest))
    return csv.reader(lines, delimiter=fmt.delimiter, quotechar=fmt.quote, strict=strict)


def _forgiving(lines: list[str], fmt: FileFormat) -> list[list[str]]:
    """Parse the lines of a record that strict parsing refused."""
    return list(_parser(lines, fmt, strict=False))


def _header(lines: _Lines, what: str, fmt: FileFormat) -> Record:
    """Read the header at its declared line; the lines above it are a title."""
    for _ in range(fmt.header_row - 1):
        lines.begin_record()
        next(lines, None)
    record = next(_records(lines, what, fmt), None)
    if record is None or not any(map(str.strip, record[1])):
        raise ContractError(
            what,
            saw=f"line {fmt.header_row} is {'missing' if record is None else 'blank'}",
            expected="the header there",
            remedy="Correct header_row in daymart.yaml or ask the sender for the header.",
        )
    _check_names(record, what, fmt)
    return record


def _check_names(header: Record, what: str, fmt: FileFormat) -> None:
    line, names, _, problems = header
    if problems:
        raise _not_a_table(what, f"line {line}: {problems[0].reason} in the header", "plain names")
    if len(names) > fmt.limits.max_columns:
        raise ContractError(
            what,
            saw=f"the header has {len(names)} columns",
            expected=f"{fmt.limits.max_columns} at most",
            remedy=raise_limit("max_columns"),
        )
    other = likely_delimiter(names[0], fmt.delimiter) if len(names) == 1 else ""
    if other:
        raise ContractError(
            what,
            saw=f"the header is one column; the delimiter looks like {other!r}",
            expected=f"{fmt.delimiter!r} as declared",
            remedy="Declare the real delimiter in daymart.yaml or ask the sender for this one.",
        )


def _records(lines: _Lines, what: str, fmt: FileFormat) -> Iterator[Record]:
    """Parse records from where the lines stand."""
    reader = _parser(lines, fmt, strict=True)
    max_chars = fmt.limits.max_field_chars
    while True:
        start = lines.begin_record()
        problems: tuple[Problem, ...] = ()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            fields = _salvaged(lines, what, fmt)
            problems = (_STRAY,)
        if lines.chars > max_chars:
            _check_fields(fields, start, what, fmt)
        if lines.has_nul and any("\0" in field for field in fields):
            fields = [field.replace("\0", "␀") for field in fields]
            problems += (_NUL,)
        yield start, fields, lines.chars, problems


def _salvaged(lines: _Lines, what: str, fmt: FileFormat) -> list[str]:
    """Keep the fields of one bad line; refuse the file where the record's end is in doubt."""
    if lines.ended:
        raise _unclosed(lines, what, fmt, "is not closed before the end of the file, within")
    # A blank line after the bad one is a record of its own, unless a quote is still open.
    parsed = _forgiving([*lines.record, "\n"], fmt)
    if len(lines.record) > 1 or len(parsed) == 1:
        raise _unclosed(lines, what, fmt, "closes in the middle of a field, within")
    return parsed[0]


def _check_fields(fields: list[str], line: int, what: str, fmt: FileFormat) -> None:
    for at, field in enumerate(fields):
        if len(field) > fmt.limits.max_field_chars:
            raise _too_long(line, at, what, fmt)


def _too_long(line: int, at: int, what: str, fmt: FileFormat) -> ContractError:
    return ContractError(
        what,
        saw=f"line {line}, column {at + 1}: the field is longer than {fmt.limits.max_field_chars} "
        "characters",
        expected=f"{fmt.limits.max_field_chars} at most",
        remedy=raise_limit("max_field_chars"),
    )


def _unclosed(lines: _Lines, what: str, fmt: FileFormat, how: str) -> ContractError:
    """Name the line at which the quote of the record's last field opened."""
    first = lines.number - len(lines.record) + 1
    complete = _forgiving(lines.record, fmt)[0][:-1]
    opened = first + sum(map(_breaks, complete))
    return ContractError(
        what,
        saw=f"the quote opened at line {opened} {how} {lines.chars} characters",
        expected="each quote closed, and doubled inside a field",
        remedy=_RESAVE,
    )
