"""Roles belong to a server, a warehouse to a database: two installs on one server must agree."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from daymart.connections import parse_connection
from daymart.contracts.model import Feed
from daymart.demo.local import join_postgres_in, stop_postgres_in
from daymart.warehouse.connect import Role, Warehouse
from daymart.warehouse.install import install
from tests.faults.slow_server import wait_for_lock

PATIENCE_SECONDS = 30


@pytest.fixture
def server_without_roles(tmp_path: Path) -> Iterator[str]:
    """Start a server that no warehouse was installed on; its default database's URI."""
    yield join_postgres_in(tmp_path / "pg").uri("postgres")
    stop_postgres_in(tmp_path / "pg")


def test_second_install_waits_for_the_roles_of_the_first(
    server_without_roles: str, feeds: dict[str, Feed]
) -> None:
    warehouse = Warehouse(parse_connection("warehouse", server_without_roles))
    with ThreadPoolExecutor() as beside, psycopg.connect(server_without_roles) as first:
        for role in Role:
            first.execute(f"create role {role} nologin".encode())
        second = beside.submit(install, warehouse, feeds.values(), {})
        wait_for_lock(server_without_roles)
        first.commit()
        second.result(PATIENCE_SECONDS)
    with warehouse.session(Role.READER) as session:
        assert session.execute("select count(*) from ops.feed").fetchone() == (len(feeds),)
