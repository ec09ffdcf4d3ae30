"""Check everything that can be checked before a morning, without writing anything."""

from collections.abc import Iterator

from daymart.build.dbt import DbtProject
from daymart.build.definitions import read_definitions
from daymart.contracts.model import Feed, Table
from daymart.contracts.read import contract_paths, require_sound
from daymart.load.batch import check_columns
from daymart.sources.drop import DropSource
from daymart.sources.drop_check import check_drop
from daymart.sources.mapped_drop import MappedDropSource
from daymart.sources.postgres import PostgresSnapshot
from daymart.sources.protocol import ReadParams, Snapshot, Source
from daymart.sources.registry import sources_of
from daymart.sources.remote import RemoteSource
from daymart.stages import Company, default_as_of


def checkup(company: Company) -> Iterator[str]:
    """Yield one line per thing that is in order; raise DaymartError at the first that is not."""
    yield f"settings: {company.project.settings.company}"
    project = company.project
    require_sound(contract_paths(project.contracts), project.settings.calendars)
    yield f"contracts: {len(company.feeds)}"
    with company.warehouse.session(None) as session:
        row = session.execute("show server_version").fetchone()
    yield f"warehouse: PostgreSQL {row[0] if row else '?'}"
    for feed in company.feeds.values():
        if feed.name in company.bound:
            yield from _mappings(company, feed)
        else:
            yield f"feed {feed.name}: not bound in daymart.yaml, so it is empty and not awaited"
    yield f"dbt project: {_marts(company)} marts"


def _mappings(company: Company, feed: Feed) -> Iterator[str]:
    """Ask every source that can be asked for the columns of every mapped table."""
    params = ReadParams(default_as_of(company))
    for source in sources_of(feed, company.project):
        opened = source.rehearsal() if isinstance(source, RemoteSource) else source.snapshot()
        if isinstance(source, DropSource | MappedDropSource):
            yield from check_drop(source, feed, params.as_of)
        with opened as snapshot:
            provided = [t for t in feed.tables if snapshot.provides(t)]
            for table in provided:
                for columns in _columns(source, snapshot, table, params):
                    check_columns(f"systems/{source.name}/{table.name}.sql", table, columns)
        absent = [t.name for t in feed.tables if t not in provided]
        missing = f", without {', '.join(absent)}" if absent else ""
        yield f"feed {feed.name} from {source.name}: {len(provided)} tables{missing}"


def _columns(
    source: Source, snapshot: Snapshot, table: Table, params: ReadParams
) -> Iterator[tuple[str, ...]]:
    """Yield the columns a mapping yields; nothing for files, which are only there in time."""
    if isinstance(snapshot, PostgresSnapshot):
        yield snapshot.columns(table, params)
    elif isinstance(source, RemoteSource):
        yield from (stream.columns for stream in snapshot.read(table, params))


def _marts(company: Company) -> int:
    connection = company.warehouse.connection
    target = company.project.builds(connection.database) / "check"
    return len(read_definitions(DbtProject(company.project.dbt, target, connection).parse()))
