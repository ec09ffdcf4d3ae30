"""Plain REST services as a source: lists of JSON objects, page by page."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from daymart.errors import SourceError
from daymart.load.typing import TextFormat
from daymart.settings import Resource, Rest
from daymart.sources.answers import Answer
from daymart.sources.exchange import Exchange
from daymart.sources.remote import Moved, RemoteSource, Row, Service, key_of


@dataclass(frozen=True)
class RestSource(RemoteSource):
    """A REST service whose lists are mapped by `systems/<system>/<table>.sql`."""

    settings: Rest

    def service(self) -> Service:
        return RestService(self)


class RestService:
    """A service that can tell nothing but its rows."""

    def __init__(self, source: RestSource) -> None:
        self.entities: Mapping[str, Resource] = source.settings.entities
        self.text = text_format(source.settings)
        self.reads = source.settings.reads
        self._source = source
        self._exchange = Exchange(source.connection, source.settings.patience)

    def what(self, name: str) -> str:
        """Name a list in messages."""
        return f"source {self._source.name}: {self.entities[name].path}"

    def pages(self, name: str) -> "RestPages":
        """Return a way through a list."""
        return RestPages(self._exchange, self.entities[name], self.what(name))

    @contextmanager
    def explained(self, name: str) -> Iterator[None]:
        """Add nothing: a REST service lists no names."""
        yield

    def columns(self, name: str, part: str) -> tuple[str, ...]:
        """Return the fields declared; SourceError when there is no row and none is declared."""
        described = self.entities[name]
        if described.select and not part:
            return tuple(dict.fromkeys((*described.key, *described.select)))
        raise SourceError(
            self.what(name),
            saw=f"no row{f' in {part}' if part else ''}",
            expected="to learn its fields",
            remedy="Name the fields in `select` of the binding.",
        )


class RestPages:
    """One read of one list."""

    def __init__(self, exchange: Exchange, described: Resource, what: str) -> None:
        self._exchange = exchange
        self._list = described
        self._what = what

    def count(self, since: datetime | None) -> int | None:
        """Return None: REST has no common way to count."""
        return None

    def first_row(self) -> Row | None:
        """Return the first row of the first page."""
        rows = next(self.read(None, None), ())
        return rows[0] if rows else None

    def key(self, row: Row) -> tuple[Any, ...]:
        """Return a row's key; SourceError when it lacks a field of it."""
        return key_of(row, self._list.key, self._what)

    def read(self, since: datetime | None, expected: int | None) -> Iterator[Sequence[Row]]:
        """Yield pages; raises Moved when one comes again."""
        path: str | None = self._path(since, 0, 0)
        read, pages, last = 0, 0, None
        seen: set[str] = set()
        while path and path not in seen:
            seen.add(path)
            rows, link = self._exchange.get(path, self._what, self._rows)
            if rows and (key := self.key(rows[0])) == last:
                raise Moved(f"the page that begins with {', '.join(key)} came twice")
            last = self.key(rows[0]) if rows else None
            yield rows
            read, pages = read + len(rows), pages + 1
            path = self._next(since, rows, link, read, pages)
        if path:
            raise Moved("a page links back to one already read")

    def _next(
        self, since: datetime | None, rows: Sequence[Row], link: str | None, read: int, pages: int
    ) -> str | None:
        if self._list.next:
            return link and self._exchange.address.inside(link, self._what, "a next page at")
        # A server may cap its pages: only an empty one is the end.
        is_paged = self._list.offset or self._list.page
        return self._path(since, read, pages) if rows and is_paged else None

    def _path(self, since: datetime | None, read: int, pages: int) -> str:
        params = dict(self._list.params)
        if self._list.limit:
            params[self._list.limit] = str(self._list.page_size)
        if self._list.offset:
            params[self._list.offset] = str(read)
        if self._list.page:
            params[self._list.page] = str(self._list.first_page + pages)
        if self._list.changed and since is not None:
            params[self._list.changed] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = urlencode(params, quote_via=quote)
        return quote(self._list.path.lstrip("/")) + (f"?{query}" if query else "")

    def _rows(self, answer: Answer) -> tuple[Sequence[Row], str | None]:
        document = answer.json()
        rows = _at(document, self._list.rows)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise SourceError(
                self._what,
                saw=f"JSON without a list of objects at {self._list.rows or 'its top'!r}",
                expected="rows",
                remedy="Correct `path` and `rows` of the binding.",
            )
        link = _at(document, self._list.next) if self._list.next else None
        return rows, str(link) if link else None


def _at(document: Any, path: str) -> Any:
    """Follow names into a document; None where one of them leads nowhere."""
    for name in path.split(".") if path else ():
        document = document.get(name) if isinstance(document, dict) else None
    return document


def text_format(settings: Rest) -> TextFormat:
    """Return how the service writes dates and times; ConfigError when the zone is unknown."""
    return TextFormat(date=settings.date, timestamp=settings.timestamp, timezone=settings.timezone)
