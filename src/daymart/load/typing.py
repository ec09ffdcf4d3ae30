"""Give every value its contract type; find the values that have none.

Numbers stay decimals end to end, and a value that would lose digits is a bad value, not a
rounded one.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from daymart.errors import ConfigError

SPACES = "[ \u00a0\u202f]"
"""What writers use between thousands: space, no-break space, narrow no-break space."""

OFFSET = r"^(?P<local>.*?) ?(?:Z|(?P<sign>[+-])(?P<hours>0\d|1[0-4])(?::?(?P<minutes>[0-5]\d))?)$"
"""A timestamp and the offset from UTC at its end."""


@dataclass(frozen=True)
class TextFormat:
    """How a file writes numbers, dates and truth. Nothing else is guessed.

    `date` and `timestamp` are strptime formats; `timezone` is the zone of timestamps that
    carry none. A timestamp format that ends in %z wants an offset (Z, +02:00) on every value.
    """

    decimal: str = "."
    thousands: str = ""
    date: str = "%Y-%m-%d"
    timestamp: str = "%Y-%m-%dT%H:%M:%S"
    timezone: str = "UTC"
    true: tuple[str, ...] = ("true",)
    false: tuple[str, ...] = ("false",)

    def __post_init__(self) -> None:
        """Refuse a declaration that reads one text two ways; raises ConfigError."""
        if self.decimal == self.thousands:
            raise _misdeclared(f"{self.decimal!r} for decimals and for thousands", "two marks")
        if both := set(self.true) & set(self.false):
            raise _misdeclared(f"{sorted(both)[0]!r} for true and for false", "one meaning")
        try:
            ZoneInfo(self.timezone)
        except (ValueError, OSError, KeyError) as unknown:
            raise _misdeclared(
                f"timezone {self.timezone!r}", "a name such as Europe/Kyiv"
            ) from unknown


def _misdeclared(saw: str, expected: str) -> ConfigError:
    return ConfigError(
        "file format", saw=saw, expected=expected, remedy="Correct the binding in daymart.yaml."
    )


def convert(
    array: pa.Array, target: pa.DataType, text: TextFormat | None
) -> tuple[pa.Array, pa.Array | None]:
    """Return the values as `target` and a mask of those that could not be converted.

    Bad values are null in the result. `text` tells how a source that delivers text writes it.
    """
    if isinstance(array.type, pa.BaseExtensionType):
        array = array.storage
    if array.null_count == len(array):  # a mapping's bare `null` has a type of its own
        return pa.nulls(len(array), target), None
    if array.type == target:
        return (array, _nul_bytes(array)) if text and pa.types.is_string(target) else (array, None)
    if text is not None and pa.types.is_string(array.type):
        readable = _canonical(array, target, text)
    else:
        readable = _lossless(array, target)
    try:
        cast = pc.cast(readable, target)
    except pa.ArrowInvalid:
        bad = bad_positions(readable, target)
        cast = pc.cast(_without(readable, bad), target)
    lost = pc.and_(pc.is_valid(array), pc.is_null(cast))
    return cast, (lost if pc.any(lost).as_py() else None)


def _lossless(array: pa.Array, target: pa.DataType) -> pa.Array:
    """Prepare typed values whose cast would lose something without a word."""
    if pa.types.is_floating(array.type) and pa.types.is_decimal(target):
        return pc.cast(array, pa.string())  # a double is the digits it prints
    if pa.types.is_timestamp(array.type) and pa.types.is_date(target):
        midnight = pc.equal(pc.cast(pc.cast(array, target), array.type), array)
        return pc.if_else(midnight, array, pa.scalar(None, array.type))
    return array


def bad_positions(array: pa.Array, target: pa.DataType, offset: int = 0) -> list[int]:
    """Return the positions whose values cannot be cast, by halving."""
    try:
        pc.cast(array, target)
    except pa.ArrowInvalid:
        if len(array) == 1:
            return [offset]
        half = len(array) // 2
        left = bad_positions(array.slice(0, half), target, offset)
        return left + bad_positions(array.slice(half), target, offset + half)
    return []


def _without(array: pa.Array, positions: list[int]) -> pa.Array:
    bad = set(positions)
    keep = pa.array([i not in bad for i in range(len(array))])
    return pc.if_else(keep, array, pa.scalar(None, array.type))


def _nul_bytes(array: pa.Array) -> pa.Array | None:
    found = pc.fill_null(pc.match_substring(array, "\x00"), False)
    return found if pc.any(found).as_py() else None


def _canonical(array: pa.Array, target: pa.DataType, text: TextFormat) -> pa.Array:
    """Rewrite text in the file's format as Arrow reads it; null where it breaks the format."""
    if pa.types.is_decimal(target) or pa.types.is_integer(target):
        return _number(array, text)
    if pa.types.is_date(target):
        return _date(array, text.date)
    if pa.types.is_timestamp(target):
        return _timestamp(array, text)
    if pa.types.is_boolean(target):
        return _truth(array, text)
    return array


