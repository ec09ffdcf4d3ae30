"""Which unit a column is in, by its name; a column that is otherwise says so in its YAML."""

from collections.abc import Collection

SUFFIXES = (
    ("_company_amount", "`company_currency_code`"),
    ("_amount", "`currency_code`"),
    ("_qty", "`base_uom`"),
    ("_days", "days"),
    ("_minutes", "minutes"),
    ("_pct", "percent"),
    ("_share", "share, 1 is all"),
    ("_rate", "share, 1 is all"),
    ("_count", "number"),
)
MIXED = "base units, added up"
"""Of quantities in a mart whose rows add up several products."""


def unit_of(column: str, data_type: str, beside: Collection[str]) -> str:
    """Return the unit of a number, empty for what has none.

    `beside` are the columns of its mart: a quantity without `base_uom` adds up several products.
    """
    if not data_type.startswith(("numeric", "integer")):
        return ""
    if column.startswith("days_"):
        return "days"
    unit = next((unit for suffix, unit in SUFFIXES if column.endswith(suffix)), "")
    if unit == "`base_uom`" and "base_uom" not in beside:
        return MIXED
    return unit
