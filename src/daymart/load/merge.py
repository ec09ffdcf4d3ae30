"""Merge a landed table into raw and keep what it supersedes. Runs in the caller's transaction."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from daymart.contracts.ddl import SYSTEM_COLUMNS, names, raw_key
from daymart.contracts.model import LoadMode, Table
from daymart.load.hold_back import same_key
from daymart.load.landing import Landing
from daymart.load.versions import is_ranked, set_late_rows_aside

SYSTEM = tuple(name for name, _, _ in SYSTEM_COLUMNS)

MANY_ROWS = 100_000
"""From here on sorting a key once is worth a lock on the still empty table."""

FIRST_FILL = """
insert into {raw} ({columns})
select {new_values} from {landing} as l where not l.is_deleted and not l._is_late
"""

MERGE = """
with merged as (
    merge into {raw} as r
    using (select * from {landing} where not _is_late) as l
    on r.source_system = %(system)s and {same}
    when matched and l.is_deleted then delete
    when matched and r._row_hash <> l._row_hash then update set {assignments}
    {when_reread}
    when not matched and not l.is_deleted then insert ({columns}) values ({new_values})
    returning merge_action() as _action,
        new._row_hash is distinct from old._row_hash as _is_news,
        {old}
),
kept as (
    insert into {history} ({columns}, _superseded_by, _superseded_at, _reason)
    select {columns}, %(load)s, transaction_timestamp(),
        case _action when 'DELETE' then 'deleted' else 'changed' end
    from merged where _action <> 'INSERT' and _is_news
)
select count(*) filter (where _action = 'INSERT'),
    count(*) filter (where _action = 'UPDATE' and _is_news),
    count(*) filter (where _action = 'DELETE')
