"""Xlsx drops: exact text from real workbooks, and one clear sentence for every bad one."""

import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import fastexcel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daymart.errors import ContractError, DaymartError
from daymart.settings import Limits
from daymart.sources.files import FileFormat, read_file
from daymart.sources.xlsx_values import date_text, format_shows, number_text

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XLSX = FileFormat("xlsx")
WANTED = ("a", "b")
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c>' + (
    '<c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" '
    'formatCode="[$-419]d\\ mmmm\\ yyyy;@"/><numFmt numFmtId="165" '
    'formatCode="#,##0.00\\ &quot;days&quot;"/></numFmts><cellXfs><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/>'
    '<xf numFmtId="20"/></cellXfs></styleSheet>'
)
Parts = dict[str, str]


def sheet(rows: str, after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def cells(row: int, *values: str) -> str:
    """Write a row of inline texts."""
    written = (
        f'<c r="{chr(65 + at)}{row}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        for at, value in enumerate(values)
    )
    return f'<row r="{row}">{"".join(written)}</row>'


def book(
    rows: str = "",
    after: str = "",
    sheets: dict[str, str] | None = None,
    states: dict[str, str] | None = None,
    texts: str = "",
    epoch: str = "",
) -> Parts:
    """Make the parts of a workbook; `sheets` maps names to XML, `states` to visibility."""
    sheets = sheets or {"Stock": sheet(HEADER + rows, after)}
    states = states or {}
    kinds = {f"worksheets/sheet{n}.xml": "worksheet" for n in range(1, len(sheets) + 1)}
    kinds |= {"styles.xml": "styles", "sharedStrings.xml": "sharedStrings"}
    links = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(kinds.items(), 1)
    )
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="r{n}" '
        f'state="{states.get(name, "visible")}"/>'
        for n, name in enumerate(sheets, 1)
    )
    defaults = "".join(
        f'<Default Extension="{ending}" ContentType="application/{kind}"/>'
        for ending, kind in (
            ("rels", "vnd.openxmlformats-package.relationships+xml"),
            ("xml", "xml"),
        )
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{defaults}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{epoch}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        "</Relationships>",
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
    } | {f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)}


def packed(parts: Parts) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


Drop = Callable[..., Path]


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    def write(content: Parts | bytes | str, **options: Any) -> Path:
        path = tmp_path / "stock.xlsx"
        if isinstance(content, str):
            content = packed(book(content, **options))
        path.write_bytes(content if isinstance(content, bytes) else packed(content))
        return path

    return write


def read(path: Path, fmt: FileFormat = XLSX, **options: Any) -> list[dict[str, Any]]:
    wanted = options.pop("wanted", WANTED)
    batches = read_file(path, "warehouse.wh_stock stock.xlsx", wanted, {"b"}, fmt, **options)
    return [row for batch in batches for row in batch.to_pylist()]


def values(path: Path) -> list[str | None]:
    return [row["a"] for row in read(path)]


def refusal(path: Path, fmt: FileFormat = XLSX) -> str:
    with pytest.raises(ContractError) as caught:
        read(path, fmt)
    message = str(caught.value)
    assert message.startswith("warehouse.wh_stock stock.xlsx")
    return message


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("12", "12"),
        ("12.0", "12"),
        ("-0", "0"),
        ("1234.56", "1234.56"),
        ("1234.5600000000001", "1234.56"),
        ("1.2345600000000001E3", "1234.56"),
        ("0.30000000000000004", "0.3"),
        ("1E-7", "0.0000001"),
        ("1.5E20", None),
        ("9007199254740991", "9007199254740991"),
        ("12345678901234567890", None),
        ("99999999999.99", "99999999999.99"),
        ("NaN", None),
        ("1_000", None),
        ("1E999", None),
    ],
)
def test_xlsx_number_is_exact_text(drop: Drop, stored: str, text: str | None) -> None:
    (row,) = read(drop(f'<row r="2"><c r="A2"><v>{stored}</v></c></row>'))
    if text is None:
        assert row["_defect"].startswith("cell A2 holds ")
        assert row["a"] == stored
    else:
        assert (row["a"], row["_defect"]) == (text, None)


