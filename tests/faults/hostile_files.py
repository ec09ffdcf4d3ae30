"""The corpus of hostile files: how each is made and what must become of it."""

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from daymart.contracts.model import Column, Feed, Table

FEED, TABLE = "sales", "so_order"
COLUMNS = (
    "order_id", "number", "customer_id", "order_date", "currency", "prepaid",
    "state", "amount", "lines", "confirmed_at", "note",
)  # fmt: skip
Row = Mapping[str, str]


def hostile_feed(sales: Feed) -> Feed:
    """Narrow the sales contract to its orders, with a column of every type and row rule."""
    table = sales.table(TABLE)
    own = [c for c in table.columns if c.name in COLUMNS]
    more = [
        Column("state", "text", "State.", required=True, allowed=("open", "done")),
        Column("amount", "numeric(18,2)", "Amount.", required=True),
        Column("lines", "integer", "Lines.", required=True, minimum=Decimal(0)),
        Column("confirmed_at", "timestamptz", "Moment.", required=False),
        Column("note", "text", "Note.", required=False),
    ]
    orders: Table = replace(table, columns=(*own, *more), promises=())
    return replace(sales, tables=(orders,))


@dataclass(frozen=True)
class Held:
    """A row that must wait in quarantine, and the first rule it broke."""

    row: int
    column: str
    rule: str
    value: str | None


@dataclass(frozen=True)
class Case:
    """One file, its binding and what must become of it.

    Accepted: `rows` records, all of them in raw but the `held` ones. Refused: `says` lists parts
    of the message. `stored` maps an order to values its raw row must hold exactly.
    """

    name: str
    content: bytes | Callable[[], bytes] | None
    file: str = "orders.csv"
    binding: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 0
    held: tuple[Held, ...] = ()
    says: tuple[str, ...] = ()
    exit_code: int = 6
    starts: str = ""
    stored: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    extra: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        return bool(self.says)

    @property
    def is_judged(self) -> bool:
        """Tell a file that could be read and was refused for what stood in it."""
        return self.starts.startswith("sales 2026")

    def made(self) -> bytes | None:
        """Give the file's bytes; None: there is no file."""
        return self.content() if callable(self.content) else self.content


def order(number: int, /, **changes: str) -> dict[str, str]:
    """Give one sound order as text, with changes."""
    sound = {
        "order_id": f"S{number:05}", "number": f"S{number:05}", "customer_id": "C1",
        "order_date": "2026-11-20", "currency": "EUR", "prepaid": "true", "state": "open",
        "amount": "10.50", "lines": "2", "confirmed_at": "2026-11-20T09:30:00", "note": "",
    }  # fmt: skip
    return sound | changes


def orders(count: int) -> list[dict[str, str]]:
    """Give sound orders numbered from 1."""
    return [order(n) for n in range(1, count + 1)]


def text(rows: Iterable[Row], columns: Iterable[str] = COLUMNS, **dialect: Any) -> str:
    """Write rows as csv text with a header."""
    out = io.StringIO()
    columns = list(columns)
    writer = csv.writer(out, lineterminator="\n", **dialect)
    writer.writerow(columns)
    writer.writerows([row.get(c, "") for c in columns] for row in rows)
    return out.getvalue()


THREE = text(orders(3))
HEAD, *LINES = THREE.splitlines(keepends=True)
LAST = LINES[2]


def shape(name: str, body: str, row: int, saw: str, rows: int = 3, **options: Any) -> Case:
    """Expect one row of a file to be held for its shape."""
    held = (Held(row, "", "row_shape", saw),)
    return Case(name, (HEAD + body).encode(), rows=rows, held=held, **options)


def accepted(name: str, content: str | bytes, rows: int = 3, **options: Any) -> Case:
    """Expect every row of a file in raw."""
    return Case(
        name, content.encode() if isinstance(content, str) else content, rows=rows, **options
    )


