"""Airflow connections read without Airflow, from `AIRFLOW_CONN_<ID>`.

Both of Airflow's notations are understood: a URI and a JSON object. When the variable is not set,
the project's `.daymart/connections.env` is looked up, which `make demo` writes.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from psycopg.conninfo import make_conninfo

from daymart.errors import ConfigError

LOCAL_FILE = Path(".daymart") / "connections.env"


NO_SETTINGS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Connection:
    """One connection: where a system is and how to log in. Its repr shows no secret."""

    name: str
    kind: str
    host: str = ""
    port: int | None = None
    login: str = ""
    password: str = field(default="", repr=False)
    database: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)

    def options(self, settings: Mapping[str, str]) -> str:
        """Return libpq's `options`: what this connection asks for and `settings` of a session."""
        wanted = (f"-c {name}={value}" for name, value in settings.items())
        return " ".join(filter(None, (self.extra.get("options", ""), *wanted)))

    def conninfo(
        self,
        *,
        role: str | None = None,
        application: str = "daymart",
        session: Mapping[str, str] = NO_SETTINGS,
    ) -> str:
        """Return a libpq connection string; `role` and `session` settings hold from log-in."""
        options = self.options({**session, "role": role} if role else session)
        settings: dict[str, str | int | None] = {
            "host": self.host,
            "port": self.port,
            "user": self.login,
            "password": self.password,
            "dbname": self.database,
            "application_name": application,
            "connect_timeout": 10,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
        }
        given: dict[str, str | int] = {k: v for k, v in self.extra.items() if k.startswith("ssl")}
        given |= {k: v for k, v in settings.items() if v}
        if options:
            given["options"] = options
        return make_conninfo("", **given)

    def sqlalchemy_url(
        self, *, role: str | None = None, session: Mapping[str, str] = NO_SETTINGS
    ) -> str:
        """Return the URL of SQLAlchemy's psycopg2 dialect, the one Great Expectations knows."""
        query = {k: v for k, v in self.extra.items() if k.startswith("ssl")}
        socket = self.host.startswith("/")
        if socket:
            query["host"] = self.host
        if options := self.options({**session, "role": role} if role else session):
            query["options"] = options
        # Most commands have no use for it, and it takes most of a second to import.
        from sqlalchemy.engine import URL

        url = URL.create(
            "postgresql+psycopg2",
            username=self.login or None,
            password=self.password or "x",
            host="localhost" if socket else self.host,
            port=None if socket else self.port,
            database=self.database,
            query=query,
        )
        return url.render_as_string(hide_password=False)


def get_connection(name: str, home: Path) -> Connection:
    """Return the connection called `name`.

    Raises ConfigError when neither the environment nor the local file knows it.
    """
    variable = variable_of(name)
    text = os.environ.get(variable) or local_connections(home).get(variable)
    if not text:
        raise ConfigError(
            f"connection {name!r}",
            saw=f"no {variable} in the environment",
            expected="an Airflow connection as URI or JSON",
            remedy=f"Set it, e.g. {variable}=postgresql://user:password@host:5432/database",
        )
    return parse_connection(name, text)


def variable_of(name: str) -> str:
    """Return the environment variable Airflow and Daymart read the connection from."""
    return f"AIRFLOW_CONN_{name.upper()}"


def local_connections(home: Path) -> dict[str, str]:
    """Read the project's own connections file; empty when there is none."""
    path = home / LOCAL_FILE
    if not path.exists():
        return {}
    lines = (line.partition("=") for line in path.read_text(encoding="utf-8").splitlines())
    return {key.strip(): value.strip() for key, _, value in lines if value}


def write_local_connections(home: Path, connections: Mapping[str, str]) -> Path:
    """Add `connections` (variable -> notation) to the project's own connections file."""
    path = home / LOCAL_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    merged = local_connections(home) | dict(connections)
    path.write_text("".join(f"{k}={v}\n" for k, v in sorted(merged.items())), encoding="utf-8")
    path.chmod(0o600)
    return path


def parse_connection(name: str, text: str) -> Connection:
    """Parse Airflow's URI or JSON notation; ConfigError when it is neither."""
    try:
        return _from_json(name, text) if text.lstrip().startswith("{") else _from_uri(name, text)
    except (ValueError, TypeError) as broken:
        raise ConfigError(
            f"connection {name!r}",
            saw="a value that is neither a URI nor JSON",
            expected="e.g. postgresql://user:password@host:5432/database",
        ) from broken


def _from_json(name: str, text: str) -> Connection:
    data = json.loads(text)
    extra = data.get("extra") or {}
    if isinstance(extra, str):
        extra = json.loads(extra)
    return Connection(
        name=name,
        kind=str(data.get("conn_type", "")),
        host=str(data.get("host") or extra.get("host") or ""),
        port=int(data["port"]) if data.get("port") else None,
        login=str(data.get("login") or ""),
        password=str(data.get("password") or ""),
        database=str(data.get("schema") or ""),
        extra={k: str(v) for k, v in extra.items()},
    )


def _from_uri(name: str, text: str) -> Connection:
    parts = urlsplit(text)
    if not parts.scheme:
        raise ValueError("no scheme")
    extra = dict(parse_qsl(parts.query))
    return Connection(
        name=name,
        kind=parts.scheme,
        host=unquote(parts.hostname or "") or extra.get("host", ""),
        port=parts.port,
        login=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=unquote(parts.path.lstrip("/")),
        extra=extra,
    )
