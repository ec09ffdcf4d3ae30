"""Versions: files may come in any order, and the row of the newest business date stands."""

import psycopg
from psycopg import sql

from daymart.contracts.ddl import SYSTEM_COLUMNS, names
from daymart.contracts.model import LoadMode, Table
from daymart.load.hold_back import key_as_json, same_key
from daymart.load.landing import Landing

OLDER_THAN_ANOTHER = """
with ranked as (
    select ctid as place, _version, max(_version) over (partition by {key}) as newest
    from {landing}
)
update {landing} as l set _is_late = true
from ranked as k where l.ctid = k.place and k._version < k.newest
"""

OLDER_THAN_RAW = """
update {landing} as l set _is_late = true
from {raw} as r
where r.source_system = {system} and {same} and l._version < r._version and not l._is_late
"""

OLDER_THAN_TOMBSTONE = """
update {landing} as l set _is_late = true
from ops.tombstone as t
where t.table_name = {table} and t.source_system = {system}
    and t.key_values = {key_values} and l._version < t.version and not l._is_late
"""

TO_HISTORY = """
with newer as (
    select l.*, lead(l._row_hash) over (partition by {landed_key} order by l._version) as next_hash
    from {landing} as l where not l.is_deleted
)
insert into {history} ({columns}, _superseded_by, _superseded_at, _reason)
select {own}, {system}, l.source_id, {load}, transaction_timestamp(), transaction_timestamp(),
    l._row_hash, l._file, l._line, l._version, {load}, transaction_timestamp(), 'superseded'
from newer as l
left join {raw} as r on r.source_system = {system} and {same}
where l._is_late and l._row_hash is distinct from coalesce(l.next_hash, r._row_hash)
"""

BURY = """
insert into ops.tombstone (table_name, source_system, key_values, version, load_id)
select {table}, {system}, {key_values}, max(l._version), {load}
from {landing} as l where l.is_deleted and l._version is not null
group by {key_values}
on conflict (table_name, source_system, key_values) do update
set version = excluded.version, load_id = excluded.load_id
where tombstone.version < excluded.version
"""


def is_ranked(table: Table) -> bool:
    """Tell whether rows of `table` are ranked by their file's version.

    Of a full list only the newest is ever loaded, so its rows need no rank.
    """
    return table.mode is not LoadMode.SNAPSHOT or table.partition is not None


def set_late_rows_aside(session: psycopg.Connection, table: Table, landing: Landing) -> int:
    """Mark landed rows that a newer file has overtaken and keep those that differ in history.

    A row is late when another landed row of its key, the row in raw or a tombstone is of a newer
    file. Runs in the caller's transaction; returns how many rows were late.
    """
    parts: dict[str, sql.Composable] = {
        "landing": landing.table(table),
        "raw": sql.Identifier("raw", table.name),
        "history": sql.Identifier("raw_history", table.name),
        "table": sql.Literal(table.name),
        "system": sql.Literal(landing.load.source_system),
        "load": sql.Literal(landing.load.load_id),
        "key": names(table.key),
        "landed_key": names(table.key, "l"),
        "same": same_key(table, "r", "l"),
        "key_values": key_as_json(table, "l"),
        "own": names(table.column_names, "l"),
        "columns": names((*table.column_names, *(name for name, _, _ in SYSTEM_COLUMNS))),
    }

    def run(statement: str) -> int:
        return session.execute(sql.SQL(statement).format(**parts)).rowcount

    versions = session.execute(
        sql.SQL("select count(distinct _version) from {landing}").format(**parts)
    ).fetchone()
    if not versions or not versions[0]:
        return 0
    late = run(OLDER_THAN_ANOTHER) if versions[0] > 1 else 0
    late += run(OLDER_THAN_RAW)
    late += run(OLDER_THAN_TOMBSTONE)
    if late:
        run(TO_HISTORY)
    run(BURY)
    return late