def refused(
    name: str, content: str | bytes | Callable[[], bytes], *says: str, **options: Any
) -> Case:
    """Expect a file to be refused whole with a message that says this."""
    made = content.encode() if isinstance(content, str) else content
    return Case(name, made, says=says, **options)


CYRILLIC = text([order(1), order(2, note="Отгрузка по договору"), order(3)])
LOGIN = '<!DOCTYPE html><html><title>Sign in</title><form><input type="password"></form></html>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TOTALS = "Итого,,,,,,,31.50,6,,\n"
ZIPPED = gzip.compress(text(orders(2000)).encode())


def late_byte() -> bytes:
    """Hide an invalid byte far behind the first batch of rows."""
    made = text(orders(60_000)).encode()
    return made.replace(b"S55000,S55000", b"S55000,\xffS5000")


ENCODINGS = (
    accepted("utf-8 mark", b"\xef\xbb\xbf" + THREE.encode()),
    refused("cp1251 as utf-8", CYRILLIC.encode("cp1251"), "byte 0xCE at offset",
            "(line 3)", "reads as cp1251", "utf-8 as declared"),
    accepted("cp1251 declared", CYRILLIC.encode("cp1251"), binding={"encoding": "cp1251"},
             stored={"S00002": {"note": "Отгрузка по договору"}}),
    refused("utf-8 as cp1251", CYRILLIC, "utf-8 by its letters", binding={"encoding": "cp1251"}),
    refused("utf-16 as utf-8", THREE.encode("utf-16"), "utf-16-le by its byte order mark"),
    refused("utf-16 without mark", THREE.encode("utf-16-le"), "utf-16-le by its zero bytes"),
    accepted("utf-16 declared", THREE.encode("utf-16"), binding={"encoding": "utf-16"}),
    refused("mixed encodings", CYRILLIC.encode() + "S4,накладная".encode("cp1251"), "(line 5)"),
    refused("invalid byte late", late_byte, "byte 0xFF at offset", "(line 55001)"),
    refused("surrogate in utf-8", THREE.encode().replace(b"C1", b"\xed\xa0\x80", 1), "(line 2)"),
)  # fmt: skip

HEADERS = (
    refused("semicolons", text(orders(3), delimiter=";"), "delimiter looks like ';'"),
    accepted("tabs declared", text(orders(3), delimiter="\t"), binding={"delimiter": "\t"}),
    refused("column renamed", THREE.replace("customer_id", "customerId"),
            "'customer_id' is missing (10 of 11 found; did you mean 'customerId'?)"),
    refused("nullable column absent", text(orders(3), COLUMNS[:-1]), "'note' is missing"),
    refused("columns absent", text(orders(3), COLUMNS[:3]), "are missing (3 of 11 found"),
    accepted("column mapped", THREE.replace("customer_id", "Клиент"),
             binding={"columns": {"customer_id": "Клиент"}}),
    accepted("extra column", text(orders(3), [*COLUMNS[:4], "margin", *COLUMNS[4:]]),
             extra=("margin",)),
    accepted("reordered columns", text(orders(3), COLUMNS[::-1])),
    refused("header doubled", text(orders(3), [*COLUMNS, "amount"]), "'amount' stands 2 times",
            "columns 8, 12"),
    accepted("extra header doubled", text(orders(3), [*COLUMNS, "x", "x"]), extra=("x",)),
    accepted("hostile header", text(orders(3), [*COLUMNS, '"; drop table raw.so_order; --']),
             extra=('"; drop table raw.so_order; --',)),
    accepted("strange headers", text(orders(3), [*COLUMNS, "select", "Ж" * 200, "🚚", "Amount"]),
             extra=("Amount", "select", "Ж" * 200, "🚚")),
    refused("hostile header instead", THREE.replace("note", "\x1b[2Jno\u202ete"), "'note'"),
    refused("ten thousand columns", text(orders(1), [*COLUMNS, *map(str, range(9989))]),
            "10000 columns", "1000 at most"),
    refused("NUL in header", THREE.replace("note", "no\0te"), "line 1: NUL"),
    accepted("title above the header", "Orders\n\n" + THREE, binding={"header_row": 3}),
    refused("title undeclared", "Orders of the day\n" + THREE, "are missing (0 of 11 found"),
)  # fmt: skip

