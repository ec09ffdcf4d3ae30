"""Make workbooks by hand, with a hostile part wherever a case wants one."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from .case import COLUMNS, Case, Content, Held, Row, orders

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
FORMATS = {
    164: '"€"#,##0.00', 165: "0.00%", 166: '"day "0', 167: "[Red]0.00;[Blue]-0.00",
    168: "dd.mm.yyyy", 169: "[h]:mm:ss", 170: "[$-F800]dddd, mmmm dd, yyyy",
}  # fmt: skip
STYLED = (0, 14, 22, *FORMATS)
"""The number formats of the cell styles 0, 1, 2 …: general, date, moment, then the own ones."""
DATE, MOMENT, EURO, PERCENT, DAY_WORD, RED, DOTTED, ELAPSED, LONG_DATE = range(1, 10)

Parts = Mapping[str, str | bytes]


def styles() -> str:
    codes = "".join(f"<numFmt numFmtId='{n}' formatCode={quoteattr(c)}/>"
                    for n, c in FORMATS.items())  # fmt: skip
    cells = "".join(f'<xf numFmtId="{n}"/>' for n in STYLED)
    return (f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
            f"<cellXfs>{cells}</cellXfs></styleSheet>")  # fmt: skip


def zipped(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # A name with a date of its own would take the clock's.
            member = zipfile.ZipInfo(name)
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def line(at: int, values: Sequence[str], cells: Mapping[str, str], tag: str = "") -> str:
    """Write one row of inline texts; `cells` gives the XML inside a `c` tag for some of them."""
    written = ""
    for column, plain in zip("ABCDEFGHIJKLMNOPQ", values, strict=False):
        inline = f' t="inlineStr"><is><t>{escape(plain)}</t></is>'
        written += f'<c r="{column}{at}"{cells.get(f"{column}{at}", inline)}</c>'
    return f'<row r="{at}"{tag}>{written}</row>'


def table(rows: Sequence[Row], cells: Mapping[str, str]) -> str:
    """Write the header and the rows of a table from A1 on."""
    values = [COLUMNS, *([r[c] for c in COLUMNS] for r in rows)]
    return "".join(line(at, texts, cells) for at, texts in enumerate(values, 1))


def framed(data: str, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def sheet(rows: Sequence[Row], cells: Mapping[str, str] | None = None, after: str = "") -> str:
    """Write a whole sheet."""
    return framed(table(rows, cells or {}), after=after)


def texts(*shared: str) -> str:
    """Write a table of shared texts, each the XML inside an `si` tag."""
    items = "".join(f"<si>{text}</si>" for text in shared)
    return f'<sst xmlns="{MAIN}" count="4000000000" uniqueCount="1">{items}</sst>'


def book(
    rows: Sequence[Any],
    cells: Mapping[str, str] | None = None,
    after: str = "",
    states: Mapping[str, str] | None = None,
    epoch: str = "",
    more: Parts | None = None,
) -> bytes:
    """Make a workbook; `states` maps the names of its sheets to their visibility."""
    return zipped(parts_of(rows, cells, after, states, epoch) | dict(more or {}))


def parts_of(
    rows: Sequence[Any],
    cells: Mapping[str, str] | None = None,
    after: str = "",
    states: Mapping[str, str] | None = None,
    epoch: str = "",
) -> dict[str, str | bytes]:
    """Make the parts of a workbook."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="r1" state="{state}"/>'
        for n, (name, state) in enumerate((states or {"Orders": "visible"}).items(), 1)
    )
    shared = (("worksheet", "sheet.xml"), ("styles", "styles.xml"), ("sharedStrings", "texts.xml"))
    links = "".join(
        f'<Relationship Id="r{n}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(shared, 1)
    )
    return {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{epoch}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/styles.xml": styles(),
        "xl/texts.xml": texts(),
        "xl/sheet.xml": sheet(rows, cells or {}, after),
    }


def xlsx(name: str, content: Content, **options: Any) -> Case:
    """Give a case of a workbook; its binding names the sheet where `sheet` does."""
    binding = {"kind": "xlsx", "sheet": options.pop("sheet", None), **options.pop("binding", {})}
    return Case(name, content, file="orders.xlsx", binding=binding, **options)


def good(name: str, cells: Mapping[str, str], **stored: Any) -> Case:
    """Expect the cells of the second order to be stored as these values."""
    return xlsx(name, book(orders(2), cells), rows=2, stored={"S00002": stored})


def bad(name: str, reference: str, xml: str, saw: str) -> Case:
    """Expect the row of one bad cell of a workbook to be held."""
    reject = Held(3, "", "row_shape", f"cell {reference} {saw}")
    return xlsx(name, book(orders(3), {reference: xml}), rows=3, held=(reject,))


def typed(name: str, column: str, reference: str, xml: str, value: str) -> Case:
    """Expect the row of a readable cell to be held, as its column takes no such value."""
    reject = Held(3, column, "type", value)
    return xlsx(name, book(orders(3), {reference: xml}), rows=3, held=(reject,))


def number(value: str, style: int = 0) -> str:
    """Write a cell that holds a number."""
    return f' s="{style}"><v>{value}</v>'