@pytest.mark.parametrize(
    ("stored", "style", "text"),
    [
        ("46346", 1, "2026-11-20"),
        ("46346", 3, "2026-11-20"),
        ("46346.75", 1, "2026-11-20T18:00:00"),
        ("46346", 2, "2026-11-20T00:00:00"),
        ("46346.999999", 2, "2026-11-21T00:00:00"),
        ("0.375", 5, "09:00:00"),
        ("1", 1, "1900-01-01"),
        ("59", 1, "1900-02-28"),
        ("61", 1, "1900-03-01"),
        ("46346", 4, "46346"),
        ("46346", 0, "46346"),
    ],
)
def test_xlsx_date_is_iso_text(drop: Drop, stored: str, style: int, text: str) -> None:
    assert values(drop(f'<row r="2"><c r="A2" s="{style}"><v>{stored}</v></c></row>')) == [text]


@pytest.mark.parametrize("stored", ["60", "-1", "2958466"])
def test_xlsx_date_outside_the_calendar_is_a_defect(drop: Drop, stored: str) -> None:
    (row,) = read(drop(f'<row r="2"><c r="A2" s="1"><v>{stored}</v></c></row>'))
    assert row["_defect"].startswith("cell A2 holds ")


def test_xlsx_1904_workbook_gives_true_dates(drop: Drop) -> None:
    row = '<row r="2"><c r="A2" s="1"><v>44884</v></c></row>'
    assert values(drop(row, epoch='<workbookPr date1904="1"/>')) == ["2026-11-20"]


def test_xlsx_iso_date_cell_is_read(drop: Drop) -> None:
    row = '<row r="2"><c r="A2" t="d" s="1"><v>2026-11-20T00:00:00</v></c></row>'
    assert values(drop(row)) == ["2026-11-20"]


def test_xlsx_texts_booleans_and_codes_are_kept(drop: Drop) -> None:
    rows = (
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="b"><v>1</v></c></row>'
        '<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="b"><v>0</v></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t> 00125 </t></is></c></row>'
        '<row r="5"><c r="A5" t="str"><f>TEXT(1,"000")</f><v>001</v></c></row>'
    )
    texts = (
        "<si><t>00123</t></si><si><r><t>10</t></r><r><t> m_x000A_x</t></r>"
        "<rPh><t>aid</t></rPh></si>"
    )
    path = drop(rows, texts=texts)
    assert values(path) == ["00123", "10 m\nx", " 00125 ", "001"]
    assert [row["b"] for row in read(path)][:2] == ["true", "false"]


def test_xlsx_row_numbers_survive_blank_and_hidden_rows(drop: Drop) -> None:
    rows = cells(2, "x") + '<row r="3"/>' + cells(4, "", " ") + '<row r="7" hidden="1">'
    rows += '<c r="A7"><v>5</v></c></row>'
    assert [(row["_line"], row["a"]) for row in read(drop(rows))] == [(2, "x"), (7, "5")]


def test_xlsx_cells_without_references_are_counted(drop: Drop) -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row>"
    (row,) = read(drop(rows))
    assert (row["a"], row["b"], row["_line"]) == ("1", "2", 2)


def test_xlsx_error_cell_is_a_defect_naming_the_cell(drop: Drop) -> None:
    rows = '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#REF!</v></c></row>'
    (row,) = read(drop(rows))
    assert (row["a"], row["b"], row["_defect"]) == ("1", "#REF!", "cell B2 holds #REF!")


def test_xlsx_error_outside_the_contract_is_no_defect(drop: Drop) -> None:
    rows = '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c></row>'
    assert read(drop(rows), wanted=("a",))[0]["_defect"] is None


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>"])
def test_xlsx_formula_without_saved_value_is_a_defect(drop: Drop, value: str) -> None:
    rows = f'<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>A2*2</f>{value}</c></row>'
    assert read(drop(rows))[0]["_defect"] == "cell B2 holds a formula without a saved value"


def test_xlsx_formula_with_saved_value_or_empty_text_is_read(drop: Drop) -> None:
    rows = (
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c>'
        '<c r="B2" t="str"><f>IF(1,"")</f><v></v></c></row>'
    )
    assert read(drop(rows)) == [{"a": "2", "b": None, "_line": 2, "_defect": None}]


def test_xlsx_merged_cells_are_defects_of_the_rows_they_cover(drop: Drop) -> None:
    rows = "".join(cells(n, str(n), "x") for n in range(2, 6))
    merged = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B3:B4"/></mergeCells>'
    assert [row["_defect"] for row in read(drop(rows, after=merged))] == [
        None,
        "merged cells B3:B4",
        "merged cells B3:B4",
        None,
    ]


