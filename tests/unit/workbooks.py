"""Workbooks made by hand, part by part, and how tests read them."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from daymart.errors import ContractError
from daymart.sources.files import FileFormat, read_file

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


def dropping(folder: Path) -> Drop:
    """Return a function that writes a workbook of parts, bytes or rows into a folder."""

    def write(content: Parts | bytes | str, **options: Any) -> Path:
        path = folder / "stock.xlsx"
        if isinstance(content, str):
            content = packed(book(content, **options))
        path.write_bytes(content if isinstance(content, bytes) else packed(content))
        return path

    return write


def read(path: Path, fmt: FileFormat = XLSX, **options: Any) -> list[dict[str, Any]]:
    wanted = options.pop("wanted", WANTED)
    batches = read_file(path, "warehouse.wh_stock stock.xlsx", wanted, {"b"}, fmt, **options)
    return [row for batch in batches for row in batch.to_pylist()]


def refusal(path: Path, fmt: FileFormat = XLSX) -> str:
    with pytest.raises(ContractError) as caught:
        read(path, fmt)
    message = str(caught.value)
    assert message.startswith("warehouse.wh_stock stock.xlsx")
    return message
