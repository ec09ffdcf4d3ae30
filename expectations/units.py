"""Quantities in base units, straight from raw, for reconciliations."""

from decimal import Decimal

ROUNDED = Decimal("0.000005")
"""What a quantity may differ by that a mart rounded to six places, once or a few times over."""
ROUNDED_OFTEN = Decimal("0.001")
"""The same of a sum over many rounded rows."""

BASE_UNIT = """
left join raw.product as p on p.product_id = {product}
left join (
    select f.product_id, f.uom, f.num, f.den, f.valid_from,
        lead(f.valid_from, 1, 'infinity') over (
            partition by f.product_id, f.uom order by f.valid_from
        ) as valid_to
    from raw.uom_factor as f
) as unit
    on unit.product_id = {product} and unit.uom = {alias}.uom and unit.uom <> p.base_uom
    and {day} >= unit.valid_from and {day} < unit.valid_to
"""


def in_base_units(alias: str, day: str, product: str | None = None) -> str:
    """Return the joins by which `base_qty` converts rows under `alias`, as of their `day`.

    `product` is the column that names the product where that is not the row's own. Without a
    factor of that day a quantity stands as it is.
    """
    return BASE_UNIT.format(alias=alias, day=day, product=product or f"{alias}.product_id")


def base_qty(qty: str) -> str:
    """Return an SQL expression in base units: multiplied first, divided last, never rounded."""
    return f"({qty}) * coalesce(unit.num, 1) / coalesce(unit.den, 1)"
