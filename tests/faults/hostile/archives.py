"""E4, E9: gzip that is damaged, or that expands without end."""

import gzip

from .case import HEAD, LINES, THREE, Case, Content, accepted, orders, refused, text

ZIPPED = gzip.compress(text(orders(2000)).encode(), mtime=0)
ONE = gzip.compress((HEAD + LINES[0]).encode(), mtime=0)
TWO = gzip.compress("".join(LINES[1:]).encode(), mtime=0)


def unpacked(name: str, content: Content, rows: int = 3) -> Case:
    return accepted(name, content, rows, file="orders.csv.gz")


def spoilt(name: str, content: Content, *says: str) -> Case:
    return refused(name, content, *says, file="orders.csv.gz")


def bomb(megabytes: int) -> bytes:
    """Pack the same ten megabytes again and again: a thousandth of their size."""
    return ONE + gzip.compress((b"x" * 999 + b"\n") * 10_000, mtime=0) * (megabytes // 10)


CASES = (
    unpacked("E4 gzip", gzip.compress(THREE.encode(), mtime=0)),
    unpacked("E4 gzip of two members", ONE + TWO),
    unpacked("E4 gzip padded with zeros", ONE + TWO + b"\0" * 512),
    spoilt("E4 gzip of nothing", gzip.compress(b"", mtime=0), "empty (0 bytes"),
    spoilt("E4 gzip cut short", ZIPPED[: len(ZIPPED) // 2], "gzip data is cut short"),
    spoilt("E4 gzip cut in its head", ZIPPED[:7], "gzip data is cut short"),
    spoilt("E4 gzip cut before its checksum", ZIPPED[:-8], "gzip data is cut short"),
    spoilt("E4 gzip damaged", ZIPPED[:200] + b"\0\xff" * 8 + ZIPPED[216:], "gzip data is damaged"),
    spoilt("E4 gzip with a wrong checksum", ZIPPED[:-8] + b"\0" * 8, "gzip data is damaged"),
    spoilt("E4 gzip followed by text", ZIPPED + b"more", "gzip data is damaged"),
    spoilt("E4 gzip empty file", b"", "empty (0 bytes"),
    spoilt("E10 csv named gz", THREE, "the content is plain text"),
    spoilt("E9 gzip bomb", lambda: bomb(30), "expands to", "200 times at most"),
    spoilt("E9 gzip bomb of 2 GB", lambda: bomb(2_000), "expands to", "200 times at most"),
    spoilt("E9 gzip in gzip", gzip.compress(ZIPPED, mtime=0), "gzip-compressed data"),
)
