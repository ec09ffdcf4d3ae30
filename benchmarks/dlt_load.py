"""dlt loading the bench table: SOURCE TARGET DISPOSITION -> seconds, as JSON."""

import json
import os
import sys
import tempfile
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt  # noqa: E402
from dlt.destinations import postgres  # noqa: E402
from dlt.sources.sql_database import sql_table  # noqa: E402


def main(source: str, target: str, disposition: str) -> dict[str, float]:
    """Run one dlt pipeline: `replace` only copies, `merge` upserts by key as we do."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            f"bench_{disposition}",
            destination=postgres(target.replace("@/", "@localhost/")),
            dataset_name=f"raw_{disposition}",
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
        pipeline.run(table, write_disposition=disposition, primary_key="row_id")
        return {"seconds": time.monotonic() - started}


print(json.dumps(main(*sys.argv[1:])))
