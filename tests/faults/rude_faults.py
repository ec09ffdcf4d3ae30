"""What misbehaving web services do, and what is said of each."""

import gzip
import json
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from rude_server import ROWS, Request

from daymart.errors import DaymartError, SourceError, SourceUnavailable

SECRET = "s3cret-word"


@dataclass(frozen=True)
class Fault:
    """What a server does, and what is said of it."""

    name: str
    behaviour: Callable[[Request], None]
    error: type[DaymartError]
    message: str
    asked: int | None = 3
    version: int = 3


def sending(status: int, body: bytes = b"", **headers: str) -> Callable[[Request], None]:
    return lambda request: request.send(status, body, **headers)


def page(body: bytes, **headers: str) -> Callable[[Request], None]:
    """Count as one should, and send this as the page."""

    def behave(request: Request) -> None:
        if request.place == "$count":
            request.serve_rows()
        else:
            request.send(200, body, **({"Content_Type": "application/json"} | headers))

    return behave


def hang_up(request: Request) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)
    request.close_connection = True


def hang(request: Request) -> None:
    time.sleep(3)
    request.close_connection = True


def half_a_page(request: Request) -> None:
    if request.place == "$count":
        request.serve_rows()
    else:
        body = b'{"value":[{"Ref_Key":"k0'
        request.send(200, body, Content_Type="application/json", Content_Length="9000")
        request.close_connection = True


def same_page(request: Request) -> None:
    if request.place == "$count":
        request.serve_rows()
    else:
        request.send_json({"value": ROWS[:4]})


def linked(target: str) -> Callable[[Request], None]:
    def behave(request: Request) -> None:
        if request.place == "$count":
            request.serve_rows()
        else:
            request.send_json({"value": ROWS[:4], "@odata.nextLink": target})

    return behave


def doubled(request: Request) -> None:
    request.serve_rows([*ROWS[:5], ROWS[4], *ROWS[5:]])


def cut_chunk(request: Request) -> None:
    if request.place == "$count":
        request.serve_rows()
        return
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Transfer-Encoding", "chunked")
    request.end_headers()
    request.wfile.write(b'ff\r\n{"value":[')
    request.close_connection = True


def echo(status: int) -> Callable[[Request], None]:
    said = {"error": {"message": f"user bob, password {SECRET}, may not"}}
    return lambda request: request.send_json(said, status)


LOGIN = b"\n<!DOCTYPE html><html><head><title>Sign in\n to Acme</title></head></html>"
ERROR = json.dumps(
    {"odata.error": {"code": "9", "message": {"lang": "ru", "value": "Нет лицензии"}}}
)
HTML, JSON = "text/html; charset=utf-8", "application/json"
BOMB = gzip.compress(b" " * (80 * 1024 * 1024))

