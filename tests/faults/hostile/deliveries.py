"""E15, E16, E17: keys that collide, file names that bite, and how many bad rows are too many."""

from .case import HEAD, LINES, THREE, Case, Held, accepted, held, order, orders, refused, text

KEYS_APART = text([order(1, order_id="é"), order(2, order_id="e\u0301"), order(3, order_id="E")])
SPACED = text([order(1), order(2, order_id="S00001 "), order(3, order_id="s00001")])
TWINS = [order(1), order(2), order(2, amount="7"), order(3)]
MANY = [order(n, amount="?") if n % 10 == 0 else order(n) for n in range(1, 101)]


def doubled(name: str, content: str, rows: int, *lines: int) -> Case:
    """Expect every row of one key in quarantine: nobody knows which one is meant."""
    rejects = (Held(n, "order_id", "duplicate_key", "S00002") for n in lines)
    return held(name, content, rows, *rejects)


def named(name: str, file: str, shown: str) -> tuple[Case, Case]:
    """Deliver a sound and an unreadable file under a hostile name."""
    binding = {"path": "ord*.csv"}
    row = Held(3, "", "row_shape", "1 fields, expected 11")
    return (
        held(f"E15 file name {name}", HEAD + LINES[0] + "x\n", 2, row,
             file=file, shown=shown, binding=binding),
        refused(f"E15 file name {name}, refused", b"", f"{shown}: the file is empty",
                file=file, shown=shown, binding=binding),
    )  # fmt: skip


CASES = (
    accepted("E15 keys that only look alike", KEYS_APART),
    accepted("E16 keys apart by a blank and by case", SPACED),
    doubled("E16 key doubled", text(TWINS), 4, 3, 4),
    doubled("E16 key tripled", text([*TWINS, order(2)]), 5, 3, 4, 6),
    doubled("E16 row repeated", HEAD + LINES[0] + LINES[1] * 2 + LINES[2], 4, 3, 4),
    refused("E16 table repeated", THREE + "".join(LINES) * 10, "landing.reject_share failed",
            "33 of 33 rows held back", starts="sales 2026-11-20"),
    held("E16 key missing", text([order(1), order(2, order_id="")]), 2,
         Held(3, "order_id", "required", None)),
    held("E3 key too long for an index", text([order(1), order(2, order_id="Я" * 1001)]), 2,
         Held(3, "order_id", "key_length", "Я" * 200 + "…")),
    held("E17 rejects within the limit", text(MANY), 100,
         *(Held(n + 1, "amount", "type", "?") for n in range(10, 101, 10))),
    refused("E17 rejects over the limit", text([*MANY, order(101, amount="?")]),
            "landing.reject_share failed on sales.so_order", "11 of 101 rows held back",
            starts="sales 2026-11-20"),
    held("E17 one reject of 2,000", text([*orders(1_999), order(2_000, amount="?")]), 2_000,
         Held(2_001, "amount", "type", "?")),
    held("E5 one bad date of 52,000",
         lambda: text([*orders(51_999), order(52_000, order_date="2026-02-31")]).encode(), 52_000,
         Held(52_001, "order_date", "type", "2026-02-31")),
    *named("with an escape", "ord\x1b[2J.csv", r"ord\x1b[2J.csv"),
    *named("right to left", "ord\u202evsc.csv", r"ord\u202evsc.csv"),
    *named("with a line break", "ord\ners.csv", r"ord\ners.csv"),
    *named("in no encoding", "ord\udcff.csv", r"ord\udcff.csv"),
    *named("with quotes and braces", "ord'\"{0}%s;--.csv", "ord'\"{0}%s;--.csv"),
    *named("in emoji", "ord🚚.csv", "ord🚚.csv"),
)  # fmt: skip
