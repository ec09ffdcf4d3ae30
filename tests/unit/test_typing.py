"""Values on their way to contract types: exact or refused, never rounded and never guessed."""

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from adbc_driver_postgresql import dbapi
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from daymart.load.typing import TextFormat, bad_positions, convert

MONEY = pa.decimal128(18, 2)
INSTANT = pa.timestamp("us", tz="UTC")
KYIV = TextFormat(
    decimal=",",
    thousands=" ",
    date="%d.%m.%Y",
    timestamp="%d.%m.%Y %H:%M",
    timezone="Europe/Kyiv",
    true=("да",),
    false=("нет",),
)
BAD = "bad"


def typed(values: list[Any], target: pa.DataType, text: TextFormat | None = None) -> list[Any]:
    """Convert and say BAD where a value had no type."""
    array = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    result, lost = convert(array, target, text)
    assert result.type == target
    assert lost is None or not pa.compute.any(pa.compute.and_(lost, result.is_valid())).as_py()
    flags = lost.to_pylist() if lost is not None else [False] * len(array)
    return [BAD if bad else value for bad, value in zip(flags, result.to_pylist(), strict=True)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1.00", Decimal("1.00")),
        ("-0.01", Decimal("-0.01")),
        ("1.2300", Decimal("1.23")),
        ("9999999999999999.99", Decimal("9999999999999999.99")),
        ("0.1", Decimal("0.1")),
        ("1.234", BAD),
        ("0.001", BAD),
        ("10000000000000000.00", BAD),
        ("NaN", BAD),
        ("Infinity", BAD),
        ("-Infinity", BAD),
        ("", BAD),
        ("one", BAD),
        (None, None),
    ],
)
def test_money_from_a_database_is_exact_or_bad(written: str | None, expected: Any) -> None:
    assert typed([written], MONEY) == [expected]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1 234,56", Decimal("1234.56")),
        ("1\u00a0234,56", Decimal("1234.56")),
        ("1\u202f234\u00a0567,8", Decimal("1234567.8")),
        ("1234,56", Decimal("1234.56")),
        ("-5,10", Decimal("-5.10")),
        ("-0", Decimal(0)),
        ("00123", Decimal(123)),
        ("12 34,56", BAD),
        ("1 2345", BAD),
        ("1234.56", BAD),
        ("1,234", BAD),
        ("1,", BAD),
        (",5", BAD),
        ("+1", BAD),
        ("(1 234)", BAD),
        ("-", BAD),
        ("1e5", BAD),
        ("NaN", BAD),
        ("inf", BAD),
        ("0x10", BAD),
        ("1 234,56 грн", BAD),
        ("", BAD),
        (None, None),
    ],
)
def test_money_from_a_file_follows_its_format_or_is_bad(written: str | None, expected: Any) -> None:
    assert typed([written], MONEY, KYIV) == [expected]


def test_thousands_not_declared_are_bad() -> None:
    assert typed(["1,234.56", "1 234.56"], MONEY, TextFormat()) == [BAD, BAD]


def test_thousands_that_mean_something_to_a_pattern_are_taken_literally() -> None:
    german = TextFormat(decimal=",", thousands=".")
    assert typed(["1.234,56", "1x234,56"], MONEY, german) == [Decimal("1234.56"), BAD]


def test_floats_that_are_no_numbers_are_bad() -> None:
    floats = pa.array([0.5, math.nan, math.inf, -math.inf, None], pa.float64())
    assert typed(floats, MONEY) == [Decimal("0.50"), BAD, BAD, BAD, None]
    assert typed(floats, pa.int32()) == [BAD, BAD, BAD, BAD, None]


def test_decimals_losing_scale_or_precision_are_bad() -> None:
    wide = pa.array([Decimal("1.005"), Decimal("1.500"), None], pa.decimal128(18, 3))
    assert typed(wide, MONEY) == [BAD, Decimal("1.50"), None]
    assert typed(pa.array([Decimal("12345.00")], MONEY), pa.decimal128(6, 2)) == [BAD]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20.11.2026", date(2026, 11, 20)),
        ("29.02.2024", date(2024, 2, 29)),
        ("31.12.1999", date(1999, 12, 31)),
        ("31.02.2026", BAD),
        ("29.02.2026", BAD),
        ("31.04.2026", BAD),
        ("32.01.2026", BAD),
        ("01.02.03", BAD),
        ("1.2.2026", BAD),
        ("2026-11-20", BAD),
        ("11/20/2026", BAD),
        ("46346", BAD),
        ("20.11.2026 ", BAD),
        ("", BAD),
        (None, None),
    ],
)
def test_date_from_a_file_is_a_day_that_exists_or_bad(written: str | None, expected: Any) -> None:
    assert typed([written], pa.date32(), KYIV) == [expected]


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
@example(date(2000, 2, 29))
def test_any_date_written_in_the_format_comes_back(day: date) -> None:
    assert typed([day.strftime("%d.%m.%Y")], pa.date32(), KYIV) == [day]


