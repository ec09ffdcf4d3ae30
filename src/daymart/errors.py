"""Errors as designed objects: what failed, what was seen, what was expected, what to do.

Every error carries the exit code of the command line and says whether a retry can help.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every `daymart` command."""

    OK = 0
    USAGE = 2
    SOURCE_UNAVAILABLE = 3
    WAREHOUSE_UNAVAILABLE = 4
    FENCED = 5
    REJECTED = 6
    QUARANTINED = 7


class DaymartError(Exception):
    """Say what failed, what was seen, what was expected and how to mend it."""

    exit_code = ExitCode.REJECTED

    def __init__(self, what: str, *, saw: str, expected: str = "", remedy: str = "") -> None:
        self.what = what
        self.saw = saw
        self.expected = expected
        self.remedy = remedy
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        text = f"{self.what}: {self.saw}"
        if self.expected:
            text += f", expected {self.expected}"
        if self.remedy:
            text += f". {self.remedy}"
        return text

    def __reduce__(self) -> tuple[object, ...]:
        state = {"what": self.what, "saw": self.saw}
        return (_rebuild, (type(self), state | {"expected": self.expected, "remedy": self.remedy}))


def _rebuild(kind: type[DaymartError], state: dict[str, str]) -> DaymartError:
    return kind(state.pop("what"), **state)


class PermanentError(DaymartError):
    """A retry gives the same answer: fail at once and tell a person."""


class TransientError(DaymartError):
    """A retry may help: the network, a lock, a server that restarts."""


class ConfigError(PermanentError):
    """The settings, a contract or the call itself is wrong."""

    exit_code = ExitCode.USAGE


class ContractError(PermanentError):
    """A delivery breaks what its department promised."""


class SourceError(PermanentError):
    """A source answers, but not with what was asked for."""

    exit_code = ExitCode.SOURCE_UNAVAILABLE


class SourceUnavailable(TransientError):
    """A source does not answer."""

    exit_code = ExitCode.SOURCE_UNAVAILABLE


class WarehouseUnavailable(TransientError):
    """The warehouse does not answer."""

    exit_code = ExitCode.WAREHOUSE_UNAVAILABLE


class FencedError(PermanentError):
    """Another writer owns this feed or publication."""

    exit_code = ExitCode.FENCED


class GateError(PermanentError):
    """A check failed, so nothing was published."""
