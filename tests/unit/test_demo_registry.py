"""The demo's registry desk: figures that marts show, feeds as the contracts promise them."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from daymart.contracts.model import Feed
from daymart.contracts.read import read_feeds
from daymart.demo.core.business import found
from daymart.demo.core.desks import FeedEntry
from daymart.demo.core.registry import FIGURES, Agreed
from daymart.demo.workdays import Workdays
from daymart.marts.read import read_marts
from daymart.settings import Settings, load_project
from tests.conftest import HOME


def figures() -> Iterator[tuple[str, str, str]]:
    """Name every figure the project speaks of: who does, its mart and its column."""
    for mart, column, *_ in FIGURES:
        yield "demo registry", mart, column
    table = read_feeds(HOME / "contracts")["registry"].table("figure_registry")
    example = {column.name: str(column.example) for column in table.columns}
    yield "contract", example["mart"], example["column_name"]
    mart, _, column = example["figure_id"].partition(".")
    yield "contract's key", mart, column
    with (HOME / "dbt_project" / "seeds" / "board_area.csv").open(encoding="utf-8") as seed:
        for area in csv.DictReader(seed):
            if area["mart"]:
                yield f"board area {area['area']}", area["mart"], area["column_name"]


def test_every_figure_named_is_a_column_of_a_mart() -> None:
    shown = {
        (mart.name, column)
        for mart in read_marts(HOME).values()
        for column in (*(c.name for c in mart.columns), *mart.meta.view_columns)
    }
    named = list(figures())
    assert {who for who, _, _ in named} > {"demo registry", "contract", "board area payment"}
    assert [figure for figure in named if figure[1:] not in shown] == []


@pytest.fixture
def project_settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("DAYMART_SETTINGS", raising=False)
    return load_project(HOME).settings


def listed(feeds: dict[str, Feed], settings: Settings) -> dict[str, FeedEntry]:
    """Found the company and return its list of feeds by name."""
    day = date(2026, 11, 20)
    world = found(7, day, day, Workdays(), Agreed(feeds, settings)).world
    return {entry.name: entry for entry in world.every(FeedEntry)}


def test_list_of_feeds_promises_what_the_contracts_promise(
    feeds: dict[str, Feed], project_settings: Settings
) -> None:
    later = replace(feeds["plan"], deadline=time(11, 11), timezone=ZoneInfo("Europe/Berlin"))
    entries = listed({**feeds, "plan": later}, project_settings)

    assert entries.keys() == feeds.keys()
    for name, entry in entries.items():
        feed = later if name == "plan" else feeds[name]
        promised = (feed.deadline, str(feed.timezone), feed.schedule)
        assert (entry.until_hour, entry.zone, entry.sent_when) == promised
    accounting = entries["accounting"]
    assert accounting.netting == "legal_entity, customer_id, contract_id, currency"
    assert accounting.closing_rule == feeds["accounting"].edit_ban_rule is not None
    assert entries["sales"].netting is None
    whole = {name for name, entry in entries.items() if entry.whole}
    assert whole == {"reference", "accounting"}


def test_channel_of_a_feed_is_how_the_settings_bind_it(
    feeds: dict[str, Feed], project_settings: Settings
) -> None:
    ways = {name: entry.channel for name, entry in listed(feeds, project_settings).items()}

    files, service = {"purchasing", "logistics"}, {"crm"}
    assert {name for name, way in ways.items() if way == "files"} == files
    assert {name for name, way in ways.items() if way == "service"} == service
    assert {ways[name] for name in ways.keys() - files - service} == {"database"}
    unbound = listed(feeds, project_settings.model_copy(update={"bindings": ()}))
    assert {entry.channel for entry in unbound.values()} == {"none"}