def thousands_pattern(text: TextFormat) -> str:
    """Return what stands between thousands, as an RE2 pattern; empty where nothing does."""
    is_space = text.thousands in (" ", "\u00a0", "\u202f")
    return SPACES if is_space else re.escape(text.thousands)


def number_pattern(text: TextFormat) -> str:
    """Return the RE2 pattern of a number as a file writes it."""
    decimal = re.escape(text.decimal)
    grouped = rf"\d{{1,3}}(?:{thousands_pattern(text)}\d{{3}})+|" if text.thousands else ""
    return rf"^-?(?:{grouped}\d+)(?:{decimal}\d+)?$"


def _number(array: pa.Array, text: TextFormat) -> pa.Array:
    fits = pc.match_substring_regex(array, number_pattern(text))
    plain = pc.if_else(fits, array, pa.scalar(None, array.type))
    if text.thousands:
        plain = pc.replace_substring_regex(plain, thousands_pattern(text), "")
    return plain if text.decimal == "." else pc.replace_substring(plain, text.decimal, ".")


def plain_number(value: str, text: TextFormat) -> str | None:
    """Return a number as Arrow and PostgreSQL read it; None where it breaks the format."""
    return str(plain) if (plain := _number(pa.array([value]), text)[0].as_py()) else None


def _date(array: pa.Array, layout: str) -> pa.Array:
    """Parse dates; a date that does not print back the same (31.02.) is no date."""
    parsed = pc.strptime(array, format=layout, unit="s", error_is_null=True)
    same = pc.equal(pc.strftime(parsed, format=layout), array)
    days = pc.if_else(same, pc.cast(parsed, pa.date32()), pa.scalar(None, pa.date32()))
    return _within(days, date.min, date.max)


def _within(values: pa.Array, first: date, last: date) -> pa.Array:
    """Drop days outside the years 1 to 9999: no calendar of a business has them."""
    known = pc.and_(
        pc.greater_equal(values, pa.scalar(first, values.type)),
        pc.less_equal(values, pa.scalar(last, values.type)),
    )
    return pc.if_else(known, values, pa.scalar(None, values.type))


def _timestamp(array: pa.Array, text: TextFormat) -> pa.Array:
    if text.timestamp.endswith("%z"):
        return _offset_timestamp(array, text.timestamp.removesuffix("%z"))
    local = _local_timestamp(array, text.timestamp)
    zoned = pc.assume_timezone(local, text.timezone, ambiguous="earliest", nonexistent="latest")
    # A time the clocks skip in spring never was; where it differs by reading, nobody knows it.
    before = pc.assume_timezone(local, text.timezone, ambiguous="earliest", nonexistent="earliest")
    existed = pc.if_else(pc.equal(zoned, before), zoned, pa.scalar(None, zoned.type))
    return _known_moments(pc.cast(existed, pa.timestamp("us", "UTC")))


def _known_moments(moments: pa.Array) -> pa.Array:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return _within(moments, first, last)


def _local_timestamp(array: pa.Array, layout: str) -> pa.Array:
    parsed = pc.strptime(array, format=layout, unit="us", error_is_null=True)
    # strftime prints fractions of seconds, so compare on whole seconds.
    printed = pc.strftime(pc.cast(parsed, pa.timestamp("s")), format=layout)
    return pc.if_else(pc.equal(printed, array), parsed, pa.scalar(None, parsed.type))


def _offset_timestamp(array: pa.Array, layout: str) -> pa.Array:
    """Parse timestamps that carry their offset from UTC; one without it has no meaning here."""
    parts = pc.extract_regex(array, OFFSET)
    local = _local_timestamp(pc.struct_field(parts, "local"), layout.rstrip())
    hours, minutes = (
        pc.cast(pc.if_else(pc.equal(part, ""), "0", part), pa.int64())
        for part in (pc.struct_field(parts, "hours"), pc.struct_field(parts, "minutes"))
    )
    seconds = pc.add(pc.multiply(hours, 3600), pc.multiply(minutes, 60))
    east = pc.equal(pc.struct_field(parts, "sign"), "+")
    shift = pc.cast(pc.if_else(east, pc.negate(seconds), seconds), pa.duration("s"))
    moments = pc.add(local, pc.cast(shift, pa.duration("us")))
    return _known_moments(pc.assume_timezone(moments, "UTC"))


def _truth(array: pa.Array, text: TextFormat) -> pa.Array:
    true = pc.is_in(array, value_set=pa.array(text.true, pa.string()))
    false = pc.is_in(array, value_set=pa.array(text.false, pa.string()))
    return pc.if_else(true, True, pc.if_else(false, False, pa.scalar(None, pa.bool_())))