def test_xlsx_totals_and_repeated_header_are_defects(drop: Drop) -> None:
    path = drop(cells(2, "x", "1") + cells(3, "a", "b") + cells(4, "", "Итого"))
    assert [row["_defect"] for row in read(path)] == [None, "header row repeated", "totals row"]


def test_xlsx_header_below_a_title_is_found(drop: Drop) -> None:
    xml = sheet(cells(1, "Stock on hand") + cells(3, "b", "a") + cells(4, "2", "1"))
    path = drop(book(sheets={"Stock": xml}))
    assert read(path, FileFormat("xlsx", header_row=3))[0]["a"] == "1"
    assert "row 2 is blank (the next row with cells is 3)" in refusal(
        path, FileFormat("xlsx", header_row=2)
    )


def test_xlsx_header_only_yields_no_batch_and_a_blank_sheet_is_refused(drop: Drop) -> None:
    assert read(drop("")) == []
    message = refusal(drop(book(sheets={"Stock": sheet("")})))
    assert "sheet 'Stock': row 1 is blank (the sheet ends before it)" in message


def test_xlsx_missing_column_names_the_sheet_file_and_column(drop: Drop) -> None:
    message = refusal(drop(book(sheets={"Stock": sheet(cells(1, "A.", "b"))})))
    assert "column 'a' is missing (1 of 2 found; did you mean 'A.'?)" in message


def test_xlsx_too_many_columns_is_refused(drop: Drop) -> None:
    header = "".join("<c><v>1</v></c>" for _ in range(10_000))
    message = refusal(drop(book(sheets={"Stock": sheet(f"<row>{header}</row>")})))
    assert "the header has 10000 columns, expected 1000 at most" in message


def test_xlsx_cells_right_of_the_header_are_ignored(drop: Drop) -> None:
    rows = '<row r="2"><c r="A2"><v>1</v></c><c r="XFD2"><v>9</v></c></row>'
    assert read(drop(rows))[0]["_defect"] is None


def test_xlsx_full_sheet_is_refused(drop: Drop) -> None:
    message = refusal(drop(cells(2, "x") + '<row r="1048576"><c><v>1</v></c></row>'))
    assert "the sheet is full to its last row (1048576)" in message


def test_xlsx_missing_sheet_lists_what_is_there(drop: Drop) -> None:
    xml = sheet(HEADER)
    path = drop(book(sheets={"Stock 2026": xml, "Old": xml}, states={"Old": "hidden"}))
    assert (
        "sheet 'Stock 2025' is missing (there is 'Stock 2026', 'Old' (hidden); did you mean "
        "'Stock 2026'?), expected the declared sheet"
    ) in refusal(path, FileFormat("xlsx", sheet="Stock 2025"))


def test_xlsx_hidden_sheet_is_never_read(drop: Drop) -> None:
    seen = sheet(HEADER + cells(2, "seen"))
    hidden = sheet(HEADER + cells(2, "hidden"))
    path = drop(book(sheets={"Old": hidden, "Stock": seen}, states={"Old": "veryHidden"}))
    assert values(path) == ["seen"]
    assert "sheet 'Old' is hidden, expected" in refusal(path, FileFormat("xlsx", sheet="Old"))


def test_xlsx_several_sheets_need_a_name(drop: Drop) -> None:
    path = drop(book(sheets={"One": sheet(HEADER), "Two": sheet(HEADER + cells(2, "2"))}))
    assert "the workbook has 2 visible sheets ('One', 'Two'), expected one" in refusal(path)
    assert read(path, FileFormat("xlsx", sheet="Two"))[0]["a"] == "2"


def test_xlsx_part_names_of_another_case_are_found(drop: Drop) -> None:
    parts = book('<row r="2"><c r="A2" t="s"><v>0</v></c></row>', texts="<si><t>x</t></si>")
    parts["xl/SharedStrings.xml"] = parts.pop("xl/sharedStrings.xml")
    assert values(drop(parts)) == ["x"]


def test_xlsx_prefixed_tags_are_read(drop: Drop) -> None:
    parts = book()
    parts["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is>'
        '<x:t>a</x:t></x:is></x:c></x:row><x:row r="2"><x:c r="A2"><x:v>7</x:v></x:c></x:row>'
        '</x:sheetData><x:mergeCells><x:mergeCell ref="A2:A3"/></x:mergeCells></x:worksheet>'
    )
    (row,) = read(drop(parts))
    assert (row["a"], row["_defect"]) == ("7", "merged cells A2:A3")


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


