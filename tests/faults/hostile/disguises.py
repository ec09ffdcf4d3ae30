"""E10: files that are something else than their name says."""

import gzip
import io
import tarfile

from .case import LOGIN, OLE, THREE, Case, Content, orders, refused, text
from .workbook import book, xlsx, zipped

OLE_STREAMS = (
    ("an encrypted workbook", "EncryptedPackage", "a password-protected Office file"),
    ("an .xls", "Workbook", "an Excel 97-2003 workbook (.xls)"),
    ("a .doc", "WordDocument", "a Word 97-2003 document (.doc)"),
)
DOCX = zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
SPREADSHEET_XML = ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:'
                   'spreadsheet"/>')  # fmt: skip


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("orders.csv")
        member.size = len(THREE)
        archive.addfile(member, io.BytesIO(THREE.encode()))
    return out.getvalue()


FOREIGN: tuple[tuple[str, Content, str], ...] = (
    ("a PNG", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "a PNG image"),
    ("a JPEG", b"\xff\xd8\xff\xe0" + b"\0" * 40, "a JPEG image"),
    ("a GIF", b"GIF89a" + b"\0" * 40, "a GIF image"),
    ("a BMP", b"BM\x3a\x7f\0\0\0\0\0\0" + b"\0" * 40, "a BMP image"),
    ("a PDF", b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
    ("a docx", DOCX, "a Word document (.docx)"),
    ("an ods", zipped({"mimetype": "x", "content.xml": "<o/>"}), "an OpenDocument file"),
    ("an xlsb", zipped({"xl/workbook.bin": b"\0"}), "a binary Excel workbook (.xlsb)"),
    ("an empty zip", zipped({}), "an empty zip archive"),
    ("a zip of csv", zipped({"orders.csv": THREE}), "a zip archive of 1 file(s): 'orders.csv'"),
    ("a zip of long names", zipped({"n" * 60_000: "x"}), "a zip archive of 1 file(s): 'nnn"),
    ("a zip of hostile names", zipped({"\x1b[2J\u202e": "x"}), 
     r"a zip archive of 1 file(s): '\x1b[2J\u202e'"),
    ("half a zip", zipped({"orders.csv": THREE})[:60], "a damaged or incomplete zip archive"),
    ("a gzip", gzip.compress(THREE.encode(), mtime=0), "gzip-compressed data"),
    ("a bzip2", b"BZh91AY&SY" + b"\x9a" * 40, "bzip2-compressed data"),
    ("a tar", tar(), "a tar archive"),
    ("a Parquet file", b"PAR1\x15\x04\x15" + b"\0" * 40 + b"PAR1", "a Parquet file"),
    ("an Arrow file", b"ARROW1\0\0" + b"\xff" * 40, "an Arrow file"),
    ("an SQLite file", b"SQLite format 3\0" + b"\1" * 40, "an SQLite database"),
    ("a login page", LOGIN, "an HTML login page"),
    ("a page", "<html><body><h1>502 Bad Gateway</h1></body></html>", "an HTML page"),
    ("a table of HTML", "\n <table><tr><td>order_id</td></tr></table>", "an HTML page"),
    ("an XML file", '<?xml version="1.0"?><orders/>', "an XML document"),
    ("an XML spreadsheet", SPREADSHEET_XML, "an Excel 2003 XML spreadsheet"),
    ("JSON", '{"error": "unauthorised"}', "a JSON document"),
    ("JSON of a list", '[\n {"order_id": "S1"}]', "a JSON document"),
    *((name, OLE + stream.encode("utf-16-le"), real) for name, stream, real in OLE_STREAMS),
)  # fmt: skip


def as_csv(name: str, content: Content, real: str) -> Case:
    return refused(f"E10 {name} named csv", content, f"the content is {real}", "csv text")


def as_xlsx(name: str, content: Content, real: str) -> Case:
    return xlsx(f"E10 {name} named xlsx", content,
                says=(f"the content is {real}", "an Excel workbook (.xlsx)"))  # fmt: skip


MACROS = book(orders(1), more={"xl/vbaProject.bin": b"x"})
CASES = (
    *(as_csv(*each) for each in FOREIGN),
    *(as_xlsx(*each) for each in FOREIGN if each[0] != "half a zip"),
    as_csv("a workbook", book(orders(1)), "an Excel workbook (.xlsx)"),
    as_csv("binary data", bytes(range(32)) * 40, "binary data"),
    as_xlsx("csv", THREE, "plain text, perhaps csv"),
    as_xlsx("csv in utf-16", THREE.encode("utf-16"), "plain text, perhaps csv"),
    as_xlsx("a workbook with macros", MACROS, "a macro-enabled Excel workbook (.xlsm)"),
    as_csv("a workbook with macros", MACROS, "a macro-enabled Excel workbook (.xlsm)"),
    refused("E10 SQL named csv", "insert into so_order values (1);\n", "the header is one column"),
    refused("E10 another table named csv", text([{"id": "1"}], ["id", "name"]),
            "are missing (0 of 11 found"),
)  # fmt: skip
