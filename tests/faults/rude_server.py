"""A web server that misbehaves as told, on this machine."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

ROWS = [{"Ref_Key": f"k{n:03}", "Сумма": n} for n in range(10)]


class Request(BaseHTTPRequestHandler):
    """One request, and the ways to answer it."""

    protocol_version = "HTTP/1.1"
    behaviour: Callable[["Request"], None]
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.behaviour()

    @property
    def options(self) -> dict[str, str]:
        return {k: v[-1] for k, v in parse_qs(urlsplit(self.path).query).items()}

    @property
    def place(self) -> str:
        return unquote(urlsplit(self.path).path).rpartition("/")[2]

    def send(self, status: int, body: bytes, **headers: str) -> None:
        """Send an answer with its length, and headers such as Content_Type."""
        self.send_response(status)
        given = {"Content_Length": str(len(body))} | headers
        for name, value in given.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def send_json(self, document: Any, status: int = 200, **headers: str) -> None:
        body = json.dumps(document, ensure_ascii=False).encode()
        self.send(status, body, Content_Type="application/json", **headers)

    def serve_rows(self, rows: list[dict[str, Any]] = ROWS) -> None:
        """Behave: count, pages by skip and top."""
        if self.place == "$count":
            self.send(200, str(len(rows)).encode(), Content_Type="text/plain")
            return
        first = int(self.options.get("$skip", 0))
        last = first + int(self.options.get("$top", len(rows)))
        self.send_json({"value": rows[first:last]})

    def trickle(self) -> None:
        """Send a byte now and then, and never come to an end."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.pour(b"[", 0.05)

    def pour(self, piece: bytes, pause: float) -> None:
        try:
            for _ in range(400):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def rude_server(behaviour: Callable[[Request], None]) -> Iterator[tuple[str, list[str]]]:
    """Serve; yields the address and the list of what was asked."""
    asked: list[str] = []
    handler = type("Rude", (Request,), {"behaviour": behaviour, "asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/base", asked
        finally:
            server.shutdown()
            thread.join()
