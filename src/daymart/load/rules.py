"""The row rules of a contract: which rows of a batch break which rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from daymart.contracts.model import Column
from daymart.contracts.types import numeric_shape


@dataclass(frozen=True)
class Broken:
    """The rows of one batch that break one rule; `rows` is a mask without nulls."""

    column: str
    rule: str
    expected: str
    rows: pa.Array


def broken_rules(column: Column, values: pa.Array) -> Iterator[Broken]:
    """Yield every row rule of `column` that some of `values` break."""
    for rule, expected, mask in _verdicts(column, values):
        rows = pc.fill_null(mask, False)
        if pc.any(rows).as_py():
            yield Broken(column.name, rule, expected, rows)


def _verdicts(column: Column, values: pa.Array) -> Iterator[tuple[str, str, pa.Array]]:
    if column.required:
        yield "required", "a value", pc.is_null(values)
    if column.allowed:
        known = pa.array(column.allowed, values.type)
        wrong = pc.and_(pc.is_valid(values), pc.invert(pc.is_in(values, value_set=known)))
        yield "allowed", "one of " + ", ".join(column.allowed), wrong
    if column.minimum is not None:
        bound = _bound(column, column.minimum, values.type)
        yield "minimum", f"at least {column.minimum}", pc.less(values, bound)
    if column.maximum is not None:
        bound = _bound(column, column.maximum, values.type)
        yield "maximum", f"at most {column.maximum}", pc.greater(values, bound)
    if column.pattern is not None:
        fits = pc.match_substring_regex(values, column.pattern)
        yield "pattern", f"text like {column.pattern}", pc.invert(fits)
    if column.max_length is not None:
        too_long = pc.greater(pc.utf8_length(values), column.max_length)
        yield "max_length", f"at most {column.max_length} characters", too_long


def _bound(column: Column, bound: Decimal, kind: pa.DataType) -> pa.Scalar:
    shape = numeric_shape(column.physical_type)
    value: Decimal | int = round(bound, shape[1]) if shape else int(bound)
    return pa.scalar(value, kind)
