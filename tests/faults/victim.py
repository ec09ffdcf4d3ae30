"""A process that loads or publishes, counts the points it passes, and kills itself at one of them.

Run as a program it is a fork server: it imports everything once, then forks a child for each
order read from standard input (one JSON object a line) and answers twice, with the child's pid
and with how it ended. Connections are opened in the child only.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import great_expectations.expectations  # noqa: F401

import daymart.publish.run  # noqa: F401
import daymart.sources.registry  # noqa: F401
import expectations.landing  # noqa: F401
from daymart import stages
from daymart.connections import parse_connection
from daymart.contracts.model import Feed
from daymart.contracts.read import read_feeds
from daymart.errors import DaymartError
from daymart.load import accept
from daymart.settings import Project, load_project
from daymart.warehouse.connect import Warehouse
from tests.faults.order import REHEARSAL, Order

HOME = Path(__file__).resolve().parents[2]
OURS = ("daymart.load.", "daymart.publish.", "daymart.warehouse.lease")
PURE = ("daymart.load.typing", "daymart.load.rules", "daymart.load.batch")
"""Modules that only compute: a death there is a death in whoever called them."""


class Countdown:
    """Counts points: calls and returns of our functions, and of psycopg called by them.

    So there is a point before and after each statement, and before and after each COMMIT.
    """

    def __init__(self, kill_at: int) -> None:
        self.passed: list[str] = []
        self._kill_at = kill_at

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event not in ("call", "return") or not _is_point(frame):
            return
        self.passed.append(f"{_module(frame)}.{frame.f_code.co_name} {event}")
        if len(self.passed) == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _module(frame: FrameType | None) -> str:
    return str(frame.f_globals.get("__name__", "")) if frame else ""


def _is_point(frame: FrameType) -> bool:
    if frame.f_code.co_name.startswith(("<", "__init__")):
        return False
    module = _module(frame)
    if module.startswith("psycopg.") and module != "psycopg.sql":
        return _module(frame.f_back).startswith(OURS)
    return module.startswith(OURS) and module not in PURE


def company_of(order: Order) -> stages.Company:
    """Return the demo company between the order's source and its warehouse."""
    os.environ["AIRFLOW_CONN_DEMO_ERP"] = order.source
    os.environ["DAYMART_SETTINGS"] = str(HOME / "tests/fixtures/companies/one_database.yaml")
    warehouse = Warehouse(parse_connection("warehouse", order.warehouse))
    return stages.Company(_project(), _feeds(), warehouse)


@cache
def _project() -> Project:
    return load_project(HOME)


@cache
def _feeds() -> dict[str, Feed]:
    return read_feeds(HOME / "contracts")


def obey(order: Order, company: stages.Company) -> None:
    """Do one order through the stages the command line and the DAGs call."""
    for feed in order.feeds:
        evening = date.fromisoformat(order.evening)
        stages.accept(company, feed, stages.pull(company, feed, evening))
    if order.publication:
        stages.publish(company, order.publication)


def _look_away_from_great_expectations(countdown: Countdown) -> None:
    """Count nothing inside Great Expectations: its millions of calls would cost seconds."""
    judge = accept.run_checks

    def judge_uncounted(*arguments: Any) -> Any:
        sys.setprofile(None)
        try:
            return judge(*arguments)
        finally:
            sys.setprofile(countdown)

    accept.run_checks = judge_uncounted


def _child(order: Order, answer: int) -> None:
    countdown = Countdown(order.kill_at)
    outcome: dict[str, Any] = {"code": 0, "error": ""}
    started = time.monotonic()
    company = company_of(order)
    _look_away_from_great_expectations(countdown)
    try:
        sys.setprofile(countdown)
        obey(order, company)
    except DaymartError as refused:
        outcome = {"code": int(refused.exit_code), "error": str(refused)}
    except BaseException as broken:  # noqa: BLE001  # a traceback is a finding, not an end
        outcome = {"code": 1, "error": repr(broken)}
    finally:
        sys.setprofile(None)
    outcome |= {"points": countdown.passed, "seconds": time.monotonic() - started}
    os.write(answer, json.dumps(outcome).encode() + b"\n")


def _serve(orders: Any, say: Callable[[dict[str, Any]], None]) -> None:
    say({"ready": True})
    for line in orders:
        order = Order(**json.loads(line))
        if order.kill_at == REHEARSAL:
            obey(order, company_of(order))
            say({"rehearsed": True})
            continue
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read_end)
            try:
                _child(order, write_end)
            finally:
                os._exit(0)
        os.close(write_end)
        say({"pid": pid})
        with os.fdopen(read_end) as pipe:
            said = pipe.read()
        _, status = os.waitpid(pid, 0)
        ended = json.loads(said) if said else {"code": None, "error": "", "points": []}
        say(ended | {"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0})


def main() -> None:
    """Import what the stages need, then serve."""
    os.environ["DAYMART_HOME"] = str(HOME)
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # nothing a library prints may be taken for an answer

    def say(message: dict[str, Any]) -> None:
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    company_of(Order(warehouse="postgresql:///none"))
    _serve(sys.stdin, say)


if __name__ == "__main__":
    main()
