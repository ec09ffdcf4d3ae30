"""E1: text in an encoding other than the declared one, or in two at once."""

import codecs

from .case import HEAD, THREE, Case, accepted, order, orders, refused, text

NOTE = "Отгрузка по договору поставки со склада, оплата после приёмки"
CYRILLIC = text([order(1), order(2, note=NOTE), order(3)])
CAPITALS = text([order(1), order(2, note=NOTE.upper()), order(3)])
UKRAINIAN = "Відвантаження за договором зі складу, оплата після приймання"
NARROW = ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
STORED = {"S00002": {"note": NOTE}}


def late_byte() -> bytes:
    """Hide an invalid byte far behind the first batch of rows."""
    made = text(orders(60_000)).encode()
    return made.replace(b"S55000,S55000", b"S55000,\xffS5000")


def declared(encoding: str, content: str = CYRILLIC) -> Case:
    return accepted(
        f"E1 {encoding} declared", content.encode(encoding), binding={"encoding": encoding},
        stored=STORED,
    )  # fmt: skip


def undeclared(encoding: str) -> Case:
    """An encoding of single bytes where UTF-8 is declared: its first letter gives it away."""
    return refused(f"E1 {encoding} as utf-8", CYRILLIC.encode(encoding),
                   "at offset", "(line 3)", "utf-8 as declared")  # fmt: skip


def mistaken(real: str, other: str, content: str = CYRILLIC, of: str = "") -> Case:
    """One encoding of single bytes for another: every byte is a letter, and a wrong one."""
    return refused(f"E1 {real} as {other}{of}", content.encode(real),
                   f"the text reads as {real}", f"{other} as declared",
                   binding={"encoding": other})  # fmt: skip


def early(encoding: str, says: str, binding: str = "utf-8") -> Case:
    return refused(f"E1 {encoding} as {binding}", THREE.encode(encoding), says,
                   binding={"encoding": binding})  # fmt: skip


CASES = (
    accepted("E1 utf-8 mark", codecs.BOM_UTF8 + THREE.encode()),
    accepted("E1 utf-8-sig declared", codecs.BOM_UTF8 + THREE.encode(),
             binding={"encoding": "utf-8-sig"}),
    accepted("E1 utf-8-sig declared, no mark", THREE, binding={"encoding": "utf-8-sig"}),
    *map(declared, (*NARROW, "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")),
    accepted("E1 capitals in cp1251", CAPITALS.encode("cp1251"), binding={"encoding": "cp1251"},
             stored={"S00002": {"note": NOTE.upper()}}),
    accepted("E1 Ukrainian in koi8-u",
             text([order(1), order(2, note=UKRAINIAN), order(3)]).encode("koi8-u"),
             binding={"encoding": "koi8-u"}, stored={"S00002": {"note": UKRAINIAN}}),
    accepted("E1 German in cp1252",
             text([order(1), order(2, note="Lieferung für Käse, größer")]).encode("cp1252"), 2,
             binding={"encoding": "cp1252"},
             stored={"S00002": {"note": "Lieferung für Käse, größer"}}),
    accepted("E1 utf-16-le with its mark, declared so", THREE.encode("utf-16"),
             binding={"encoding": "utf-16-le"}),
    *map(undeclared, NARROW),
    refused("E1 cp1252 as utf-8", text([order(1, note="für")]).encode("cp1252"),
            "byte 0xFC at offset", "(line 2)"),
    mistaken("koi8-r", "cp1251"),
    mistaken("cp866", "cp1251"),
    mistaken("cp1251", "koi8-r"),
    mistaken("cp1251", "cp866"),
    mistaken("cp866", "koi8-r"),
    mistaken("cp1251", "cp1252"),
    mistaken("cp1251", "latin-1"),
    mistaken("cp1251", "koi8-r", CAPITALS, " in capitals"),
    mistaken("koi8-r", "cp1251", CAPITALS, " in capitals"),
    refused("E1 Ukrainian koi8-u as cp1251",
            text([order(1), order(2, note=UKRAINIAN), order(3)]).encode("koi8-u"),
            "the text reads as koi8-u", binding={"encoding": "cp1251"}),
    refused("E1 utf-8 as cp1251", CYRILLIC, "utf-8 by its letters",
            binding={"encoding": "cp1251"}),
    refused("E1 utf-8 as latin-1", CYRILLIC, "utf-8 by its letters",
            binding={"encoding": "latin-1"}),
    refused("E1 utf-8 mark as cp1251", codecs.BOM_UTF8 + THREE.encode(),
            "utf-8 by its byte order mark", binding={"encoding": "cp1251"}),
    early("utf-16", "utf-16-le by its byte order mark"),
    early("utf-16-le", "utf-16-le by its zero bytes"),
    early("utf-16-be", "utf-16-be by its zero bytes"),
    early("utf-16-le", "utf-16-le by its zero bytes", "cp1251"),
    early("utf-32", "utf-32-le by its byte order mark"),
    early("utf-32-le", "binary data"),
    early("utf-16", "utf-16-le by its byte order mark", "utf-16-be"),
    early("utf-16-le", "no byte order mark", "utf-16"),
    early("utf-32", "utf-32-le by its byte order mark", "utf-16"),
    early("utf-8", "the text has no zero bytes", "utf-16-le"),
    refused("E1 utf-16 cut in a letter", THREE.encode("utf-16")[:-1], "at offset",
            binding={"encoding": "utf-16"}),
    refused("E1 utf-16 lone surrogate",
            THREE.replace("C1", "\ud800", 1).encode("utf-16", "surrogatepass"), "(line 2)",
            binding={"encoding": "utf-16"}),
    refused("E1 mixed encodings", CYRILLIC.encode() + "S4,накладная".encode("cp1251"),
            "(line 5)"),
    refused("E1 no letter of cp1251", HEAD.encode() + b"S00001,\x98", "byte 0x98 at offset",
            "(line 2)", binding={"encoding": "cp1251"}),
    refused("E1 invalid byte in the header", b"\xff" + THREE.encode(), "byte 0xFF at offset 0 "),
    refused("E1 invalid byte at the end", THREE.encode() + b"\xd0", "offset 306 (line 5)"),
    refused("E1 invalid byte late", late_byte, "byte 0xFF at offset", "(line 55001)"),
    refused("E1 surrogate in utf-8", THREE.encode().replace(b"C1", b"\xed\xa0\x80", 1),
            "(line 2)"),
    refused("E1 overlong utf-8", THREE.encode().replace(b"C1", b"\xc0\xaf", 1),
            "byte 0xC0", "(line 2)"),
    refused("E1 two marks", codecs.BOM_UTF8 * 2 + THREE.encode(),
            "'order_id' is missing", r"did you mean '\ufefforder_id'?"),
)  # fmt: skip
