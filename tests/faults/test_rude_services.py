"""Web services that misbehave: each fault ends in rows or in one clear sentence."""

import gzip
import json
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rude_server import ROWS, Request, rude_server

from daymart.connections import parse_connection
from daymart.contracts.model import Column, LoadMode, Table
from daymart.errors import ConfigError, ExitCode, SourceUnavailable
from daymart.settings import EntitySet, OData, Patience
from daymart.sources.exchange import address_of, retry_after
from daymart.sources.odata import ODataSource
from daymart.sources.protocol import ReadParams
from tests.conftest import DEMO_EVENING
from tests.faults.rude_faults import (
    ERROR,
    FAULTS,
    SECRET,
    Fault,
    half_a_page,
    hang,
    hang_up,
    page,
    sending,
)

LONG_READ = Path(__file__).with_name("long_read.py")
WIDE = {f"Field{n}": f"value {n} " * 10 for n in range(10)}
SHORT = Patience(
    connect_s=0.5, read_s=0.5, total_s=2, attempts=3, first_wait_s=0, longest_wait_s=0.1
)
THINGS = Table(
    name="thing",
    grain="One thing.",
    description="Things.",
    columns=(Column("key", "text", "key", True, 1),),
    mode=LoadMode.SNAPSHOT,
)
QUERY = 'select "Ref_Key" as key, "Сумма" as amount from things order by 1'


def read(url: str, version: int = 3, patience: Patience = SHORT, **described: Any) -> list[Any]:
    """Read the only entity set of the service at `url`."""
    given = {"page_size": 4} | described
    counts = given.pop("counts", True)
    settings = OData(
        version=version,
        patience=patience,
        counts=counts,
        entities={"things": EntitySet(set="Catalog_Вещи", **given)},
    )
    host, _, path = url.removeprefix("http://").partition("/")
    where = parse_connection("base", f"http://bob:{SECRET}@{host}/?base_path={path}")
    source = ODataSource("crm", where, {"thing": QUERY}, settings)
    with source.snapshot() as snapshot:
        (stream,) = snapshot.read(THINGS, ReadParams(DEMO_EVENING))
        return [tuple(row.values()) for batch in stream.batches for row in batch.to_pylist()]


ALL = [(f"k{n:03}", str(n)) for n in range(10)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_rude_service_ends_in_one_sentence(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with rude_server(fault.behaviour) as (url, asked), pytest.raises(fault.error) as caught:
        read(url, fault.version)
    sentence = str(caught.value)
    assert caught.match(fault.message)
    assert sentence.startswith("source crm: Catalog_Вещи")
    assert caught.value.remedy
    assert caught.value.exit_code == ExitCode.SOURCE_UNAVAILABLE
    assert sentence.isprintable()
    assert SECRET not in sentence + caplog.text
    if fault.asked is not None:
        assert len(asked) == fault.asked


def test_service_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/base"
    with pytest.raises(SourceUnavailable, match=r"no connection: Connection refused \(asked 3 "):
        read(url)


def test_hanging_service_is_given_up_within_the_time_set() -> None:
    patience = SHORT.model_copy(update={"total_s": 0.7, "attempts": 1000})
    with rude_server(hang) as (url, asked), pytest.raises(SourceUnavailable):
        read(url, patience=patience)
    assert len(asked) == 2


def failing_first(times: int, failure: Callable[[Request], None]) -> Callable[[Request], None]:
    left = [times]

    def behave(request: Request) -> None:
        if left[0] and request.place != "$count":
            left[0] -= 1
            failure(request)
        else:
            request.serve_rows()

    return behave


@pytest.mark.parametrize(
    "failure",
    [
        sending(429, Retry_After="0"), sending(500), sending(503), half_a_page, hang_up,
        page(ERROR.encode()), page(b"{"), page(b"x", Content_Encoding="gzip"), hang,
    ],
    ids=["429", "500", "503", "cut", "hung-up", "error", "truncated", "gzip", "hang"],
)  # fmt: skip
def test_service_that_fails_twice_is_read_whole(failure: Callable[[Request], None]) -> None:
    with rude_server(failing_first(2, failure)) as (url, _):
        assert read(url) == ALL


def test_retry_after_is_honoured_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    patience = SHORT.model_copy(update={"longest_wait_s": 30, "total_s": 100})
    for asked in ("7", "3000", "Fri, 20 Nov 2015 10:00:00 GMT", "soon"):
        with rude_server(failing_first(1, sending(429, Retry_After=asked))) as (url, _):
            read(url, patience=patience)
    assert pauses == [7, 30, 0, 0]


def test_retry_after_reads_dates_and_nonsense() -> None:
    assert retry_after("12") == 12
    assert retry_after("Fri, 20 Nov 2015 10:00:00 GMT") == 0
    assert [retry_after(text) for text in (None, "", "soon", "-4", "٣")] == [None] * 5


def capped(request: Request) -> None:
    request.path = request.path.replace("%24", "$")
    options = request.options
    if request.place == "$count" or int(options["$top"]) <= 3:
        request.serve_rows()
    else:
        skip = int(options.get("$skip", 0))
        request.send_json({"value": ROWS[skip : skip + 3]})


def test_server_that_caps_its_pages_is_read_whole() -> None:
    with rude_server(capped) as (url, asked):
        assert read(url, page_size=5) == ALL
    assert not [path for path in asked if "inlinecount" in path or "%24" in path]


def test_server_without_counts_is_read_to_the_empty_page() -> None:
    with rude_server(Request.serve_rows) as (url, asked):
        assert read(url, counts=False, page_size=5) == ALL
    assert not [path for path in asked if "count" in path]


def test_version_four_follows_links_relative_and_absolute() -> None:
    def behave(request: Request) -> None:
        if request.place == "$count":
            request.serve_rows()
            return
        first = int(request.options.get("p", 0))
        target = f"Catalog_Вещи?p={first + 4}"
        if first:
            target = f"http://{request.headers['Host']}/base/{target}"
        more = {"@odata.nextLink": target} if first + 4 < len(ROWS) else {}
        request.send_json({"value": ROWS[first : first + 4], **more})

    with rude_server(behave) as (url, _):
        assert read(url, version=4) == ALL


def chunked(request: Request) -> None:
    """Send pages packed and in chunks, as most servers do."""
    if request.place == "$count":
        request.serve_rows()
        return
    first = int(request.options["$skip"])
    rows = ROWS[first : first + int(request.options["$top"])]
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Encoding", "gzip")
    request.send_header("Transfer-Encoding", "chunked")
    request.end_headers()
    packed = gzip.compress(json.dumps({"value": rows}).encode())
    for piece in (packed[:9], packed[9:40], packed[40:], b""):
        request.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))