def test_xlsx_nul_and_lone_surrogate_escapes_are_safe(drop: Drop) -> None:
    (row,) = read(drop(cells(2, "a_x0000_b", "_xD800_")))
    assert (row["a"], row["b"]) == ("a␀b", "_xD800_")
    assert row["_defect"] == "cell A2 holds a NUL character (shown as ␀)"


@pytest.mark.parametrize(
    ("number", "code", "shows"),
    [
        (0, "General", ""),
        (14, "", "date"),
        (22, "", "moment"),
        (45, "", "time"),
        (46, "", ""),
        (164, "yyyy-mm-dd", "date"),
        (164, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "date"),
        (164, "dd.mm.yyyy hh:mm", "moment"),
        (164, "hh:mm:ss", "time"),
        (164, "mmmm", "date"),
        (164, "[h]:mm:ss", ""),
        (164, '#,##0.00 "дней";[Red]-0', ""),
        (164, "0.00E+00", ""),
        (164, "[$₴-422]#,##0", ""),
    ],
)
def test_xlsx_number_format_shows_a_date(number: int, code: str, shows: str) -> None:
    assert format_shows(number, code) == shows


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_xlsx_any_money_amount_survives_the_double(amount: Decimal) -> None:
    # Seventeen digits, as Excel writes them.
    written = number_text(f"{float(amount):.17g}")
    assert Decimal(written) == amount
    assert "e" not in written.lower()


@given(st.dates(min_value=date(1900, 3, 1)))
def test_xlsx_any_date_survives_the_serial(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert date_text(str(serial), "date", False) == day.isoformat()


def test_xlsx_agrees_with_calamine_where_calamine_is_exact(drop: Drop) -> None:
    chance = random.Random(3)
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n:06d}</t></is></c>'
        f'<c r="B{n}"><v>{round(chance.uniform(-1e6, 1e6), 2)!r}</v></c></row>'
        for n in range(2, 2_000)
    )
    path = drop(rows)
    theirs = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_arrow().to_pylist()
    assert [{"a": row["a"], "b": row["b"]} for row in read(path)] == theirs


def test_xlsx_batches_come_while_the_sheet_is_still_unread(drop: Drop) -> None:
    rows = "".join(cells(n, str(n), "x") for n in range(2, 200_002))
    path = drop(rows + '<row r="1"/>')
    batches = read_file(path, "x", WANTED, (), XLSX, batch_rows=10_000)
    assert [next(batches).num_rows for _ in range(15)] == [10_000] * 15
    with pytest.raises(ContractError, match="row 1 follows row 200001"):
        list(batches)


def flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed))
        if chance.random() < 0.3:
            del changed[at : at + chance.randint(1, 20)]
        elif changed:
            changed[at] = chance.randrange(256)
        changed = changed or bytearray(b"x")
    return bytes(changed)


def mutants(parts: Parts, count: int) -> Iterator[bytes]:
    """Change bytes of the archive, or of one part before it is packed."""
    chance = random.Random(20261120)
    names = [name for name in parts if name != "[Content_Types].xml"]
    for turn in range(count):
        if turn % 3 == 0:
            yield flipped(packed(parts), chance)
            continue
        content = io.BytesIO()
        chosen = chance.choice(names)
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in parts.items():
                raw = text.encode()
                archive.writestr(name, flipped(raw, chance) if name == chosen else raw)
        yield content.getvalue()


def test_xlsx_mutated_file_ends_in_rows_or_a_clear_error(drop: Drop) -> None:
    rows = cells(2, "x", "y") + (
        '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" s="1"><v>46346</v></c></row>'
        '<row r="4"><c r="A4"><f>1+1</f><v>2.5</v></c><c r="B4" t="e"><v>#N/A</v></c></row>'
    )
    merged = '<mergeCells><mergeCell ref="B4:B5"/></mergeCells>'
    parts = book(rows, after=merged, texts="<si><t>shared</t></si>")
    outcomes = set()
    for content in mutants(parts, 900):
        try:
            outcomes.add(bool(read(drop(content))))
        except DaymartError as error:
            outcomes.add(str(error).startswith("warehouse.wh_stock "))
    assert outcomes <= {True, False}
    assert True in outcomes
