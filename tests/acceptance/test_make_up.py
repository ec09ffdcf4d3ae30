"""`make up` and `make down` for real: Airflow with its scheduler, kept running and ended again."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from daymart.demo.local import start_postgres
from daymart.demo.standalone import Running
from tests.conftest import make_home

pytestmark = pytest.mark.timeout(600)

NOTED = ".daymart/standalone.json"


def standalone(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `up` or `down` for the project in `home`."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PORT", "DAYMART_SETTINGS")}
    return subprocess.run(
        [sys.executable, "-m", "daymart.demo.standalone", *arguments],
        env=environment | {"DAYMART_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Kept:
    """A project whose `up` has ended well."""

    home: Path
    port: int
    said: str

    def get(self, path: str, token: str = "") -> dict:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.ask(
            urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", None, headers)
        )

    def ask(self, request: urllib.request.Request) -> dict:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))

    def noted(self) -> Running:
        return Running(**json.loads((self.home / NOTED).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Bring a project up in which a morning was already published."""
    home, port = make_home(tmp_path_factory.mktemp("up")), free_port()
    with psycopg.connect(start_postgres(home).uri("warehouse")) as warehouse:
        # All that `up` asks of a published morning; running one would cost this test a minute.
        warehouse.execute("create schema ops; create table ops.mart_state as select 1 as mart")
    done = standalone(home, "up", "--port", str(port))
    try:
        assert done.returncode == 0, done.stdout + done.stderr
        yield Kept(home, port, done.stdout)
    finally:
        standalone(home, "down")


def test_up_when_it_returns_has_every_component_healthy(kept: Kept) -> None:
    health = kept.get("/api/v2/monitor/health")
    assert {part: health[part]["status"] for part in health} == dict.fromkeys(
        ("metadatabase", "scheduler", "triggerer", "dag_processor"), "healthy"
    )


def test_up_when_it_returns_has_said_how_to_go_on(kept: Kept) -> None:
    for words in (f"http://127.0.0.1:{kept.port}", "psql", "standalone.log", "make down"):
        assert words in kept.said


def test_up_for_a_stranger_answers_nothing_and_for_the_user_it_told_all(kept: Kept) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        kept.get("/api/v2/dags")
    assert refused.value.code == 401
    password = re.search(r"user admin\s+password (\S+)", kept.said)
    assert password is not None
    login = json.dumps({"username": "admin", "password": password[1]}).encode()
    url = f"http://127.0.0.1:{kept.port}/auth/token"
    token = kept.ask(
        urllib.request.Request(url, login, {"Content-Type": "application/json"}, method="POST")
    )["access_token"]
    assert kept.get("/api/v2/importErrors", token)["total_entries"] == 0
    assert all(not dag["is_paused"] for dag in kept.get("/api/v2/dags", token)["dags"])
    log = (kept.home / ".daymart" / "standalone.log").read_text(encoding="utf-8")
    assert password[1] not in log


def test_up_for_the_network_listens_on_this_machine_only(kept: Kept) -> None:
    listening = {
        connection.laddr.ip
        for process in kept.noted().processes()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == kept.port
    }
    assert listening == {"127.0.0.1"}


def test_up_a_second_time_says_that_it_runs(kept: Kept) -> None:
    before = kept.noted()
    again = standalone(kept.home, "up", "--port", str(free_port()))
    assert again.returncode == 0
    assert "already running" in again.stdout
    assert f"http://127.0.0.1:{kept.port}" in again.stdout
    assert kept.noted() == before


def test_down_after_a_crash_leaves_nothing_running(kept: Kept) -> None:
    running = kept.noted()
    server = int((kept.home / ".daymart/postgres/postmaster.pid").read_text().split()[0])
    os.kill(running.leader, signal.SIGKILL)
    left = running.processes()
    assert len(left) >= 4, "the crash was meant to leave the components behind"
    done = standalone(kept.home, "down")
    assert done.returncode == 0, done.stderr
    assert running.processes() == []
    assert not any(process.is_running() and _lives(process) for process in left)
    assert not psutil.pid_exists(server) or not _lives(psutil.Process(server))
    assert not (kept.home / NOTED).exists()
    assert "not running" in standalone(kept.home, "down").stdout


def test_down_where_nothing_was_started_says_so(tmp_path: Path) -> None:
    done = standalone(make_home(tmp_path), "down")
    assert (done.returncode, done.stdout.strip()) == (0, "Nothing is running.")


def test_down_with_a_number_that_belongs_to_somebody_else_spares_them(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    (home / ".daymart").mkdir()
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        note = {"leader": stranger.pid, "started_at": 1_000_000_000.0, "port": 1}
        (home / NOTED).write_text(json.dumps(note), encoding="utf-8")
        assert standalone(home, "down").returncode == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_up_on_a_taken_port_names_another_and_starts_nothing(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = standalone(home, "up", "--port", str(port))
    assert done.returncode == 2
    assert f"port {port}" in done.stderr and "make up PORT=" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / ".daymart" / "postgres").exists()


def _lives(process: psutil.Process) -> bool:
    return bool(process.status() != psutil.STATUS_ZOMBIE)
