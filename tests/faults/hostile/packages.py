"""E9: workbooks made to do harm: to memory, to time, to what lies beside them."""

import io
import zipfile
from typing import Any

from .case import THREE, Case, orders
from .workbook import book, parts_of, sheet, xlsx, zipped

ENTITIES = '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">'
    for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
)
LAUGHS = f"<!DOCTYPE x [{ENTITIES}]><worksheet>&i;</worksheet>"
FETCH = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://localhost/x.dtd"> %a;]><worksheet/>'
REMOTE = '<!DOCTYPE x SYSTEM "http://localhost/x.dtd"><worksheet/>'


def part(name: str, content: str | bytes, *says: str, of: str = "xl/sheet.xml") -> Case:
    """Refuse a workbook for one of its parts."""
    return xlsx(name, book(orders(1), more={of: content}), says=says)


def member(name: str, path: str) -> Case:
    """Refuse a workbook for the path of a member, though nothing is ever unpacked to disk."""
    return xlsx(name, book(orders(1), more={path: "x"}), says=("has a member outside it",))


def declaring(field: int, size: int, count: int = 4) -> bytes:
    """Make a workbook whose list of members tells another size of the sheet than is true.

    `field` is the place of the number within an entry of the list.
    """
    made = bytearray(book(orders(1)))
    entry = made.rindex(b"PK\x01\x02", 0, made.rindex(b"xl/sheet.xml"))
    made[entry + field : entry + field + count] = size.to_bytes(count, "little")
    return bytes(made)


