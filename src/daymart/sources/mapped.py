"""Mapping SQL for sources that speak none: fetch the entities a query names, then ask DuckDB."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol, runtime_checkable

import duckdb
import pyarrow as pa

from daymart.contracts.model import Table
from daymart.errors import SourceError
from daymart.load.typing import TextFormat
from daymart.sources.protocol import Queries, ReadParams, TableStream
from daymart.sources.stage import Stage


class Transport(Protocol):
    """What a source without SQL offers: named entities, each a stream of rows."""

    def entities(self) -> Collection[str]:
        """Name the entities that can be fetched."""

    def fetch(self, entity: str, params: ReadParams) -> pa.RecordBatchReader:
        """Stream one entity. Files give text, with `_file`, `_line` and `_defect` beside it."""

    def text_of(self, entities: Collection[str]) -> TextFormat | None:
        """Return how the text of these entities is read; None where values are typed."""


@runtime_checkable
class Continuing(Protocol):
    """A transport that can ask its source for changes only."""

    def continues(self, entity: str) -> bool:
        """Tell whether what is fetched of an entity depends on the cursor."""


class MappedSnapshot:
    """One load's view of a source whose tables are mapped by `systems/<system>/<table>.sql`."""

    def __init__(self, system: str, transport: Transport, queries: Queries, stage: Stage) -> None:
        self._system = system
        self._transport = transport
        self._queries = queries
        self._stage = stage
        self._staged: dict[str, datetime | None] = {}

    def provides(self, table: Table) -> bool:
        return table.name in self._queries

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        """Stage what the mapping query names, count, then stream its rows.

        Raises SourceError when the query does not run, or loses rows a reader found unfit.
        """
        query = self._queries[table.name]
        with self._explained(table):
            entities = self._stage_entities(query, params)
            self._stage.set_parameters(params)
            columns = self._stage.columns(query)
            self._keep_unfit_rows(table, query, entities, columns)
            measure = table.control_measure if table.control_measure in columns else None
            text = self._transport.text_of(entities)
            yield TableStream(
                batches=self._explained_batches(table, query),
                columns=columns,
                control=self._stage.control_total(query, measure, text),
                text=text,
            )

    def _stage_entities(self, query: str, params: ReadParams) -> list[str]:
        known = set(self._transport.entities())
        named = sorted(self._stage.tables_in(query) & known)
        for entity in named:
            since = params.since if self._continues(entity) else None
            if entity not in self._staged or self._staged[entity] != since:
                self._stage.fill(entity, self._transport.fetch(entity, params))
                self._staged[entity] = since
        return named

    def _continues(self, entity: str) -> bool:
        """Tell whether tables with different cursors need different rows of an entity."""
        return isinstance(self._transport, Continuing) and self._transport.continues(entity)

    def _keep_unfit_rows(
        self, table: Table, query: str, entities: list[str], columns: tuple[str, ...]
    ) -> None:
        """Refuse a mapping in which a broken line of a file would vanish without a word."""
        unfit = sum(self._unfit(f'from "{entity}"') for entity in entities)
        passed_on = self._unfit(f"from (\n{query}\n)") if unfit and "_defect" in columns else 0
        if passed_on < unfit:
            raise SourceError(
                f"{self._system}.{table.name}",
                saw=f"{unfit} broken rows in {', '.join(entities)}, {passed_on} of them passed on",
                expected="each to reach quarantine",
                remedy=f"Select _file, _line and _defect in systems/{self._system}/"
                f"{table.name}.sql, or have the file mended.",
            )

    def _unfit(self, source: str) -> int:
        if "_defect" not in self._stage.columns(source):
            return 0
        return self._stage.scalar(f"select count(_defect) {source}")

    def _explained_batches(self, table: Table, query: str) -> Iterator[pa.RecordBatch]:
        with self._explained(table):
            yield from self._stage.read(query)

    @contextmanager
    def _explained(self, table: Table) -> Iterator[None]:
        """Turn DuckDB's error into one that names the mapping file."""
        try:
            yield
        except duckdb.Error as broken:
            raise SourceError(
                f"{self._system}.{table.name}",
                saw=str(broken).strip().splitlines()[0],
                expected=f"systems/{self._system}/{table.name}.sql to run in DuckDB over"
                f" {', '.join(sorted(self._transport.entities()))}",
                remedy="Check the names in the mapping against the files or entities.",
            ) from broken
