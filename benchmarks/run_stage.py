"""One stage of a morning in a process of its own: STAGE ARGUMENTS -> what took how long, as JSON.

`pull FEED EVENING`, `accept FEED LOAD...`, `build EVENING [whole]`, `audit PUBLICATION` and
`publish PUBLICATION` are what an Airflow task runs; `create SCALE DAYS`, `install`, `advance` and
`load EVENING` prepare the company. The project and its connections come from the environment.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

from measure import peak_mb

from daymart import stages
from daymart.connections import get_connection

EVENING = date(2026, 11, 20)
SEED = 7
MODULES = {
    "pull": ("daymart.load.pull", "daymart.sources.registry"),
    "accept": ("daymart.load.accept", "great_expectations"),
    "build": ("daymart.build.run", "dbt.cli.main"),
    "audit": ("daymart.audit.run", "great_expectations"),
    "publish": ("daymart.publish.run",),
}
SHARES = {
    "pull": "moving",
    "accept": "moving",
    "build": "building",
    "audit": "checking",
    "publish": "publishing",
}
"""What a stage's time counts as, apart from what is told apart within it."""

WITHIN = {
    "accept": (
        ("daymart.load.accept", "run_checks", "checking"),
        ("daymart.checks.run", "_Batches", "start-up"),
    ),
    "build": (("daymart.build.run.DbtProject", "parse", "start-up"),),
    "audit": (("daymart.checks.run", "_Batches", "start-up"),),
}
"""Stage -> where a callable stands, its name, and what its time counts as."""


class Shares:
    """Seconds by what they were spent on; what runs within something else is not counted twice."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inner = [0.0]

    def measured(self, share: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return `work` so that its own time counts as `share`."""

        def run(*arguments: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            started = time.monotonic()
            try:
                return work(*arguments, **named)
            finally:
                whole = time.monotonic() - started
                self.seconds[share] += whole - self._inner.pop()
                self._inner[-1] += whole

        return run

    def tell_apart(self, where: str, name: str, share: str) -> None:
        """Count a callable of a module or class as `share` wherever it is called there."""
        module, _, owner = where.rpartition(".")
        place = getattr(import_module(module), owner)
        setattr(place, name, self.measured(share, getattr(place, name)))


def main(stage: str, *arguments: str) -> dict[str, Any]:
    """Run one stage and say what it returned, what it spent its time on, and its memory."""
    shares = Shares()
    for module in MODULES.get(stage, ()):
        import_module(module)
    for place in WITHIN.get(stage, ()):
        shares.tell_apart(*place)
    company = stages.open_company()
    work = shares.measured(SHARES.get(stage, "preparing"), STAGES[stage])
    returned = work(company, *arguments)
    return {"returned": returned, "shares": shares.seconds, "peak_mb": peak_mb()}


def _create(company: stages.Company, scale: str, days: str) -> None:
    from daymart.demo.company import create

    settings = company.project.settings
    dsn = get_connection("demo_erp", company.project.home).conninfo()
    holidays = frozenset(settings.calendars["default"].holidays)
    create(dsn, SEED, EVENING, int(days), holidays, float(scale))


def _advance(company: stages.Company) -> str:
    from daymart.demo.company import advance

    dsn = get_connection("demo_erp", company.project.home).conninfo()
    return advance(dsn).isoformat()


def _load(company: stages.Company, evening: str) -> None:
    for feed in company.bound:
        _accept(company, feed, *map(str, _pull(company, feed, evening)))


def _pull(company: stages.Company, feed: str, evening: str) -> list[int]:
    return stages.pull(company, feed, date.fromisoformat(evening))


def _accept(company: stages.Company, feed: str, *loads: str) -> int:
    return stages.accept(company, feed, [int(load) for load in loads])


def _build(company: stages.Company, evening: str, *how: str) -> int:
    return stages.build(company, date.fromisoformat(evening), whole="whole" in how)


def _audit(company: stages.Company, publication: str) -> None:
    stages.audit(company, int(publication))


def _publish(company: stages.Company, publication: str) -> None:
    stages.publish(company, int(publication))


STAGES: dict[str, Callable[..., Any]] = {
    "create": _create,
    "install": stages.install,
    "advance": _advance,
    "load": _load,
    "pull": _pull,
    "accept": _accept,
    "build": _build,
    "audit": _audit,
    "publish": _publish,
}

if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
