"""Write the stored values of Excel cells as the text a person sees, without losing a digit."""

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_SHORT_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)\.\d*[1-9]", re.ASCII)
_SHORT_DIGITS = 15
_EXACT_INTEGERS = 2**53
_EPOCH_1900 = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
_LAST_SERIAL = (date(9999, 12, 31) - _EPOCH_1900.date()).days
_PHANTOM_LEAP_DAY = 60
_BUILT_IN_DATES = {*range(14, 18), *range(27, 32), *range(50, 59), 36}
_BUILT_IN_TIMES = {*range(18, 22), *range(32, 36), 45, 47}
_BUILT_IN_MOMENTS = {22}
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.I)
_LITERALS = re.compile(r'"[^"]*"?|\\.|[_*].|\[[^\]]*\]')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def number_text(stored: str) -> str:
    """Write a stored number in plain decimal digits.

    A cell is a binary double. Excel shows 15 significant digits of it, so 1234.5600000000001 is
    1234.56; whole numbers are exact up to 2**53. Raises ValueError beyond that and for no number.
    """
    if stored.isdecimal() and stored.isascii() and len(stored) <= 15:
        return stored.lstrip("0") or "0"
    if len(stored) <= _SHORT_DIGITS and _SHORT_NUMBER.fullmatch(stored):
        return stored  # so few digits that a double prints them all the same
    if not _NUMBER.fullmatch(stored):
        raise ValueError(f"holds {stored[:40]!r} as a number")
    value = float(stored)
    if not math.isfinite(value):
        raise ValueError(f"holds {stored[:40]} as a number, beyond what Excel can hold")
    if not value.is_integer():
        text = f"{value:.15g}"
    elif abs(value) <= _EXACT_INTEGERS:
        return str(int(value))
    else:
        raise ValueError(f"holds {stored[:40]} as a number, whose last digits Excel does not keep")
    return text if "e" not in text else f"{Decimal(text):f}"


@lru_cache(maxsize=65_536)
def date_text(stored: str, shows: str, epoch_1904: bool) -> str:
    """Write a serial day number as ISO text: a date, a moment or a time of day.

    `shows` is what the cell's format shows: `date`, `moment` or `time`; a time hidden by a date
    format is kept. Times are to the second. Raises ValueError for what is no day of Excel's.
    """
    if not _NUMBER.fullmatch(stored):
        raise ValueError(f"holds {stored[:40]!r} as a date")
    serial = float(stored)
    if epoch_1904:
        moment = _moment(serial, _EPOCH_1904, _LAST_SERIAL - 1462, stored)
    elif int(serial) == _PHANTOM_LEAP_DAY:
        raise ValueError("holds 29 February 1900, a day that never was")
    else:
        shift = timedelta(days=1 if serial < _PHANTOM_LEAP_DAY else 0)
        moment = _moment(serial, _EPOCH_1900 + shift, _LAST_SERIAL, stored)
    return moment.time().isoformat() if shows == "time" and serial < 1 else _written(moment, shows)


def iso_text(stored: str, shows: str) -> str:
    """Write a date stored as ISO text like one stored as a number; raises ValueError."""
    try:
        return _written(datetime.fromisoformat(stored).replace(tzinfo=None), shows)
    except ValueError as error:
        raise ValueError(f"holds {stored[:40]!r} as a date") from error


def _written(moment: datetime, shows: str) -> str:
    if shows in ("date", "") and moment.time() == datetime.min.time():
        return moment.date().isoformat()
    return moment.isoformat()


def _moment(serial: float, epoch: datetime, last: int, stored: str) -> datetime:
    if not 0 <= serial < last + 1:
        raise ValueError(f"holds {stored[:40]} as a date, a day outside Excel's calendar")
    return epoch + timedelta(seconds=min(round(serial * 86_400), (last + 1) * 86_400 - 1))


def format_shows(format_id: int, code: str) -> str:
    """Tell whether a number format shows a `date`, a `time`, a `moment`, or '' for a number.

    Elapsed time such as [h]:mm is a number: of days, as Excel stores it.
    """
    for built_in, shows in (
        (_BUILT_IN_DATES, "date"),
        (_BUILT_IN_TIMES, "time"),
        (_BUILT_IN_MOMENTS, "moment"),
    ):
        if format_id in built_in:
            return shows
    if _ELAPSED.search(code):
        return ""
    letters = set(_LITERALS.sub("", code).split(";")[0].lower().replace("general", ""))
    # The letter m is a month beside days and years, minutes beside hours and seconds.
    has_time = bool(letters & set("hs"))
    has_date = bool(letters & set("yd")) or ("m" in letters and not has_time)
    if has_date:
        return "moment" if has_time else "date"
    return "time" if has_time else ""


def unescape(text: str) -> str:
    """Replace the `_x000D_` escapes of characters that XML cannot hold; lone surrogates stay."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)
