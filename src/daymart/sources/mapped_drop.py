"""File drops mapped by SQL: files are entities, and each contract table is one query over them."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from daymart.connections import Connection
from daymart.contracts.model import Feed, Table
from daymart.errors import ConfigError, ContractError, DaymartError, SourceError
from daymart.load.typing import TextFormat
from daymart.settings import FileTable
from daymart.sources.archive import opened
from daymart.sources.drop import counted, file_format, siblings_of, surveyed, text_format, way_of
from daymart.sources.files import read_whole_file
from daymart.sources.folder import Folder
from daymart.sources.mapped import MappedSnapshot
from daymart.sources.promised import promised_sum
from daymart.sources.protocol import (
    FileNote,
    FilesLedger,
    Queries,
    ReadParams,
    Snapshot,
    TableStream,
)
from daymart.sources.scan import PathPattern
from daymart.sources.stage import Stage, open_stage
from daymart.sources.take import Taken, Taking

_NO_COLUMN = re.compile(r'column "([^"]+)" not found|does not have a column named "([^"]+)"')


@dataclass(frozen=True)
class MappedDropSource:
    """A drop folder whose files are entities; `systems/<system>/<table>.sql` maps them."""

    name: str
    feed: str
    folder: Path | str
    entities: Mapping[str, FileTable]
    system: str
    queries: Queries
    connection: Connection | None = field(default=None, repr=False)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Offer the folder with an empty stage for its entities."""
        with open_stage() as stage:
            yield MappedDrop(self, FileTransport(self), stage)

    def survey(self, feed: Feed, as_of: date, ledger: FilesLedger) -> list[FileNote]:
        """Tell which files a load would take or leave, and why; no row is read."""
        transport = FileTransport(self)
        takings = [transport.taking(entity) for entity in sorted(self.entities)]
        return surveyed(takings, as_of, ledger)


