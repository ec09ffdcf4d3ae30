"""Merge one mart's changed rows into its published table. Runs in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql

from daymart.build.definitions import MartDefinition
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
    when not matched by source then delete
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
) -> Changed:
    """Make the published table equal to `source`; replaced rows go to its history."""
    published = sql.Identifier("published", mart.mart)
    parts = {
        "published": published,
        "history": sql.Identifier("published_history", mart.mart),
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
    }
    values = {"publication": publication_id}
    first = session.execute(
        sql.SQL("select not exists (select from {})").format(published)
    ).fetchone()
    if first is not None and first[0]:
        filled = session.execute(sql.SQL(FIRST_FILL).format(**parts), values).rowcount
        return Changed(total=filled, inserted=filled, updated=0, deleted=0)
    row = session.execute(sql.SQL(MERGE).format(**parts), values).fetchone()
    total = session.execute(sql.SQL("select count(*) from {}").format(published)).fetchone()
    assert row is not None and total is not None
    return Changed(int(total[0]), *row)


def _assignments(columns: Sequence[str]) -> sql.Composed:
    own = [sql.SQL("{} = {}").format(sql.Identifier(n), sql.Identifier("c", n)) for n in columns]
    return sql.SQL(", ").join([*own, sql.SQL("_publication_id = %(publication)s")])
