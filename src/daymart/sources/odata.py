"""OData services as a source: 1C (version 3) and others (version 4)."""

import difflib
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa

from daymart.connections import Connection
from daymart.errors import DaymartError, SourceError, SourceUnavailable
from daymart.load.typing import TextFormat
from daymart.settings import OData
from daymart.sources.exchange import Exchange, NotThere
from daymart.sources.mapped import MappedSnapshot
from daymart.sources.odata_names import Metadata, read_metadata, read_sets
from daymart.sources.odata_pages import Moved, Pages, Row
from daymart.sources.protocol import Queries, ReadParams
from daymart.sources.spool import Spool
from daymart.sources.stage import open_stage, quoted

LINE = "LineNumber"
"""How 1C numbers the lines of a tabular section."""


@dataclass(frozen=True)
class ODataSource:
    """An OData service whose entity sets are mapped by `systems/<system>/<table>.sql`."""

    name: str
    connection: Connection
    queries: Queries
    settings: OData

    @contextmanager
    def snapshot(self) -> Iterator[MappedSnapshot]:
        """Offer the service for the tables of one load; what was read is forgotten after it."""
        with tempfile.TemporaryDirectory(prefix="daymart-odata-") as folder, open_stage() as stage:
            transport = ODataTransport(self, Path(folder))
            yield MappedSnapshot(self.name, transport, self.queries, stage)

    @contextmanager
    def rehearsal(self) -> Iterator[MappedSnapshot]:
        """Offer the entities with their columns and no row, to see whether mappings run."""
        with open_stage() as stage:
            yield MappedSnapshot(self.name, EmptyEntities(self), self.queries, stage)


class Service:
    """What is asked of the service beside rows: counts, names and fields."""

    def __init__(self, source: ODataSource) -> None:
        self.settings = source.settings
        self.text = text_format(source.settings)
        self.names = entity_names(source.settings)
        self._source = source
        self._exchange = Exchange(source.connection, source.settings.patience)
        self._metadata: Metadata | None = None

    def what(self, name: str) -> str:
        """Name an entity set in messages."""
        return f"source {self._source.name}: {self.settings.entities[name].set}"

    def pages(self, name: str) -> Pages:
        """Return a way through an entity set."""
        described = self.settings.entities[name]
        return Pages(self._exchange, self.settings, described, self.what(name))

    @contextmanager
    def near_names(self, name: str) -> Iterator[None]:
        """Say what the service offers instead of a set it does not know."""
        try:
            yield
        except NotThere as absent:
            raise self._explained(name, absent) from absent

    def _explained(self, name: str, absent: NotThere) -> SourceError:
        wanted = self.settings.entities[name].set
        try:
            query = "?$format=json" if self.settings.version == 3 else ""
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
        described = self.settings.entities[name]
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


class ODataTransport:
    """Fetches entity sets for one load: to disk first, and from there once they are sound."""

    def __init__(self, source: ODataSource, folder: Path) -> None:
        self._service = Service(source)
        self._folder = folder
        self._extracts: dict[tuple[str, datetime | None], Extract] = {}
        self._numbers = count()

    def entities(self) -> Collection[str]:
        return self._service.names

    def text_of(self, entities: Collection[str]) -> TextFormat | None:
        return self._service.text

    def continues(self, entity: str) -> bool:
        """Tell whether what is fetched depends on the cursor."""
        name, _ = self._service.names[entity]
        return self._service.settings.entities[name].changed is not None

    def fetch(self, entity: str, params: ReadParams) -> pa.RecordBatchReader:
        """Read a set, or one of its lists, whole.

        Raises SourceUnavailable when it keeps moving, SourceError when the service refuses.
        """
        name, part = self._service.names[entity]
        since = params.since if self.continues(entity) else None
        if (name, since) not in self._extracts:
            with self._service.near_names(name):
                self._extracts[name, since] = self._sound(name, since)
        spool = self._extracts[name, since].parts[part]
        return spool.reader(None if spool.rows else self._service.columns(name, part))

    def _sound(self, name: str, since: datetime | None) -> "Extract":
        moved: list[str] = []
        while len(moved) < self._service.settings.reads:
            extract = self._new_extract(name)
            try:
                self._read(name, since, extract)
                return extract
            except Moved as seen:
                moved.append(str(seen))
                extract.remove()
        raise SourceUnavailable(
            self._service.what(name),
            saw=f"{moved[-1]} (read {len(moved)} times)",
            expected="the same rows from the first page to the last",
            remedy="Load when fewer people write, or raise page_size; if it stays, "
            "`key` is not unique or not what the service sorts by.",
        )

    def _new_extract(self, name: str) -> "Extract":
        described = self._service.settings.entities[name]
        return Extract(
            described.key,
            {
                part: Spool(self._folder / f"{next(self._numbers)}.arrow")
                for part in ("", *described.lists)
            },
        )

    def _read(self, name: str, since: datetime | None, extract: "Extract") -> None:
        """Read all pages between two counts; raises Moved when they do not agree."""
        pages = self._service.pages(name)
        before = pages.count(since)
        for rows in pages.read(since, before):
            if rows:
                pages.key(rows[0])
            extract.add(rows)
        after = pages.count(since)
        extract.close()
        read = extract.parts[""].rows
        if before is not None and not before == read == after:
            raise Moved(f"{before} rows counted before, {read} read, {after} counted after")
        if doubled := extract.doubled_keys():
            raise Moved(f"{doubled} keys came more than once")


