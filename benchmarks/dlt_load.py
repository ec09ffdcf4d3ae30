"""dlt doing the same first load: SOURCE TARGET -> seconds, as JSON."""

import json
import os
import sys
import tempfile
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt  # noqa: E402
from dlt.destinations import postgres  # noqa: E402
from dlt.sources.sql_database import sql_table  # noqa: E402


def main(source: str, target: str) -> dict[str, float]:
    """Run one dlt pipeline, merging nothing: the plain append that is its fastest way."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            "bench",
            destination=postgres(target.replace("@/", "@localhost/")),
            dataset_name="raw",
            pipelines_dir=folder,
        )
        table = sql_table(
            credentials=source.replace("postgresql://", "postgresql+psycopg2://").replace(
                "@/", "@localhost/"
            ),
            table="bench_row",
            backend="pyarrow",
        )
        started = time.monotonic()
        pipeline.run(table, write_disposition="replace")
        return {"seconds": time.monotonic() - started}


print(json.dumps(main(*sys.argv[1:])))
