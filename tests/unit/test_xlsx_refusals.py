"""Xlsx drops that are damaged, hostile or no workbook: one clear sentence for each."""

import random
import struct
import zipfile
from pathlib import Path

import pytest
from workbooks import OLE, WANTED, XLSX, Drop, book, cells, dropping, packed, refusal

from daymart.errors import ContractError
from daymart.settings import Limits
from daymart.sources.files import FileFormat, read_file


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return dropping(tmp_path)


@pytest.mark.parametrize(
    ("content", "meaning"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "an Excel 97-2003 workbook (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a password-protected Office file"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "an HTML page"),
        (b"a,b\n1,2\n", "plain text, perhaps csv"),
        (b"", "empty (0 bytes)"),
        (b"%PDF-1.7", "a PDF document"),
        (packed({"a.csv": "a,b\n"}), "a zip archive of 1 file(s): 'a.csv'"),
        (packed({"word/document.xml": ""}), "a Word document (.docx)"),
        (packed(book() | {"xl/vbaProject.bin": ""}), "a macro-enabled Excel workbook (.xlsm)"),
    ],
)
def test_xlsx_other_content_is_named(drop: Drop, content: bytes, meaning: str) -> None:
    message = refusal(drop(content))
    assert f"the content is {meaning}, expected an Excel workbook (.xlsx)" in message


def test_xlsx_cut_short_is_refused(drop: Drop) -> None:
    content = packed(book(cells(2, "x")))
    assert "the zip archive cannot be opened" in refusal(drop(content[: len(content) // 2]))


def test_xlsx_damaged_sheet_is_refused_before_any_row(drop: Drop) -> None:
    chance = random.Random(1)
    rows = "".join(cells(n, str(chance.random())) for n in range(2, 20_000))
    path = drop(rows)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    content[info.header_offset + info.compress_size // 2] ^= 0x55
    path.write_bytes(content)
    batches = read_file(path, "x", WANTED, {"b"}, XLSX, batch_rows=10)
    with pytest.raises(ContractError, match=r"part 'xl/worksheets/sheet1.xml' cannot be unpacked"):
        next(batches)


BOMB = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declaration", [BOMB, OUTSIDE])
@pytest.mark.parametrize(
    "part",
    [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
    ],
)
def test_xlsx_document_type_is_refused(drop: Drop, declaration: str, part: str) -> None:
    parts = book('<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c></row>')
    parts[part] = '<?xml version="1.0"?>' + declaration + parts[part]
    assert "declares a document type" in refusal(drop(parts))


def test_xlsx_bomb_is_refused_by_its_directory(drop: Drop) -> None:
    path = drop(book(cells(2, " " * 50_000_000)))
    assert path.stat().st_size < 100_000
    assert "times its size" in refusal(path)
    small = FileFormat("xlsx", limits=Limits(max_expanded_bytes=1_000))
    assert "expected 1000 at most" in refusal(drop(cells(2, "x")), small)


def test_xlsx_bomb_that_lies_about_its_size_is_refused_while_read(drop: Drop) -> None:
    path = drop(book(cells(2, " " * 50_000_000)))
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(content.replace(struct.pack("<L", true), struct.pack("<L", 9_000)))
    assert "part 'xl/worksheets/sheet1.xml' cannot be unpacked" in refusal(path)


@pytest.mark.parametrize("member", ["../evil.xml", "/etc/evil.xml", "c:/evil.xml", "a\\..\\..\\b"])
def test_xlsx_member_outside_the_archive_is_refused(drop: Drop, member: str) -> None:
    assert "a member outside it" in refusal(drop(book() | {member: "x"}))


def test_xlsx_too_many_members_are_refused(drop: Drop) -> None:
    parts = book() | {f"xl/media/{n}": "" for n in range(10_001)}
    assert "members" in refusal(drop(parts))


def test_xlsx_huge_cell_is_refused(drop: Drop) -> None:
    chance = random.Random(2)
    text = "".join(chance.choices("0123456789abcdef", k=2_000_000))
    assert "a cell holds more than 131072 characters" in refusal(drop(cells(2, text)))


@pytest.mark.parametrize(
    ("xml", "saw"),
    [
        ("<a>" * 100 + "</a>" * 100, "nests more than 64 tags"),
        ('<row r="2"><c r="A2"', "is not valid XML"),
        ('<row r="2"><c r="B2"/><c r="A2"/></row>', "cell A2 is out of order in row 2"),
        ('<row r="1"/>', "row 1 follows row 1"),
        ('<row r="2"><c r="ZZZZ2"><v>1</v></c></row>', "'ZZZZ2' points nowhere"),
        ('<row r="2"><c r="A2" t="s"><v>7</v></c></row>', "cell A2 points at no shared text"),
    ],
)
def test_xlsx_broken_sheet_xml_is_refused(drop: Drop, xml: str, saw: str) -> None:
    assert saw in refusal(drop(xml))


def test_xlsx_missing_part_is_refused(drop: Drop) -> None:
    parts = book()
    del parts["xl/worksheets/sheet1.xml"]
    assert "part 'xl/worksheets/sheet1.xml' is missing" in refusal(drop(parts))
