"""From a binding in the settings to the source that serves it."""

from pathlib import Path

from daymart.connections import get_connection
from daymart.contracts.model import Feed
from daymart.errors import ConfigError
from daymart.load.typing import TextFormat
from daymart.settings import Binding, Project
from daymart.sources.drop import DropSource, text_format
from daymart.sources.mapped_drop import MappedDropSource
from daymart.sources.odata import ODataSource
from daymart.sources.odata import text_format as odata_format
from daymart.sources.postgres import PostgresSource
from daymart.sources.protocol import Source
from daymart.sources.queries import read_queries
from daymart.sources.rest import RestSource
from daymart.sources.rest import text_format as rest_format


def sources_of(feed: Feed, project: Project) -> list[Source]:
    """Return the sources that fill `feed`; ConfigError when nothing is bound."""
    bindings = project.settings.bindings_of(feed.name)
    if not bindings:
        raise ConfigError(
            f"feed {feed.name!r}",
            saw="no binding in daymart.yaml",
            expected="a system and a connection",
            remedy=f"Add {feed.name} to the feeds of a binding.",
        )
    return [_source(feed, binding, project) for binding in bindings]


def _source(feed: Feed, binding: Binding, project: Project) -> Source:
    if binding.files:
        return _drop(feed, binding, project)
    if binding.connection is None:
        raise ConfigError(
            f"binding of {binding.system!r}",
            saw="neither connection nor files",
            remedy="Name an Airflow connection, or describe the files.",
        )
    connection = get_connection(binding.connection, project.home)
    queries = read_queries(project.systems / binding.system)
    if binding.odata:
        return ODataSource(binding.source_name, connection, queries, binding.odata)
    if binding.rest:
        return RestSource(binding.source_name, connection, queries, binding.rest)
    return PostgresSource(binding.source_name, connection, queries)


def _drop(feed: Feed, binding: Binding, project: Project) -> Source:
    """Return a drop folder whose files are contract tables, or entities mapped by SQL."""
    login = get_connection(binding.connection, project.home) if binding.connection else None
    folder = _folder(binding, project)
    mappings = project.systems / binding.system
    if any(mappings.glob("*.sql")):
        queries = read_queries(mappings)
        return MappedDropSource(
            binding.source_name, feed.name, folder, binding.files, binding.system, queries, login
        )
    return DropSource(binding.source_name, feed.name, folder, binding.files, login)


def _folder(binding: Binding, project: Project) -> Path | str:
    """Return where a binding's files lie: a URL, or a path relative to the project."""
    folder = binding.folder or "."
    return folder if "://" in folder else project.home / folder


def text_format_of(project: Project, feed: str, system: str) -> TextFormat | None:
    """Return how the text of a file feed is read; None for a system that types its values."""
    for binding in project.settings.bindings_of(feed):
        if binding.source_name == system and binding.files:
            return text_format(next(iter(binding.files.values())))
        if binding.source_name == system and binding.odata:
            return odata_format(binding.odata)
        if binding.source_name == system and binding.rest:
            return rest_format(binding.rest)
    return None
