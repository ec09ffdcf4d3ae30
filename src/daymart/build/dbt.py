"""Run dbt in this process: parse first, so that nothing selected can go missing unseen."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from daymart.build.changes import WHOLE, Since
from daymart.connections import Connection
from daymart.errors import ConfigError
from daymart.warehouse.connect import SESSION_SETTINGS, Role

Variables = Mapping[str, Any]
"""What the caller says about one run; every model may ask for it."""

BUILD_SETTINGS = SESSION_SETTINGS | {
    "random_page_cost": "1.1",  # a disk without a head looks rows up nearly as fast as it reads on
    "max_parallel_workers_per_gather": "0",  # dbt's threads share the cores already
}
"""What dbt's sessions have: the planner looks the rows of a day up sooner than it reads a table."""

BUILT = ("model", "seed", "snapshot", "test", "unit_test")


@dataclass(frozen=True)
class NodeResult:
    """What dbt says of one model or test."""

    node_id: str
    resource_type: str
    status: str
    message: str
    seconds: float

    @property
    def failed(self) -> bool:
        return self.status not in ("success", "pass", "warn")


class DbtProject:
    """The dbt project against one warehouse, with its own target folder per run.

    What was parsed is kept in the folder `parsed` (default: the run's own), for a later run to
    parse only files that changed; one process at a time may use it.
    """

    def __init__(
        self, folder: Path, target: Path, connection: Connection, parsed: Path | None = None
    ) -> None:
        self._folder = folder
        self._target = target
        self._connection = connection
        self._parsed_in = parsed or target
        self._parsed: Any = None

    def parse(self) -> dict[str, Any]:
        """Return the manifest; ConfigError when the project does not parse."""
        # Without variables: dbt forgets what it parsed whenever one has another value.
        self._parsed = self._invoke(["parse"], {}, self._parsed_in)
        manifest: dict[str, Any] = json.loads(
            (self._parsed_in / "manifest.json").read_text(encoding="utf-8")
        )
        return manifest

    def build(self, variables: Variables, *marts: str) -> list[NodeResult]:
        """Build and test everything, or some `marts` and what they rest on.

        Failed nodes are results, not exceptions.

        Tables that are brought on from build to build begin anew unless `changed_since` is given.
        """
        # Unit tests prove the models' logic when they change, not every morning.
        command = ["build", *_without("unit_test", "exposure")]
        if not variables.get("changed_since"):
            command.append("--full-refresh")
        if marts:
            # A test that compares with what was not built would fail.
            command += ["--select", *(f"+{mart}" for mart in marts)]
            command += ["--indirect-selection", "cautious"]
        return self._run(command, variables)

    def unit_test(self, variables: Variables) -> list[NodeResult]:
        """Run the models' unit tests; the project must have been built once."""
        return self._run(["test", "--select", "test_type:unit"], variables)

    def document(self, variables: Variables) -> Path:
        """Write dbt's documentation as one page and return it: what the warehouse holds by now."""
        self._invoke_parsed(["docs", "generate", "--static"], variables)
        return self._target / "static_index.html"

    def _run(self, command: list[str], variables: Variables) -> list[NodeResult]:
        return [
            NodeResult(
                node_id=r.node.unique_id,
                resource_type=str(r.node.resource_type),
                status=str(r.status),
                message=(r.message or "").strip(),
                seconds=round(float(r.execution_time), 3),
            )
            for r in self._invoke_parsed(command, variables)
        ]

    def _invoke_parsed(self, command: list[str], variables: Variables) -> Any:
        if self._parsed is None:
            self.parse()
        # dbt writes into it what it compiles: it serves one command.
        manifest, self._parsed = self._parsed, None
        return self._invoke(command, variables, self._target, manifest)

    def _invoke(
        self, command: list[str], variables: Variables, target: Path, manifest: Any = None
    ) -> Any:
        from dbt.cli.main import dbtRunner

        folder = str(target)
        arguments = [
            *command,
            "--project-dir",
            str(self._folder),
            "--profiles-dir",
            str(self._folder),
            "--target-path",
            folder,
            "--log-path",
            folder,
            "--vars",
            json.dumps(dict(variables)),
            "--quiet",
            "--no-use-colors",
            "--no-version-check",
        ]
        with _environment(self.environment()):
            outcome = dbtRunner(manifest=manifest).invoke(arguments)
        if outcome.exception is not None:
            raise ConfigError(
                f"dbt {command[0]}",
                saw=str(outcome.exception).strip()[:2000],
                remedy="Mend the project named here; daymart check parses it.",
            ) from outcome.exception
        return outcome.result

    def environment(self) -> dict[str, str]:
        """Return what dbt, its profile and its driver read from the environment."""
        c = self._connection
        return {
            "DAYMART_DBT_HOST": c.host or "localhost",
            "DAYMART_DBT_PORT": str(c.port or 5432),
            "DAYMART_DBT_USER": c.login or "postgres",
            "DAYMART_DBT_PASSWORD": c.password or "unset",
            "DAYMART_DBT_DBNAME": c.database,
            "DAYMART_DBT_ROLE": str(Role.TRANSFORMER),
            "PGOPTIONS": c.options(BUILD_SETTINGS),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            # Writing down what dbt says slows a build: on demand only.
            "DBT_LOG_LEVEL_FILE": os.environ.get("DBT_LOG_LEVEL_FILE", "none"),
        }


def run_variables(
    as_of: date, run_at: datetime, currency: str, since: Since = WHOLE
) -> dict[str, Any]:
    """Return the variables every model may ask for."""
    variables = {
        "as_of": as_of.isoformat(),
        "run_at": run_at.isoformat(),
        "company_currency": currency,
    }
    if since.is_whole or since.shown_until is None:
        return variables
    shown_until = since.shown_until.isoformat()
    return variables | {"changed_since": dict(since.loads), "shown_until": shown_until}


def _without(*resource_types: str) -> list[str]:
    return [word for kind in resource_types for word in ("--exclude-resource-type", kind)]


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
