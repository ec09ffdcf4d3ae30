"""Declare how a file drop is written, and how much of it is too much."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from daymart.errors import ConfigError, ContractError
from daymart.settings import Limits

MIB = 1024 * 1024
_RATIO_FLOOR_BYTES = 10 * MIB


@dataclass(frozen=True)
class FileFormat:
    """Hold what a binding in `daymart.yaml` says of its files.

    `encoding`, `delimiter` and `quote` are for csv, `sheet` for xlsx (None: the only visible one).
    `columns` maps a contract column to its header in the file where the two differ.
    """

    kind: Literal["csv", "xlsx"]
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    sheet: str | None = None
    header_row: int = 1
    columns: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Refuse a declaration that cannot be followed; raises ConfigError."""
        _check("kind", self.kind, self.kind in ("csv", "xlsx"), "csv or xlsx")
        _check("encoding", self.encoding, _is_text_encoding(self.encoding), "a text encoding")
        for name in ("delimiter", "quote"):
            value = getattr(self, name)
            _check(name, value, _is_mark(value), "one character, not a line break")
        _check("quote", self.quote, self.quote != self.delimiter, "not the delimiter")
        _check("header_row", self.header_row, self.header_row >= 1, "1 or more")

    @property
    def codec(self) -> str:
        """Give the encoding's canonical name, so that `UTF8` and `utf_8` are one."""
        return codecs.lookup(self.encoding).name


def _check(name: str, value: object, holds: bool, expected: str) -> None:
    if not holds:
        raise ConfigError(
            "file format",
            saw=f"{name} is {value!r}",
            expected=expected,
            remedy="Correct the binding in daymart.yaml.",
        )


def _is_mark(value: str) -> bool:
    return len(value) == 1 and value not in "\r\n\0"


def _is_text_encoding(name: str) -> bool:
    try:
        "".encode(name)
    except (LookupError, UnicodeError, ValueError):
        return False
    return True


def check_expansion(total: int, packed: int, what: str, fmt: FileFormat) -> None:
    """Refuse content that expands beyond the limits of its format; raises ContractError.

    Sizes are bytes so far, expanded and compressed. Small content may have any ratio.
    """
    limits = fmt.limits
    if total > limits.max_expanded_bytes:
        saw, expected = f"{total} bytes or more", f"{limits.max_expanded_bytes} at most"
        name = "max_expanded_bytes"
    elif total > _RATIO_FLOOR_BYTES and total > packed * limits.max_compression_ratio:
        saw = f"{total // max(packed, 1)} times its size ({packed} bytes to {total} or more)"
        expected = f"{limits.max_compression_ratio:g} times at most"
        name = "max_compression_ratio"
    else:
        return
    raise ContractError(
        what,
        saw=f"the content expands to {saw}",
        expected=expected,
        remedy=f"Treat it as hostile. {raise_limit(name)}",
    )


def raise_limit(name: str) -> str:
    """Say how a file that is rightly beyond a limit can be read."""
    return f"If it is right, raise {name} under `limits` of these files in daymart.yaml."
