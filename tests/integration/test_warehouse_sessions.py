"""Every driver's session on the warehouse has the stage's role and the same settings."""

from collections.abc import Callable

import psycopg2
import pytest
from adbc_driver_postgresql import dbapi
from sqlalchemy import create_engine, text

from daymart.build.dbt import BUILD_SETTINGS, DbtProject
from daymart.warehouse.connect import SESSION_SETTINGS, Role, Warehouse
from tests.conftest import HOME

SETTINGS = sorted(SESSION_SETTINGS)
ASKED = "select current_user, " + ", ".join(f"current_setting('{name}')" for name in SETTINGS)
EXPECTED = tuple(SESSION_SETTINGS[name] for name in SETTINGS)


def by_psycopg(warehouse: Warehouse, role: Role) -> tuple:
    with warehouse.session(role) as session:
        return session.execute(ASKED.encode()).fetchone() or ()


def by_copying(warehouse: Warehouse, role: Role) -> tuple:
    with dbapi.connect(warehouse.conninfo(role)) as session, session.cursor() as cursor:
        cursor.execute(ASKED)
        return cursor.fetchone() or ()


def by_checking(warehouse: Warehouse, role: Role) -> tuple:
    engine = create_engine(warehouse.sqlalchemy_url(role))
    with engine.connect() as session:
        found = tuple(session.execute(text(ASKED)).one())
    engine.dispose()
    return found


@pytest.mark.parametrize("ask", [by_psycopg, by_copying, by_checking])
def test_sessions_have_role_and_settings(
    warehouse: Warehouse, ask: Callable[[Warehouse, Role], tuple]
) -> None:
    assert tuple(ask(warehouse, Role.LOADER)) == (Role.LOADER, *EXPECTED)


def test_dbt_sessions_have_the_settings_by_libpqs_variable(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    dbt = DbtProject(HOME / "dbt_project", HOME, warehouse.connection)
    monkeypatch.setenv("PGOPTIONS", dbt.environment()["PGOPTIONS"])
    with psycopg2.connect(warehouse.connection.conninfo()) as session, session.cursor() as cursor:
        names = ", ".join(f"current_setting('{name}')" for name in BUILD_SETTINGS)
        cursor.execute(f"select {names}")
        assert cursor.fetchone() == tuple(BUILD_SETTINGS.values())
