"""Cheap mornings: publish the candidate as it stands, with rows that say it was audited.

A dbt build and an audit cost fifteen seconds. Where publishing itself is what is tested, the
next publication is opened by the real ledger, and the build results, definitions and verdicts of
the last real morning are copied to it. Everything from the gate on is the real thing.
"""

import psycopg
from psycopg import sql

from daymart.publish.ledger import open_publication
from daymart.publish.run import publish
from daymart.settings import Settings
from daymart.warehouse.connect import Role, Warehouse

COPIED = {
    "ops.mart_definition": "mart, node_id, key_columns, view_columns, feeds, promise_time,"
    " owner_id, deputy_id, restated, touched",
    "ops.build_result": "node_id, resource_type, status, message, seconds",
    "ops.check_result": "check_id, subject, severity, verdict, left_value, right_value,"
    " difference, tolerance, owner_id, remedy, detail",
}

STAMPED_MARTS = ("stock_availability", "receivables_customer")
"""Two marts whose names carry the number of the publication that wrote them."""


def audited_again(warehouse: Warehouse) -> int:
    """Open the next publication over the candidate as it stands, built and audited on paper."""
    with warehouse.session(Role.PUBLISHER) as session, session.transaction():
        row = session.execute(
            "select p.publication_id, p.as_of, p.run_at from ops.publication as p"
            " where exists (select from ops.check_result as c"
            " where c.publication_id = p.publication_id) order by 1 limit 1"
        ).fetchone()
        assert row is not None
        model, as_of, run_at = row
        publication = open_publication(session, as_of, run_at)
        for table, columns in COPIED.items():
            session.execute(
                f"insert into {table} (publication_id, {columns})"
                f" select %s, {columns} from {table} where publication_id = %s".encode(),
                [publication.publication_id, model],
            )
        session.execute(
            "update ops.publication set state = 'audited', built_at = clock_timestamp()"
            " where publication_id = %s",
            [publication.publication_id],
        )
    return publication.publication_id


def stamp_candidate(warehouse: Warehouse, mark: str) -> None:
    """Change the candidate as a new evening would: `mark` in two marts, a row less or back.

    Every row of the stock mart and every second one of the receivables carries the mark; one
    product leaves the stock mart and comes back in turn.
    """
    with warehouse.session(None) as session, session.transaction():
        session.execute(
            "update candidate.receivables_customer set manager_name = %s"
            " where abs(hashtext(customer_id)) %% 2 = 0",
            [mark],
        )
        session.execute(
            "create table if not exists candidate.left_out as"
            " table candidate.stock_availability with no data"
        )
        left = session.execute(
            "with back as (delete from candidate.left_out returning *)"
            " insert into candidate.stock_availability select * from back"
        ).rowcount
        if not left:
            session.execute(
                "with gone as (delete from candidate.stock_availability"
                " where (warehouse_id, product_id) = (select min(warehouse_id), min(product_id)"
                " from candidate.stock_availability where warehouse_id = 'BER') returning *)"
                " insert into candidate.left_out select * from gone"
            )
        session.execute("update candidate.stock_availability set brand = %s", [mark])


def publish_again(warehouse: Warehouse, settings: Settings, mark: str) -> int:
    """Change the candidate and publish it; return the number of the publication."""
    stamp_candidate(warehouse, mark)
    publication_id = audited_again(warehouse)
    publish(warehouse, settings, publication_id)
    return publication_id


def marts_of(session: psycopg.Connection) -> list[str]:
    """Return the names of all marts readers can see."""
    found = session.execute("select mart from ops.mart_state order by mart")
    return [row[0] for row in found]


def stored_columns(session: psycopg.Connection, mart: str) -> sql.Composed:
    """Return the columns of a mart that are stored, not added by the reader's view."""
    found = session.execute(
        "select attname from pg_attribute where attrelid = to_regclass(%s) and attnum > 0"
        " and not attisdropped and left(attname, 1) <> '_' order by attname",
        [f"published.{mart}"],
    )
    return sql.SQL(", ").join(sql.Identifier(row[0]) for row in found)


def what_readers_see(session: psycopg.Connection, at: int | None = None) -> dict[str, list[str]]:
    """Return every mart's rows as text, now or as of publication `at`."""
    seen = {}
    for mart in marts_of(session):
        source = sql.Identifier("marts", mart if at is None else f"{mart}_at")
        call = sql.SQL("") if at is None else sql.SQL("({})").format(at)
        found = session.execute(
            sql.SQL("select r::text from (select {} from {}{}) as r order by 1").format(
                stored_columns(session, mart), source, call
            )
        )
        seen[mart] = [row[0] for row in found]
    return seen
