"""Hold back landed rows that no single row rule can judge: double keys, rewritten events."""

import psycopg
from psycopg import sql

from daymart.contracts.ddl import names
from daymart.contracts.model import LoadMode, Table
from daymart.load.landing import Landing

HOLD_BACK = """
with wrong as ({wrong}),
held as (
    delete from {landing} as l using wrong as w
    where {same_key} and l._version is not distinct from w._version
    returning l.*
)
insert into {rejects}
    (table_name, source_id, key_values, file_name, row_no, violations, row_values, version, measure)
select {table}, h.source_id, {key_values}, h._file, h._line,
    jsonb_build_array(jsonb_build_object(
        'column', {key_names}, 'rule', {rule}::text, 'value', concat_ws('|', {key}),
        'expected', {expected}::text
    )),
    to_jsonb(h) - '{{_row_hash,_file,_line,_version,_is_late}}'::text[], h._version,
    to_jsonb(h) ->> {measure}
from held as h
"""


def hold_back(session: psycopg.Connection, landing: Landing, table: Table) -> int:
    """Move rows with a doubled key, and events that differ from what is known, to the rejects.

    Keys of two files are no doubles: the newer file's row counts. So with events, too: a file
    that corrects an event of an older one is how its sender takes it back. Returns how many
    were moved.
    """
    moved = 0
    if not _are_keys_single(session, landing, table):
        moved = _hold(
            session, landing, table, _doubled(landing, table), "duplicate_key", "one row per key"
        )
    if table.mode is LoadMode.EVENTS:
        moved += _hold(
            session,
            landing,
            table,
            _rewritten(landing, table),
            "append_only",
            "an event that never changes once delivered",
        )
    return moved


def _are_keys_single(session: psycopg.Connection, landing: Landing, table: Table) -> bool:
    """Try a unique index: three times as fast as grouping, and it stops at the first double."""
    key = sql.SQL(", ").join(
        sql.SQL('{} collate "C"' if column.physical_type == "text" else "{}").format(
            sql.Identifier(column.name)
        )
        for column in map(table.column, table.key)
    )
    index = sql.SQL("create unique index on {} ({}, _version) nulls not distinct").format(
        landing.table(table), key
    )
    try:
        session.execute(index)
    except psycopg.errors.UniqueViolation:
        return False
    return True


def _doubled(landing: Landing, table: Table) -> sql.Composed:
    return sql.SQL(
        "select {key}, _version from {landing} group by {key}, _version having count(*) > 1"
    ).format(key=names(table.key), landing=landing.table(table))


def _rewritten(landing: Landing, table: Table) -> sql.Composed:
    return sql.SQL(
        "select {key}, n._version from {landing} as n inner join {raw} as r on {same}"
        " and r.source_system = {system} where r._row_hash <> n._row_hash"
        " and (n._version is null or r._version is null)"
    ).format(
        key=names(table.key, "n"),
        landing=landing.table(table),
        raw=sql.Identifier("raw", table.name),
        same=same_key(table, "r", "n"),
        system=sql.Literal(landing.load.source_system),
    )


def _hold(
    session: psycopg.Connection,
    landing: Landing,
    table: Table,
    wrong: sql.Composed,
    rule: str,
    expected: str,
) -> int:
    statement = sql.SQL(HOLD_BACK).format(
        wrong=wrong,
        landing=landing.table(table),
        rejects=landing.rejects,
        same_key=same_key(table, "l", "w"),
        table=sql.Literal(table.name),
        key_values=key_as_json(table, "h"),
        key_names=sql.Literal(", ".join(table.key)),
        key=names(table.key, "h"),
        rule=sql.Literal(rule),
        expected=sql.Literal(expected),
        measure=sql.Literal(table.control_measure),
    )
    return session.execute(statement).rowcount


def same_key(table: Table, left: str, right: str) -> sql.Composed:
    """Return the comparison of the contract key under two aliases."""
    pairs = [
        sql.SQL("{} = {}").format(sql.Identifier(left, name), sql.Identifier(right, name))
        for name in table.key
    ]
    return sql.SQL(" and ").join(pairs)


def key_as_json(table: Table, alias: str) -> sql.Composed:
    """Return the contract key as a JSON object of texts."""
    pairs = [
        sql.SQL("{}, {}::text").format(sql.Literal(name), sql.Identifier(alias, name))
        for name in table.key
    ]
    return sql.SQL("jsonb_build_object({})").format(sql.SQL(", ").join(pairs))
