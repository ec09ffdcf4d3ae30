"""A service on the web as a source: its entities are read whole, to disk, and then mapped."""

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from daymart.connections import Connection
from daymart.errors import SourceError, SourceUnavailable
from daymart.load.typing import TextFormat
from daymart.settings import RemoteEntity
from daymart.sources.mapped import MappedSnapshot
from daymart.sources.protocol import Queries, ReadParams
from daymart.sources.spool import Spool
from daymart.sources.stage import open_stage, quoted

LINE = "LineNumber"
"""How 1C numbers the lines of a tabular section."""

Row = Mapping[str, Any]


class Moved(Exception):
    """A set changed, or was served unevenly, between its first page and its last."""


class Pages(Protocol):
    """One entity set, page by page."""

    def count(self, since: datetime | None) -> int | None:
        """Ask how many rows there are; None for a service that cannot count."""

    def read(self, since: datetime | None, expected: int | None) -> Iterator[Sequence[Row]]:
        """Yield pages until there are no more; raises Moved when they do not join."""

    def first_row(self) -> Row | None:
        """Return any row, to see its fields; None where there is none."""

    def key(self, row: Row) -> tuple[Any, ...]:
        """Return a row's key; SourceError when it lacks a field of it."""


class Service(Protocol):
    """What a kind of service knows beyond its pages."""

    @property
    def entities(self) -> Mapping[str, RemoteEntity]:
        """The entities of the binding."""

    @property
    def text(self) -> TextFormat:
        """How it writes dates and times."""

    @property
    def reads(self) -> int:
        """How often a set that moves is read."""

    def what(self, name: str) -> str:
        """Name an entity in messages."""

    def pages(self, name: str) -> Pages:
        """Return a way through an entity."""

    def explained(self, name: str) -> AbstractContextManager[None]:
        """Say more where the service knows no such entity."""

    def columns(self, name: str, part: str) -> tuple[str, ...]:
        """Return the fields of an entity or list that has no row to show them."""


@dataclass(frozen=True)
class RemoteSource(ABC):
    """A service whose entities are mapped by `systems/<system>/<table>.sql`."""

    name: str
    connection: Connection
    queries: Queries

    @abstractmethod
    def service(self) -> Service:
        """Return the service; nothing is asked of it yet."""

    @contextmanager
    def snapshot(self) -> Iterator[MappedSnapshot]:
        """Offer the service for the tables of one load; what was read is forgotten after it."""
        with tempfile.TemporaryDirectory(prefix="daymart-pages-") as folder, open_stage() as stage:
            transport = RemoteTransport(self.service(), Path(folder))
            yield MappedSnapshot(self.name, transport, self.queries, stage)

    @contextmanager
    def rehearsal(self) -> Iterator[MappedSnapshot]:
        """Offer the entities with their columns and no row, to see whether mappings run."""
        with open_stage() as stage:
            yield MappedSnapshot(self.name, EmptyEntities(self.service()), self.queries, stage)


class RemoteTransport:
    """Fetches entity sets for one load: to disk first, and from there once they are sound."""

    def __init__(self, service: Service, folder: Path) -> None:
        self._service = service
        self._names = entity_names(service.entities)
        self._folder = folder
        self._extracts: dict[tuple[str, datetime | None], Extract] = {}
        self._numbers = count()

    def entities(self) -> Collection[str]:
        return self._names

    def text_of(self, entities: Collection[str]) -> TextFormat | None:
        return self._service.text

    def continues(self, entity: str) -> bool:
        """Tell whether what is fetched depends on the cursor."""
        name, _ = self._names[entity]
        return self._service.entities[name].changed is not None

    def fetch(self, entity: str, params: ReadParams) -> pa.RecordBatchReader:
        """Read a set, or one of its lists, whole.

        Raises SourceUnavailable when it keeps moving, SourceError when the service refuses.
        """
        name, part = self._names[entity]
        since = params.since if self.continues(entity) else None
        if (name, since) not in self._extracts:
            with self._service.explained(name):
                self._extracts[name, since] = self._sound(name, since)
        spool = self._extracts[name, since].parts[part]
        return spool.reader(None if spool.rows else self._service.columns(name, part))

    def _sound(self, name: str, since: datetime | None) -> "Extract":
        moved: list[str] = []
        while len(moved) < self._service.reads:
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
        described = self._service.entities[name]
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

    def __init__(self, service: Service) -> None:
        self._service = service
        self._names = entity_names(service.entities)

    def entities(self) -> Collection[str]:
        return self._names

    def text_of(self, entities: Collection[str]) -> TextFormat | None:
        return self._service.text

    def fetch(self, entity: str, params: ReadParams) -> pa.RecordBatchReader:
        """Return an empty stream with the columns the entity has."""
        name, part = self._names[entity]
        with self._service.explained(name):
            row = self._service.pages(name).first_row()
        rows = self._parts(name, row)[part] if row else []
        columns = list(rows[0]) if rows else self._service.columns(name, part)
        schema = pa.schema([pa.field(column, pa.string()) for column in columns])
        return pa.RecordBatchReader.from_batches(schema, [])

    def _parts(self, name: str, row: Row) -> dict[str, list[dict[str, Any]]]:
        described = self._service.entities[name]
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


def key_of(row: Row, key: Sequence[str], what: str) -> tuple[str, ...]:
    """Return a row's key as text; SourceError naming `what` when it lacks a field of it."""
    missing = [name for name in key if name not in row]
    if missing:
        raise SourceError(
            what,
            saw=f"no {missing[0]} in its rows ({', '.join(list(row)[:8])})",
            expected=f"its key {', '.join(key)}",
            remedy="Name the fields that are unique in `key` of the binding.",
        )
    return tuple(str(row[name]) for name in key)


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


def entity_names(entities: Mapping[str, RemoteEntity]) -> dict[str, tuple[str, str]]:
    """Return every table mapping SQL may name -> the entity and, for its lists, which."""
    names = {name: (name, "") for name in entities}
    for name, described in entities.items():
        names |= {f"{name}.{part}": (name, part) for part in described.lists}
    return names
