"""What a web server answers: is it what was asked for, and if not, why.

JSON is read with its numbers as the digits written; they never pass through a float.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from daymart.errors import SourceError

SHORT = 200
TITLE = re.compile(rb"<title[^>]*>(.{1,200}?)</title>", re.IGNORECASE | re.DOTALL)
WEB_PAGE = re.compile(rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)


class Passing(Exception):
    """An answer that may be better in a while. `retry_after` is what the server asks, in s."""

    def __init__(self, saw: str, retry_after: float | None = None) -> None:
        super().__init__(saw)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Answer:
    """The body a server sent, whole and unpacked. `secret` is what no message may repeat of it."""

    body: bytes
    content_type: str
    what: str
    secret: str = field(default="", repr=False)

    def json(self) -> Any:
        """Return the document, numbers as text.

        Raises Passing when it is cut off or holds an error, SourceError when it is no JSON.
        """
        self.refuse_web_page()
        if "json" not in self.content_type.lower():
            raise SourceError(
                self.what,
                saw=f"{short(self.content_type) or 'no content type'}",
                expected="application/json",
                remedy="Does base_path of the connection lead to the service?",
            )
        try:
            document = _exact(self.body)
        except (ValueError, RecursionError) as broken:
            raise Passing(f"JSON that breaks off or is broken ({len(self.body)} bytes)") from broken
        if said := _error_in(document):
            raise Passing(f"an error instead of data: {self._safe(said)}")
        return document

    def number(self) -> int:
        """Return a count sent as plain text; 1C puts a byte order mark in front."""
        self.refuse_web_page()
        text = self.body.decode("utf-8-sig", "replace").strip()
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            self._refuse_error()
            raise SourceError(
                self.what,
                saw=f"{self._safe(short(text)) or 'nothing'!r} as the count",
                expected="a number",
                remedy="If the service does not know $count, set counts: false in its binding.",
            )
        return int(text)

    def _refuse_error(self) -> None:
        if said := self.error():
            raise Passing(f"an error instead of a count: {said}")

    def error(self) -> str:
        """Return what the server says went wrong; empty where it says nothing readable."""
        if self.is_web_page():
            return self._title()
        try:
            return self._safe(_error_in(_exact(self.body)))
        except (ValueError, RecursionError):
            return ""

    def is_web_page(self) -> bool:
        """Tell whether a browser was meant to read this."""
        return WEB_PAGE.match(self.body.removeprefix(b"\xef\xbb\xbf")) is not None

    def refuse_web_page(self) -> None:
        """Raise SourceError when a log-in or another page for people came with status 200."""
        if not self.is_web_page():
            return
        title = self._title()
        raise SourceError(
            self.what,
            saw="a web page" + (f" ({title})" if title else "") + ", probably to log in",
            expected="data",
            remedy="Check login and base_path of the connection, and that the service is published"
            " without a log-in page in front of it.",
        )

    def _title(self) -> str:
        found = TITLE.search(self.body)
        return self._safe(short(found[1].decode("utf-8", "replace"))) if found else ""

    def _safe(self, text: str) -> str:
        """Blot out the log-in where a server repeats it."""
        return text.replace(self.secret, "…") if self.secret else text


@contextmanager
def explained(what: str, timeout: tuple[float, float]) -> Iterator[None]:
    """Turn what breaks on the way into Passing, and a server not to be trusted into an error."""
    from requests import exceptions as http
    from urllib3 import exceptions as wire

    try:
        yield
    except http.SSLError as untrusted:
        raise SourceError(
            what,
            saw=f"its certificate is not trusted: {_reason(untrusted)}",
            remedy="Have it renewed, or name the company's authority in REQUESTS_CA_BUNDLE.",
        ) from untrusted
    except (http.InvalidURL, http.InvalidSchema, http.InvalidHeader, UnicodeError) as wrong:
        raise SourceError(
            what,
            saw=f"an address that cannot be asked: {short(str(wrong))}",
            remedy="Correct host and base_path of the connection.",
        ) from wrong
    except http.ConnectTimeout as late:
        raise Passing(f"no connection within {timeout[0]:.3g} s") from late
    except (http.ReadTimeout, wire.ReadTimeoutError, TimeoutError) as late:
        raise Passing(f"no answer within {timeout[1]:.3g} s") from late
    except wire.DecodeError as broken:
        raise Passing("a body that is not packed as its header says") from broken
    except wire.ProtocolError as broken:
        raise Passing("the connection broke in the middle of an answer") from broken
    except (http.RequestException, wire.HTTPError, OSError) as down:
        raise Passing(f"no connection: {_reason(down)}") from down


def _reason(error: BaseException) -> str:
    """Return the system's own words, without the library's around them."""
    cause: BaseException | None = error
    words = type(error).__name__
    for _ in range(10):
        if cause is None:
            break
        if isinstance(cause, OSError) and cause.strerror:
            words = str(cause.strerror)
        cause = cause.__cause__ or cause.__context__
    return short(words)


def _exact(body: bytes) -> Any:
    text = body.decode("utf-8-sig")
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=_no_number)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _error_in(document: Any) -> str:
    """Return the message of an OData or an ordinary REST error, whichever this is."""
    if not isinstance(document, dict):
        return ""
    error = document.get("odata.error") or document.get("error")
    if not error:
        return ""
    message: Any = error
    while isinstance(message, dict):
        message = message.get("message") or message.get("value") or message.get("code") or "?"
    return short(str(message))


def short(text: str) -> str:
    """Return a text from elsewhere as it may stand in a message: one line, printable."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"
