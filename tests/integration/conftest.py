"""Warehouses for the real files of companies, and the shop whose loads tests look into."""

import sys
from collections.abc import Callable, Iterator

import pytest
from fixtures.contracts.shop import Shop, open_shop

from daymart.cli import main
from daymart.contracts.model import Feed
from tests.conftest import Databases, warehouse_at
from tests.integration.real_files import Desk, Folder, Opened

Daymart = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def shared_shop(databases: Databases) -> Iterator[Shop]:
    """Offer one shop with a warehouse; `begin_anew` empties it."""
    yield from open_shop(databases)


@pytest.fixture
def shop(shared_shop: Shop) -> Shop:
    """Offer a shop of which nothing was loaded yet."""
    return shared_shop.begin_anew()


@pytest.fixture(scope="module")
def opened(
    databases: Databases, installed_template: str, feeds: dict[str, Feed]
) -> Iterator[Opened]:
    """Offer a maker of desks, each with an empty warehouse of its own."""
    uris = []

    def open_desk(folder: Folder) -> Desk:
        uris.append(databases.create(installed_template))
        return Desk(folder, warehouse_at(uris[-1]), feeds)

    yield open_desk
    for uri in uris:
        databases.drop(uri)


@pytest.fixture
def daymart(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Daymart:
    """Offer the command: it returns its exit code, output and error output."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["daymart", *arguments])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run
