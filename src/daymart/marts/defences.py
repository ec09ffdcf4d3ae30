"""What defends a mart: checks of its own, and those of the figures it rests on."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import ModuleType

from daymart.audit.suites import suite_modules
from daymart.checks.check import Check
from daymart.errors import ConfigError

ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Defence:
    """A check, the mart whose suite holds it, the marts it reads, and what it means in words."""

    check: Check
    mart: str
    reads: frozenset[str]
    meaning: str

    @property
    def number(self) -> str:
        """The rule it belongs to: R9 of R9.posting."""
        return self.check.check_id.partition(".")[0]


def defences() -> list[Defence]:
    """Return every check of the marts, by number."""
    found = [defence for module in suite_modules() for defence in _of_suite(module)]
    return sorted(found, key=lambda d: (int(d.number[1:]), d.check.check_id))


def defending(mart: str, known: list[Defence]) -> list[Defence]:
    """Return the checks that hold `mart` against something: its suite's, and any that read it."""
    return [d for d in known if mart == d.mart or mart in d.reads]


def _of_suite(module: ModuleType) -> Iterator[Defence]:
    words = {check.check_id: meaning for check, meaning in _explained(module)}
    for check in module.checks(ANY_DAY):
        if check.check_id not in words:
            raise ConfigError(
                f"check {check.check_id} of {module.MART}",
                saw="nothing says what it means",
                remedy=f"Make it by a function of as_of alone in {module.__name__}, with a "
                "docstring.",
            )
        yield Defence(check, module.MART, _marts_read(check), words[check.check_id])


def _explained(module: ModuleType) -> Iterator[tuple[Check, str]]:
    """Call each function of a suite that makes one check; its docstring is what the check means."""
    for function in vars(module).values():
        if not inspect.isfunction(function) or function.__name__.startswith("_"):
            continue
        signature = inspect.signature(function)
        if signature.return_annotation is Check and set(signature.parameters) <= {"as_of"}:
            yield _made(function, signature.parameters), _meaning(function)


def _made(function: Callable[..., Check], parameters: Mapping[str, object]) -> Check:
    return function(**{name: ANY_DAY for name in parameters})


def _meaning(function: Callable[..., Check]) -> str:
    """Return the first paragraph of a docstring as a sentence, without the rule's number."""
    first = inspect.cleandoc(function.__doc__ or "").partition("\n\n")[0]
    sentence = re.sub(r"^R\d+: ", "", " ".join(first.split()))
    return sentence[:1].upper() + sentence[1:]


def _marts_read(check: Check) -> frozenset[str]:
    query = check.reconciliation.query if check.reconciliation else str(check.arguments)
    return frozenset(re.findall(r"\bcandidate\.(\w+)", query))
