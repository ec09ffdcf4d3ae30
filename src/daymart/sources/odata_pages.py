"""An entity set page by page, and how to tell that it moved while it was read.

Version 3 pages by `$top` and `$skip` in the order of the key, each page beginning with the row the
last one ended with. `$inlinecount` is never sent: 1C then forgets `$top` and `$skip`. Version 4
follows the links the server gives.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from daymart.errors import SourceError
from daymart.settings import EntitySet, OData
from daymart.sources.answers import Answer
from daymart.sources.exchange import Exchange
from daymart.sources.remote import Moved, Row, key_of

NEXT = ("@odata.nextLink", "odata.nextLink", "__next")


class ODataPages:
    """One read of one entity set."""

    def __init__(
        self, exchange: Exchange, settings: OData, described: EntitySet, what: str
    ) -> None:
        self._exchange = exchange
        self._settings = settings
        self._set = described
        self._what = what

    def count(self, since: datetime | None) -> int | None:
        """Ask how many rows there are; None for a service that cannot count."""
        if not self._settings.counts:
            return None
        path = self._path("/$count", self._filter(since))
        return self._exchange.get(path, f"{self._what}/$count", Answer.number)

    def read(self, since: datetime | None, expected: int | None) -> Iterator[Sequence[Row]]:
        """Yield pages until there are no more.

        Raises Moved when a page does not join the one before, SourceError when rows have no key.
        """
        if self._settings.version == 4:
            return self._by_link(since, expected)
        return self._by_skip(since, expected)

    def first_row(self) -> Row | None:
        """Return any row, to see its fields; None where there is none."""
        rows, _ = self._page(self._path("", {**self._options(None), "$top": 1}))
        return rows[0] if rows else None

    def key(self, row: Row) -> tuple[Any, ...]:
        """Return a row's key; SourceError when it lacks a field of it."""
        return key_of(row, self._set.key, self._what)

    def _by_skip(self, since: datetime | None, expected: int | None) -> Iterator[Sequence[Row]]:
        options = self._options(since) | {"$orderby": ",".join(self._set.key)}
        read, last = 0, None
        while True:
            again = 0 if last is None else 1
            top = self._set.page_size + again
            page = {**options, "$top": top, "$skip": read - again}
            rows, _ = self._page(self._path("", page))
            fresh = rows[again:]
            self._check_joint(rows, last, read)
            if fresh:
                yield fresh
                read += len(fresh)
                last = self.key(fresh[-1])
            self._stop_runaway(read, expected)
            # A server may cap its pages: a short one is the end only where all are counted.
            is_whole = expected is not None and read >= expected and len(rows) != top
            if not fresh or is_whole:
                return

    def _check_joint(self, rows: Sequence[Row], last: tuple[Any, ...] | None, read: int) -> None:
        """Refuse a page that does not begin with the row the last one ended with."""
        if last is None:
            return
        if not rows:
            raise Moved(f"row {read} is gone")
        if self.key(rows[0]) != last:
            raise Moved(f"row {read} is another one when the next page begins")

    def _by_link(self, since: datetime | None, expected: int | None) -> Iterator[Sequence[Row]]:
        path: str | None = self._path("", self._options(since))
        read, seen = 0, set()
        while path:
            if path in seen:
                raise Moved("a page links back to one already read")
            seen.add(path)
            rows, link = self._page(path)
            yield rows
            read += len(rows)
            self._stop_runaway(read, expected)
            path = link and self._exchange.address.inside(link, self._what, "a next page at")

    def _stop_runaway(self, read: int, expected: int | None) -> None:
        if expected is not None and read > 2 * expected + self._set.page_size:
            raise Moved(f"more than {read} rows came where {expected} were counted")

    def _page(self, path: str) -> tuple[Sequence[Row], str | None]:
        return self._exchange.get(path, self._what, self._rows, self._headers())

    def _headers(self) -> dict[str, str]:
        if self._settings.version == 3:
            return {"Accept": "application/json"}
        return {
            "Accept": "application/json;odata.metadata=none",
            "Prefer": f"odata.maxpagesize={self._set.page_size}",
        }

    def _rows(self, answer: Answer) -> tuple[Sequence[Row], str | None]:
        """Find rows and the link to the next page in a document of any version."""
        document = answer.json()
        inner = document.get("d", document) if isinstance(document, dict) else {}
        rows, link = inner, None
        if isinstance(inner, dict):
            rows = inner.get("value", inner.get("results"))
            link = next((inner[name] for name in NEXT if inner.get(name)), None)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise SourceError(
                self._what,
                saw="JSON without a list of entities",
                expected='an object with "value"',
                remedy="Is this an entity set, and is `version` of the binding right?",
            )
        return rows, None if link is None else str(link)

    def _options(self, since: datetime | None) -> dict[str, str | int]:
        options: dict[str, str | int] = {"$format": "json"} if self._settings.version == 3 else {}
        if self._set.select:
            options["$select"] = ",".join(self.selected())
        return options | self._filter(since)

    def selected(self) -> tuple[str, ...]:
        """Return the fields to ask for: those declared, the key and the lists."""
        named = (*self._set.key, *self._set.select, *self._set.lists)
        return tuple(dict.fromkeys(named)) if self._set.select else ()

    def _filter(self, since: datetime | None) -> dict[str, str | int]:
        parts = [f"({self._set.filter})"] if self._set.filter else []
        if self._set.changed and since is not None:
            parts.append(f"{self._set.changed} ge {self._moment(since)}")
        if not parts:
            return {}
        alone = len(parts) == 1 and self._set.filter
        return {"$filter": str(self._set.filter) if alone else " and ".join(parts)}

    def _moment(self, since: datetime) -> str:
        if self._settings.version == 4:
            return since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        local = since.astimezone(ZoneInfo(self._settings.timezone))
        return f"datetime'{local:%Y-%m-%dT%H:%M:%S}'"

    def _path(self, end: str, options: Mapping[str, str | int]) -> str:
        # `$` stays as it is, and a space is %20: 1C reads neither %24 nor a plus.
        query = urlencode(options, quote_via=quote, safe="$',():")
        return f"{quote(self._set.set)}{end}" + (f"?{query}" if query else "")
