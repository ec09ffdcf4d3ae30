"""E18: sound files damaged in a few places, each by its seed."""

import random

from .case import orders, text
from .workbook import book, number, sheet, texts

PIECES = (
    b"", b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b";", b"\t", b",,,,", b'""',
    b"NaN", b"1e999", b"-", b"=1+1", "Итого".encode(), "\u202e".encode(), b"order_id",
    b"2026-02-31", b"\x1b[2J", b"x" * 3000, b"S00001", b"\n\n", b"'", b"\\", b"<row>", b"</c>",
    b"<!DOCTYPE x>", b"&lt;", b"PK\x03\x04", b"\x1f\x8b", b"1048576", b"99999999999",
)  # fmt: skip
CELLS = {
    "H3": number("12.5"), "D4": number("46346", 1), "K5": ' t="s"><v>0</v>',
    "I6": "><f>1+1</f><v>2</v>", "F7": ' t="b"><v>1</v>', "H8": ' t="e"><v>#REF!</v>',
}  # fmt: skip
SHARED = {"xl/texts.xml": texts("<t>pear</t>")}
SHEET = sheet(orders(8), CELLS, '<mergeCells><mergeCell ref="A9:B9"/></mergeCells>').encode()
SOUND = {"orders.csv": text(orders(8)).encode(), "orders.xlsx": book(orders(8), CELLS)}


def mutated(seed: int, sound: bytes) -> bytes:
    """Damage a sound file in one to four places."""
    chance = random.Random(seed)
    content = bytearray(sound)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(content) + 1)
        end = min(len(content), start + chance.choice((0, 0, 1, 2, 10, 200)))
        piece = chance.choice(PIECES)
        if chance.random() < 0.2:
            piece = bytes(content[start:end]) * 2
        content[start:end] = piece
    return bytes(content)


def damaged(seed: int, file: str) -> bytes:
    """Damage a file as it lies, or, for three workbooks of four, the sheet inside it."""
    if file == "orders.xlsx" and seed % 4:
        return book([], more={**SHARED, "xl/sheet.xml": mutated(seed, SHEET)})
    return mutated(seed, SOUND[file])
