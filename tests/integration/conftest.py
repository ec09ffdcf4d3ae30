"""Warehouses for the real files of companies, and the shop whose loads tests look into."""

from collections.abc import Iterator

import pytest
from fixtures.contracts.shop import Shop, open_shop

from daymart.contracts.model import Feed
from tests.conftest import Databases, warehouse_at
from tests.integration.real_files import Desk, Folder, Opened


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
