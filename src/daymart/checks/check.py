"""A check: an expectation with somebody who answers for it and what to do when it fails."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from daymart.contracts.model import Severity


@dataclass(frozen=True)
class Subject:
    """The table a check looks at."""

    schema: str
    table: str
    label: str


@dataclass(frozen=True)
class Reconciliation:
    """Two sides of a figure that must agree, key by key.

    `query` returns one row per key with the key's columns, then `left_value` and `right_value`;
    a missing side is 0. Rows whose difference exceeds `tolerance` are wrong.
    """

    query: str
    tolerance: Decimal = Decimal("0.00")

    def wrong_rows(self, rows: str) -> str:
        """Return the query of the rows that disagree; `rows` holds what `query` returns."""
        difference = "coalesce(d.left_value, 0) - coalesce(d.right_value, 0)"
        return f"""
select d.*, {difference} as difference
from {rows} as d
where abs({difference}) > {self.tolerance}
"""  # noqa: S608  # the query is a constant of a suite

    def totals(self, rows: str) -> str:
        """Return the query of both sides' totals; `rows` holds what `query` returns."""
        return f"""
select coalesce(sum(d.left_value), 0), coalesce(sum(d.right_value), 0)
from {rows} as d
"""  # noqa: S608  # the query is a constant of a suite


@dataclass(frozen=True)
class Check:
    """One promise about one table.

    `expectation` names a Great Expectations class and `arguments` its parameters;
    a reconciliation needs neither, it becomes an UnexpectedRowsExpectation.
    """

    check_id: str
    severity: Severity
    owner: str
    remedy: str
    expectation: str = "UnexpectedRowsExpectation"
    arguments: dict[str, Any] = field(default_factory=dict)
    reconciliation: Reconciliation | None = None

    @property
    def query(self) -> str:
        """What it asks the warehouse; empty when its expectation asks by itself."""
        if self.reconciliation is not None:
            return self.reconciliation.query
        return str(self.arguments.get("unexpected_rows_query", ""))

    def wrong_rows(self, rows: str) -> str:
        """Return the query of the rows that are wrong; `rows` holds what `query` returns."""
        if self.reconciliation is not None:
            return self.reconciliation.wrong_rows(rows)
        return f"select * from {rows} as d"  # noqa: S608  # a name, or a constant of a suite


@dataclass(frozen=True)
class Verdict:
    """What a check said, in the columns of ops.check_result."""

    check_id: str
    subject: str
    severity: Severity
    passed: bool
    owner: str
    remedy: str
    detail: dict[str, Any]
    left: Decimal | None = None
    right: Decimal | None = None
    tolerance: Decimal | None = None

    @property
    def word(self) -> str:
        """passed, warned or failed."""
        if self.passed:
            return "passed"
        return "failed" if self.severity is Severity.FAIL else "warned"

    @property
    def blocks(self) -> bool:
        """Tell whether this verdict stops the way of the figure."""
        return self.word == "failed"

    def sentence(self) -> str:
        """Say in one line what is wrong, who answers and what to do."""
        seen = self.detail.get("saw", "")
        return f"{self.check_id} on {self.subject}: {seen}. {self.remedy} (owner: {self.owner})"


INSERT = """
insert into ops.check_result (
    load_id, publication_id, check_id, subject, severity, verdict, left_value, right_value,
    difference, tolerance, owner_id, remedy, detail
)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def write_verdicts(
    session: psycopg.Connection,
    verdicts: list[Verdict],
    *,
    load_id: int | None = None,
    publication_id: int | None = None,
) -> None:
    """Write verdicts of one load or one publication, in the caller's transaction."""
    with session.cursor() as cursor:
        cursor.executemany(
            INSERT,
            [
                (
                    load_id,
                    publication_id,
                    v.check_id,
                    v.subject,
                    v.severity,
                    v.word,
                    v.left,
                    v.right,
                    None if v.left is None or v.right is None else v.left - v.right,
                    v.tolerance,
                    v.owner,
                    v.remedy,
                    Jsonb(v.detail),
                )
                for v in verdicts
            ],
        )
