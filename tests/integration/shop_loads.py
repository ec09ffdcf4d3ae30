"""What a delivery of the shop did to raw, as tests compare it."""

from typing import Any

from fixtures.contracts.shop import Shop

from daymart.load.landing import Landing
from daymart.load.ledger import get_load
from daymart.load.merge import Merge
from daymart.warehouse.connect import Role


def history(shop: Shop, table: str, *columns: str) -> list[tuple[Any, ...]]:
    listed = ", ".join((*columns, "_reason", "_superseded_by"))
    return shop.ask(f"select {listed} from raw_history.{table} order by _superseded_by, 1, 2")


def merge(shop: Shop, table: str) -> None:
    """Pull and merge without the judges, who are not the point here."""
    load_id = shop.pull(table)
    with shop.warehouse.session(Role.LOADER) as session:
        landing = Landing(get_load(session, load_id))
        with session.transaction():
            Merge(session, shop.feed.table(table), landing).run()


def counts(**given_counts: int) -> dict[str, int]:
    none = dict.fromkeys(("read", "new", "changed", "unchanged", "quarantined", "deleted"), 0)
    return none | given_counts