def packed_by(method: int) -> bytes:
    """Make a workbook whose members another method packs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts_of(orders(1)).items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def doubled() -> bytes:
    """Make a workbook with two sheets of one name, of which programs see one or the other."""
    out = io.BytesIO(book(orders(1)))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(zipfile.ZipInfo("xl/SHEET.xml"), sheet(orders(2)))
    return out.getvalue()


def without(part: str) -> bytes:
    return zipped({name: made for name, made in parts_of(orders(1)).items() if name != part})


def full_of(rows: int) -> bytes:
    """Make a sheet of rows that pack to nothing."""
    data = f"<row>{'<c><v>1</v></c>' * 11}</row>" * rows
    return book([], more={"xl/sheet.xml": f"<worksheet><sheetData>{data}</sheetData></worksheet>"})


def rejected(name: str, content: Any, *says: str) -> Case:
    return xlsx(name, content, says=says)


SIZE, PACKED, FLAGS = 24, 20, 8
BOMBS = (
    rejected("E9 zip bomb", lambda: book([], more={"xl/media/a.bin": b"\0" * 30_000_000}),
             "expands to", "200 times at most"),
    rejected("E9 zip bomb in the sheet", lambda: full_of(200_000), "expands to",
             "200 times at most"),
    rejected("E9 zip bomb of small members", lambda: zipped(parts_of(orders(1)) | {
        f"xl/media/{n}.bin": b"\0" * 9_000_000 for n in range(10)}), "expands to"),
    rejected("E9 huge size declared", declaring(SIZE, 2**32 - 2), "expands to"),
    rejected("E9 small size declared", declaring(SIZE, 10), "cannot be unpacked"),
    rejected("E9 huge packed size declared", declaring(PACKED, 2**31), "members that claim"),
    rejected("E9 encrypted member", declaring(FLAGS, 1, 2), "is encrypted"),
    rejected("E9 packed by LZMA", packed_by(zipfile.ZIP_LZMA), "is packed by method 14"),
    rejected("E9 packed by bzip2", packed_by(zipfile.ZIP_BZIP2), "is packed by method 12"),
    rejected("E9 ten thousand members", lambda: zipped(parts_of(orders(1)) | {
        f"m{n}": "" for n in range(10_001)}), "10007 members"),
    rejected("E9 overlong list of members", lambda: zipped(parts_of(orders(1)) | {
        f"{'n' * 60_000}{n}": "" for n in range(80)}), "overlong list of members"),
    rejected("E9 two members of one name", doubled, "two members of one name"),
    part("E9 zip in a workbook, for its sheet", zipped({"a.csv": THREE}), "not valid XML"),
    xlsx("E9 zip in a workbook, beside its sheet", book(orders(3), more={
        "xl/media/a.zip": zipped({"a.csv": THREE})}), rows=3),
)  # fmt: skip

ENTITY = (
    part("E9 billion laughs", LAUGHS, "document type"),
    part("E9 billion laughs in the texts", LAUGHS, "document type", of="xl/texts.xml"),
    part("E9 billion laughs in the styles", LAUGHS, "document type", of="xl/styles.xml"),
    part("E9 billion laughs in the workbook", LAUGHS, "document type", of="xl/workbook.xml"),
    part("E9 billion laughs in the links", LAUGHS, "document type",
         of="xl/_rels/workbook.xml.rels"),
    part("E9 external entity", FETCH, "document type"),
    part("E9 external parameter entity", PARAMETER, "document type"),
    part("E9 external document type", REMOTE, "document type"),
    part("E9 unknown entity", "<worksheet>&nbsp;</worksheet>", "not valid XML"),
)  # fmt: skip

PATHS = (
    member("E9 path traversal", "../../etc/cron.d/x"),
    member("E9 path traversal by backslash", "..\\..\\x"),
    member("E9 absolute path", "/etc/cron.d/x"),
    member("E9 path of a drive", "C:/x"),
    rejected("E9 path of 60,000 letters outside",
             book(orders(1), more={f"../{'n' * 60_000}": "x"}), "has a member outside it"),
    part("E9 sheet linked outside", '<Relationships><Relationship Id="r1" Type="x/worksheet"'
         ' Target="../../../etc/passwd"/></Relationships>', "part 'etc/passwd' is missing",
         of="xl/_rels/workbook.xml.rels"),
    part("E9 sheet linked to a server", '<Relationships><Relationship Id="r1" TargetMode="External"'
         ' Type="x/worksheet" Target="http://localhost/x"/></Relationships>', "no worksheet",
         of="xl/_rels/workbook.xml.rels"),
    part("E9 workbook linked to itself", '<Relationships><Relationship Id="r1" Type="x/worksheet"'
         ' Target="workbook.xml"/></Relationships>', "row 1 is blank",
         of="xl/_rels/workbook.xml.rels"),
)  # fmt: skip

PARTS = (
    part("E4 sheet empty", "", "part 'xl/sheet.xml' is not valid XML"),
    part("E4 sheet cut short", "<worksheet><sheetData>", "not valid XML"),
    part("E1 sheet in utf-16", sheet(orders(1)).encode("utf-16"), "the sheet's XML is in UTF-16"),
    part("E1 sheet in cp1251 undeclared",
         sheet(orders(1, note="счёт")).encode("cp1251"), "not valid XML"),
    part("E1 sheet in an unknown encoding",
         '<?xml version="1.0" encoding="x"?>' + sheet(orders(1)), "not valid XML"),
    part("E3 control code in a cell", sheet(orders(1, note="\x1b")), "not valid XML"),
    part("E9 tags within tags", "<worksheet>" + "<a>" * 100, "nests more than 64 tags"),
    part("E9 tag of 20 MB", "<worksheet a='" + "".join(f"{n:08x}" for n in range(2_500_000)),
         "holds a tag of more than"),
    part("E4 styles damaged", "<styleSheet", "part 'xl/styles.xml' is not valid XML",
         of="xl/styles.xml"),
    part("E4 styles of no numbers", '<styleSheet><cellXfs><xf numFmtId="-1e9"/></cellXfs>'
         "</styleSheet", "not valid XML", of="xl/styles.xml"),
    rejected("E4 sheet missing", without("xl/sheet.xml"), "part 'xl/sheet.xml' is missing"),
    rejected("E4 texts missing", without("xl/texts.xml"), "part 'xl/texts.xml' is missing"),
    rejected("E4 workbook cut short", book(orders(50))[:-300], "zip archive"),
    rejected("E4 workbook cut at half", book(orders(50))[:1_500], "zip archive"),
    rejected("E4 workbook damaged", lambda: b"".join((
        (made := book(orders(50)))[:2_000], b"\0\xff" * 20, made[2_040:])), "cannot be unpacked"),
    rejected("E4 empty workbook file", b"", "empty (0 bytes)"),
)  # fmt: skip

CASES = (*BOMBS, *ENTITY, *PATHS, *PARTS)
