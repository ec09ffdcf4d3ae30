"""Let the planner know what came: a build right after a load outruns autovacuum."""

import psycopg
from psycopg import sql

UNKNOWN_SHARE = 0.2
"""A table is sampled anew when more than this share of its rows came or changed since."""

STALE = """
select schemaname, relname from pg_stat_user_tables
where schemaname in ('raw', 'raw_history')
    and n_mod_since_analyze > %s * greatest(n_live_tup, 1)
order by 1, 2
"""


def refresh_statistics(session: psycopg.Connection) -> None:
    """Sample the raw tables of which the planner knows nothing or too little."""
    for schema, table in session.execute(STALE, [UNKNOWN_SHARE]).fetchall():
        session.execute(sql.SQL("analyze {}").format(sql.Identifier(schema, table)))