@given(st.integers(1, 31), st.integers(1, 12), st.integers(1990, 2040))
@example(31, 2, 2026)
def test_any_day_month_year_is_that_day_or_bad(day: int, month: int, year: int) -> None:
    try:
        expected: Any = date(year, month, day)
    except ValueError:
        expected = BAD
    assert typed([f"{day:02}.{month:02}.{year}"], pa.date32(), KYIV) == [expected]


def test_date_from_a_database_is_a_day_that_exists_or_bad() -> None:
    assert typed(["2026-11-20", "2026-02-31"], pa.date32()) == [date(2026, 11, 20), BAD]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20.11.2026 14:05", utc("2026-11-20T12:05")),
        ("20.07.2026 14:05", utc("2026-07-20T11:05")),
        ("29.03.2026 02:59", utc("2026-03-29T00:59")),
        ("29.03.2026 04:00", utc("2026-03-29T01:00")),
        # The clocks skipped 03:30 that night.
        ("29.03.2026 03:30", BAD),
        # 03:30 came twice: the first of them.
        ("25.10.2026 03:30", utc("2026-10-25T00:30")),
        ("31.02.2026 10:00", BAD),
        ("20.11.2026 24:00", BAD),
        ("20.11.2026", BAD),
        (None, None),
    ],
)
def test_timestamp_without_a_zone_is_read_in_the_declared_one(
    written: str | None, expected: Any
) -> None:
    assert typed([written], INSTANT, KYIV) == [expected]


def test_timestamp_with_a_zone_nobody_declared_is_bad() -> None:
    written = ["2026-11-20T12:00:00", "2026-11-20T12:00:00Z", "2026-11-20T12:00:00+02:00"]
    assert typed(written, INSTANT, TextFormat()) == [utc("2026-11-20T12:00"), BAD, BAD]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-20T12:00:00+02:00", utc("2026-11-20T10:00")),
        ("2026-11-20T12:00:00-0330", utc("2026-11-20T15:30")),
        ("2026-11-20T12:00:00Z", utc("2026-11-20T12:00")),
        ("2026-11-20T12:00:00", BAD),
        ("2026-02-31T12:00:00Z", BAD),
        ("2026-11-20T12:00:00+25:00", BAD),
    ],
)
def test_timestamp_with_a_declared_offset_needs_one(written: str, expected: Any) -> None:
    assert typed([written], INSTANT, TextFormat(timestamp="%Y-%m-%dT%H:%M:%S%z")) == [expected]


def test_timestamp_from_a_database_keeps_its_instant() -> None:
    kyiv = pa.array([utc("2026-11-20T12:00")], pa.timestamp("us", tz="Europe/Kyiv"))
    assert typed(kyiv, INSTANT) == [utc("2026-11-20T12:00")]


@pytest.mark.parametrize(
    ("written", "expected"), [("да", True), ("нет", False), ("ДА", BAD), ("1", BAD), (None, None)]
)
def test_boolean_from_a_file_is_one_of_the_declared_words(
    written: str | None, expected: Any
) -> None:
    assert typed([written], pa.bool_(), KYIV) == [expected]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2147483647", 2147483647),
        ("-2147483648", -2147483648),
        ("2147483648", BAD),
        ("1.0", BAD),
        ("1e3", BAD),
        ("1\x00", BAD),
        ("", BAD),
    ],
)
def test_integer_from_a_file_fits_or_is_bad(written: str, expected: Any) -> None:
    assert typed([written], pa.int32(), TextFormat()) == [expected]


def test_integer_from_a_wider_column_that_overflows_is_bad() -> None:
    wide = pa.array([2**31 - 1, 2**31, -(2**31) - 1, None], pa.int64())
    assert typed(wide, pa.int32()) == [2**31 - 1, BAD, BAD, None]


def test_text_stays_as_written_unless_it_holds_nul() -> None:
    written = ["00123", "TRUE", "1E10", "=1+1", " x ", "", "a\x00b", None]
    values, lost = convert(pa.array(written), pa.string(), TextFormat())
    assert values.to_pylist()[:6] == written[:6]
    assert lost.to_pylist() == [False] * 6 + [True, False]


def test_bad_positions_are_found_wherever_they_stand() -> None:
    values = [str(n) for n in range(1000)]
    for at in (0, 1, 499, 500, 999):
        values[at] = "x"
    assert bad_positions(pa.array(values), pa.int32()) == [0, 1, 499, 500, 999]


