"""`make up` and `make down`: the demo company kept running under `airflow standalone`.

`python -m daymart.demo.standalone up|down`. Everything `up` starts lives in one session of the
operating system, whose leader is written down in `.daymart/standalone.json`; `down` ends exactly
that session, so it also finds what a crash left behind, and never looks for a process by name.
"""

import argparse
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg

from daymart.cli.output import complain, say
from daymart.demo.departments.crm_service import stop_crm
from daymart.demo.departments.evening import open_crm
from daymart.demo.local import LocalPostgres, airflow_environment, start_postgres, stop_postgres
from daymart.demo.processes import CLOCK_SECONDS, is_running, started_at
from daymart.errors import ConfigError, DaymartError, TransientError
from daymart.settings import find_home

ADDRESS = "127.0.0.1"
USER = "admin"
COMPONENTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")
START_SECONDS = 240
STOP_SECONDS = 30
TELL_EVERY = 10


@dataclass(frozen=True)
class Running:
    """What `up` started: its session's leader and where its API server listens."""

    leader: int
    started_at: float
    port: int

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self.port}"

    def is_alive(self) -> bool:
        """Tell whether the leader itself still runs."""
        return is_running(self.leader, self.started_at)

    def processes(self) -> list[psutil.Process]:
        """Return every process of the session, also when its leader has died.

        A number that was given to somebody else meanwhile (after a restart of the machine, say)
        is not ours.
        """
        if psutil.boot_time() > self.started_at + CLOCK_SECONDS:
            return []
        if psutil.pid_exists(self.leader) and not self.is_alive() and not self._is_zombie():
            return []
        return [process for process in psutil.process_iter() if self._owns(process)]

    def _owns(self, process: psutil.Process) -> bool:
        try:
            return (
                os.getsid(process.pid) == self.leader
                and process.create_time() >= self.started_at - CLOCK_SECONDS
                and process.status() != psutil.STATUS_ZOMBIE
            )
        except (ProcessLookupError, PermissionError, psutil.Error):
            return False

    def _is_zombie(self) -> bool:
        try:
            return bool(psutil.Process(self.leader).status() == psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False


def up(home: Path, port: int) -> None:
    """Start the demo and wait until it is healthy; say so when it already runs.

    Raises ConfigError when the port is taken, TransientError when Airflow does not come up.
    """
    with _alone(home):
        running = _read(home)
        if running and running.is_alive():
            say("It is already running.")
            postgres = start_postgres(home)
            open_crm(home, postgres)
            _tell(home, running, postgres)
            return
        _end(home)
        _require_free(port)
        postgres = _first_morning(home)
        running = _start(home, port)
        try:
            _wait(home, running)
        except BaseException:
            _end(home)
            raise
        _tell(home, running, postgres)


def down(home: Path) -> None:
    """End what `up` and `demo` left running, and nothing else."""
    if not (home / ".daymart").is_dir():
        say("Nothing is running.")
        return
    with _alone(home):
        ended = _end(home)
        crm, database = stop_crm(home), _postgres_runs(home)
        stop_postgres(home)
    say(f"Airflow: ended {ended} processes." if ended else "Airflow was not running.")
    say("CRM service: stopped." if crm else "The CRM service was not running.")
    say("PostgreSQL: stopped." if database else "PostgreSQL was not running.")


def _first_morning(home: Path) -> LocalPostgres:
    """Start PostgreSQL; run a demo morning when nothing was ever published there."""
    postgres = start_postgres(home)
    with psycopg.connect(postgres.uri("warehouse")) as session:
        row = session.execute("select to_regclass('ops.mart_state') is not null").fetchone()
        installed = row is not None and row[0]
        published = installed and session.execute("select 1 from ops.mart_state").fetchone()
    if not published:
        from daymart.demo.morning import NewCompany, run_demo

        say("No morning was published yet: running the first one.")
        run_demo(NewCompany(seed=7), reset=False)
    else:
        open_crm(home, postgres)
    return postgres


def _start(home: Path, port: int) -> Running:
    environment = standalone_environment(home, port)
    airflow_home = Path(environment["AIRFLOW_HOME"])
    airflow_home.mkdir(parents=True, exist_ok=True)
    _set_password(airflow_home)
    say(f"Airflow: starting on {ADDRESS}:{port} (half a minute or so)")
    with _log(home).open("ab") as log:
        _log(home).chmod(0o600)
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", "standalone"],
            env=environment,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(process.pid, started_at(process.pid), port)
    _pid_file(home).write_text(json.dumps(asdict(running)), encoding="utf-8")
    return running


def standalone_environment(home: Path, port: int) -> dict[str, str]:
    """Return the environment of `airflow standalone` with its API server on `port`."""
    environment = airflow_environment(home)
    local = ",".join(filter(None, [os.environ.get("NO_PROXY", ""), ADDRESS, "localhost"]))
    return {
        **environment,
        "NO_PROXY": local,
        "no_proxy": local,
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://{ADDRESS}:{port}",
        # Airflow's own generated one is shorter than its algorithm wants.
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(64),
        # Two tasks at a time: a build and a feed's checks fill two cores and a gigabyte.
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(_free_port()),
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(_free_port()),
    }


def _wait(home: Path, running: Running) -> None:
    """Show each component as it becomes healthy; TransientError when one never does."""
    begun, seen, told = time.monotonic(), set[str](), 0.0
    while (seconds := time.monotonic() - begun) < START_SECONDS:
        if not running.is_alive():
            raise _not_up(home, "airflow standalone ended")
        healthy = _healthy(running)
        for component in sorted(healthy - seen):
            say(f"    {component:<14} healthy  {seconds:5.1f} s")
        if seconds - told >= TELL_EVERY and healthy <= seen:
            say(f"    waiting, {seconds:.0f} s")
            told = seconds
        seen |= healthy
        if seen.issuperset(COMPONENTS):
            return
        time.sleep(1)
    waiting = ", ".join(sorted(set(COMPONENTS) - seen))
    raise _not_up(home, f"not healthy after {START_SECONDS} s: {waiting}")


def _healthy(running: Running) -> set[str]:
    """Return the components that are healthy by a heartbeat of this run, not of the last one."""
    answer = _health(running.url)
    return {
        name
        for name in COMPONENTS
        if answer.get(name, {}).get("status") == "healthy"
        and _beat(answer[name], name) >= running.started_at
    }


def _beat(component: Mapping[str, Any], name: str) -> float:
    text = component.get(f"latest_{name}_heartbeat")
    return datetime.fromisoformat(text).timestamp() if text else time.time()


def _health(url: str) -> dict[str, Any]:
    """Ask the API server how its components are; empty as long as it does not answer."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{url}/api/v2/monitor/health", timeout=5) as answer:
            return dict(json.load(answer))
    except (OSError, ValueError):
        return {}


def _not_up(home: Path, saw: str) -> TransientError:
    lines = _log(home).read_text(encoding="utf-8", errors="replace").splitlines()
    return TransientError(
        "Airflow",
        saw=saw,
        expected="a healthy API server, scheduler, DAG processor and triggerer",
        remedy="The end of " + str(_log(home)) + ":\n" + "\n".join(lines[-15:]),
    )


def _tell(home: Path, running: Running, postgres: LocalPostgres) -> None:
    password = json.loads(_password_file(_airflow_home(home)).read_text(encoding="utf-8"))[USER]
    say(f"\nAirflow   {running.url}   user {USER}   password {password}")
    say(f"psql      {postgres.psql('warehouse')}")
    say(f"logs      {_log(home)}, tasks: {_airflow_home(home) / 'logs'}")
    say("stop      make down")


def _end(home: Path) -> int:
    """End every process of the session that is written down; return how many there were."""
    running = _read(home)
    processes = running.processes() if running else []
    # The leader goes first, or it would report each of its components as crashed.
    for process in sorted(processes, key=lambda p: p.pid != (running and running.leader)):
        _send(process, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while running and running.processes() and time.monotonic() < deadline:
        time.sleep(0.2)
    for process in running.processes() if running else []:
        _send(process, signal.SIGKILL)
    _pid_file(home).unlink(missing_ok=True)
    return len(processes)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _postgres_runs(home: Path) -> bool:
    """Tell whether the embedded server's own pid file names a living process."""
    try:
        first = (home / ".daymart/postgres/postmaster.pid").read_text(encoding="utf-8")
        return bool(psutil.pid_exists(int(first.splitlines()[0])))
    except (OSError, ValueError, IndexError):
        return False


def _read(home: Path) -> Running | None:
    try:
        return Running(**json.loads(_pid_file(home).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Let one `up` or `down` work at a time."""
    folder = home / ".daymart"
    folder.mkdir(exist_ok=True)
    with (folder / "standalone.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise ConfigError(
                "make up or make down", saw="another one is at work here", remedy="Wait for it."
            ) from busy
        yield


def _set_password(airflow_home: Path) -> None:
    """Make a password the first time, so that Airflow does not print one into its log."""
    path = _password_file(airflow_home)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps({USER: secrets.token_urlsafe(9)}) + "\n", encoding="utf-8")


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except (OSError, OverflowError) as taken:
            raise ConfigError(
                f"port {port}",
                saw="another program has it, or it is not ours to take",
                expected="a free port",
                remedy=f"Give another one: make up PORT={8081 if port == 8080 else 8080}",
            ) from taken


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return int(probe.getsockname()[1])


def _airflow_home(home: Path) -> Path:
    return home / ".daymart" / "airflow"


def _password_file(airflow_home: Path) -> Path:
    return airflow_home / "simple_auth_manager_passwords.json.generated"


def _log(home: Path) -> Path:
    return home / ".daymart" / "standalone.log"


def _pid_file(home: Path) -> Path:
    return home / ".daymart" / "standalone.json"


def main() -> int:
    """Run `up` or `down`; a mistake ends with one sentence and an exit code."""
    parser = argparse.ArgumentParser(prog="daymart.demo.standalone", description=__doc__)
    parser.add_argument("command", choices=["up", "down"])
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8080)
    arguments = parser.parse_args()
    home = find_home()
    try:
        if arguments.command == "up":
            up(home, arguments.port)
        else:
            down(home)
    except DaymartError as failed:
        complain(str(failed))
        return int(failed.exit_code)
    except KeyboardInterrupt:
        complain("Interrupted; Airflow was not left running. make down stops PostgreSQL.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
