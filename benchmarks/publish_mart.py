"""Publishing a 1 M-row mart: WAREHOUSE (with raw.bench_row) -> seconds, as JSON."""

import json
import sys
import time
from collections.abc import Callable
from datetime import time as clock

import psycopg
from psycopg import sql

from daymart.build.definitions import MartDefinition
from daymart.connections import parse_connection
from daymart.publish.merge import merge_mart
from daymart.publish.relations import ensure_relations
from daymart.warehouse.connect import Warehouse

MART = MartDefinition("bench", "model.bench", ("row_id",), {}, (), clock(8), "owner", "deputy")
CANDIDATE = """
create table candidate.bench as
select row_id, name, day, changed_at, amount, qty, is_open, code, note from raw.bench_row
"""
BARE = """
merge into bare as m using candidate.bench as c on m.row_id = c.row_id
when matched and (m.amount, m.qty) is distinct from (c.amount, c.qty)
    then update set amount = c.amount, qty = c.qty
when not matched then insert values (c.*)
when not matched by source then delete
"""


def main(uri: str) -> dict[str, float]:
    """Publish three times and merge once without history."""
    warehouse = Warehouse(parse_connection("warehouse", uri))
    with warehouse.session(None) as session:
        session.execute(CANDIDATE.encode())
        session.execute("alter table candidate.bench add primary key (row_id)")
        session.execute("create table bare as table candidate.bench")
        session.execute("alter table bare add primary key (row_id)")
        session.execute("vacuum analyze")
        first = _timed(lambda: _publish(session, 1))
        unchanged = _timed(lambda: _publish(session, 2))
        session.execute("update candidate.bench set amount = amount + 1 where row_id % 100 = 0")
        changed = _timed(lambda: _publish(session, 3))
        bare = _timed(lambda: session.execute(BARE))
    return {"first": first, "unchanged": unchanged, "changed": changed, "bare_merge": bare}


def _publish(session: psycopg.Connection, number: int) -> None:
    with session.transaction():
        columns = ensure_relations(session, MART)
        merge_mart(session, MART, columns, sql.Identifier("candidate", "bench"), number)


def _timed(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


print(json.dumps(main(sys.argv[1])))
