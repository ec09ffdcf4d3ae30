"""E3, E4, D3: rows that are no rows, quotes that go wrong, files that end early or never."""

from typing import Any

from .case import HEAD, LINES, THREE, Case, Held, accepted, held, order, orders, refused, text

FIRST, SECOND, LAST = LINES
TOTALS = "{},,,,,,,31.50,6,,\n"
STRAY = "text after a closing quote"


def shape(name: str, body: str, row: int, saw: str, rows: int = 3, **options: Any) -> Case:
    """Expect one row of a file to be held for its shape."""
    return held(name, HEAD + body, rows, Held(row, "", "row_shape", saw), **options)


def second(name: str, old: str, new: str, saw: str) -> Case:
    """Expect the second of three rows to be held for what was written into it."""
    return shape(name, FIRST + SECOND.replace(old, new, 1) + LAST, 3, saw)


def kept(name: str, note: str) -> Case:
    """Expect a text to be stored as it is, though it tempts a reader to split it."""
    return accepted(f"E3 {name} in a field", text([order(1), order(2, note=note), order(3)]),
                    stored={"S00002": {"note": note}})  # fmt: skip


QUOTES = (
    second("E3 stray quote", "C1", '"C"1', STRAY),
    second("E3 stray quote in the first field", "S00002", '"S"00002', STRAY),
    second("E3 stray quote in the last field", "09:30:00,", '09:30:00,"a"b', STRAY),
    second("E3 quote escaped by a backslash", "C1", r'"C\"1"', STRAY),
    second("E3 blank after a closing quote", "C1", '"C1" ', STRAY),
    refused("E3 quote never closed in the first row", HEAD + '"' + FIRST + SECOND + LAST,
            "quote opened at line 2"),
    refused("E3 quote never closed in the second row", HEAD + FIRST + '"' + SECOND + LAST,
            "quote opened at line 3"),
    refused("E3 quote never closed in the last field", THREE.rstrip("\n") + '"note',
            "quote opened at line 4"),
    refused("E3 quote alone at the end", THREE + '"', "quote opened at line 5"),
    refused("E3 quote closed rows later", HEAD + FIRST.replace("C1", '"C1') + SECOND
            + LAST.replace("C1", 'C1"'), "landing.collapse failed", starts="sales 2026-11-20"),
    refused("E3 quote never closed in a long file",
            lambda: text(orders(60_000)).replace("C1", '"C1', 1).encode(),
            "quote opened at line 2 is not closed within"),
    accepted("E3 quote inside a bare field", text([order(1), order(3)]).replace("C1", 'C"1', 1), 2,
             stored={"S00001": {"customer_id": 'C"1'}}),
    accepted("E3 quotes around all", text(orders(3), quoting=1)),
    kept("doubled quotes", 'say "yes", """no"""'),
    kept("line breaks", "a\nb\r\nc\rd"),
    kept("delimiters", ",,,;\t|"),
    kept("other separators", "a\x0bb\x0cc\x1cd\x85e\u2028f\u2029g"),
    kept("line break before a formula", "\r\n=1"),
    kept("end-of-file sign", "a\x1ab"),
    kept("2,000 line breaks", "\n" * 2_000),
)  # fmt: skip

ROWS = (
    second("E3 too few fields", SECOND, "S00002,S00002\n", "2 fields, expected 11"),
    second("E3 too many fields", "S00002", "x,S00002", "12 fields, expected 11"),
    second("E3 delimiter at the end of one row", "\n", ",\n", "12 fields, expected 11"),
    second("E3 tabs in one row", SECOND, SECOND.replace(",", "\t"), "1 fields, expected 11"),
    second("E3 NUL", "C1", "C\0", "NUL character (shown as ␀)"),
    second("E3 NULs only", SECOND, "\0" * 9 + "\n", "1 fields, expected 11"),
    shape("E3 end-of-file sign of DOS", "".join(LINES) + "\x1a", 5, "1 fields, expected 11", 4),
    shape("E4 footer", "".join(LINES) + "Printed by Anna\n", 5, "1 fields, expected 11", 4),
    second("E3 a hundred thousand fields", SECOND, "x," * 99_999 + "\n", "100000 fields"
           ", expected 11"),
    refused("E3 field too long", text([order(1, note="x" * 140_000)]), "line 2, column 11",
            "131072 at most"),
    refused("E3 field of 50 MB", lambda: (HEAD + FIRST[:-1]).encode() + b"x" * 50_000_000,
            "line 2, column 11", "131072 at most"),
    refused("E3 line of 50 MB of commas", lambda: (HEAD + "," * 50_000_000).encode(), "line 2"),
    refused("E3 header of 5 MB", lambda: (b"x" * 5_000_000), "line 1, column 1"),
    accepted("E3 large field", text([order(2, note="x" * 100_000)]), 1,
             stored={"S00002": {"note": "x" * 100_000}}),
    refused("E3 NULs throughout", b"\0" * 5_000, "binary data"),
    accepted("E3 carriage returns only", THREE.replace("\n", "\r")),
    accepted("E3 line ends of three kinds", HEAD + FIRST[:-1] + "\r" + SECOND[:-1] + "\r\n" + LAST),
    accepted("E3 no last line break", THREE.rstrip("\n")),
)  # fmt: skip

ENDS = (
    refused("E4 empty", b"", "the file is empty (0 bytes)"),
    refused("E4 blank", b"\n\n", "line 1 is blank"),
    refused("E4 byte order mark only", b"\xef\xbb\xbf", "line 1 is missing"),
    refused("E4 spaces only", b"  ", "line 1 is blank"),
    refused("E4 header only", HEAD, "no rows in orders.csv", starts="sales 2026-11-20"),
    refused("E4 header only, no line break", HEAD[:-1], "no rows in orders.csv",
            starts="sales 2026-11-20"),
    shape("E4 header twice", FIRST + HEAD + SECOND, 3, "header row repeated"),
    *(
        shape(f"E4 totals row {word}", "".join(LINES) + TOTALS.format(word), 5, "totals row", 4)
        for word in ("Итого", "ВСЕГО", "Усього", "Разом", "Grand total", "Subtotal")
    ),
    accepted("E4 order named Total", text([order(1, order_id="Total", note="x")]), 1),
    accepted("E4 blank rows", HEAD + "\n" + FIRST + " , , , , , , , , , , \n" + SECOND + LAST),
    accepted("E4 blank rows at the end", THREE + "\n" * 5_000),
    Case("E4 no file", None, says=("no file orders.csv",), exit_code=3,
         starts="sales.so_order 2026-11-20"),
    shape("D3 last row half written", FIRST + SECOND + LAST[:20], 4, "4 fields, expected 11"),
)  # fmt: skip

CASES = (*QUOTES, *ROWS, *ENDS)
