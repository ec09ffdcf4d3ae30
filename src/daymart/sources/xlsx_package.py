"""Open an xlsx file as the zip of XML parts it is, and refuse the ones made to do harm."""

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from daymart.errors import ContractError
from daymart.sources.file_format import MIB, FileFormat, check_expansion
from daymart.sources.sniff import (
    HEAD_BYTES,
    describe_members,
    foreign_content,
    oversized_directory,
    shortened,
)

_CHUNK_BYTES = 128 * 1024
_MAX_MEMBERS = 10_000
_MAX_UNPARSED_BYTES = 16 * MIB
_MAX_SMALL_PART_BYTES = 32 * MIB
MAX_DEPTH = 64
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What a workbook may be packed by; others may ask for gigabytes to unpack a byte."""
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    OverflowError,
)  # fmt: skip
_RESAVE = "Ask the sender to save the table as .xlsx again."

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Package:
    """Give the parts of one workbook as bounded streams."""

    def __init__(self, archive: zipfile.ZipFile, what: str, fmt: FileFormat) -> None:
        self._archive = archive
        self._what = what
        self._fmt = fmt
        # Some programs write names whose case differs from what the workbook calls them.
        self._members = {_folded(info.filename): info for info in archive.infolist()}

    def has(self, part: str) -> bool:
        """Tell whether the package holds a part."""
        return _folded(part) in self._members

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield a part's bytes; raises ContractError when it is missing, damaged or too large."""
        info = self._members.get(_folded(part))
        if info is None:
            raise damaged(self._what, f"part {part!r} is missing")
        total = 0
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    total += len(chunk)
                    check_expansion(total, info.compress_size, self._what, self._fmt)
                    yield chunk
        except _DAMAGE as error:
            raise damaged(self._what, f"part {part!r} cannot be unpacked ({error})") from error

    def parse(self, part: str, start: Start, end: End, text: Text) -> Iterator[None]:
        """Parse a part as XML, pausing after each chunk so that the caller can hand on results.

        Raises ContractError for XML that is damaged or declares a document type: entities
        declared there can grow without bound or fetch what lies outside.
        """
        parser = self.parser()
        parser.CharacterDataHandler = text
        depth = 0

        def begin(name: str, attrs: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > MAX_DEPTH:
                raise damaged(self._what, f"part {part!r} nests more than {MAX_DEPTH} tags")
            start(name.rpartition(":")[2] if ":" in name else name, attrs)

        def finish(name: str) -> None:
            nonlocal depth
            depth -= 1
            end(name.rpartition(":")[2] if ":" in name else name)

        parser.StartElementHandler = begin
        parser.EndElementHandler = finish
        return self.feed(parser, part)

    def parser(self) -> expat.XMLParserType:
        """Make a parser that refuses document types; its caller sets the other handlers.

        Such a caller must itself limit how deep tags may nest.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        return parser

    def feed(self, parser: expat.XMLParserType, part: str) -> Iterator[None]:
        """Parse a part, pausing after each chunk; raises ContractError for damaged XML."""
        fed = 0
        try:
            for chunk in self.chunks(part):
                fed += len(chunk)
                parser.Parse(chunk, False)
                self._check_progress(fed - parser.CurrentByteIndex, part)
                yield
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise damaged(self._what, f"part {part!r} is not valid XML ({error})") from error
        yield

    def parse_whole(self, part: str, start: Start, end: End, text: Text) -> None:
        """Parse a small part in one go."""
        info = self._members.get(_folded(part))
        if info and info.file_size > _MAX_SMALL_PART_BYTES:
            raise damaged(self._what, f"part {part!r} has {info.file_size} bytes")
        for _ in self.parse(part, start, end, text):
            pass

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Map the relation ids of a part to (last word of the type, part they point at)."""
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attrs: dict[str, str]) -> None:
            if tag == "Relationship" and attrs.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attrs.get("Target", "")))
                kind = attrs.get("Type", "").rpartition("/")[2]
                found[attrs.get("Id", "")] = kind, target.lstrip("/")

        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if self.has(relations):
            self.parse_whole(relations, start, _nothing, _nothing)
        return found

    def _refuse_doctype(self, name: str, *_: object) -> None:
        raise ContractError(
            self._what,
            saw=f"the workbook's XML declares a document type ({name[:40]!r})",
            expected="none, as no spreadsheet program writes one",
            remedy="Treat the file as hostile and tell the sender.",
        )

    def _check_progress(self, unparsed: int, part: str) -> None:
        if unparsed > _MAX_UNPARSED_BYTES:
            raise damaged(self._what, f"part {part!r} holds a tag of more than {unparsed} bytes")


@contextmanager
def open_package(path: Path, what: str, fmt: FileFormat) -> Iterator[Package]:
    """Open a workbook after checking that it is one and that it is safe to expand."""
    _check_kind(path, what)
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGE as error:
        raise damaged(what, f"the zip archive cannot be opened ({error})") from error
    with archive:
        _check_members(archive, path.stat().st_size, what, fmt)
        yield Package(archive, what, fmt)


def damaged(what: str, saw: str) -> ContractError:
    """Make the error of a workbook that is broken inside."""
    return ContractError(what, saw=saw, expected="a whole workbook", remedy=_RESAVE)


def _check_kind(path: Path, what: str) -> None:
    """Refuse what is no zip archive, or one whose member list would itself fill memory."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head.startswith(b"PK"):
        real = foreign_content(path, head) if head else "empty (0 bytes)"
        raise _no_workbook(what, real or "plain text, perhaps csv")
    if oversized_directory(path):
        raise damaged(what, "the zip archive has an overlong list of members")


def _no_workbook(what: str, real: str) -> ContractError:
    return ContractError(
        what,
        saw=f"the content is {real}",
        expected="an Excel workbook (.xlsx)",
        remedy=_RESAVE,
    )


def _check_members(archive: zipfile.ZipFile, size: int, what: str, fmt: FileFormat) -> None:
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise damaged(what, f"the zip archive has {len(members)} members")
    kind = describe_members([info.filename for info in members])
    if kind != "an Excel workbook (.xlsx)":
        raise _no_workbook(what, kind)
    names = [_folded(info.filename) for info in members]
    for info, name in zip(members, names, strict=True):
        named = shortened(info.filename)
        if name.startswith("/") or ".." in name.split("/") or ":" in name:
            raise damaged(what, f"the zip archive has a member outside it ({named})")
        if info.flag_bits & 1:
            raise damaged(what, f"the zip archive's member {named} is encrypted")
        if info.compress_type not in _METHODS:
            raise damaged(what, f"the member {named} is packed by method {info.compress_type}")
        check_expansion(info.file_size, info.compress_size, what, fmt)
    if len(set(names)) < len(names):
        raise damaged(what, "the zip archive has two members of one name")
    total, packed = (sum(i.file_size for i in members), sum(i.compress_size for i in members))
    if packed > size:
        raise damaged(what, f"the zip archive has members that claim {packed} of {size} bytes")
    check_expansion(total, packed, what, fmt)


def _folded(name: str) -> str:
    return name.replace("\\", "/").lower()


def _nothing(*_: object) -> None:
    """Ignore what the parser reports."""
