"""dlt loading the bench table: SOURCE TARGET JOB -> seconds, as JSON."""

import json
import os
import sys
import tempfile
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt  # noqa: E402
from dlt.destinations import postgres  # noqa: E402
from dlt.sources.helpers.transform import add_row_hash_to_table  # noqa: E402
from dlt.sources.sql_database import sql_table  # noqa: E402

HISTORY = {"disposition": "merge", "strategy": "scd2", "row_version_column_name": "row_hash"}


def main(source: str, target: str, job: str) -> dict[str, float]:
    """Run one dlt pipeline.

    Jobs: `replace` only copies, `merge` upserts by key, `scd2` compares row hashes and keeps
    superseded versions and vanished rows, as ours does.
    """
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            f"bench_{job}",
            destination=postgres(target.replace("@/", "@localhost/")),
            dataset_name=f"raw_{job}",
            pipelines_dir=folder,
        )
        table = sql_table(
            credentials=source.replace("postgresql://", "postgresql+psycopg2://").replace(
                "@/", "@localhost/"
            ),
            table="bench_row",
            backend="pyarrow",
        )
        if job == "scd2":
            table.add_map(add_row_hash_to_table("row_hash"))
        started = time.monotonic()
        pipeline.run(
            table, write_disposition=HISTORY if job == "scd2" else job, primary_key="row_id"
        )
        return {"seconds": time.monotonic() - started}


print(json.dumps(main(*sys.argv[1:])))
