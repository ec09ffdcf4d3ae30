"""Scenes for killing: a warehouse before some work, and the fingerprints of its undisturbed end."""

from dataclasses import dataclass, replace

import psycopg

from daymart.warehouse.connect import Warehouse
from tests.conftest import Databases, database_of, warehouse_at
from tests.faults import fingerprint
from tests.faults.fork_server import Ended, ForkServer
from tests.faults.order import Order
from tests.faults.republish import audited_again, marts_of, stamp_candidate

FENCED = 5


@dataclass(frozen=True)
class Scene:
    """Work to disturb: where it starts, what to do, and what an undisturbed run comes to."""

    name: str
    template: str
    order: Order
    before: fingerprint.Fingerprint
    after: fingerprint.Fingerprint
    seen: tuple[dict[str, list[str]], dict[str, list[str]]]
    points: tuple[str, ...]
    seconds: float

    @property
    def publishes(self) -> bool:
        return bool(self.order.publication)

    def fingerprint(self, warehouse: Warehouse) -> fingerprint.Fingerprint:
        """Return the fingerprint of what this work writes."""
        return fingerprint_of(self.order, warehouse)

    def spread(self, how_many: int) -> list[int]:
        """Return points spread evenly from the first to the last."""
        last = len(self.points)
        return sorted({1 + n * (last - 1) // (how_many - 1) for n in range(how_many)})


def fingerprint_of(order: Order, warehouse: Warehouse) -> fingerprint.Fingerprint:
    """Return the fingerprint of what `order` writes."""
    if order.publication:
        return fingerprint.of_publications(warehouse)
    return fingerprint.of_raw(warehouse)


def undisturbed(
    name: str, databases: Databases, server: ForkServer, template: str, order: Order
) -> Scene:
    """Run `order` once without a fault and note what it comes to and which points it passes."""
    uri = databases.create(template)
    warehouse = warehouse_at(uri)
    before, was_seen = fingerprint_of(order, warehouse), fingerprint.seen_by_readers(warehouse)
    ended = server.run(replace(order, warehouse=uri))
    assert (ended.code, ended.error) == (0, "")
    after, is_seen = fingerprint_of(order, warehouse), fingerprint.seen_by_readers(warehouse)
    assert before != after, f"{name}: the work changed nothing, so nothing could be lost"
    assert fingerprint.leftovers(warehouse) == []
    databases.drop(uri)
    return Scene(
        name,
        template,
        order,
        before,
        after,
        (was_seen, is_seen),
        tuple(ended.points),
        ended.seconds,
    )


def next_publication(databases: Databases, published: str) -> tuple[str, Order]:
    """Return a template whose changed candidate waits to be published, and the order to do it."""
    uri = databases.create(published)
    warehouse = warehouse_at(uri)
    stamp_candidate(warehouse, "next")
    publication = audited_again(warehouse)
    return database_of(uri), Order(warehouse="", publication=publication)


def first_publication(databases: Databases, published: str) -> tuple[str, Order]:
    """Return a template in which nothing was ever published, and the order to do it.

    The published morning is taken back to the moment before, so that tables, views, functions
    and rights of the marts are made by the publication that is disturbed.
    """
    uri = databases.create(published)
    with psycopg.connect(uri) as session:
        for mart in marts_of(session):
            session.execute(f"drop view marts.{mart}".encode())
            session.execute(f"drop function marts.{mart}_at".encode())
            session.execute(f"drop table published.{mart}, published_history.{mart}".encode())
        session.execute("truncate ops.publication_mart, ops.mart_state")
        session.execute("update ops.publication set state = 'audited', published_at = null")
    return database_of(uri), Order(warehouse="", publication=1)


def rerun(server: ForkServer, order: Order) -> Ended:
    """Do the work again after a death, as a retry would; the dead one's lease must not last."""
    for _ in range(20):
        ended = server.run(replace(order, kill_at=0))
        if ended.code != FENCED:
            return ended
    return ended
