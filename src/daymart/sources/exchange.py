"""GET from one web server: patiently, within a time, and from no other host."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urljoin, urlsplit

from daymart.connections import Connection
from daymart.errors import ConfigError, SourceError, SourceUnavailable
from daymart.settings import Patience
from daymart.sources.answers import Answer, Passing, explained, short

if TYPE_CHECKING:
    from dlt.sources.helpers.rest_client.client import RESTClient
    from requests import Response

T = TypeVar("T")

MOST_BYTES = 64 * 1024 * 1024
"""What a page may hold, unpacked. A longer one would not fit into memory that stays flat."""

CHUNK = 256 * 1024
PASSING_STATUS = {408, 425, 429, *range(500, 600)} - {501}


class NotThere(SourceError):
    """The server knows no such address."""


@dataclass(frozen=True)
class Address:
    """Where a service begins. Nothing outside of its scheme, host and port is ever asked."""

    url: str

    def inside(self, link: str, what: str, seen: str) -> str:
        """Return `link` in full; SourceError when it leads to another server."""
        whole = urljoin(f"{self.url}/", link)
        if self._origin(whole) == self._origin(self.url):
            return whole
        raise SourceError(
            what,
            saw=f"{seen} {short(without_query(whole))}",
            expected=f"to stay on {without_query(self.url)}",
            remedy="Nothing was asked of that server. If the service has moved, "
            "correct the connection.",
        )

    @staticmethod
    def _origin(url: str) -> tuple[str, str, int | None]:
        parts = urlsplit(url)
        default = {"http": 80, "https": 443}.get(parts.scheme)
        try:
            return parts.scheme, (parts.hostname or "").lower(), parts.port or default
        except ValueError:  # a port that is no number
            return parts.scheme, "", None


class Exchange:
    """Asks one service. Messages name host and path, never the log-in."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        self.address = address_of(connection)
        self._connection = connection
        self._patience = patience
        self._client = _client(connection, self.address)

    def get(
        self,
        path: str,
        what: str,
        read: Callable[[Answer], T],
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """Ask and return what `read` makes of the answer, which it may call Passing.

        Raises SourceUnavailable when patience ends, SourceError when asking again is of no use.
        """
        until = time.monotonic() + self._patience.total_s
        for attempt in range(1, self._patience.attempts + 1):
            try:
                return read(self._ask(path, what, until, headers or {}))
            except Passing as passing:
                wait = self._pause(attempt, passing.retry_after)
                if attempt == self._patience.attempts or time.monotonic() + wait >= until:
                    raise self._unavailable(what, passing, attempt) from passing
            time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _ask(self, path: str, what: str, until: float, headers: Mapping[str, str]) -> Answer:
        left = max(until - time.monotonic(), 0.001)
        timeout = (min(self._patience.connect_s, left), min(self._patience.read_s, left))
        with (
            explained(what, timeout),
            self._client.get(
                path, headers=dict(headers), stream=True, allow_redirects=False, timeout=timeout
            ) as response,
        ):
            answer = Answer(
                _body(response, what, until),
                response.headers.get("Content-Type", ""),
                what,
                self._connection.password,
            )
            self._check_status(response, answer, what)
            return answer

    def _check_status(self, response: "Response", answer: Answer, what: str) -> None:
        status = response.status_code
        if status < 300:
            return
        if status < 400:
            self._refuse_redirect(response, what)
        if status in (401, 403):
            raise SourceError(
                what,
                saw=f"the server refuses the log-in ({status})",
                remedy=f"Check login and password of connection {self._connection.name!r} and "
                "that this user may read the service.",
            )
        said = answer.error()
        saw = f"status {status}" + (f": {said}" if said else "")
        if status in PASSING_STATUS:
            raise Passing(saw, retry_after(response.headers.get("Retry-After")))
        kind = NotThere if status in (404, 410) else SourceError
        raise kind(
            what,
            saw=saw,
            expected="an answer with data",
            remedy="Check the names, select and filter of the binding, and base_path of "
            f"connection {self._connection.name!r}.",
        )

    def _refuse_redirect(self, response: "Response", what: str) -> None:
        target = self.address.inside(response.headers.get("Location", ""), what, "a redirect to")
        raise SourceError(
            what,
            saw=f"a redirect to {short(without_query(target))}",
            expected="data; redirects are not followed",
            remedy=f"If that address is right, write it into connection {self._connection.name!r}.",
        )

    def _pause(self, attempt: int, asked: float | None) -> float:
        wait = self._patience.first_wait_s * 2 ** (attempt - 1) if asked is None else asked
        return min(wait, self._patience.longest_wait_s)

    def _unavailable(self, what: str, passing: Passing, attempt: int) -> SourceUnavailable:
        times = "once" if attempt == 1 else f"{attempt} times"
        return SourceUnavailable(
            what,
            saw=f"{passing} (asked {times})",
            remedy=f"Is {without_query(self.address.url)} up, and does connection "
            f"{self._connection.name!r} name it? It is tried again by itself under Airflow.",
        )


def address_of(connection: Connection) -> Address:
    """Return where the service of an Airflow HTTP connection begins; its schema may say https.

    Raises ConfigError when the connection is not one of HTTP.
    """
    named = connection.database if connection.database in ("http", "https") else connection.kind
    scheme, _, host = connection.host.rpartition("://")
    scheme = scheme or named
    if scheme not in ("http", "https") or not host:
        raise ConfigError(
            f"connection {connection.name!r}",
            saw=f"{scheme or 'no kind'}, host {host!r}",
            expected="http or https and a host",
            remedy="Write it as https://login:password@host:443/?base_path=/ut/odata/standard.odata",
        )
    port = f":{connection.port}" if connection.port else ""
    path = quote(connection.extra.get("base_path", "").strip("/"), safe="/%.~_-")
    host = host.rstrip("/")
    bracketed = f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host
    return Address(f"{scheme}://{bracketed}{port}/{path}".rstrip("/"))


def without_query(url: str) -> str:
    """Return a URL as it may be shown: without log-in, query and fragment."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def retry_after(header: str | None) -> float | None:
    """Return the seconds a server asks to be left alone; None where it does not say."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((zoned - datetime.now(UTC)).total_seconds(), 0)


def _client(connection: Connection, address: Address) -> "RESTClient":
    """Import dlt when it is needed: that takes seconds. Attempts are counted here, not there."""
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
    from dlt.common.configuration.specs import RuntimeConfiguration
    from dlt.sources.helpers.requests.session import Session
    from dlt.sources.helpers.rest_client.auth import BearerTokenAuth, HttpBasicAuth
    from dlt.sources.helpers.rest_client.client import RESTClient

    auth: HttpBasicAuth | BearerTokenAuth | None = None
    if connection.login:
        auth = HttpBasicAuth(connection.login, connection.password)
    elif connection.password:
        auth = BearerTokenAuth(connection.password)
    return RESTClient(
        base_url=address.url,
        headers={"Accept-Encoding": "gzip, deflate"},
        auth=auth,
        session=Session(raise_for_status=False),
        config=RuntimeConfiguration(),
    )


def _body(response: "Response", what: str, until: float) -> bytes:
    """Read a body as it trickles in, until it ends, is too long or time is up."""
    body = bytearray()
    while chunk := response.raw.read1(CHUNK, decode_content=True):
        body += chunk
        if len(body) > MOST_BYTES:
            raise SourceError(
                what,
                saw=f"a page of more than {MOST_BYTES // 2**20} MB",
                remedy="Set a smaller page_size, or select fewer fields.",
            )
        if time.monotonic() > until:
            raise Passing(f"the answer was still not whole after {len(body)} bytes")
    return bytes(body)
