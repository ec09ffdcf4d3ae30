"""What a file really is, told from its content."""

import io
import zipfile
from pathlib import Path

import pytest

from daymart.sources.sniff import (
    byte_order_mark,
    foreign_content,
    likely_delimiter,
    likely_encoding,
    reads_as_utf8,
    unmarked_utf16,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as writer:
        for name in names:
            writer.writestr(zipfile.ZipInfo(name), "")  # not stamped with the time of the run
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "meaning"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n....", "a PNG image"),
        (b"\xff\xd8\xff\xe0....", "a JPEG image"),
        (b"BM\x00\x10\0\0\0\0\0\0....", "a BMP image"),
        (b"\x1f\x8b\x08....", "gzip-compressed data"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"SQLite format 3\0", "an SQLite database"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook (.xlsx)"),
        (
            archive("xl/workbook.xml", "xl/vbaProject.bin"),
            "a macro-enabled Excel workbook (.xlsm)",
        ),
        (archive("xl/workbook.bin"), "a binary Excel workbook (.xlsb)"),
        (archive("mimetype", "content.xml"), "an OpenDocument file (.ods or .odt)"),
        (archive("word/document.xml"), "a Word document (.docx)"),
        (archive("a.csv", "b.csv"), "a zip archive of 2 file(s): 'a.csv', 'b.csv'"),
        (archive("a.csv")[:20], "a damaged or incomplete zip archive"),
        (OLE + "Workbook".encode("utf-16-le"), "an Excel 97-2003 workbook (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a password-protected Office file"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html><body>x", "an HTML page"),
        (b"<table><tr><td>1</td></tr></table>", "an HTML page"),
        (b'<html><form><input type="password"></form>', "an HTML login page"),
        ("<html><title>Вход в систему</title>".encode(), "an HTML login page"),
        ("<!doctype html><html>".encode("utf-16"), "an HTML page"),
        (b'<?xml version="1.0"?><rows/>', "an XML document"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "an Excel 2003 XML spreadsheet",
        ),
        (b'{"error": "no rights"}', "a JSON document"),
        (b'[{"id": 1}]', "a JSON document"),
        (b"id;name\n1;BMW\n", ""),
        (b"BMI,MZ,PK\n1,2,3\n", ""),
    ],
)
def test_foreign_content_names_what_it_is(tmp_path: Path, content: bytes, meaning: str) -> None:
    path = tmp_path / "drop.csv"
    path.write_bytes(content)
    assert foreign_content(path, content) == meaning


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a".encode("utf-8-sig"), ("utf-8", 3)),
        (b"\xff\xfea\0", ("utf-16-le", 2)),
        (b"\xfe\xff\0a", ("utf-16-be", 2)),
        (b"\xff\xfe\0\0a\0\0\0", ("utf-32-le", 4)),
        (b"abc", ("", 0)),
    ],
)
def test_byte_order_mark_names_the_encoding(content: bytes, expected: tuple[str, int]) -> None:
    assert byte_order_mark(content) == expected


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_unmarked_utf16_is_told_by_its_zero_bytes(encoding: str) -> None:
    assert unmarked_utf16("id;сумма\n1;2\n".encode(encoding)) == encoding
    assert unmarked_utf16(b"id;amount\n1;2\n") == ""


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
def test_likely_encoding_reads_words(encoding: str) -> None:
    assert likely_encoding("номер;Ромашка;сумма".encode(encoding)) == encoding


def test_utf8_letters_are_told_from_single_byte_ones() -> None:
    assert reads_as_utf8("кабель".encode())
    assert not reads_as_utf8("кабель".encode("cp1251"))
    assert not reads_as_utf8(b"cable")


@pytest.mark.parametrize(
    ("header", "declared", "expected"),
    [("a;b;c", ",", ";"), ("a\tb", ",", "\t"), ("a,b", ",", ""), ("only", ",", "")],
)
def test_likely_delimiter_separates_more_columns(header: str, declared: str, expected: str) -> None:
    assert likely_delimiter(header, declared) == expected