from merged
"""

WHEN_REREAD = """when matched and not l.is_deleted and l._version is not null
        and (r._version, r._file, r._line) is distinct from (l._version, l._file, l._line)
        then update set _version = l._version, _file = l._file, _line = l._line"""
"""An unchanged row keeps its load, but the newest file that holds it vouches for it."""

VANISH = """
with gone as (
    delete from {raw} as r
    where r.source_system = %(system)s {in_partition}
        and not exists (select from {landing} as l where {same})
        and not exists (
            select from {rejects} as x where x.table_name = {table} and {same_as_reject}
        )
    returning r.*
),
kept as (
    insert into {history} ({columns}, _superseded_by, _superseded_at, _reason)
    select {columns}, %(load)s, transaction_timestamp(), 'deleted' from gone
)
select count(*) from gone
"""


@dataclass(frozen=True)
class Counts:
    """What a merge did. `changed` includes rows removed by a tombstone; `deleted` all removals.

    `superseded` rows of files were overtaken by newer ones when they came.
    """

    new: int
    changed: int
    unchanged: int
    deleted: int
    superseded: int = 0


class Merge:
    """One landed table on its way into raw."""

    def __init__(self, session: psycopg.Connection, table: Table, landing: Landing) -> None:
        self._session = session
        self._table = table
        self._landing = landing
        self._system = landing.load.source_system
        columns = (*table.column_names, *SYSTEM)
        self._parts: dict[str, sql.Composable] = {
            "raw": sql.Identifier("raw", table.name),
            "history": sql.Identifier("raw_history", table.name),
            "landing": landing.table(table),
            "rejects": landing.rejects,
            "table": sql.Literal(table.name),
            "columns": names(columns),
            "old": names(columns, "old"),
            "same": same_key(table, "r", "l"),
            "new_values": self._new_values(),
            "assignments": self._assignments(),
            "when_reread": sql.SQL(WHEN_REREAD if is_ranked(table) else ""),
        }

    def run(self) -> Counts:
        """Merge, infer deletions where the mode allows it, and count."""
        landed = self._scalar("select count(*) from {landing}")
        late = self._set_late_rows_aside()
        if not self._scalar("select exists (select from {raw} where source_system = %(system)s)"):
            new = self._fill_first(landed)
            return Counts(new, 0, landed - new - late, deleted=0, superseded=late)
        row = self._execute(MERGE).fetchone()
        assert row is not None
        new, updated, buried = row
        changed = updated + buried
        vanished = self._vanish() if self._table.mode is LoadMode.SNAPSHOT else 0
        return Counts(
            new=new,
            changed=changed,
            unchanged=landed - new - changed - late,
            deleted=buried + vanished,
            superseded=late,
        )

    def _fill_first(self, landed: int) -> int:
        """Insert everything; a large delivery into an empty table gets its key at the end."""
        unkeyed = landed >= MANY_ROWS and self._scalar("select ops.suspend_key({table})")
        new = self._execute(FIRST_FILL).rowcount
        if unkeyed:
            self._execute("select ops.restore_key({table}, %(key)s)")
        return new

    def _set_late_rows_aside(self) -> int:
        """Move rows of older files than what is known to history; return how many there were."""
        if not is_ranked(self._table):
            return 0
        return set_late_rows_aside(self._session, self._table, self._landing)

    def _vanish(self) -> int:
        """Remove keys a full list no longer holds.

        A rejected row's key is known and not gone. Where a rejected row has no readable key,
        nobody can tell which key it was, so nothing is removed.
        """
        unknown = self._scalar(
            "select exists (select from {rejects} as x, jsonb_each(x.key_values) as k"
            " where x.table_name = {table} and k.value = 'null'::jsonb)"
        )
        if unknown or not self._some_are_missing():
            return 0
        return int(self._scalar(VANISH))

    def _some_are_missing(self) -> bool:
        """Compare counts before looking for the missing keys one by one."""
        known = self._scalar(
            "select count(*) from {raw} as r where r.source_system = %(system)s {in_partition}"
        )
        return bool(known > self._scalar("select count(*) from {landing} where not is_deleted"))

    def _scalar(self, statement: str) -> Any:
        row = self._execute(statement).fetchone()
        assert row is not None
        return row[0]

    def _execute(self, statement: str) -> psycopg.Cursor:
        parts = self._parts | {
            "in_partition": self._in_partition(),
            "same_as_reject": self._same_as_reject(),
        }
        composed = sql.SQL(statement).format(**parts)
        values = {
            "system": self._system,
            "load": self._landing.load.load_id,
            "key": list(raw_key(self._table)),
        }
        return self._session.execute(composed, values)

    def _in_partition(self) -> sql.Composable:
        """Limit deletions to the partitions this delivery speaks of."""
        if self._table.partition is None:
            return sql.SQL("")
        return sql.SQL("and r.{column} = any (select distinct {column} from {landing})").format(
            column=sql.Identifier(self._table.partition), landing=self._landing.table(self._table)
        )

    def _same_as_reject(self) -> sql.Composed:
        pairs = [
            sql.SQL("x.key_values ->> {} = r.{}::text").format(
                sql.Literal(name), sql.Identifier(name)
            )
            for name in self._table.key
        ]
        return sql.SQL(" and ").join(pairs)

    def _new_values(self) -> sql.Composed:
        return sql.SQL(
            "{own}, %(system)s, l.source_id, %(load)s, transaction_timestamp(),"
            " transaction_timestamp(), l._row_hash, l._file, l._line,"
            " l._version"
        ).format(own=names(self._table.column_names, "l"))

    def _assignments(self) -> sql.Composed:
        own = [n for n in self._table.column_names if n not in self._table.key]
        parts: list[sql.Composable] = [
            sql.SQL("{} = l.{}").format(sql.Identifier(n), sql.Identifier(n))
            for n in (*own, "source_id", "_row_hash", "_file", "_line", "_version")
        ]
        parts.append(sql.SQL("_load_id = %(load)s, _loaded_at = transaction_timestamp()"))
        return sql.SQL(", ").join(parts)