FAULTS = [
    Fault("429-without-end", sending(429, Retry_After="86400"), SourceUnavailable,
          r"status 429 \(asked 3 times\)"),
    Fault("500-without-end", sending(500), SourceUnavailable, r"status 500 \(asked 3 times\)"),
    Fault("503-with-a-page", sending(503, b"<html><title>Down for work</title>"),
          SourceUnavailable, r"status 503: Down for work \(asked 3 times\)"),
    Fault("error-with-status-200", page(ERROR.encode()), SourceUnavailable,
          "an error instead of data: Нет лицензии", 4),
    Fault("error-instead-of-the-count", sending(200, ERROR.encode(), Content_Type=JSON),
          SourceUnavailable, "an error instead of a count: Нет лицензии"),
    Fault("login-page", sending(200, LOGIN, Content_Type=HTML), SourceError,
          r"a web page \(Sign in to Acme\), probably to log in", 1),
    Fault("login-page-called-json", page(LOGIN), SourceError, "probably to log in", 2),
    Fault("truncated-json", page(b'{"value":[{"Ref_Key":"k0'), SourceUnavailable,
          r"JSON that breaks off or is broken \(24 bytes\)", 4),
    Fault("nan", page(b'{"value":[{"Ref_Key":"k","x":NaN}]}'), SourceUnavailable, "broken", 4),
    Fault("deep-json", page(b"[" * 200_000), SourceUnavailable, "broken", 4),
    Fault("not-utf-8", page('{"value":["ж"]}'.encode("cp1251")), SourceUnavailable, "broken", 4),
    Fault("broken-connection", half_a_page, SourceUnavailable,
          "broke in the middle of an answer", 4),
    Fault("chunk-cut", cut_chunk, SourceUnavailable, "broke in the middle of an answer", 4),
    Fault("400-that-repeats-the-log-in", echo(400), SourceError, "password …, may not", 1),
    Fault("200-that-repeats-the-log-in", echo(200), SourceUnavailable, "password …, may not"),
    Fault("hung-up", hang_up, SourceUnavailable, "no connection|connection broke"),
    Fault("gzip-that-lies", page(b'{"value":[]}', Content_Encoding="gzip"), SourceUnavailable,
          "not packed as its header says", 4),
    Fault("gzip-bomb", page(BOMB, Content_Encoding="gzip"), SourceError, "more than 64 MB", 2),
    Fault("xml", page(b"<feed/>", Content_Type="application/atom+xml"), SourceError,
          r"application/atom\+xml, expected application/json", 2),
    Fault("no-type", page(b"PK\x03\x04", Content_Type=""), SourceError, "no content type", 2),
    Fault("redirect-to-another-host",
          sending(302, Location="http://169.254.169.254/latest/meta-data/?x=1"), SourceError,
          r"a redirect to http://169\.254\.169\.254/latest/meta-data/, expected to stay on", 1),
    Fault("redirect-to-another-scheme", sending(307, Location="ftp://127.0.0.1/x"), SourceError,
          "a redirect to ftp://127.0.0.1/x, expected to stay on", 1),
    Fault("redirect-to-a-file", sending(307, Location="file:///etc/passwd"), SourceError,
          "a redirect to file:///etc/passwd, expected to stay on", 1),
    Fault("redirect-at-home", sending(301, Location="/login"), SourceError,
          "redirects are not followed", 1),
    Fault("401", sending(401, SECRET.encode()), SourceError, r"refuses the log-in \(401\)", 1),
    Fault("403", sending(403), SourceError, r"refuses the log-in \(403\)", 1),
    Fault("400-with-reason", lambda r: r.send_json(json.loads(ERROR), 400), SourceError,
          "status 400: Нет лицензии", 1),
    Fault("404", sending(404), SourceError, "status 404", 2),
    Fault("501", sending(501), SourceError, "status 501", 1),
    Fault("count-of-words", sending(200, b"many"), SourceError, "'many' as the count", 1),
    Fault("hang", hang, SourceUnavailable, r"no answer within 0.5 s \(asked 3 times\)"),
    Fault("trickle", Request.trickle, SourceUnavailable, "still not whole after", 1),
    Fault("page-repeated", same_page, SourceUnavailable,
          r"row 4 is another one when the next page begins \(read 3 times\)", None),
    Fault("key-doubled", doubled, SourceUnavailable, "1 keys came more than once", None),
    Fault("no-entities", page(b'{"value":7}'), SourceError, "JSON without a list of entities", 2),
    Fault("no-key", page(b'{"value":[{"Code":"7"}]}'), SourceError, r"no Ref_Key in its rows", 2),
    Fault("next-link-to-another-host", linked("https://evil.example/p?token=1"), SourceError,
          r"a next page at https://evil\.example/p, expected to stay on", 2, 4),
    Fault("next-link-with-another-port", linked("http://127.0.0.1:9/p"), SourceError,
          r"a next page at http://127\.0\.0\.1:9/p, expected", 2, 4),
    Fault("next-link-in-a-circle", linked("Catalog_Вещи?p=2"), SourceUnavailable,
          "a page links back to one already read", None, 4),
]  # fmt: skip