class EmptyEntities:
    """Entities of a service as their columns alone; one row is asked of each."""

    def __init__(self, source: ODataSource) -> None:
        self._service = Service(source)

    def entities(self) -> Collection[str]:
        return self._service.names

    def text_of(self, entities: Collection[str]) -> TextFormat | None:
        return self._service.text

    def fetch(self, entity: str, params: ReadParams) -> pa.RecordBatchReader:
        """Return an empty stream with the columns the entity has."""
        name, part = self._service.names[entity]
        with self._service.near_names(name):
            row = self._service.pages(name).first_row()
        rows = self._parts(name, row)[part] if row else []
        columns = list(rows[0]) if rows else self._service.columns(name, part)
        schema = pa.schema([pa.field(column, pa.string()) for column in columns])
        return pa.RecordBatchReader.from_batches(schema, [])

    def _parts(self, name: str, row: Row) -> dict[str, list[dict[str, Any]]]:
        described = self._service.settings.entities[name]
        self._service.pages(name).key(row)
        return split_lists([row], described.key, described.lists)


@dataclass
class Extract:
    """One read of an entity set: its own rows and those of its lists."""

    key: tuple[str, ...]
    parts: dict[str, Spool] = field(default_factory=dict)

    def add(self, rows: Sequence[Row]) -> None:
        """Write a page's rows, each list's to a place of its own."""
        lists = [part for part in self.parts if part]
        for part, found in split_lists(rows, self.key, lists).items():
            self.parts[part].add(found)

    def close(self) -> None:
        for spool in self.parts.values():
            spool.close()

    def remove(self) -> None:
        for spool in self.parts.values():
            spool.remove()

    def doubled_keys(self) -> int:
        """Count keys that came more than once, on disk where they are many."""
        if not self.parts[""].rows:
            return 0
        names = ", ".join(quoted(name) for name in self.key)
        given = " and ".join(f"{quoted(name)} is not null" for name in self.key)
        with open_stage() as stage:
            stage.fill("keys", self.parts[""].reader(self.key))
            return stage.scalar(
                f"select count(*) from (select 1 from keys where {given}"  # noqa: S608
                f" group by {names} having count(*) > 1)"
            )


def split_lists(
    rows: Sequence[Row], key: Collection[str], lists: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """Take lists out of entities; their rows get the entity's key and a line number."""
    parts: dict[str, list[dict[str, Any]]] = {"": [], **{part: [] for part in lists}}
    for row in rows:
        parts[""].append({name: row[name] for name in row if name not in lists})
        owner = {name: row[name] for name in key}
        for part in lists:
            for number, line in enumerate(row.get(part) or [], start=1):
                parts[part].append({**owner, LINE: str(number), **line})
    return parts


def entity_names(settings: OData) -> dict[str, tuple[str, str]]:
    """Return every table mapping SQL may name -> the entity and, for its lists, which."""
    names = {name: (name, "") for name in settings.entities}
    for name, described in settings.entities.items():
        names |= {f"{name}.{part}": (name, part) for part in described.lists}
    return names


def text_format(settings: OData) -> TextFormat:
    """Return how the service writes dates and times; ConfigError when the zone is unknown."""
    if settings.version == 4 and settings.date == OData.model_fields["date"].default:
        return TextFormat(
            date="%Y-%m-%d", timestamp="%Y-%m-%dT%H:%M:%S%z", timezone=settings.timezone
        )
    return TextFormat(date=settings.date, timestamp=settings.timestamp, timezone=settings.timezone)
