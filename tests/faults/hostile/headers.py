"""E13, F1, F2, F3: hostile names in the header, and headers that drift from the contract."""

from .case import (
    COLUMNS,
    HEAD,
    LINES,
    THREE,
    Case,
    Held,
    accepted,
    held,
    order,
    orders,
    refused,
    text,
)

LONG = "x" * 70
SQL = '"; drop table raw.so_order; --'


def extra(name: str, *columns: str, shown: tuple[str, ...] | None = None) -> Case:
    """Expect columns nobody asked for to be noted by name and left out."""
    noted = tuple(sorted(set(shown if shown is not None else columns)))
    return accepted(f"E13 extra header {name}", text(orders(3), [*COLUMNS, *columns]), extra=noted)


def mapped(name: str, header: str) -> Case:
    """Expect a column to be found under a hostile header that the binding declares."""
    columns = [header if c == "customer_id" else c for c in COLUMNS]
    rows = [{**r, header: "C7"} for r in orders(3)]
    return accepted(f"E13 mapped header {name}", text(rows, columns),
                    binding={"columns": {"customer_id": header}},
                    stored={"S00001": {"customer_id": "C7"}})  # fmt: skip


def instead(name: str, header: str, *says: str) -> Case:
    """Expect a hostile header in the place of a promised one to be named, printably."""
    return refused(f"E15 header {name}", THREE.replace("note", header, 1), "'note'", *says)


IDENTIFIERS = (
    extra("SQL", SQL),
    extra("reserved words", "select", "table", "null"),
    extra("mixed case", "Amount", "AMOUNT"),
    extra("200 Cyrillic letters", "Ж" * 200),
    extra("emoji", "🚚", "👩‍👩‍👧"),
    extra("alike in 63 bytes", LONG + "1", LONG + "2"),
    extra("own names of the loader", "_line", "_defect", "_file", "source_system", shown=(
        "source_system",)),
    extra("blank", "", " ", shown=()),
    extra("braces and percent", "%s", "{0}", "{amount!r}", "$1"),
    extra("quotes", "'", '"', "`", "\\"),
    extra("line break", "two\nlines"),
    extra("ANSI escape", "\x1b[31mred"),
    extra("twice", "x", "x"),
    mapped("SQL", SQL),
    mapped("Cyrillic", "Клиент"),
    mapped("emoji", "🚚"),
    mapped("200 letters", "Ж" * 200),
    mapped("with comma and quote", 'a "b", c'),
    accepted("E15 header decomposed", THREE.replace("customer_id", "Кли\u0435\u043d\u0438\u0306"),
             binding={"columns": {"customer_id": "Клиен\u0439"}}),
    refused("E15 header twins composed and not",
            text(orders(3), [*COLUMNS, "é", "e\u0301"]), "'é' stands 2 times (columns 12, 13)",
            binding={"columns": {"note": "é"}}),
    instead("ANSI escape", "\x1b[2Jnote", r"did you mean '\x1b[2Jnote'?"),
    instead("right to left", "no\u202ete", r"did you mean 'no\u202ete'?"),
    instead("zero width", "note\u200b", r"did you mean 'note\u200b'?"),
    instead("letter of another alphabet", "nоte", "is missing"),
    instead("of another case", "Note", "did you mean 'Note'?"),
)  # fmt: skip

DRIFT = (
    accepted("F1 new column", text(orders(3), [*COLUMNS[:4], "margin", *COLUMNS[4:]]),
             extra=("margin",)),
    accepted("F1 new column twice", text(orders(3), [*COLUMNS, "x", "x"]), extra=("x",)),
    refused("F2 column renamed", THREE.replace("customer_id", "customerId"),
            "'customer_id' is missing (10 of 11 found; did you mean 'customerId'?)"),
    refused("F2 key renamed", THREE.replace("order_id", "id"), "'order_id' is missing"),
    refused("F2 nullable column absent", text(orders(3), COLUMNS[:-1]), "'note' is missing"),
    refused("F2 columns absent", text(orders(3), COLUMNS[:3]), "are missing (3 of 11 found"),
    refused("F2 mapped column absent", THREE, "'customer_id' (header 'Клиент') is missing",
            binding={"columns": {"customer_id": "Клиент"}}),
    refused("F2 header gone", "".join(LINES), "are missing (0 of 11 found"),
    accepted("F2 column mapped", THREE.replace("customer_id", "Клиент"),
             binding={"columns": {"customer_id": "Клиент"}}),
    accepted("F2 columns reordered", text(orders(3), COLUMNS[::-1])),
    held("F3 new value of an enum", text([order(1), order(2, state="paid")]), 2,
         Held(3, "state", "allowed", "paid")),
    held("F3 scale widened", text([order(1), order(2, amount="10.505")]), 2,
         Held(3, "amount", "type", "10.505")),
    accepted("F3 scale widened by zeros", text([order(1), order(2, amount="10.5000")]), 2),
    accepted("F3 column narrowed to whole numbers", text(orders(3, amount="10")),
             stored={"S00001": {"amount": "10.00"}}),
    *(
        refused(f"F3 {name}", text(orders(20, **{column: value})), "landing.reject_share failed",
                "20 of 20 rows held back", starts="sales 2026-11-20")
        for name, column, value in (
            ("amounts with their currency", "amount", "10.50 EUR"),
            ("whole numbers with decimals", "lines", "2.0"),
            ("dates with times", "order_date", "2026-11-20T00:00:00"),
            ("dates of another country", "order_date", "20.11.2026"),
            ("times without seconds", "confirmed_at", "2026-11-20T09:30"),
            ("truth as letters", "prepaid", "Y"),
            ("required column emptied", "customer_id", ""),
        )
    ),
    refused("E16 header doubled", text(orders(3), [*COLUMNS, "amount"]), "'amount' stands 2 times",
            "columns 8, 12"),
    refused("E16 header doubled a thousand times", text(orders(1), [*COLUMNS, *["note"] * 989]),
            "'note' stands 990 times", "columns 11, 12, 13"),
    refused("E4 title undeclared", "Orders of the day\n" + THREE, "are missing (0 of 11 found"),
    accepted("E4 title above the header", "Orders\n\n" + THREE, binding={"header_row": 3}),
    refused("E4 header row beyond the end", THREE, "line 9 is missing", binding={"header_row": 9}),
    refused("E3 NUL in the header", THREE.replace("note", "no\0te"), "line 1: NUL"),
    refused("E3 ten thousand columns", text(orders(1), [*COLUMNS, *map(str, range(9989))]),
            "10000 columns", "1000 at most"),
    refused("E3 quote never closed in the header", '"' + HEAD + LINES[0], "quote opened at line 1"),
    refused("E2 semicolons", text(orders(3), delimiter=";"), "delimiter looks like ';'"),
    refused("E2 tabs", text(orders(3), delimiter="\t"), r"delimiter looks like '\t'"),
    refused("E2 commas where semicolons are declared", THREE, "delimiter looks like ','",
            binding={"delimiter": ";"}),
    accepted("E2 tabs declared", text(orders(3), delimiter="\t"), binding={"delimiter": "\t"}),
    accepted("E2 apostrophes for quotes", text([order(1, note="a,b")], quotechar="'"), 1,
             binding={"quote": "'"}, stored={"S00001": {"note": "a,b"}}),
)  # fmt: skip

CASES = (*IDENTIFIERS, *DRIFT)
