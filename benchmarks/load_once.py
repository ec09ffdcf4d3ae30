"""One load of the bench table: SOURCE WAREHOUSE -> seconds and peak memory, as JSON."""

import json
import sys
import time
from datetime import date
from pathlib import Path

started = time.monotonic()

import great_expectations  # noqa: E402, F401  # imported here so that its cost is told apart
from measure import peak_mb  # noqa: E402

from daymart.connections import parse_connection  # noqa: E402
from daymart.contracts.read import read_feeds  # noqa: E402
from daymart.load.accept import accept  # noqa: E402
from daymart.load.pull import pull  # noqa: E402
from daymart.settings import Calendar  # noqa: E402
from daymart.sources.postgres import PostgresSource  # noqa: E402
from daymart.warehouse.connect import Warehouse  # noqa: E402
from daymart.warehouse.install import install  # noqa: E402

imported = time.monotonic() - started


def main(source_uri: str, warehouse_uri: str) -> dict[str, float]:
    """Load once and measure."""
    feed = read_feeds(Path(__file__).parent)["bench"]
    warehouse = Warehouse(parse_connection("warehouse", warehouse_uri))
    install(warehouse, [feed], {"default": Calendar()})
    query = "select *, row_id::text as source_id from bench_row"
    source = PostgresSource("bench", parse_connection("s", source_uri), {"bench_row": query})
    begin = time.monotonic()
    load = pull(warehouse, feed, source, date(2026, 11, 20))
    pulled = time.monotonic()
    accept(warehouse, feed, load.load_id)
    end = time.monotonic()
    return {
        "seconds": end - begin,
        "pull": pulled - begin,
        "accept": end - pulled,
        "import": imported,
        "peak_mb": peak_mb(),
    }


print(json.dumps(main(*sys.argv[1:])))
