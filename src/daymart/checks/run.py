"""Run checks with Great Expectations: one suite, and so one scan, per table."""

import logging
import os
import warnings
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, create_engine, text
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
    engine = create_engine(url)
    try:
        return [
            verdict
            for subject, wanted in checks.items()
            if wanted
            for verdict in _judge(batches, engine, subject, wanted)
        ]
    finally:
        engine.dispose()
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
        self._source = self._context.data_sources.add_postgres("warehouse", connection_string=url)

    def validate(self, subject: Subject, checks: list[Check]) -> Any:
        """Validate one suite over one table; results carry the check's position in `meta`."""
        asset = self._source.add_table_asset(
            f"{subject.schema}.{subject.table}",
            table_name=subject.table,
            schema_name=subject.schema,
        )
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        suite = self._gx.ExpectationSuite(
            name=subject.label,
            expectations=[self._expectation(c, i) for i, c in enumerate(checks)],
        )
        return batch.validate(suite, result_format="SUMMARY")

    def close(self) -> None:
        """Close every session: the one that lists tables and the one that runs the queries."""
        self._source.get_execution_engine().close()
        self._source.get_engine().dispose()

    def _expectation(self, check: Check, position: int) -> Any:
        arguments = dict(check.arguments)
        if check.reconciliation is not None:
            arguments["unexpected_rows_query"] = check.reconciliation.wrong_rows()
        if "unexpected_rows_query" in arguments:
            # Reconciliations look beyond one batch by design; without the word Great
            # Expectations prints a warning for each of them.
            arguments["unexpected_rows_query"] += " /* {batch} */"
        kind = getattr(self._gx.expectations, check.expectation)
        severity = "critical" if check.severity == "fail" else "warning"
        return kind(**arguments, severity=severity, meta={"position": position})


def _judge(
    batches: _Batches, engine: Engine, subject: Subject, checks: list[Check]
) -> list[Verdict]:
    results = sorted(
        batches.validate(subject, checks).results,
        key=lambda r: r.expectation_config.meta["position"],
    )
    return [
        _verdict(engine, subject, check, result)
        for check, result in zip(checks, results, strict=True)
    ]


def _verdict(engine: Engine, subject: Subject, check: Check, result: Any) -> Verdict:
    left, right = _totals(engine, check)
    detail = _detail(check, result)
    if not result.success and "error" not in detail and "query" in _query_of(check):
        detail["rows"] = _wrong_rows(engine, _query_of(check)["query"])
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


def _query_of(check: Check) -> dict[str, str]:
    if check.reconciliation is not None:
        return {"query": check.reconciliation.wrong_rows()}
    query = check.arguments.get("unexpected_rows_query", "")
    return {"query": query} if query else {}


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


def _totals(engine: Engine, check: Check) -> tuple[Decimal | None, Decimal | None]:
    if check.reconciliation is None:
        return None, None
    try:
        with engine.connect() as connection:
            row = connection.execute(text(check.reconciliation.totals())).one()
    except SQLAlchemyError:
        return None, None  # the expectation itself reports why the query does not run
    return Decimal(str(row[0])), Decimal(str(row[1]))


def _wrong_rows(engine: Engine, query: str) -> list[dict[str, Any]]:
    """Return the first keys that differ, so that a person knows where to look."""
    limited = f"select * from ({query}) as wrong limit {MAX_ROWS_SHOWN}"  # noqa: S608
    with engine.connect() as connection:
        rows = connection.execute(text(limited)).mappings().all()
    return [{k: None if v is None else str(v) for k, v in row.items()} for row in rows]
