"""The column types a contract may use: PostgreSQL on one side, Arrow on the other."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Airflow parses the DAG files anew all day; pyarrow would cost it a second
    import pyarrow as pa

LOGICAL_TYPES = {
    "text": "string",
    "date": "date",
    "timestamptz": "timestamp",
    "boolean": "boolean",
    "integer": "integer",
    "bigint": "integer",
    "numeric": "number",
}
"""Physical type (without precision) -> the standard's logical type."""

_NUMERIC = re.compile(r"numeric\((\d+),(\d+)\)")


def numeric_shape(physical_type: str) -> tuple[int, int] | None:
    """Return (precision, scale) of `numeric(p,s)`, None for any other type."""
    match = _NUMERIC.fullmatch(physical_type)
    return (int(match[1]), int(match[2])) if match else None


def arrow_type(physical_type: str) -> "pa.DataType":
    """Return the Arrow type that carries `physical_type`; KeyError when it is unknown."""
    import pyarrow as pa

    shape = numeric_shape(physical_type)
    if shape:
        return pa.decimal128(*shape)
    return {
        "text": pa.string(),
        "date": pa.date32(),
        "timestamptz": pa.timestamp("us", tz="UTC"),
        "boolean": pa.bool_(),
        "integer": pa.int32(),
        "bigint": pa.int64(),
    }[physical_type]


def is_known(physical_type: str) -> bool:
    """Tell whether a contract may use this type."""
    plain = physical_type in LOGICAL_TYPES and physical_type != "numeric"
    return plain or numeric_shape(physical_type) is not None


def logical_type(physical_type: str) -> str:
    """Return the standard's logical type that goes with `physical_type`."""
    return LOGICAL_TYPES[physical_type.split("(")[0]]
