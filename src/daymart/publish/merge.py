"""Merge one mart's changed rows into its published table. Runs in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from daymart.build.definitions import MartDefinition, Touched
from daymart.contracts.ddl import names

FIRST_FILL = """
insert into {published} ({columns}, _publication_id)
select {columns}, %(publication)s from {source} as c
"""

MERGE = """
with merged as (
    merge into {published} as m
    using {source} as c
    on {same}
    when matched and ({ours}) is distinct from ({theirs}) then update set {assignments}
    when not matched then insert ({columns}, _publication_id)
        values ({theirs}, %(publication)s)
    {when_gone}
    returning merge_action() as action, {old}, old._publication_id
),
kept as (
    insert into {history} ({columns}, _publication_id, _replaced_by)
    select {columns}, _publication_id, %(publication)s from merged where action <> 'INSERT'
)
select count(*) filter (where action = 'INSERT'), count(*) filter (where action = 'UPDATE'),
    count(*) filter (where action = 'DELETE')
from merged
"""

WHEN_GONE = "when not matched by source then delete"

TOUCHED = "(select * from {source} where {key} = any (array(select * from {keys})))"
"""What a candidate holds of touched keys: an array is looked up in the index, a join is not."""

GONE = """
with gone as (
    delete from {published} as m
    where m.{key} = any (array(select * from {keys}))
        and not exists (select from {candidate} as c where {same})
    returning {ours}, m._publication_id
),
kept as (
    insert into {history} ({columns}, _publication_id, _replaced_by)
    select {columns}, _publication_id, %(publication)s from gone
)
select count(*) from gone
"""

TOTAL_BEFORE = """
select rows_total from ops.publication_mart where mart = %(mart)s
order by publication_id desc limit 1
"""


@dataclass(frozen=True)
class Changed:
    """What a publication changed in one mart."""

    total: int
    inserted: int
    updated: int
    deleted: int


def merge_mart(
    session: psycopg.Connection,
    mart: MartDefinition,
    columns: Sequence[str],
    source: sql.Composable,
    publication_id: int,
    touched: Touched | None = None,
) -> Changed:
    """Make the published table equal to `source`; replaced rows go to its history.

    With `touched` only rows of the touched keys are compared; the others are known to be equal.
    """
    merge = _Merge(session, mart, columns, source, publication_id)
    return merge.of_touched(touched) if touched else merge.of_all()


class _Merge:
    """One mart on its way into its published table."""

    def __init__(
        self,
        session: psycopg.Connection,
        mart: MartDefinition,
        columns: Sequence[str],
        source: sql.Composable,
        publication_id: int,
    ) -> None:
        self._session = session
        self._mart = mart
        self._values = {"publication": publication_id, "mart": mart.mart}
        self._parts: dict[str, sql.Composable] = {
            "published": sql.Identifier("published", mart.mart),
            "history": sql.Identifier("published_history", mart.mart),
            "candidate": source,
            "source": source,
            "columns": names(tuple(columns)),
            "ours": names(tuple(columns), "m"),
            "theirs": names(tuple(columns), "c"),
            "old": names(tuple(columns), "old"),
            "same": sql.SQL(" and ").join(
                sql.SQL("{} = {}").format(sql.Identifier("m", k), sql.Identifier("c", k))
                for k in mart.key_columns
            ),
            "assignments": _assignments(columns),
            "when_gone": sql.SQL(WHEN_GONE),
        }

    def of_all(self) -> Changed:
        if self._one("select not exists (select from {published})")[0]:
            filled = self._execute(FIRST_FILL).rowcount
            return Changed(total=filled, inserted=filled, updated=0, deleted=0)
        inserted, updated, deleted = self._one(MERGE)
        return Changed(self._one("select count(*) from {published}")[0], inserted, updated, deleted)

    def of_touched(self, touched: Touched) -> Changed:
        self._parts |= {
            "key": sql.Identifier(touched.key),
            "keys": sql.Identifier(touched.schema, touched.model),
        }
        self._parts["source"] = sql.SQL(TOUCHED).format(**self._parts)
        self._parts["when_gone"] = sql.SQL("")
        inserted, updated, _ = self._one(MERGE)
        (deleted,) = self._one(GONE)
        (before,) = self._one(TOTAL_BEFORE)
        return Changed(before + inserted - deleted, inserted, updated, deleted)

    def _one(self, statement: str) -> Any:
        row = self._execute(statement).fetchone()
        assert row is not None
        return row

    def _execute(self, statement: str) -> psycopg.Cursor:
        return self._session.execute(sql.SQL(statement).format(**self._parts), self._values)


def _assignments(columns: Sequence[str]) -> sql.Composed:
    own = [sql.SQL("{} = {}").format(sql.Identifier(n), sql.Identifier("c", n)) for n in columns]
    return sql.SQL(", ").join([*own, sql.SQL("_publication_id = %(publication)s")])
