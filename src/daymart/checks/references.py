"""Whether what a delivery refers to is known: one anti join per landed table."""

from collections.abc import Mapping

import psycopg
from psycopg import sql

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Reference, Severity, Table


def relationship_checks(
    session: psycopg.Connection, feed: Feed, table: Table, landed: Mapping[str, sql.Identifier]
) -> list[Check]:
    """Return the check that every reference of a landed table finds its row.

    `landed` maps the tables of this delivery to their landing tables. A reference to a table that
    no delivery ever filled is not judged. Only a warning: the row is kept, and marts show it with
    a placeholder.
    """
    known = {r.table: _places(session, r.table, landed) for r in table.references}
    judged = [
        _dangling(landed[table.name], r, known[r.table]) for r in table.references if known[r.table]
    ]
    if not judged:
        return []
    return [
        Check(
            check_id="landing.relationship",
            severity=Severity.WARN,
            owner=feed.owner,
            remedy=(
                "Rows name keys that are on no list: deliver what they name, or correct the rows."
            ),
            arguments={"unexpected_rows_query": sql.SQL(" union all ").join(judged).as_string()},
        )
    ]


def _places(
    session: psycopg.Connection, table: str, landed: Mapping[str, sql.Identifier]
) -> list[sql.Identifier]:
    """Return where the rows of a table may stand: in this delivery, and in raw if it has any."""
    raw = sql.Identifier("raw", table)
    found = [landed[table]] if table in landed else []
    exists = session.execute("select to_regclass(%s)", [raw.as_string()]).fetchone()
    if exists and exists[0]:
        filled = session.execute(sql.SQL("select from {} limit 1").format(raw)).fetchone()
        found += [raw] if filled is not None else []
    return found


def _dangling(
    landing: sql.Identifier, reference: Reference, places: list[sql.Identifier]
) -> sql.Composed:
    """Return the query of the keys no place holds, with the number of rows that name each."""
    keys = [sql.Identifier("l", column) for column in reference.columns]
    missing = [
        sql.SQL("not exists (select from {} as t where {})").format(
            place,
            sql.SQL(" and ").join(
                sql.SQL("{} = {}").format(sql.Identifier("t", to), key)
                for to, key in zip(reference.to, keys, strict=True)
            ),
        )
        for place in places
    ]
    filled = [sql.SQL("{} is not null").format(key) for key in keys]
    return sql.SQL(
        "(select {name} as reference, concat_ws({slash}, {keys}) as key, count(*) as row_count"
        " from {landing} as l where not l.is_deleted and {filled} and {missing} group by {keys})"
    ).format(
        name=sql.Literal(f"{', '.join(reference.columns)} -> {reference.table}"),
        slash=sql.Literal(" / "),
        keys=sql.SQL(", ").join(keys),
        landing=landing,
        filled=sql.SQL(" and ").join(filled),
        missing=sql.SQL(" and ").join(missing),
    )