@given(st.lists(st.sampled_from(["1", "2.50", "x", None, "1.234", ""]), max_size=40))
def test_good_values_survive_whatever_stands_beside_them(values: list[str | None]) -> None:
    alone = [typed([value], MONEY, TextFormat())[0] for value in values]
    assert typed(values, MONEY, TextFormat()) == alone


def decimals(precision: int, scale: int) -> st.SearchStrategy[Decimal]:
    limit = 10**precision - 1
    return st.integers(-limit, limit).map(lambda n: exactly(n, scale))


def exactly(units: int, scale: int) -> Decimal:
    """Return units / 10^scale without the rounding of a decimal context."""
    return Decimal((int(units < 0), tuple(int(d) for d in str(abs(units))), -scale))


@given(decimals(18, 2))
def test_any_money_written_as_text_is_typed_exactly(amount: Decimal) -> None:
    assert typed([str(amount)], MONEY) == [amount]
    assert typed([f"{amount:,f}".replace(",", "\u00a0").replace(".", ",")], MONEY, KYIV) == [amount]


@given(decimals(18, 2), st.integers(1, 9), st.integers(1, 6))
def test_any_money_with_more_digits_than_fit_is_bad(amount: Decimal, digit: int, more: int) -> None:
    longer = f"{amount:.2f}" + "0" * (more - 1) + str(digit)
    assert typed([longer], MONEY) == [BAD]


@pytest.mark.parametrize(("precision", "scale"), [(18, 2), (18, 6), (38, 10), (5, 0)])
def test_any_decimal_from_postgres_to_postgres_is_the_same(
    precision: int, scale: int, postgres_database: str
) -> None:
    kind = f"numeric({precision},{scale})"
    with psycopg.connect(postgres_database, autocommit=True) as session:
        session.execute(f"create table source (no int, value {kind})".encode())
        session.execute(f"create table target (no int, value {kind})".encode())

    @settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(decimals(precision, scale), min_size=1, max_size=50))
    @example([exactly(10**precision - 1, scale), exactly(1, scale), exactly(-1, scale)])
    def there_and_there(values: list[Decimal]) -> None:
        assert moved(postgres_database, values, pa.decimal128(precision, scale)) == (0, len(values))

    there_and_there()


def moved(uri: str, values: list[Decimal], target: pa.DataType) -> tuple[int, int]:
    """Move values by COPY as a load does; return how many differ and how many arrived."""
    with psycopg.connect(uri, autocommit=True) as session:
        session.execute("truncate source, target")
        with session.cursor() as cursor:
            cursor.executemany("insert into source values (%s, %s)", list(enumerate(values)))
    with dbapi.connect(uri, autocommit=True) as database, database.cursor() as cursor:
        cursor.execute("select no, value from source")
        batch = cursor.fetch_arrow_table().combine_chunks()
        result, lost = convert(batch.column("value").combine_chunks(), target, None)
        assert lost is None
        numbers = batch.column("no").combine_chunks()
        table = pa.table({"no": numbers, "value": result})
        cursor.adbc_ingest("target", table, mode="append")
        cursor.execute(
            "select count(*) filter (where s.value is distinct from t.value), count(t.no)"
            " from source as s full join target as t using (no)"
        )
        differ, arrived = cursor.fetchone()
    return differ, arrived


def test_timestamps_read_in_order_stay_in_order_over_a_year() -> None:
    start = datetime(2026, 1, 1)
    hours = [start + timedelta(hours=n) for n in range(8760)]
    instants = typed([h.strftime("%d.%m.%Y %H:%M") for h in hours], INSTANT, KYIV)
    assert [h for h, i in zip(hours, instants, strict=True) if i == BAD] == [
        datetime(2026, 3, 29, 3)
    ]
    known = [i for i in instants if i != BAD]
    assert known == sorted(known)


def test_double_with_more_digits_than_the_contract_is_a_bad_value() -> None:
    values, lost = convert(pa.array([1.25, 1.005, None]), pa.decimal128(18, 2), None)

    assert values.to_pylist() == [Decimal("1.25"), None, None]
    assert lost is not None and lost.to_pylist() == [False, True, False]


def test_timestamp_in_a_date_column_is_a_bad_value_unless_midnight() -> None:
    array = pa.array([datetime(2026, 11, 20), datetime(2026, 11, 20, 10, 30)])
    values, lost = convert(array, pa.date32(), None)

    assert values.to_pylist() == [date(2026, 11, 20), None]
    assert lost is not None and lost.to_pylist() == [False, True]


@pytest.mark.parametrize(
    "target", [pa.string(), pa.timestamp("us", "UTC"), pa.decimal128(18, 2)], ids=str
)
def test_column_of_nothing_fits_whatever_its_type(target: pa.DataType) -> None:
    converted, lost = convert(pa.nulls(2, pa.int32()), target, None)
    assert (converted.type, converted.null_count, lost) == (target, 2, None)
