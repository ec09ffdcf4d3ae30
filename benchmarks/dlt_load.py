"""dlt loading the bench table: SOURCE TARGET JOB -> seconds, as JSON."""

import json
import os
import sys
import tempfile
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt  # noqa: E402
from dlt.destinations import postgres  # noqa: E402
from dlt.extract import DltResource  # noqa: E402
from dlt.sources.helpers.transform import add_row_hash_to_table  # noqa: E402
from dlt.sources.sql_database import sql_table  # noqa: E402

HISTORY = {"disposition": "merge", "strategy": "scd2"}
DISPOSITIONS = {
    "replace": "replace",
    "merge": "merge",
    "scd2": {**HISTORY, "row_version_column_name": "row_hash"},
    "judged": HISTORY,
}
JUDGED = {"columns": "freeze", "data_type": "discard_row"}


def main(source: str, target: str, job: str) -> dict[str, float]:
    """Run one dlt pipeline.

    Jobs: `replace` only copies, `merge` upserts by key, `scd2` compares row hashes and keeps
    superseded versions and vanished rows. These three pass Arrow batches on without a look at a
    value. `judged` is `scd2` with every value judged by its type and rows that do not fit set
    aside, which dlt does row by row.
    """
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline(
            f"bench_{job}",
            destination=postgres(target.replace("@/", "@localhost/")),
            dataset_name=f"raw_{job}",
            pipelines_dir=folder,
        )
        table = _table(source, job)
        started = time.monotonic()
        pipeline.run(table, write_disposition=DISPOSITIONS[job], primary_key="row_id")
        return {"seconds": time.monotonic() - started}


def _table(source: str, job: str) -> DltResource:
    credentials = source.replace("postgresql://", "postgresql+psycopg2://")
    table = sql_table(
        credentials=credentials.replace("@/", "@localhost/"),
        table="bench_row",
        backend="sqlalchemy" if job == "judged" else "pyarrow",
    )
    if job == "judged":
        table.apply_hints(schema_contract=JUDGED)
    if job == "scd2":
        table.add_map(add_row_hash_to_table("row_hash"))
    return table


print(json.dumps(main(*sys.argv[1:])))
