"""Processes that outlive the command that started them, told from others by when they began."""

import psutil  # type: ignore[import-untyped]

CLOCK_SECONDS = 2
"""How far two readings of one process's start may lie apart."""


def started_at(number: int) -> float:
    """Return when a process began, in seconds since the epoch."""
    return float(psutil.Process(number).create_time())


def is_running(number: int, began: float) -> bool:
    """Tell whether the process with a number still runs and is the one that began then.

    The number may have been given to another process meanwhile; a zombie does not run.
    """
    try:
        found = psutil.Process(number)
        is_same = abs(found.create_time() - began) < CLOCK_SECONDS
        return is_same and bool(found.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
