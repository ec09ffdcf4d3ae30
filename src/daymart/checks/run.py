"""Run checks with Great Expectations: one suite, and so one scan, per table."""

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from daymart.checks.check import Check, Subject, Verdict

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

MAX_ROWS_SHOWN = 20
MAX_KEYS_SAID = 3


def run_checks(url: str, checks: Mapping[Subject, list[Check]]) -> list[Verdict]:
    """Judge every subject by its checks.

    A check that cannot be evaluated has failed: its verdict says why.
    """
    batches = _Batches(url)
    try:
        return [
            verdict
            for subject, wanted in checks.items()
            if wanted
            for verdict in _judge(batches, subject, wanted)
        ]
    finally:
        batches.close()


class _Batches:
    """Great Expectations' ephemeral context on one database."""

    def __init__(self, url: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import great_expectations as gx
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

        logging.getLogger("great_expectations").setLevel(logging.WARNING)
        self._gx = gx
        # Without docs sites: they would leave a temporary folder behind on every run.
        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        )
        self._context = gx.get_context(mode="ephemeral", project_config=config)
        # One session for all: what a check's query returned is kept in a table of that session.
        self._source = self._context.data_sources.add_postgres(
            "warehouse",
            connection_string=url,
            kwargs={"pool_size": 1, "max_overflow": 0},  # type: ignore[call-arg]  # not in its stub
        )
        with self.engine.begin() as session:
            # Nothing it writes must outlive it: no commit has to reach the disk.
            session.execute(text("set synchronous_commit = off"))

    @property
    def engine(self) -> Engine:
        """The session the expectations are evaluated in."""
        return self._source.get_execution_engine().engine

    def validate(self, subject: Subject, checks: list[Check], rows: list[str]) -> list[Any]:
        """Validate one suite over one table; return one result per check, in their order.

        `rows` names, per check, where what its query returns can be read.
        """
        asset = self._source.add_table_asset(
            f"{subject.schema}.{subject.table}",
            table_name=subject.table,
            schema_name=subject.schema,
        )
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        suite = self._gx.ExpectationSuite(
            name=subject.label,
            expectations=[
                self._expectation(check, position, rows[position])
                for position, check in enumerate(checks)
            ],
        )
        results = batch.validate(suite, result_format="SUMMARY").results
        return sorted(results, key=lambda result: result.expectation_config.meta["position"])

    def close(self) -> None:
        """Close every session: the one that lists tables and the one that runs the queries."""
        self._source.get_execution_engine().close()
        self._source.get_engine().dispose()

    def _expectation(self, check: Check, position: int, rows: str) -> Any:
        arguments = dict(check.arguments)
        if check.query:
            # Queries look beyond one batch by design; without the word Great Expectations
            # prints a warning for each of them.
            arguments["unexpected_rows_query"] = check.wrong_rows(rows) + " /* {batch} */"
        kind = getattr(self._gx.expectations, check.expectation)
        severity = "critical" if check.severity == "fail" else "warning"
        return kind(**arguments, severity=severity, meta={"position": position})


def _judge(batches: _Batches, subject: Subject, checks: list[Check]) -> list[Verdict]:
    with _asked_once(batches.engine, checks) as rows:
        results = batches.validate(subject, checks, rows)
        return [
            _verdict(batches.engine, subject, *judged)
            for judged in zip(checks, rows, results, strict=True)
        ]


@contextmanager
def _asked_once(engine: Engine, checks: list[Check]) -> Iterator[list[str]]:
    """Keep what each check's query returns in a temporary table while it is judged.

    Great Expectations would run a query to count its rows and again to show them, and we a third
    time to add up both sides. A query that cannot be run stands for itself: Great Expectations
    says why. Yields, per check, a name or a query to select from.
    """
    kept = [f"pg_temp.rows_{position}" for position in range(len(checks))]
    yield [
        name if check.query and _keep(engine, name, check.query) else f"({check.query})"
        for name, check in zip(kept, checks, strict=True)
    ]
    with engine.begin() as session:
        session.execute(text(f"drop table if exists {', '.join(kept)}"))


def _keep(engine: Engine, name: str, query: str) -> bool:
    try:
        with engine.begin() as session:
            session.execute(text(f"create temporary table {name} as {query}"))
    except SQLAlchemyError:
        return False
    return True


def _verdict(engine: Engine, subject: Subject, check: Check, rows: str, result: Any) -> Verdict:
    left, right = _totals(engine, check, rows)
    detail = _detail(check, result)
    if not result.success and "error" not in detail and check.query:
        detail["rows"] = _first_rows(engine, check.wrong_rows(rows))
        detail["saw"] += _first_keys(detail["rows"])
    return Verdict(
        check_id=check.check_id,
        subject=subject.label,
        severity=check.severity,
        passed=bool(result.success),
        owner=check.owner,
        remedy=check.remedy,
        detail=detail,
        left=left,
        right=right,
        tolerance=check.reconciliation.tolerance if check.reconciliation else None,
    )


def _first_keys(rows: list[dict[str, Any]]) -> str:
    """Name the first references that lead nowhere; other checks' rows have no `reference`."""
    named = [
        f"{row['reference']} {row['key']} ({row['row_count']} rows)"
        for row in rows[:MAX_KEYS_SAID]
        if "reference" in row
    ]
    return f": {'; '.join(named)}" if named else ""


def _detail(check: Check, result: Any) -> dict[str, Any]:
    errors = [
        info["exception_message"]
        for info in (result.exception_info or {}).values()
        if isinstance(info, dict) and info.get("raised_exception")
    ]
    if errors:
        first = errors[0].splitlines()[0]
        return {"error": first, "saw": f"the check could not be evaluated: {first}"}
    observed = result.result.get("observed_value")
    expected = {k: v for k, v in check.arguments.items() if k.startswith(("min", "max", "value"))}
    if check.expectation == "UnexpectedRowsExpectation":
        return {"saw": f"{observed} rows are wrong" if observed else "no row is wrong"}
    column = check.arguments.get("column")
    return {
        "saw": f"{column + ': ' if column else ''}{observed}, expected {_words(expected)}",
        "observed": str(observed),
    }


def _words(expected: dict[str, Any]) -> str:
    lower, upper = expected.get("min_value"), expected.get("max_value")
    if "value" in expected:
        return str(expected["value"])
    if lower is not None and upper is not None:
        return str(lower) if lower == upper else f"{lower} to {upper}"
    return f"at least {lower}" if lower is not None else f"at most {upper}"


def _totals(engine: Engine, check: Check, rows: str) -> tuple[Decimal | None, Decimal | None]:
    if check.reconciliation is None:
        return None, None
    try:
        with engine.connect() as session:
            left, right = session.execute(text(check.reconciliation.totals(rows))).one()
    except SQLAlchemyError:
        return None, None  # the expectation itself reports why the query does not run
    return Decimal(str(left)), Decimal(str(right))


def _first_rows(engine: Engine, query: str) -> list[dict[str, Any]]:
    """Return the first keys that differ, so that a person knows where to look."""
    limited = f"select * from ({query}) as wrong limit {MAX_ROWS_SHOWN}"  # noqa: S608
    with engine.connect() as session:
        found = session.execute(text(limited)).mappings().all()
    return [{k: None if v is None else str(v) for k, v in row.items()} for row in found]
