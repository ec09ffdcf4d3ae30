"""Fingerprints of a warehouse: equal content, equal fingerprint, whatever the load numbers."""

import time

import psycopg
from psycopg import sql

from daymart.warehouse.connect import Role, Warehouse
from tests.faults.republish import what_readers_see

BY_LOAD = (
    "_load_id",
    "_loaded_at",
    "_known_at",
    "_superseded_by",
    "_superseded_at",
)
"""What differs between two runs that brought the same rows."""

REJECTS = """
select feed_id || '.' || table_name, md5(string_agg(r, ',' order by r)), count(*) from (
    select feed_id, table_name, concat_ws('|', source_system, source_id, key_values, file_name,
        row_no, violations, row_values) as r
    from quarantine.reject where state = 'open'
) as waiting
group by feed_id, table_name order by 1
"""

Fingerprint = dict[str, tuple[int, str]]


def of_raw(warehouse: Warehouse) -> Fingerprint:
    """Return rows and hash of every raw and history table, and of what waits in quarantine."""
    with warehouse.session(None) as session:
        found = _tables(session, ("raw", "raw_history"), BY_LOAD)
        for table, digest, count in session.execute(REJECTS):
            found[f"quarantine {table}"] = (count, digest)
    return found


def of_publications(warehouse: Warehouse) -> Fingerprint:
    """Return rows and hash of what is published, its past, and what readers are told of it."""
    with warehouse.session(None) as session:
        found = _tables(session, ("published", "published_history"), ())
        told = session.execute(
            "select p.publication_id, p.state, m.mart, m.rows_total, m.inserted_rows,"
            " m.updated_rows, m.deleted_rows, m.data_as_of, s.publication_id, s.stale_reason"
            " from ops.publication as p left join ops.publication_mart as m"
            " using (publication_id) left join ops.mart_state as s on s.mart = m.mart"
            " order by 1, 3"
        ).fetchall()
    return found | {"ops.publication": (len(told), repr(told))}


def seen_by_readers(warehouse: Warehouse) -> dict[str, list[str]]:
    """Return what readers see, with the number of the publication they are told."""
    with warehouse.session(Role.READER) as session:
        seen = what_readers_see(session)
        numbers = session.execute(
            "select distinct publication_id from ops.mart_state order by 1"
        ).fetchall()
    return seen | {"publication": [str(n[0]) for n in numbers]}


def leftovers(warehouse: Warehouse) -> list[str]:
    """Return what a finished run must not leave: landing tables, leases, unfinished loads."""
    with warehouse.session(None) as session:
        found = session.execute(
            "select 'landing.' || relname from pg_class"
            " where relnamespace = 'landing'::regnamespace"
            " union all select 'lease ' || name from ops.lease"
            " union all select 'load ' || load_id || ' ' || state from ops.load"
            " where state in ('pulling', 'landed')"
        )
        return [row[0] for row in found]


def wait_until_gone(warehouse: Warehouse, seconds: float = 30) -> None:
    """Wait until the server has noticed that a killed process is gone."""
    deadline = time.monotonic() + seconds
    with warehouse.session(None) as session:
        while time.monotonic() < deadline:
            left = session.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and pid <> pg_backend_pid() and backend_type = 'client backend'"
            ).fetchone()
            if left == (0,):
                return
            time.sleep(0.01)
    raise AssertionError("sessions of the killed process are still there")


def _tables(
    session: psycopg.Connection, schemas: tuple[str, ...], without: tuple[str, ...]
) -> Fingerprint:
    names = session.execute(
        "select schemaname, tablename from pg_tables where schemaname = any (%s) order by 1, 2",
        [list(schemas)],
    ).fetchall()
    found: Fingerprint = {}
    for schema, table in names:
        row = session.execute(
            sql.SQL(
                "select count(*), coalesce(md5(string_agg(h, '' order by h)), '') from ("
                " select md5((to_jsonb(t) - %s::text[])::text) as h from {} as t) as hashed"
            ).format(sql.Identifier(schema, table)),
            [list(without)],
        ).fetchone()
        assert row is not None
        found[f"{schema}.{table}"] = (row[0], row[1])
    return found
