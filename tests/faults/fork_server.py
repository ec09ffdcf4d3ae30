"""The test's side of `victim.py`: give orders, kill from outside, learn how the child ended."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.faults.order import REHEARSAL, Order, as_line

SERVER = Path(__file__).with_name("victim.py")


@dataclass(frozen=True)
class Ended:
    """How a child ended: by a signal, or with an exit code and the points it passed."""

    signal: int
    code: int | None
    error: str
    points: list[str] = field(repr=False, default_factory=list)
    seconds: float = 0.0

    @property
    def was_killed(self) -> bool:
        return self.signal == signal.SIGKILL


class ForkServer:
    """A warmed-up process that forks a child for each order; one at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        assert self._answer() == {"ready": True}

    def rehearse(self, order: Order) -> None:
        """Let the server do an order itself, so that its children need not warm up."""
        self._send(replace(order, kill_at=REHEARSAL))
        assert self._answer() == {"rehearsed": True}

    def start(self, order: Order) -> int:
        """Start a child and return its pid."""
        self._send(order)
        return int(self._answer()["pid"])

    def wait(self) -> Ended:
        """Wait for the child that was started last."""
        return Ended(**self._answer())

    def run(self, order: Order) -> Ended:
        """Start a child and wait for its end."""
        self.start(order)
        return self.wait()

    def _send(self, order: Order) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(as_line(order))
        self._process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the fork server died"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def fork_server(log: Path) -> Iterator[ForkServer]:
    """Run a fork server for the block; what its children print goes to `log`."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=SERVER.parents[2],
            env={**os.environ, "DAYMART_HOME": str(SERVER.parents[2])},
        )
        try:
            yield ForkServer(process)
        finally:
            process.kill()
            process.wait()
