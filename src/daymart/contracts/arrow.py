"""The Arrow schema of a contract table."""

import pyarrow as pa

from daymart.contracts.model import Table
from daymart.contracts.types import arrow_type


def arrow_schema(table: Table) -> pa.Schema:
    """Return the typed columns of `table`; required columns are not nullable."""
    return pa.schema(
        pa.field(c.name, arrow_type(c.physical_type), nullable=not c.required)
        for c in table.columns
    )
