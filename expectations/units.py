"""Quantities in base units, straight from raw, for reconciliations."""

BASE_UNIT = """
left join raw.product as p
    on p.source_system = {alias}.source_system and p.product_id = {alias}.product_id
left join lateral (
    select f.num::numeric / f.den as factor from raw.uom_factor as f
    where f.product_id = {alias}.product_id and f.uom = {alias}.uom
        and {alias}.uom is distinct from p.base_uom
    order by f.valid_from desc limit 1
) as unit on true
"""


def in_base_units(alias: str) -> str:
    """Return the joins that give rows under `alias` a `unit.factor`; null means 1."""
    return BASE_UNIT.replace("{alias}", alias)
