"""Views of the last build go before the next one begins."""

import psycopg
from psycopg import sql

OF_LAST_BUILD = """
select schemaname, viewname from pg_views
where schemaname in ('staging', 'intermediate') and viewowner = current_user
order by 1, 2
"""


def drop_views(session: psycopg.Connection) -> None:
    """Drop the views that dbt is about to make, in one statement.

    dbt would rename each old view away and drop it with all that rests on it. Two threads that
    drop what the same views rest on can wait for each other; PostgreSQL then ends one of them, and
    the morning with it (dbt-core issue 9246). What is gone is waited for by nobody.
    """
    views = [sql.Identifier(*view) for view in session.execute(OF_LAST_BUILD).fetchall()]
    if views:
        session.execute(sql.SQL("drop view {} cascade").format(sql.SQL(", ").join(views)))
