"""E2, E5, E6, E7, E14, E15: single values, and the file that holds one in each row."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .case import Row, order, text


@dataclass(frozen=True)
class Value:
    """One value in a column of an order: held by `rule`, or stored as `gives` (None: as seen)."""

    mark: str
    column: str
    seen: str
    rule: str = ""
    gives: Any = None
    locale: str = "dot"

    @property
    def name(self) -> str:
        seen = self.seen.encode("unicode_escape").decode()[:24]
        return f"{self.mark}-{self.column}-{seen}-{self.locale}"


LOCALES: Mapping[str, tuple[Row, Mapping[str, Any]]] = {
    "dot": ({}, {}),
    "comma": ({"amount": "10,50"}, {"decimal": ",", "thousands": " ", "delimiter": ";"}),
    "english": ({}, {"thousands": ","}),
    "german": ({"amount": "10,50"}, {"decimal": ",", "thousands": ".", "delimiter": ";"}),
    "day": ({"order_date": "20.11.2026"}, {"date": "%d.%m.%Y"}),
    "offset": ({"confirmed_at": "2026-11-20T09:30:00Z"}, {"timestamp": "%Y-%m-%dT%H:%M:%S%z"}),
    "kyiv": ({}, {"timezone": "Europe/Kyiv"}),
}
"""What sound rows hold in a file of another country, and its binding."""


def no(mark: str, column: str, *seen: str, rule: str = "type", locale: str = "dot") -> list[Value]:
    """Expect values to be held by a rule."""
    return [Value(mark, column, each, rule, locale=locale) for each in seen]


AMOUNTS = (
    *no("E2", "amount", "-", "1e5", "+1", "0x10", "1_000", "٣", "−5", " 5", "5 ", "5.", ".5",
        "(1 234)", "1 234,56", "1,234.56", "1\u00a0234.56", "--5", "5-", "½", "10.50 EUR", "€5"),
    *no("E6", "amount", "NaN", "inf", "-Infinity", "N/A", "#REF!", "TRUE", "null"),
    *no("E7", "amount", "99999999999999999", "9" * 50, "0.125", "10.501", "0." + "0" * 100 + "1"),
    *no("E2", "amount", "1234.56", "12 34,56", "1  234,56", "1,234,56", "(1 234)", "- 5",
        "1 234 56", "1\t234,5", " 1 234", locale="comma"),
    *no("E2", "amount", "1,23", "12,34,567", "1.234,56", "1,234,5", locale="english"),
    *no("E2", "amount", "1.23", "1,234.56", "1.2345,0", "1 234,5", locale="german"),
    Value("E6", "amount", "-0", gives=Decimal("0.00")),
    Value("E6", "amount", "000.500000", gives=Decimal("0.50")),
    Value("E7", "amount", "9999999999999999.99", gives=Decimal("9999999999999999.99")),
    Value("E7", "amount", "-9999999999999999.99", gives=Decimal("-9999999999999999.99")),
    Value("F3", "amount", "", "required"),
    *(Value("E2", "amount", seen, gives=Decimal(gives), locale=locale) for locale, seen, gives in (
        ("comma", "1 234,56", "1234.56"),
        ("comma", "1\u00a0234,56", "1234.56"),
        ("comma", "-1\u202f234\u00a0567,8", "-1234567.80"),
        ("comma", "1234,5", "1234.50"),
        ("english", "1,234,567.8", "1234567.80"),
        ("english", "1234", "1234.00"),
        ("german", "-1.234,56", "-1234.56"),
    )),
    Value("E6", "lines", "007", gives=7),
    *no("E7", "lines", "2147483648", "-2147483649", "1.0", "1e1"),
    *no("E6", "lines", "two", "1 000"),
    Value("F3", "lines", "-1", "minimum"),
)  # fmt: skip

DATES = (
    *no("E5", "order_date", "31.02.2026", "2026-02-31", "01.02.03", "46346", "2026-13-01",
        "2026-1-5", "0000-01-01", "10000-01-01", "-001-01-01", "20261120", "2026-11-20T00:00:00",
        "today", "2026-02-29", "1900-02-29", " 2026-11-20", "2026-11-20 ", "2026‐11‐20",
        "2026-11-2O", "٢٠٢٦-١١-٢٠", "26-11-20"),
    Value("E5", "order_date", "2024-02-29"),
    Value("E5", "order_date", "2000-02-29"),
    Value("E5", "order_date", "0001-01-01"),
    Value("E5", "order_date", "9999-12-31"),
    Value("F3", "order_date", "", "required"),
    Value("E5", "order_date", "29.02.2024", gives="2024-02-29", locale="day"),
    Value("E5", "order_date", "01.02.2003", gives="2003-02-01", locale="day"),
    *no("E5", "order_date", "31.02.2026", "29.02.2026", "01.02.03", "11/20/2026", "2026-11-20",
        "1.2.2026", "11.20.2026", "00.01.2026", locale="day"),
    *no("E5", "confirmed_at", "2026-11-20T10:00:00+02:00", "2026-11-20T10:00:00Z", "2026-11-20",
        "2026-11-20 10:00:00", "2026-11-20T24:00:00", "2026-11-20T10:00:60", "0000-01-01T00:00:00",
        "2026-11-20T10:00", "2026-11-20T10:00:00.5", "2026-02-29T10:00:00", "10:00:00"),
    Value("E5", "confirmed_at", "9999-12-31T23:59:59", gives="9999-12-31 23:59:59+00:00"),
    # The clocks go forward on 29 March and back on 25 October; of a doubled time the first counts.
    *no("E5", "confirmed_at", "2026-03-29T03:00:00", "2026-03-29T03:30:00", "2026-03-29T03:59:59",
        locale="kyiv"),
    *(Value("E5", "confirmed_at", f"2026-{seen}", gives=f"2026-{gives}+00:00", locale="kyiv")
      for seen, gives in (
          ("03-29T02:59:59", "03-29 00:59:59"), ("03-29T04:00:00", "03-29 01:00:00"),
          ("10-25T03:00:00", "10-25 00:00:00"), ("10-25T03:59:59", "10-25 00:59:59"),
          ("10-25T04:00:00", "10-25 02:00:00"),
      )),
    *(Value("E5", "confirmed_at", f"2026-11-20T10:00:00{offset}", gives=f"2026-11-20 {gives}+00:00",
            locale="offset")
      for offset, gives in (("+0200", "08:00:00"), ("-03:30", "13:30:00"), ("Z", "10:00:00"))),
    *no("E5", "confirmed_at", "2026-11-20T10:00:00", "9999-12-31T23:59:59-05:00",
        "2026-11-20T10:00:00+25:00", "2026-11-20T10:00:00 CET", locale="offset"),
)  # fmt: skip

MARKUP = (
    "<script>alert(1)</script>", "\x1b[31mred\x1b[0m", "\u202egnp.exe", "zero\u200bwidth",
    "e\u0301 \u00e9", "🚚", "\x01", "\ufeff", "\ufffe", "\U0010ffff", "\x7f", "\x9b31m",
    "&amp;", "[bold]rich[/bold]",
)  # fmt: skip
FORMULAS = (
    '=HYPERLINK("http://x","y")', "+1", "-1", "@x", "\t=1", "|calc", "=cmd|' /C calc'!A0",
)  # fmt: skip
QUERIES = ("'); drop table raw.so_order; --", "\\N", "\\.", '""', "%s {0} $1", '{"a": 1}', "\\x00")
PLAIN = (
    "00123", "40702810900000012345", "1E10", "TRUE", "NaN", "N/A", "-0", "null", " padded ",
    "46346", "NULL", "None", "nan", "1e999", "0x1F", "1/2", "3-4", "МАРТ-1",
)  # fmt: skip
TEXTS = (
    *(Value("E15", "note", seen) for seen in MARKUP),
    *(Value("E14", "note", seen) for seen in FORMULAS),
    *(Value("E13", "note", seen) for seen in QUERIES),
    *(Value("E6", "note", seen) for seen in PLAIN),
    Value("E6", "number", "000042"),
    *no("E6", "prepaid", "TRUE", "yes", "да", "2", " true", "t"),
    Value("E6", "prepaid", "0", gives=False),
    Value("E6", "prepaid", "1", gives=True),
    Value("F3", "prepaid", "", "required"),
    *no("F3", "state", "Open", " open", "cancelled", "ореn", rule="allowed"),
    *no("F3", "currency", "eur", "EURO", "€", "ЕUR", rule="pattern"),
)  # fmt: skip

VALUES = (*AMOUNTS, *DATES, *TEXTS)


def values_of(locale: str) -> tuple[list[Value], bytes]:
    """Give the values of one locale and the file that holds one of them in each row."""
    sound, binding = LOCALES[locale]
    chosen = [v for v in VALUES if v.locale == locale]
    made = (order(n, **{**sound, v.column: v.seen}) for n, v in enumerate(chosen, 1))
    return chosen, text(made, delimiter=binding.get("delimiter", ",")).encode()
