"""OData services as a source: 1C (version 3) and others (version 4)."""

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from daymart.errors import DaymartError, SourceError
from daymart.load.typing import TextFormat
from daymart.settings import EntitySet, OData
from daymart.sources.exchange import Exchange, NotThere
from daymart.sources.odata_names import Metadata, read_metadata, read_sets
from daymart.sources.odata_pages import ODataPages
from daymart.sources.remote import LINE, RemoteSource, Service


@dataclass(frozen=True)
class ODataSource(RemoteSource):
    """An OData service whose entity sets are mapped by `systems/<system>/<table>.sql`."""

    settings: OData

    def service(self) -> Service:
        return ODataService(self)


class ODataService:
    """What is asked of the service beside rows: counts, names and fields."""

    def __init__(self, source: "ODataSource") -> None:
        self.entities: Mapping[str, EntitySet] = source.settings.entities
        self.text = text_format(source.settings)
        self.reads = source.settings.reads
        self._settings = source.settings
        self._source = source
        self._exchange = Exchange(source.connection, source.settings.patience)
        self._metadata: Metadata | None = None

    def what(self, name: str) -> str:
        """Name an entity set in messages."""
        return f"source {self._source.name}: {self.entities[name].set}"

    def pages(self, name: str) -> ODataPages:
        """Return a way through an entity set."""
        described = self.entities[name]
        return ODataPages(self._exchange, self._settings, described, self.what(name))

    @contextmanager
    def explained(self, name: str) -> Iterator[None]:
        """Say what the service offers instead of a set it does not know."""
        try:
            yield
        except NotThere as absent:
            raise self._near_names(name, absent) from absent

    def _near_names(self, name: str, absent: NotThere) -> SourceError:
        wanted = self.entities[name].set
        try:
            query = "?$format=json" if self._settings.version == 3 else ""
            known = self._exchange.get(query, absent.what, lambda answer: read_sets(answer))
        except DaymartError:
            return absent
        if wanted in known:
            return SourceError(
                absent.what,
                saw=absent.saw,
                expected="a set the service lists to be readable",
                remedy="If only /$count is unknown there, set counts: false in the binding.",
            )
        close = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5)
        hint = f"; it has {', '.join(close)}" if close else f" among {len(known)}"
        return SourceError(
            absent.what,
            saw=f"the service knows no such entity set{hint}",
            expected="the name as the service lists it",
            remedy="Correct `set` in the binding, or have the object published "
            "(1C: the standard OData interface's list of objects).",
        )

    def columns(self, name: str, part: str) -> tuple[str, ...]:
        """Return the fields of a set or list that has no row to show them.

        Raises SourceError when neither `select` nor the service's metadata names them.
        """
        described = self.entities[name]
        if not part and described.select:
            chosen = self.pages(name).selected()
            return tuple(column for column in chosen if column not in described.lists)
        if self._metadata is None:
            asked = f"source {self._source.name}: $metadata"
            self._metadata = self._exchange.get("$metadata", asked, read_metadata)
        found = self._metadata.columns(described.set, part)
        if found and part:
            return tuple(dict.fromkeys((*described.key, LINE, *found)))
        if found:
            return found
        raise SourceError(
            self.what(name),
            saw=f"no row{f' in {part}' if part else ''}, and $metadata does not describe it",
            expected="to learn its fields",
            remedy="Name them in `select` of the binding.",
        )


def text_format(settings: OData) -> TextFormat:
    """Return how the service writes dates and times; ConfigError when the zone is unknown."""
    if settings.version == 4 and settings.date == OData.model_fields["date"].default:
        return TextFormat(
            date="%Y-%m-%d", timestamp="%Y-%m-%dT%H:%M:%S%z", timezone=settings.timezone
        )
    return TextFormat(date=settings.date, timestamp=settings.timestamp, timezone=settings.timezone)
