"""Plain REST services: their ways of paging, and what a wrong one ends in."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rude_server import ROWS, Request, rude_server

from daymart.connections import parse_connection
from daymart.contracts.model import Column, LoadMode, Table
from daymart.errors import DaymartError, SourceError, SourceUnavailable
from daymart.settings import Patience, Resource, Rest
from daymart.sources.protocol import ReadParams
from daymart.sources.rest import RestSource

SHORT = Patience(read_s=1, total_s=3, attempts=2, first_wait_s=0, longest_wait_s=0)
THINGS = Table(
    name="thing",
    grain="One thing.",
    description="Things.",
    columns=(Column("key", "text", "key", required=True, key_position=1),),
    mode=LoadMode.SNAPSHOT,
)
SINCE = datetime(2026, 11, 19, 12, tzinfo=UTC)
ALL = [(f"k{n:03}", str(n)) for n in range(10)]
QUERY = 'select "Ref_Key" as key, "Сумма" as amount from things order by 1'


def read(url: str, **described: Any) -> list[Any]:
    """Read the only list of the service at `url`."""
    given: dict[str, Any] = {"path": "v1/things", "key": ("Ref_Key",), "page_size": 4}
    host, _, path = url.removeprefix("http://").partition("/")
    connection = parse_connection("api", f"http://:token@{host}/?base_path={path}")
    settings = Rest(entities={"things": Resource(**(given | described))}, patience=SHORT)
    source = RestSource("api", connection, {"thing": QUERY}, settings)
    with source.snapshot() as snapshot:
        (stream,) = snapshot.read(THINGS, ReadParams(date(2026, 11, 20), SINCE))
        return [tuple(row.values()) for batch in stream.batches for row in batch.to_pylist()]


def whole(request: Request) -> None:
    request.send_json(ROWS)


def by_offset(request: Request) -> None:
    first = int(request.options["skip"])
    request.send_json({"data": {"items": ROWS[first : first + int(request.options["take"])]}})


def by_number(request: Request) -> None:
    first = (int(request.options["page"]) - 1) * 3
    request.send_json({"data": {"items": ROWS[first : first + 3]}})


def by_link(request: Request) -> None:
    first = int(request.options.get("from", 0))
    more = f"things?from={first + 4}" if first + 4 < len(ROWS) else None
    target = more and f"/base/v1/{more}"
    request.send_json({"data": {"items": ROWS[first : first + 4]}, "paging": {"next": target}})


ITEMS = {"rows": "data.items"}


@pytest.mark.parametrize(
    ("behaviour", "described"),
    [
        (whole, {}),
        (by_offset, {**ITEMS, "offset": "skip", "limit": "take"}),
        (by_number, {**ITEMS, "page": "page"}),
        (by_link, {**ITEMS, "next": "paging.next"}),
    ],
    ids=["whole", "offset", "page-number", "next-link"],
)
def test_rest_list_is_read_whole(
    behaviour: Callable[[Request], None], described: dict[str, Any]
) -> None:
    with rude_server(behaviour) as (url, _):
        assert read(url, **described) == ALL


def test_rest_list_with_a_cursor_asks_for_changes() -> None:
    with rude_server(whole) as (url, asked):
        read(url, changed="updated_since", params={"state": "open"})
    assert asked == ["/base/v1/things?state=open&updated_since=2026-11-19T12%3A00%3A00Z"]


def sending(document: Any) -> Callable[[Request], None]:
    return lambda request: request.send_json(document)


@pytest.mark.parametrize(
    ("behaviour", "described", "error", "message"),
    [
        (sending({"items": 7}), {"rows": "items"}, SourceError, "without a list of objects"),
        (sending([{"id": "7"}]), {}, SourceError, r"no Ref_Key in its rows \(id\)"),
        (sending([]), {}, SourceError, "no row, expected to learn its fields"),
        (sending([*ROWS, ROWS[0]]), {}, SourceUnavailable, "1 keys came more than once"),
        (sending({"error": {"message": "quota"}}), {}, SourceUnavailable, "quota"),
        (sending(ROWS), {"page": "p"}, SourceUnavailable, "begins with k000 came twice"),
        (
            sending({"r": ROWS, "next": "https://evil.example/"}),
            {"rows": "r", "next": "next"},
            SourceError,
            "a next page at https://evil.example/, expected to stay on",
        ),
        (
            sending({"r": ROWS, "next": "/base/v1/things"}),
            {"rows": "r", "next": "next"},
            SourceUnavailable,
            "came twice",
        ),
    ],
    ids=["no-list", "no-key", "empty", "doubled", "error", "page-again", "elsewhere", "circle"],
)
def test_rude_rest_service_ends_in_one_sentence(
    behaviour: Callable[[Request], None],
    described: dict[str, Any],
    error: type[DaymartError],
    message: str,
) -> None:
    with rude_server(behaviour) as (url, _), pytest.raises(error, match=message) as caught:
        read(url, **described)
    assert str(caught.value).startswith("source api: v1/things")
    assert "token" not in str(caught.value)
