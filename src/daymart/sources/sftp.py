"""Log in to an SFTP server, and only to the one that is meant."""

import base64
from pathlib import Path
from typing import Any

import paramiko

from daymart.connections import Connection
from daymart.errors import ConfigError

TIMEOUT_SECONDS = 15.0


class KnownHost(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Accept only the key a connection names, or one of the user's known_hosts."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted.split()[-1] if wanted else ""

    def missing_host_key(
        self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey
    ) -> None:
        """Refuse a host whose key nobody vouched for."""
        if self._wanted:
            if base64.b64encode(key.asbytes()).decode() == self._wanted:
                return
        elif self._is_in_known_hosts(hostname, key):
            return
        raise paramiko.BadHostKeyException(hostname, key, key)

    def _is_in_known_hosts(self, hostname: str, key: paramiko.PKey) -> bool:
        path = Path("~/.ssh/known_hosts").expanduser()
        return path.exists() and paramiko.HostKeys(str(path)).check(hostname, key)


def sftp_options(
    host: str | None, port: int | None, connection: Connection | None
) -> dict[str, Any]:
    """Return fsspec's options for an SFTP server; raises ConfigError without a log-in.

    Of the connection's extras: `host_key` (base64, as in known_hosts), `key_file`, and
    `no_host_key_check` = true for a server whose identity does not matter.
    """
    if connection is None:
        raise ConfigError(
            f"folder sftp://{host or ''}",
            saw="no connection",
            expected="an Airflow connection with login and password or key_file",
            remedy="Name one as the binding's connection in daymart.yaml.",
        )
    extra = connection.extra
    unchecked = extra.get("no_host_key_check", "").lower() == "true"
    options: dict[str, Any] = {
        "host": host or connection.host,
        "port": port or connection.port or 22,
        "username": connection.login,
        "timeout": TIMEOUT_SECONDS,
        "banner_timeout": TIMEOUT_SECONDS,
        "auth_timeout": TIMEOUT_SECONDS,
        "allow_agent": False,
        "look_for_keys": False,
        "host_key_policy": "auto_add" if unchecked else KnownHost(extra.get("host_key", "")),
    }
    if "key_file" in extra:
        options |= {"key_filename": extra["key_file"], "passphrase": connection.password or None}
    else:
        options["password"] = connection.password
    return options
