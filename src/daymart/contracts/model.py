"""What a contract says, as plain frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

DEFAULT_KEY_SHARE = 0.5
"""Of the keys known before, so many a full list must hold where its contract names no share."""

FEW_KEYS = 5
"""Below so many known keys half a list is one or two rows that a person struck off."""


class LoadMode(StrEnum):
    """How a delivery relates to what is already known."""

    SNAPSHOT = "snapshot"  # the full list: a missing key is a deletion
    INCREMENTAL = "incremental"  # what changed since the cursor, tombstones included
    EVENTS = "events"  # append only


class Severity(StrEnum):
    """What a failed check does: `fail` stops the way of the figure, `warn` marks it."""

    FAIL = "fail"
    WARN = "warn"


@dataclass(frozen=True)
class Promise:
    """One promised property of a delivery that Great Expectations holds it to.

    metric is one of the standard's library metrics (rowCount, nullValues); bounds are inclusive.
    """

    metric: str
    column: str | None
    lower: float | None
    upper: float | None
    severity: Severity
    reason: str


@dataclass(frozen=True)
class Reference:
    """Columns that name a row of another contract table; any of them null: they name nothing."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column of a contract table, its row rules and the words for its readers.

    `unit` is a unit's name or the column of the same table that holds it; `labels` are the heads
    of the column by language.
    """

    name: str
    physical_type: str
    description: str
    required: bool
    key_position: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int | None = None
    pattern: str | None = None
    allowed: tuple[str, ...] = ()
    classification: str = "internal"
    example: str | None = None
    unit: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Table:
    """One contract table: grain, columns and how it is loaded.

    `lookups` are columns by which builds look up the rows of what changed; raw indexes them.
    `min_key_share` is None where the contract names none, 0 where the list may rightly come empty.
    """

    name: str
    grain: str
    description: str
    columns: tuple[Column, ...]
    mode: LoadMode
    cursor: str | None = None
    overlap: timedelta = timedelta(0)
    partition: str | None = None
    min_key_share: float | None = None
    control_measure: str | None = None
    promises: tuple[Promise, ...] = ()
    references: tuple[Reference, ...] = ()
    lookups: tuple[tuple[str, ...], ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> tuple[str, ...]:
        """The primary key's columns in their order."""
        keyed = [c for c in self.columns if c.key_position is not None]
        return tuple(c.name for c in sorted(keyed, key=lambda c: c.key_position or 0))

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError when there is none."""
        for candidate in self.columns:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


@dataclass(frozen=True)
class Feed:
    """One department's regular flow: its promise, its people and its tables."""

    name: str
    department: str
    purpose: str
    owner: str
    deputy: str
    head: str
    channel: str
    deadline: time
    schedule: str
    timezone: ZoneInfo
    calendar: str
    max_reject_share: float
    max_reject_rows: int
    netting_level: tuple[str, ...]
    edit_ban_rule: str | None
    tables: tuple[Table, ...]
    path: Path

    def table(self, name: str) -> Table:
        """Return the table called `name`; KeyError when there is none."""
        for candidate in self.tables:
            if candidate.name == name:
                return candidate
        raise KeyError(name)
