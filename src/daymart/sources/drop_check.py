"""Check the bindings of drop folders before a morning: formats, paths, folder, mapping SQL."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date

import duckdb
import pyarrow as pa

from daymart.contracts.model import Feed
from daymart.errors import ConfigError, SourceUnavailable
from daymart.load.batch import check_columns
from daymart.settings import FileTable
from daymart.sources.archive import opened
from daymart.sources.drop import DropSource, file_format, text_format
from daymart.sources.files import read_whole_file
from daymart.sources.folder import Folder
from daymart.sources.mapped_drop import FileTransport, MappedDropSource, staged_schema
from daymart.sources.protocol import ReadParams
from daymart.sources.scan import PathPattern
from daymart.sources.stage import Stage, open_stage
from daymart.sources.take import Taking


def check_drop(source: DropSource | MappedDropSource, feed: Feed, as_of: date) -> Iterator[str]:
    """Yield what is in order; raise ConfigError for a binding that cannot work.

    Raises SourceUnavailable or SourceError for a folder that cannot be listed.
    """
    is_mapped = isinstance(source, MappedDropSource)
    described = source.entities if isinstance(source, MappedDropSource) else source.tables
    for name, table in described.items():
        _check_format(feed, name, table)
    if not is_mapped:
        _check_names(feed, described)
    folder = Folder(source.folder, source.connection)
    yield f"folder {folder.label}: {len(folder.entries(None))} files"
    if isinstance(source, MappedDropSource):
        yield from _check_queries(source, feed, as_of)
    else:
        for promised in (t for t in feed.tables if source.provides(t)):
            yield _newest(feed, promised.name, source.taking(promised), as_of)


def _newest(feed: Feed, name: str, taking: Taking, as_of: date) -> str:
    found = taking.files(as_of)
    seen = found[-1].entry.shown if found else "no file yet"
    return f"files of {feed.name}.{name}: {len(found)}, newest {seen}"


def _check_format(feed: Feed, name: str, described: FileTable) -> None:
    """Refuse a declaration that means nothing or two things, naming the table."""
    what = f"{feed.name}.{name}"
    PathPattern(described.path, what)
    try:
        file_format(described)
        text_format(described)
        if described.manifest:
            described.manifest.format(file="", stem="", as_of=date(2026, 1, 2))
    except ConfigError as wrong:
        raise ConfigError(
            f"{what}: {wrong.what}", saw=wrong.saw, expected=wrong.expected, remedy=wrong.remedy
        ) from wrong
    except (KeyError, IndexError, ValueError) as wrong:
        raise ConfigError(
            what,
            saw=f"manifest {described.manifest!r}",
            expected="one like {stem}.manifest.json",
            remedy="Correct the binding in daymart.yaml.",
        ) from wrong


def _check_names(feed: Feed, described: Mapping[str, FileTable]) -> None:
    known = [table.name for table in feed.tables]
    # A binding may serve several feeds; only a name no table begins like is a slip for sure.
    if not set(described) & set(known):
        raise ConfigError(
            f"files of feed {feed.name!r}",
            saw=f"{', '.join(sorted(described))}, none of its tables",
            expected=f"one of {', '.join(known)}, or mapping SQL in systems/",
            remedy="Correct files in daymart.yaml.",
        )


def _check_queries(source: MappedDropSource, feed: Feed, as_of: date) -> Iterator[str]:
    """Run every mapping query over empty tables with the headers of the newest files."""
    transport = FileTransport(source)
    with open_stage() as stage:
        empty = set()
        for entity in sorted(source.entities):
            taking = transport.taking(entity)
            yield _newest(feed, entity, taking, as_of)
            if not _stage_header(source, entity, taking, stage, as_of):
                empty.add(entity)
        stage.set_parameters(ReadParams(as_of))
        for table in (t for t in feed.tables if t.name in source.queries):
            name = f"systems/{source.system}/{table.name}.sql"
            query = source.queries[table.name]
            try:
                waiting = stage.tables_in(query) & empty
                if not waiting:
                    check_columns(name, table, stage.columns(query))
            except duckdb.Error as broken:
                raise ConfigError(
                    name,
                    saw=str(broken).strip().splitlines()[0],
                    expected=f"a query over {', '.join(sorted(source.entities))}",
                    remedy="Check its names against the headers of the newest files.",
                ) from broken
            yield f"{name}: {'waits for ' + ', '.join(sorted(waiting)) if waiting else 'runs'}"


def _stage_header(
    source: MappedDropSource, entity: str, taking: Taking, stage: Stage, as_of: date
) -> bool:
    """Make an empty table with the columns of an entity's newest file, if there is one."""
    described = source.entities[entity]
    what = f"{source.feed}.{entity}"
    with suppress(SourceUnavailable):
        for taken in taking.newest(as_of):
            members = PathPattern(described.path, what).members
            with opened(taken, members, f"{what} {taken.name}", file_format(described)) as files:
                columns: list[str] = []
                rows = read_whole_file(
                    files[0][1], f"{what} {taken.name}", file_format(described), columns.extend
                )
                next(rows, None)
                rows.close()
            schema = staged_schema(columns)
            stage.fill(entity, pa.RecordBatchReader.from_batches(schema, []))
            return True
    return False
