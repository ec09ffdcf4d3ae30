"""Collect the suites of `expectations/marts`."""

import pkgutil
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from types import ModuleType

import expectations.marts
from daymart.checks.check import Check, Subject
from daymart.errors import ConfigError


def mart_suites(as_of: date) -> dict[Subject, list[Check]]:
    """Return the checks of every mart that has a suite.

    Raises ConfigError when two checks share an id: a verdict must name one of them.
    """
    suites: dict[Subject, list[Check]] = {}
    seen: dict[str, str] = {}
    for module in suite_modules():
        subject = Subject("candidate", module.MART, module.MART)
        suites[subject] = module.checks(as_of)
        for check in suites[subject]:
            if check.check_id in seen:
                raise ConfigError(
                    f"check {check.check_id}",
                    saw=f"it is in {seen[check.check_id]} and in {module.MART}",
                    remedy="Give each check its own id.",
                )
            seen[check.check_id] = module.MART
    return suites


def required_checks() -> set[str]:
    """Return the ids of every check a publication needs a verdict of."""
    suites = mart_suites(date(2000, 1, 1))
    return {check.check_id for checks in suites.values() for check in checks}


def suite_modules() -> Iterator[ModuleType]:
    """Import the file of each mart that has a suite."""
    for info in pkgutil.iter_modules(expectations.marts.__path__):
        yield import_module(f"expectations.marts.{info.name}")
