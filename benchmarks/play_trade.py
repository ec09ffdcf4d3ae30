"""Make a demo company of scale 10 in the given database; print what its bulk trade took."""

import json
import sys
import time
from datetime import date

import psycopg
from measure import peak_mb

from daymart.demo import company

DAYS = 120
EVENING = date(2026, 11, 20)


def main(uri: str) -> None:
    """Subtract the hand-written core, which is played row by row, from core and trade."""
    started = time.monotonic()
    company.create(uri, 7, EVENING, DAYS)
    core = time.monotonic() - started
    started = time.monotonic()
    company.create(uri, 7, EVENING, DAYS, scale=10)
    seconds = time.monotonic() - started - core
    with psycopg.connect(uri) as session:
        row = session.execute("select count(*) from erp.sale_line where item_id > 1000000")
        lines = row.fetchone()[0]
    peak = peak_mb()
    print(json.dumps({"lines": lines, "seconds": seconds, "core": core, "peak_mb": peak}))


if __name__ == "__main__":
    main(sys.argv[1])
