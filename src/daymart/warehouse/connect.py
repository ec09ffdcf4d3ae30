"""Sessions on the warehouse, each with the least rights its stage needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import psycopg
from psycopg.rows import TupleRow

from daymart.connections import Connection
from daymart.errors import ConfigError, WarehouseUnavailable

SESSION_SETTINGS = {
    "timezone": "UTC",
    "lock_timeout": "1min",
    "work_mem": "64MB",  # joins and duplicate checks stay out of temporary files
    "jit": "off",  # compiling a morning's many queries takes longer than running them
}
"""What every session on the warehouse has, whichever driver opens it."""


class Role(StrEnum):
    """Database roles, one per stage. Nobody logs in as one of them."""

    LOADER = "daymart_loader"
    TRANSFORMER = "daymart_transformer"
    PUBLISHER = "daymart_publisher"
    READER = "daymart_reader"
    SELLER = "daymart_seller"


@dataclass(frozen=True)
class Warehouse:
    """The PostgreSQL database that holds raw, marts and the ledger."""

    connection: Connection

    @contextmanager
    def session(self, role: Role | None) -> Iterator[psycopg.Connection[TupleRow]]:
        """Open a session as `role` (None: the login itself); commits are the caller's.

        Raises WarehouseUnavailable when it does not answer or goes away meanwhile.
        """
        try:
            opened = psycopg.connect(
                self.connection.conninfo(
                    role=role,
                    application=f"daymart {role or 'admin'}",
                    session=SESSION_SETTINGS,
                ),
                autocommit=True,
            )
        except psycopg.OperationalError as down:
            if role and any(sign in str(down) for sign in (f'role "{role}"', 'parameter "role"')):
                raise self._not_installed(role) from down
            raise self._unavailable(down) from down
        with opened:
            try:
                yield opened
            except (
                psycopg.errors.AdminShutdown,
                psycopg.errors.CrashShutdown,
                psycopg.errors.CannotConnectNow,
                psycopg.errors.DiskFull,
                psycopg.errors.LockNotAvailable,
            ) as down:
                raise self._unavailable(down) from down
            except psycopg.OperationalError as down:
                if opened.broken:
                    raise self._unavailable(down) from down
                raise

    def conninfo(self, role: Role) -> str:
        """Return a libpq string for drivers that open their own connection (ADBC)."""
        return self.connection.conninfo(
            role=role, application=f"daymart {role}", session=SESSION_SETTINGS
        )

    def sqlalchemy_url(self, role: Role) -> str:
        """Return a SQLAlchemy URL for Great Expectations."""
        return self.connection.sqlalchemy_url(role=role, session=SESSION_SETTINGS)

    def _not_installed(self, role: Role | None) -> ConfigError:
        return ConfigError(
            f"warehouse ({self.connection.name})",
            saw=f"no role {role}, or no right to take it on",
            expected="an installed warehouse",
            remedy="Run: daymart install",
        )

    def _unavailable(self, error: Exception) -> WarehouseUnavailable:
        return WarehouseUnavailable(
            f"warehouse ({self.connection.name})",
            saw=str(error).strip().splitlines()[0],
            remedy="Is PostgreSQL up, with room on its disk, and not locked by another session?",
        )
