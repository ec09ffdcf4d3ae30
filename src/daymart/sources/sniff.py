"""Say what a file really is by its content, whatever its name claims."""

import codecs
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

HEAD_BYTES = 64 * 1024
DELIMITERS = ",;\t|:"
_MARKS = (
    # The marks of UTF-32 come first: that of UTF-16 is the beginning of one of them.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\x1f\x8b", "gzip-compressed data"),
    (b"\xfd7zXZ\0", "xz-compressed data"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed data"),
    (b"BZh91AY&SY", "bzip2-compressed data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PAR1\x15", "a Parquet file"),
    (b"ARROW1\0\0", "an Arrow file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a Windows program"),
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_SAMPLE_BYTES = 16 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# The end record with its longest comment; it gives the size of the list of members.
_ZIP_END_BYTES = 22 + 65_535
_ZIP_END = re.compile(rb"PK\x05\x06.{8}(.{4})", re.S)
_MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", "a password-protected Office file"),
    ("WordDocument", "a Word 97-2003 document (.doc)"),
    ("Workbook", "an Excel 97-2003 workbook (.xls)"),
    ("Book", "an Excel 5.0/95 workbook (.xls)"),
)
_HTML = re.compile(r"(<!--.*?-->\s*)*<(!doctype html|html|head|body|meta|script|table)\b", re.S)
_LOGIN = re.compile(r"type\s*=\s*[\"']?password|<title>[^<]*(log ?in|sign ?in|вход|увійти|вхід)")
_SPLIT_WORD = re.compile(r"[а-яёіїєґ][А-ЯЁІЇЄҐ]")
_MAX_SHOWN = 60
_NARROW = ("cp1251", "cp866", "koi8-r", "koi8-u", "iso8859-5", "mac-cyrillic")
_LEAST_LETTERS = 24
_COMMON = frozenset("оеаинтсрвлкіу")
"""Letters that make two thirds of any Russian or Ukrainian text."""
_JSON = re.compile(r"\{\s*[\"}]|\[\s*[\[{]")


def byte_order_mark(head: bytes) -> tuple[str, int]:
    """Name the encoding a byte order mark announces and the mark's length; ('', 0) without."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return "", 0


def foreign_content(path: Path, head: bytes) -> str:
    """Say what the content is when it is no plain table text, else give ''.

    `head` is the beginning of the file, or of what a gzip file holds.
    """
    if head.startswith(_ZIP):
        return zip_content(path)
    if head.startswith(_OLE):
        return _ole_content(path)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "a WebP image"
    if head[257:262] == b"ustar":
        return "a tar archive"
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return "a BMP image"
    return _markup_content(head)


def zip_content(path: Path) -> str:
    """Say what a zip archive holds; an xlsx workbook is one too."""
    if oversized_directory(path):
        return "a zip archive with an overlong list of members"
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "a damaged or incomplete zip archive"
    return describe_members(names)


def oversized_directory(path: Path) -> bool:
    """Tell whether an archive's list of members would itself fill memory when read."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _ZIP_END_BYTES))
        ends = _ZIP_END.findall(stream.read())
    return bool(ends) and int.from_bytes(ends[-1], "little") > _MAX_DIRECTORY_BYTES


def describe_members(names: Sequence[str]) -> str:
    """Say what an archive with these members is."""
    folded = {name.replace("\\", "/").lower() for name in names}
    for member, meaning in (
        ("xl/vbaproject.bin", "a macro-enabled Excel workbook (.xlsm)"),
        ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
        ("xl/workbook.xml", "an Excel workbook (.xlsx)"),
        ("word/document.xml", "a Word document (.docx)"),
        ("ppt/presentation.xml", "a PowerPoint presentation (.pptx)"),
        ("content.xml", "an OpenDocument file (.ods or .odt)"),
    ):
        if member in folded:
            return meaning
    if not names:
        return "an empty zip archive"
    shown = ", ".join(shortened(name) for name in names[:3])
    return f"a zip archive of {len(names)} file(s): {shown}" + ("…" if len(names) > 3 else "")


def shortened(name: str) -> str:
    """Quote a name that a stranger chose so that a message stays one printable line."""
    return repr(name if len(name) <= _MAX_SHOWN else f"{name[:_MAX_SHOWN]}…")


def _ole_content(path: Path) -> str:
    with path.open("rb") as stream:
        content = stream.read(16 * 1024 * 1024)
    for name, meaning in _OLE_STREAMS:
        if name.encode("utf-16-le") in content:
            return meaning
    return "a document of Office 97-2003"


def _markup_content(head: bytes) -> str:
    encoding, length = byte_order_mark(head)
    text = head[length:].decode(encoding or "utf-8", "replace").lstrip().lower()
    if text.startswith("<?xml"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in text:
            return "an Excel 2003 XML spreadsheet"
        if "<html" not in text:
            return "an XML document"
        return "an HTML page"
    if _HTML.match(text):
        return "an HTML login page" if _LOGIN.search(text) else "an HTML page"
    return "a JSON document" if _JSON.match(text) else ""


def unmarked_utf16(head: bytes) -> str:
    """Name the UTF-16 flavour of text that has no byte order mark, or ''.

    Latin letters, digits and delimiters leave every second byte zero.
    """
    half = len(head) // 2
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if half >= 4 and head[start::2].count(0) > half * 0.3 and not head[1 - start :: 2].count(0):
            return encoding
    return ""


def is_binary(head: bytes) -> bool:
    """Tell whether bytes hold more control codes than any text does."""
    controls = sum(count for byte, count in Counter(head).items() if byte < 9 or 13 < byte < 32)
    return controls > len(head) * 0.1


def reads_as_utf8(head: bytes) -> bool:
    """Tell whether text with letters beyond ASCII is valid UTF-8.

    Three such letters in a row of valid sequences do not occur in single-byte text by chance.
    """
    if head.isascii():
        return False
    try:
        # Not final: the head may end inside a letter.
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return sum(letter > "\x7f" for letter in text) >= 3


def likely_encoding(head: bytes) -> str:
    """Name the Cyrillic encoding in which the letters beyond ASCII read as words, or ''."""
    sample = _letters_of(head)
    wordiness = {encoding: _wordiness(sample, encoding) for encoding in _NARROW}
    best = max(wordiness, key=lambda encoding: wordiness[encoding])
    return best if wordiness[best] > 0.5 else ""


def mistaken_encoding(head: bytes, declared: str) -> str:
    """Name the Cyrillic encoding in which text reads far better than as declared, or ''.

    Every byte is a letter in each of them, so only the words can tell; a few letters cannot.
    """
    letters = sum(byte > 127 for byte in head)
    best = likely_encoding(head) if letters >= _LEAST_LETTERS else ""
    if not best:
        return ""
    sample = _letters_of(head)
    return best if _wordiness(sample, best) > _wordiness(sample, declared) + 0.25 else ""


def _letters_of(head: bytes) -> bytes:
    """Cut a piece that is enough to tell words by, from the first byte beyond ASCII on."""
    first = _BEYOND_ASCII.search(head)
    return head[first.start() :][:_SAMPLE_BYTES] if first else b""


def _wordiness(head: bytes, encoding: str) -> float:
    """Give the share of common Cyrillic letters among those beyond ASCII.

    A capital within a word counts against it: it betrays cp1251 read as koi8-r and the reverse.
    """
    text = head.decode(encoding, "replace")
    letters = sum(letter > "\x7f" for letter in text)
    common = sum(count for letter, count in Counter(text.lower()).items() if letter in _COMMON)
    return (common - len(_SPLIT_WORD.findall(text))) / letters if letters else 0.0


def likely_delimiter(header: str, declared: str) -> str:
    """Give the mark that separates more columns of a header line than the declared one, or ''."""
    counts = {mark: header.count(mark) for mark in DELIMITERS if mark != declared}
    best = max(counts, key=lambda mark: counts[mark])
    return best if counts[best] > header.count(declared) else ""