class FileTransport:
    """Files as entities: every column as text, with `_file`, `_line`, `_defect` and `_date`."""

    def __init__(self, source: MappedDropSource) -> None:
        self._source = source
        self.versions: dict[str, dict[str, str]] = {}
        self.columns: dict[str, list[str]] = {}
        self.is_news: dict[str, bool] = {}
        self.absent: dict[str, SourceError] = {}
        self.failure: DaymartError | None = None

    def entities(self) -> Collection[str]:
        return self._source.entities.keys()

    def fetch(self, entity: str, params: ReadParams) -> pa.RecordBatchReader:
        """Stream what is new of an entity; where the newest or all count, those in any case.

        An entity without anything new is empty where only new files count. Raises SourceError for
        one of which no file ever came.
        """
        self.versions[entity] = {}
        self.is_news[entity] = False
        rows = self._batches(entity, params)
        schema = next(rows)
        return pa.RecordBatchReader.from_batches(schema, self._noting(rows))

    def _noting(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Keep the error that ends a stream: DuckDB tells of it as one of its own."""
        try:
            yield from batches
        except DaymartError as failed:
            self.failure = failed
            raise

    def text_of(self, entities: Collection[str]) -> TextFormat | None:
        """Return how the text of these entities is read; they must agree.

        Raises ConfigError where two of them write numbers or dates differently.
        """
        formats = {name: text_format(self._source.entities[name]) for name in sorted(entities)}
        if len(set(formats.values())) > 1:
            settings = [asdict(text) for text in formats.values()]
            differ = [name for name in settings[0] if len({text[name] for text in settings}) > 1]
            raise ConfigError(
                f"{self._source.feed}: files {', '.join(formats)}",
                saw=f"two ways of writing values in one query: {', '.join(differ)} differs",
                expected="one, as its result is read in one way",
                remedy="Say the same of these files in daymart.yaml, or load them by queries"
                " of their own.",
            )
        return next(iter(formats.values()), None)

    def taking(self, entity: str) -> Taking:
        """Return which files of the folder an entity takes."""
        source = self._source
        described = source.entities[entity]
        return Taking(
            Folder(source.folder, source.connection),
            entity,
            described,
            "newest" if described.mode == "newest" else "each",
            siblings_of(entity, source.entities, source.feed),
            f"{source.feed}.{entity}",
        )

    def _batches(self, entity: str, params: ReadParams) -> Iterator[pa.RecordBatch]:
        """Yield an entity's schema first, then its batches."""
        schema: pa.Schema | None = None
        for taken in self._taken(entity, params.files, params):
            self.versions[entity][taken.name] = taken.version
            for part in self._read(entity, taken, schema):
                if isinstance(part, pa.Schema):
                    if schema is None:
                        yield part
                    schema = part
                elif taken.note.state == "taken":
                    yield part
        if schema is None:
            raise self.absent.get(entity) or self._never_came(entity)

    def _taken(self, entity: str, ledger: FilesLedger, params: ReadParams) -> Iterator[Taken]:
        """Hand on new files, and what counts beside them or in their stead.

        That is every file known where all count, else, without any new one, the newest known:
        unread where only news count.
        """
        taking, mode = self.taking(entity), self._source.entities[entity].mode
        try:
            for taken in taking.take(params.as_of, ledger):
                self.is_news[entity] = True
                yield taken
        except SourceError as absent:
            self.absent[entity] = absent
        if mode == "all":
            new = set(self.versions[entity])
            yield from (t for t in taking.known(params.as_of, ledger) if t.name not in new)
        elif not self.is_news[entity]:
            for taken in taking.newest(params.as_of):
                yield _only_header(taken) if mode == "all_new" else taken

    def _read(
        self, entity: str, taken: Taken, schema: pa.Schema | None
    ) -> Iterator[pa.Schema | pa.RecordBatch]:
        """Yield the schema of a file's rows, then its batches with file and date beside them."""
        described = self._source.entities[entity]
        what = f"{self._source.feed}.{entity} {taken.name}"
        members = PathPattern(described.path, what).members
        fmt = file_format(described)
        with opened(taken, members, what, fmt) as files:
            for name, path in files:
                self.versions[entity][name] = taken.version
                columns: list[str] = []
                batches = read_whole_file(path, what, fmt, columns.extend)
                first = next(batches, None)
                self.columns[entity] = columns
                wanted = staged_schema(columns)
                if schema is not None and schema != wanted:
                    raise _other_columns(what, columns, schema)
                schema = wanted
                yield schema
                total = promised_sum(taken.manifest, described, columns)
                for batch in counted(_with(first, batches), taken.note):
                    total.add(batch)
                    yield _staged(batch, schema, name, taken)
                if taken.note.state == "taken":
                    total.check(what)
        self._check_count(taken, what)

    def _check_count(self, taken: Taken, what: str) -> None:
        if taken.manifest is None or taken.note.state != "taken":
            return
        if taken.note.rows != taken.manifest.row_count:
            raise ContractError(
                what,
                saw=f"{taken.note.rows} rows",
                expected=f"{taken.manifest.row_count} by its manifest",
                remedy="Ask the sender to deliver file and manifest again.",
            )

    def _never_came(self, entity: str) -> SourceError:
        return SourceError(
            f"{self._source.feed}.{entity}",
            saw="no file of it lies there",
            expected="at least one, to know its columns",
            remedy="Ask the feed's owner for it, or correct the path of the binding.",
        )


class MappedDrop(MappedSnapshot):
    """One load's view of a mapped drop folder."""

    def __init__(self, source: MappedDropSource, transport: FileTransport, stage: Stage) -> None:
        super().__init__(source.system, transport, source.queries, stage)
        self._source = source
        self._files = transport

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        """Stream a contract table when one of its entities has something new, else nothing.

        A query that names no entity tells a constant, which comes with every load. Raises
        SourceError when nothing is new and an entity's file of the evening never came.
        """
        query = self._queries[table.name]
        try:
            with self._explained(table):
                entities = self._stage_entities(query, params)
        except SourceError:
            if self._files.failure is not None:
                raise self._files.failure from None
            raise
        if not entities:
            yield from super().read(table, params)
            return
        self._check_modes(table, entities)
        if not any(self._files.is_news[entity] for entity in entities):
            for entity in entities:
                if entity in self._files.absent:
                    raise self._files.absent[entity]
            return
        versions, unasked = self._versions(table, entities), self._unasked(query, entities)
        for stream in super().read(table, params):
            yield replace(stream, versions=versions, unasked=unasked)

    def _unasked(self, query: str, entities: list[str]) -> tuple[str, ...]:
        """Name the columns of a table's files that its mapping does not mention."""
        asked = query.casefold()
        own = [name for entity in entities for name in self._files.columns[entity]]
        return tuple(name for name in own if name.casefold() not in asked)

    @contextmanager
    def _explained(self, table: Table) -> Iterator[None]:
        """Tell a column the files lack from a mapping that does not run."""
        with super()._explained(table):
            try:
                yield
            except duckdb.BinderException as broken:
                lacking = _NO_COLUMN.search(str(broken))
                if lacking is None:
                    raise
                raise self._without(table, lacking[1] or lacking[2]) from broken

    def _without(self, table: Table, column: str) -> ContractError:
        entities = self._stage.tables_in(self._queries[table.name])
        files = [
            name for entity in sorted(entities) for name in self._files.versions.get(entity, ())
        ]
        return ContractError(
            f"{self._source.feed}.{table.name} {', '.join(files)}",
            saw=f"no column {column!r} in the header",
            expected=f"the columns systems/{self._source.system}/{table.name}.sql names",
            remedy="Ask the sender for it, or name its new header under columns in daymart.yaml.",
        )

    def _versions(self, table: Table, entities: list[str]) -> dict[str, str]:
        """Rank the files of a table's entities; the files of one full list are of one rank."""
        found = {
            name: version
            for entity in entities
            for name, version in self._files.versions[entity].items()
        }
        modes = {self._source.entities[entity].mode for entity in entities}
        if "all" not in modes or way_of(table) == "each":
            return found
        return dict.fromkeys(found, max(found.values()))

    def _check_modes(self, table: Table, entities: list[str]) -> None:
        """Refuse a full list made of movements: what they do not mention would be deleted."""
        new = [e for e in entities if self._source.entities[e].mode == "all_new"]
        if new and way_of(table) == "newest":
            raise ConfigError(
                f"{self._source.feed}.{table.name}",
                saw=f"a full list from {new[0]}, of which only new files are read",
                expected="mode: newest or all for the entities of a snapshot table",
                remedy="Correct files in daymart.yaml, or the load mode in the contract.",
            )


def staged_schema(columns: list[str]) -> pa.Schema:
    """Return the columns a mapping finds: the file's own as text, then where they stood."""
    own = [pa.field(name, pa.string()) for name in columns]
    return pa.schema(
        [
            *own,
            pa.field("_file", pa.string()),
            pa.field("_line", pa.int64()),
            pa.field("_defect", pa.string()),
            pa.field("_date", pa.date32()),
        ]
    )


def _staged(batch: pa.RecordBatch, schema: pa.Schema, name: str, taken: Taken) -> pa.RecordBatch:
    """Put file and business date beside the rows of a batch."""
    beside = {
        "_file": pa.repeat(pa.scalar(name, pa.string()), len(batch)),
        "_date": pa.repeat(pa.scalar(taken.note.business_date, pa.date32()), len(batch)),
    }
    arrays = [beside[n] if n in beside else batch.column(n) for n in schema.names]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _with(first: pa.RecordBatch | None, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    if first is not None:
        yield first
    yield from rest


def _only_header(taken: Taken) -> Taken:
    """Mark a file that is opened for its columns only."""
    return replace(taken, note=replace(taken.note, state="known"))


def _other_columns(what: str, columns: list[str], schema: pa.Schema) -> ContractError:
    before = [name for name in schema.names if not name.startswith("_")]
    gone = [name for name in before if name not in columns]
    came = [name for name in columns if name not in before]
    changes = [f"without {', '.join(gone)}"] if gone else []
    changes += [f"with {', '.join(came)}"] if came else []
    return ContractError(
        what,
        saw=f"its header differs from the file before ({'; '.join(changes) or 'another order'})",
        expected="the same columns in every file of one load",
        remedy="Ask the sender to export it again, or rename by columns in daymart.yaml.",
    )
