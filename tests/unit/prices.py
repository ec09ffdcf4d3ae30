"""A contract table for tests of sources."""

from daymart.contracts.model import Column, LoadMode, Table

PRICES = Table(
    name="price",
    grain="One price.",
    description="Prices.",
    columns=(
        Column("sku", "text", "sku", required=True, key_position=1),
        Column("amount", "numeric(18,2)", "amount", required=False),
    ),
    mode=LoadMode.SNAPSHOT,
    control_measure="amount",
)
