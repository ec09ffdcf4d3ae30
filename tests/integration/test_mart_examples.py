"""The pages of the marts against a published company: examples run, columns are as told."""

from collections.abc import Iterator

import psycopg
import pytest

from daymart.marts.pages import added_columns
from daymart.marts.read import read_marts
from daymart.publish.relations import columns_of
from daymart.warehouse.connect import Role
from tests.conftest import HOME, Databases, warehouse_at
from tests.marts import MARTS

PAGES = read_marts(HOME)


@pytest.fixture(scope="module")
def reader(databases: Databases, published_template: str) -> Iterator[psycopg.Connection]:
    uri = databases.create(published_template)
    with warehouse_at(uri).session(Role.READER) as session:
        yield session
    databases.drop(uri)


@pytest.mark.parametrize("mart", MARTS)
def test_example_of_a_page_runs_and_shows_something(reader: psycopg.Connection, mart: str) -> None:
    example = PAGES[mart].meta.example

    assert f"marts.{mart}" in example
    assert reader.execute(example.encode()).fetchall() != [], f"the demo company shows no {mart}"


@pytest.mark.parametrize("mart", MARTS)
def test_page_tells_every_column_of_the_view(reader: psycopg.Connection, mart: str) -> None:
    page = PAGES[mart]
    told = {c.name: c.data_type for c in (*page.columns, *added_columns(page))}

    assert told == {c.name: c.kind for c in columns_of(reader, "marts", mart)}
