"""Xlsx drops: exact text from real workbooks, and one clear sentence for every bad one."""

import io
import random
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import fastexcel
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbooks import (
    HEADER,
    MAIN,
    WANTED,
    XLSX,
    Drop,
    Parts,
    book,
    cells,
    dropping,
    packed,
    read,
    refusal,
    sheet,
)

from daymart.errors import ContractError, DaymartError
from daymart.sources.files import FileFormat, read_file
from daymart.sources.xlsx_values import date_text, format_shows, number_text


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return dropping(tmp_path)


def values(path: Path) -> list[str | None]:
    return [row["a"] for row in read(path)]


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