def test_server_that_packs_and_chunks_its_pages_is_read_whole() -> None:
    with rude_server(chunked) as (url, asked):
        assert read(url) == ALL
    assert len(asked) == 5


def test_numbers_keep_their_digits() -> None:
    long = "12345678901234567890.1234567890"
    body = f'\ufeff{{"value":[{{"Ref_Key":"k","Сумма":{long}}}]}}'.encode()

    def behave(request: Request) -> None:
        if request.place == "$count":
            request.send(200, b"\xef\xbb\xbf1")
        else:
            request.send(200, body, Content_Type="application/json")

    with rude_server(behave) as (url, _):
        ((_, amount),) = read(url)
    assert amount == long
    assert Decimal(amount) == Decimal(long)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://u:p@host/?base_path=/ut/odata", "https://host/ut/odata"),
        ("http://u:p@host:8080/https?base_path=база", "https://host:8080/%D0%B1%D0%B0%D0%B7%D0%B0"),
        ('{"conn_type": "http", "host": "https://host", "port": 81}', "https://host:81"),
        ("http://[::1]:80/", "http://[::1]:80"),
    ],
    ids=["uri", "schema", "host-with-scheme", "ipv6"],
)
def test_address_of_a_connection(text: str, url: str) -> None:
    assert address_of(parse_connection("c", text)).url == url


def test_connection_of_another_kind_is_a_mistake_of_the_settings() -> None:
    with pytest.raises(ConfigError, match="http or https and a host"):
        address_of(parse_connection("c", "postgresql://u:p@host/db"))


def test_memory_does_not_grow_with_the_rows() -> None:
    few, many = (peak(pages) for pages in (10, 300))
    # 300 pages are 150 MB of JSON, and several times that as objects.
    assert many < few + 60, f"{few} MB with 10 pages, {many} MB with 300"


def peak(pages: int) -> int:
    """Read so many generated pages in a process of its own; return its peak memory in MB."""
    total = pages * 500

    def generated(request: Request) -> None:
        if request.place == "$count":
            request.send(200, str(total).encode())
            return
        first = int(request.options["$skip"])
        last = min(first + int(request.options["$top"]), total)
        request.send_json(
            {"value": [{"Ref_Key": f"{n:09}"} | WIDE | {"Number": n} for n in range(first, last)]}
        )

    with rude_server(generated) as (url, _):
        done = subprocess.run(
            [sys.executable, str(LONG_READ), url], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr[-2000:]
    rows, megabytes = map(int, done.stdout.split())
    assert rows == total
    return megabytes
