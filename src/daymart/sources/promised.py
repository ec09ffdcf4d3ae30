"""Hold the sum a manifest promises against the file's own, column by column as it is read."""

from collections.abc import Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from daymart.errors import ContractError
from daymart.load.typing import convert
from daymart.settings import FileTable
from daymart.sources.drop import text_format
from daymart.sources.manifest import Manifest

EXACT = pa.decimal128(38, 10)


class PromisedSum:
    """Adds up one column of a file as its batches pass; exact decimals."""

    def __init__(self, column: str, promised: Decimal, described: FileTable) -> None:
        self._column = column
        self._promised = promised
        self._text = text_format(described)
        self._sum = Decimal(0)
        self._unread = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Add a batch, and count the values that are no numbers."""
        values, lost = convert(batch.column(self._column), EXACT, self._text)
        self._sum += pc.sum(values).as_py() or 0
        self._unread += pc.sum(lost).as_py() if lost is not None else 0

    def check(self, what: str) -> None:
        """Raise ContractError when the sums differ, naming both."""
        if self._sum == self._promised:
            return
        unread = f" and {self._unread} values that are no numbers" if self._unread else ""
        raise ContractError(
            what,
            saw=f"{self._column!r} adds up to {self._sum.normalize():f}{unread}",
            expected=f"{self._promised.normalize():f} by its manifest",
            remedy="Ask the sender to deliver file and manifest again.",
        )


class NothingPromised(PromisedSum):
    """The sum of a file whose manifest promises none of its columns."""

    def __init__(self) -> None:
        """Keep nothing."""

    def add(self, batch: pa.RecordBatch) -> None:
        """Pass."""

    def check(self, what: str) -> None:
        """Pass."""


def promised_sum(
    manifest: Manifest | None, described: FileTable, columns: Sequence[str]
) -> PromisedSum:
    """Return what adds up the column a manifest names; by its header, or as it was renamed."""
    if manifest is None or manifest.control_total is None or manifest.control_measure is None:
        return NothingPromised()
    renamed = {header: name for name, header in described.columns.items()}
    column = renamed.get(manifest.control_measure, manifest.control_measure)
    if column not in columns:
        return NothingPromised()
    return PromisedSum(column, manifest.control_total, described)
