"""Row rules of a contract column: who breaks them, and what the message expects."""

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daymart.contracts.model import Column
from daymart.contracts.types import arrow_type
from daymart.load.rules import broken_rules


def column(kind: str = "text", *, required: bool = False, **rules: Any) -> Column:
    return Column("measure", kind, "A column.", required, **rules)


def broken(of: Column, *values: Any) -> dict[str, list[int]]:
    """Return rule -> positions that break it."""
    array = pa.array(values, arrow_type(of.physical_type))
    found = {}
    for finding in broken_rules(of, array):
        assert finding.column == "measure"
        assert finding.rows.null_count == 0
        found[finding.rule] = [i for i, bad in enumerate(finding.rows.to_pylist()) if bad]
    return found


def expected(of: Column, *values: Any) -> list[str]:
    array = pa.array(values, arrow_type(of.physical_type))
    return [finding.expected for finding in broken_rules(of, array)]


def test_column_without_rules_is_never_broken() -> None:
    assert broken(column(), "anything", "", None) == {}


def test_required_value_missing_breaks_but_empty_text_does_not() -> None:
    assert broken(column(required=True), "x", None, "") == {"required": [1]}


def test_allowed_value_unknown_breaks_and_null_does_not() -> None:
    shelf = column(allowed=("front", "back"))
    assert broken(shelf, "front", "Front", "middle", None) == {"allowed": [1, 2]}
    assert expected(shelf, "middle") == ["one of front, back"]


def test_minimum_and_maximum_are_inclusive() -> None:
    price = column("numeric(18,2)", minimum=Decimal(0), maximum=Decimal("10.5"))
    values = [Decimal(v) for v in ("-0.01", "0", "10.50", "10.51")]
    assert broken(price, *values, None) == {"minimum": [0], "maximum": [3]}
    assert expected(price, Decimal(-1)) == ["at least 0"]
    assert expected(price, Decimal(11)) == ["at most 10.5"]


def test_minimum_of_an_integer_is_inclusive() -> None:
    number = column("integer", minimum=Decimal(1))
    assert broken(number, 0, 1, None) == {"minimum": [0]}


def test_pattern_that_does_not_fit_breaks_and_null_does_not() -> None:
    currency = column(pattern="^[A-Z]{3}$")
    assert broken(currency, "EUR", "EURO", "eur", "", None) == {"pattern": [1, 2, 3]}
    assert expected(currency, "EURO") == ["text like ^[A-Z]{3}$"]


def test_max_length_counts_characters_not_bytes() -> None:
    name = column(max_length=5)
    assert broken(name, "сумма", "сумма!", None) == {"max_length": [1]}
    assert expected(name, "sixsix") == ["at most 5 characters"]


def test_row_breaking_several_rules_is_named_by_each() -> None:
    code = column(required=True, pattern="^[A-Z]+$", max_length=3)
    assert broken(code, "toolong", None) == {"pattern": [0], "max_length": [0], "required": [1]}


def test_rules_on_an_empty_batch_are_kept() -> None:
    assert broken(column("date", required=True)) == {}
    assert broken(column("date", required=True), date(2026, 11, 20)) == {}


@pytest.mark.parametrize("bound", ["0.005", "1.239"])
def test_bound_finer_than_the_column_does_not_crash(bound: str) -> None:
    price = column("numeric(18,2)", minimum=Decimal(bound))
    assert broken(price, Decimal("-1")) == {"minimum": [0]}


@given(st.lists(st.none() | st.decimals(-100, 100, places=2), max_size=30))
def test_any_value_breaks_a_bound_exactly_when_it_lies_outside(values: list[Decimal]) -> None:
    price = column("numeric(18,2)", minimum=Decimal(-50), maximum=Decimal(50))
    outside = [i for i, v in enumerate(values) if v is not None and not -50 <= v <= 50]
    found = broken(price, *values)
    assert sorted(found.get("minimum", []) + found.get("maximum", [])) == outside