SHAPES = (
    shape("header twice", LINES[0] + HEAD + LINES[1], 3, "header row repeated"),
    shape("totals row", "".join(LINES) + TOTALS, 5, "totals row", rows=4),
    shape("too few fields", LINES[0] + "S00002,S00002\n" + LAST, 3, "2 fields, expected 11"),
    shape("too many fields", LINES[0] + "x," + LINES[1] + LAST, 3, "12 fields, expected 11"),
    shape("NUL", LINES[0] + LINES[1].replace("C1", "C\0") + LAST, 3, "NUL character (shown as ␀)"),
    shape("stray quote", LINES[0] + LINES[1].replace("C1", '"C"1') + LAST, 3,
          "text after a closing quote"),
    refused("quote never closed", HEAD + LINES[0] + '"' + LINES[1] + LAST,
            "quote opened at line 3"),
    accepted("newline in a field", text([order(1), order(2, note="a\nb\r\nc"), order(3)]),
             stored={"S00002": {"note": "a\nb\r\nc"}}),
    accepted("blank rows", HEAD + "\n" + LINES[0] + " , , , , , , , , , , \n" + LINES[1] + LAST),
    accepted("carriage returns only", THREE.replace("\n", "\r")),
    accepted("no last line break", THREE.rstrip("\n")),
    refused("empty", b"", "the file is empty (0 bytes)"),
    refused("blank", b"\n\n", "line 1 is blank"),
    Case("header only", HEAD.encode(), rows=0),
    Case("no file", None, says=("no file orders.csv",), exit_code=3,
         starts="sales.so_order 2026-11-20"),
    refused("huge field", text([order(1, note="x" * 140_000)]), "line 2, column 11",
            "131072 at most"),
    accepted("large field", text([order(2, note="x" * 100_000)]), rows=1,
             stored={"S00002": {"note": "x" * 100_000}}),
    Case("key too long for an index", text([order(1), order(2, order_id="Я" * 1001)]).encode(),
         rows=2, held=(Held(3, "order_id", "key_length", "Я" * 200 + "…"),)),
    Case("doubled key", text([order(1), order(2), order(2, amount="7"), order(3)]).encode(),
         rows=4, held=tuple(Held(n, "order_id", "duplicate_key", "S00002") for n in (3, 4))),
    accepted("gzip", gzip.compress(THREE.encode()), file="orders.csv.gz"),
    refused("gzip cut short", ZIPPED[: len(ZIPPED) // 2], "gzip data is cut short",
            file="orders.csv.gz"),
    refused("gzip damaged", ZIPPED[:200] + b"\0\xff" * 8 + ZIPPED[216:], "gzip data is damaged",
            file="orders.csv.gz"),
    refused("gzip bomb", lambda: gzip.compress(HEAD.encode() + (b"x" * 999 + b"\n") * 30_000),
            "expands to", "200 times at most", file="orders.csv.gz"),
    refused("csv named gz", THREE, "the content is plain text", file="orders.csv.gz"),
)  # fmt: skip

DISGUISES = (
    refused("login page", LOGIN, "an HTML login page", "csv text"),
    refused("PNG image", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "a PNG image"),
    refused("PDF", b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
    refused("zip", lambda: zipped({"orders.csv": THREE}), "a zip archive of 1 file(s)"),
    refused("workbook named csv", lambda: book(orders(1)), "an Excel workbook (.xlsx)"),
    refused("gzip named csv", ZIPPED, "gzip-compressed data"),
    refused("JSON", b'{"error": "unauthorised"}', "a JSON document"),
    refused("binary", bytes(range(32)) * 40, "binary data"),
)


@dataclass(frozen=True)
class Value:
    """One value in a column of an order: held by `rule`, or stored as `gives` (None: as seen)."""

    column: str
    seen: str
    rule: str = ""
    gives: Any = None
    locale: str = "dot"

    @property
    def name(self) -> str:
        return f"{self.column}-{self.seen.encode('unicode_escape').decode()[:24]}-{self.locale}"


LOCALES: Mapping[str, tuple[Row, Mapping[str, Any]]] = {
    "dot": ({}, {}),
    "comma": ({"amount": "10,50"}, {"decimal": ",", "thousands": " ", "delimiter": ";"}),
    "day": ({"order_date": "20.11.2026"}, {"date": "%d.%m.%Y"}),
    "offset": ({"confirmed_at": "2026-11-20T09:30:00Z"}, {"timestamp": "%Y-%m-%dT%H:%M:%S%z"}),
    "kyiv": ({}, {"timezone": "Europe/Kyiv"}),
}
"""What sound rows hold in a file of another country, and its binding."""

NO_AMOUNTS = (
    "-", "1e5", "NaN", "inf", "-Infinity", "N/A", "+1", "0x10", "1_000", "٣", "−5", " 5", "5 ",
    "5.", "(1 234)", "1 234,56", "1\u00a0234.56", "99999999999999999", "9" * 50, "0.125",
    "10.501", "#REF!",
)  # fmt: skip
TEXTS = (
    "00123", "40702810900000012345", "1E10", "TRUE", "NaN", "N/A", "-0", "null", " padded ",
    '=HYPERLINK("http://x","y")', "+1", "@x", "\t=1", "<script>alert(1)</script>",
    "\x1b[31mred\x1b[0m", "\u202egnp.exe", "zero\u200bwidth", "e\u0301 \u00e9", "🚚", "\x01",
    "'); drop table raw.so_order; --", "\\N", "\\.", '""', "%s {0} $1",
    '{"a": 1}', "\ufeff", "46346",
)  # fmt: skip
VALUES = (
    *(Value("amount", seen, "type") for seen in NO_AMOUNTS),
    *(Value("note", seen) for seen in TEXTS),
    Value("amount", "-0", gives=Decimal("0.00")),
    Value("amount", "000.500000", gives=Decimal("0.50")),
    Value("amount", "9999999999999999.99", gives=Decimal("9999999999999999.99")),
    Value("amount", "", "required"),
    Value("amount", "1 234,56", gives=Decimal("1234.56"), locale="comma"),
    Value("amount", "1\u00a0234,56", gives=Decimal("1234.56"), locale="comma"),
    Value("amount", "-1\u202f234\u00a0567,8", gives=Decimal("-1234567.80"), locale="comma"),
    Value("amount", "1234,5", gives=Decimal("1234.50"), locale="comma"),
    *(Value("amount", seen, "type", locale="comma") for seen in (
        "1234.56", "12 34,56", "1  234,56", "1,234,56", "(1 234)", "- 5", "1 234 56",
    )),
    Value("number", "000042"),
    Value("lines", "007", gives=7),
    *(Value("lines", seen, "type") for seen in ("2147483648", "1.0", "1e1", "two")),
    Value("lines", "-1", "minimum"),
    *(Value("prepaid", seen, "type") for seen in ("TRUE", "yes", "да", "2")),
    Value("prepaid", "0", gives=False),
    Value("prepaid", "", "required"),
    *(Value("state", seen, "allowed") for seen in ("Open", " open", "cancelled")),
    *(Value("currency", seen, "pattern") for seen in ("eur", "EURO", "€")),
    *(Value("order_date", seen, "type") for seen in (
        "31.02.2026", "2026-02-31", "01.02.03", "46346", "2026-13-01", "2026-1-5", "0000-01-01",
        "10000-01-01", "-001-01-01", "20261120", "2026-11-20T00:00:00", "today",
    )),
    Value("order_date", "", "required"),
    Value("order_date", "29.02.2024", gives="2024-02-29", locale="day"),
    *(Value("order_date", seen, "type", locale="day") for seen in (
        "31.02.2026", "29.02.2026", "01.02.03", "11/20/2026", "2026-11-20", "1.2.2026",
    )),
    *(Value("confirmed_at", seen, "type") for seen in (
        "2026-11-20T10:00:00+02:00", "2026-11-20T10:00:00Z", "2026-11-20", "2026-11-20 10:00:00",
        "2026-11-20T24:00:00", "2026-11-20T10:00:60", "0000-01-01T00:00:00",
    )),
    Value("confirmed_at", "9999-12-31T23:59:59", gives="9999-12-31 23:59:59+00:00"),
    Value("confirmed_at", "2026-03-29T03:30:00", "type", locale="kyiv"),
    Value("confirmed_at", "2026-03-29T04:00:00", gives="2026-03-29 01:00:00+00:00", locale="kyiv"),
    Value("confirmed_at", "2026-11-20T10:00:00+0200", gives="2026-11-20 08:00:00+00:00",
          locale="offset"),
    Value("confirmed_at", "2026-11-20T10:00:00-03:30", gives="2026-11-20 13:30:00+00:00",
          locale="offset"),
    Value("confirmed_at", "2026-11-20T10:00:00", "type", locale="offset"),
    Value("confirmed_at", "9999-12-31T23:59:59-05:00", "type", locale="offset"),
)  # fmt: skip


def values_of(locale: str) -> tuple[list[Value], bytes]:
    """Give the values of one locale and the file that holds one of them in each row."""
    sound, binding = LOCALES[locale]
    chosen = [v for v in VALUES if v.locale == locale]
    made = (order(n, **{**sound, v.column: v.seen}) for n, v in enumerate(chosen, 1))
    return chosen, text(made, delimiter=binding.get("delimiter", ",")).encode()


KEYS_APART = text([order(1, order_id="é"), order(2, order_id="e\u0301"), order(3, order_id="E")])
MANY = [order(n, amount="?") if n % 10 == 0 else order(n) for n in range(1, 101)]
LIMITS = (
    accepted("twins that only look alike", KEYS_APART),
    Case(
        "rejects within the limit",
        text(MANY).encode(),
        rows=100,
        held=tuple(Held(n + 1, "amount", "type", "?") for n in range(10, 101, 10)),
    ),
    refused(
        "rejects over the limit",
        text([*MANY, order(101, amount="?")]),
        "landing.reject_share failed on sales.so_order",
        "11 of 101 rows held back",
        starts="sales 2026-11-20",
    ),
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
          '<xf numFmtId="22"/></cellXfs></styleSheet>')  # fmt: skip


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet(rows: list[Row], cells: Mapping[str, str], after: str = "") -> str:
    """Write a sheet of inline texts; `cells` gives the XML inside a `c` tag for some of them."""
    lines = []
    for at, values in enumerate([COLUMNS, *([r[c] for c in COLUMNS] for r in rows)], 1):
        line = ""
        for column, plain in zip("ABCDEFGHIJK", values, strict=True):
            ref = f"{column}{at}"
            inline = f' t="inlineStr"><is><t>{escape(plain)}</t></is>'
            line += f'<c r="{ref}"{cells.get(ref, inline)}</c>'
        lines.append(f'<row r="{at}">{line}</row>')
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>{after}</worksheet>'


def book(
    rows: list[Any],
    cells: Mapping[str, str] | None = None,
    after: str = "",
    states: Mapping[str, str] | None = None,
    epoch: str = "",
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Make a workbook; `states` maps the names of its sheets to their visibility."""
    states = states or {"Orders": "visible"}
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="r1" state="{state}"/>'
        for n, (name, state) in enumerate(states.items(), 1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(
            (("worksheet", "sheet.xml"), ("styles", "styles.xml")), 1
        )
    )
    parts: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{epoch}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sheet.xml": sheet(rows, cells or {}, after),
    }
    return zipped({**parts, **(more or {})})


def xlsx(name: str, content: bytes | Callable[[], bytes], **options: Any) -> Case:
    """Give a case of a workbook; its binding names the sheet where `sheet` does."""
    binding = {"kind": "xlsx", "sheet": options.pop("sheet", None)}
    return Case(name, content, file="orders.xlsx", binding=binding, **options)


def cell(name: str, reference: str, xml: str, saw: str) -> Case:
    """Expect the row of one bad cell of a workbook to be held."""
    held = Held(3, "", "row_shape", f"cell {reference} {saw}")
    return xlsx(name, book(orders(3), {reference: xml}), rows=3, held=(held,))


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
FETCH = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
WORKBOOKS = (
    xlsx("workbook", book(orders(3)), rows=3),
    xlsx("typed cells", book(orders(2), {
        "D3": ' s="1"><v>46346</v>', "F3": ' t="b"><v>1</v>', "H3": "><v>1234.5600000000001</v>",
        "I3": "><v>2</v>", "J3": ' s="2"><v>46346.75</v>',
    }), rows=2, stored={"S00002": {"amount": Decimal("1234.56"), "order_date": "2026-11-20",
                                   "confirmed_at": "2026-11-20 18:00:00+00:00"}}),
    xlsx("dates from 1904", book(orders(2), {"D3": ' s="1"><v>44884</v>'},
         epoch='<workbookPr date1904="1"/>'), rows=2,
         stored={"S00002": {"order_date": "2026-11-20"}}),
    xlsx("formula with its value", book(orders(2), {"H3": "><f>1+1</f><v>2</v>"}), rows=2,
         stored={"S00002": {"amount": Decimal("2.00")}}),
    cell("formula without its value", "H3", "><f>1+1</f>", "holds a formula without a saved value"),
    cell("error cell", "H3", ' t="e"><v>#REF!</v>', "holds #REF!"),
    cell("number of twenty digits", "K3", "><v>40702810900000012345</v>",
         "holds 40702810900000012345 as a number, whose last digits Excel does not keep"),
    xlsx("merged cells", book(orders(3), {"A4": ">"},
         '<mergeCells><mergeCell ref="A3:A4"/></mergeCells>'),
         rows=3, held=tuple(Held(n, "", "row_shape", "merged cells A3:A4") for n in (3, 4))),
    xlsx("sheet renamed", book(orders(1)), sheet="Order",
         says=("sheet 'Order' is missing", "'Orders'?")),
    xlsx("sheet hidden", book(orders(1), states={"Orders": "hidden"}), sheet="Orders",
         says=("sheet 'Orders' is hidden",)),
    xlsx("two sheets", book(orders(1), states={"Orders": "visible", "Old": "visible"}),
         says=("2 visible sheets", "Name the sheet")),
    xlsx("encrypted", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
         says=("a password-protected Office file",)),
    xlsx("xls renamed", OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), says=("(.xls)",)),
    xlsx("HTML renamed", LOGIN.encode(), says=("an HTML login page",)),
    xlsx("csv renamed", THREE.encode(), says=("plain text, perhaps csv",)),
    xlsx("macros", book(orders(1), more={"xl/vbaProject.bin": b"x"}), says=("(.xlsm)",)),
    xlsx("cut short", book(orders(50))[:-300], says=("zip archive",)),
    xlsx("zip bomb", lambda: book(orders(1), more={"xl/media/a.bin": b"\0" * 30_000_000}),
         says=("expands to", "200 times at most")),
    xlsx("entity bomb", book([], more={"xl/sheet.xml": BOMB}), says=("document type",)),
    xlsx("external entity", book([], more={"xl/sheet.xml": FETCH}), says=("document type",)),
    xlsx("path traversal", book(orders(1), more={"../../etc/cron.d/x": "x"}), says=("outside it",)),
    xlsx("XML cut short", book([], more={"xl/sheet.xml": "<worksheet><sheetData>"}),
         says=("not valid XML",)),
    xlsx("empty workbook file", b"", says=("empty (0 bytes)",)),
)  # fmt: skip

CASES = (*ENCODINGS, *HEADERS, *SHAPES, *DISGUISES, *LIMITS, *WORKBOOKS)
