"""Bring what a department needs from the ERP into a database of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import psycopg
from psycopg import sql

from daymart.contracts.ddl import names

FIRST = date(1, 1, 1)


@dataclass(frozen=True)
class Copied:
    """One table of a department: what it takes from the ERP, in the order of its own columns.

    The query may name `{since}`, the last evening the department knows. Rows that come again
    replace those of the same key; without a key the table is written anew.
    """

    table: str
    query: str
    key: tuple[str, ...] = ()


def bring(
    erp: psycopg.Connection, store: psycopg.Connection, tables: Sequence[Copied], since: date | None
) -> None:
    """Write what changed in the ERP after the evening `since`; everything when it is None."""
    for copied in tables:
        _bring(erp, store, copied, since or FIRST)


def _bring(erp: psycopg.Connection, store: psycopg.Connection, copied: Copied, since: date) -> None:
    target = sql.Identifier(*copied.table.split("."))
    store.execute(sql.SQL("create temporary table arrived (like {}) on commit drop").format(target))
    query = sql.SQL(copied.query).format(since=sql.Literal(since))
    with (
        erp.cursor().copy(sql.SQL("copy ({}) to stdout").format(query)) as out,
        store.cursor().copy("copy arrived from stdin") as into,
    ):
        for block in out:
            into.write(block)
    if copied.key:
        store.execute(
            sql.SQL("delete from {} where ({}) in (select {} from arrived)").format(
                target, names(copied.key), names(copied.key)
            )
        )
    else:
        store.execute(sql.SQL("delete from {}").format(target))
    store.execute(sql.SQL("insert into {} select * from arrived").format(target))
    store.execute("drop table arrived")
