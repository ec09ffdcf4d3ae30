"""What every measurement shares: the clock, a process of its own, and one printed line."""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

HERE = Path(__file__).resolve().parent
STATUS = Path("/proc/self/status")
LAST_LINES = 6
"""Of an error: what dbt says of one takes several."""


class MeasurementFailed(Exception):
    """A measuring process ended with an error; the message is its last lines."""


def print_machine() -> None:
    """Print when and on what the figures below were measured."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    print(f"{date.today():%d %B %Y}, {cores} cores, {system}\n", flush=True)


def run(script: str, *arguments: str, **environment: str) -> dict[str, Any]:
    """Run a measuring script and return what it prints as JSON on its last line.

    Raises MeasurementFailed.
    """
    done = subprocess.run(
        [sys.executable, HERE / script, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-LAST_LINES:]
        said = "\n".join(last) or f"exit code {done.returncode}"
        named = " ".join(argument for argument in arguments if "://" not in argument)
        raise MeasurementFailed(f"{script} {named} failed: {said}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def peak_mb() -> float:
    """Return the most memory this process held, in MB.

    The kernel's own figure of this program is asked for where there is one: `getrusage` also
    counts what the parent held when it started us.
    """
    if STATUS.exists():
        fields = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
        return int(fields["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def execute(uri: str, statement: str) -> None:
    """Run one statement on its own."""
    with psycopg.connect(uri, autocommit=True) as session:
        session.execute(statement.encode())


def timed(work: Callable[[], object]) -> float:
    """Return how long `work` took, in seconds."""
    started = time.monotonic()
    work()
    return time.monotonic() - started


def line(what: str, seconds: float, copy: float | None = None) -> None:
    """Print one measurement, and how fast it was beside COPY."""
    ratio = f"   {copy / seconds:5.2f} of COPY" if copy else ""
    print(f"{what:<62} {seconds:7.2f} s{ratio}", flush=True)
