"""Parse the DAG folder once in a clean process and tell, as JSON, what was found.

`python inspect_dags.py` is run by the `parsed` fixture: what parsing imports and whom it calls
can only be seen where nothing was imported before.
"""

import json
import sys
import time
from pathlib import Path

HEAVY = ("great_expectations", "dbt", "pandas", "pyarrow", "polars", "adbc_driver_postgresql")
calls = []


def main():
    """Print what one parse of the folder did."""
    import airflow.sdk  # noqa: F401  # its own cost is not the DAG files'
    from airflow.dag_processing.dagbag import DagBag

    before = set(sys.modules)
    sys.addaudithook(remember_calls)
    calls.clear()
    started = time.monotonic()
    bag = DagBag()
    seconds = time.monotonic() - started
    found = {
        "seconds": seconds,
        "calls": list(calls),
        "heavy": sorted(n for n in HEAVY if n in sys.modules and n not in before),
        "import_errors": {str(k): v for k, v in bag.import_errors.items()},
        "dags": {name: describe(dag) for name, dag in bag.dags.items()},
    }
    sys.stdout.write("\n" + json.dumps(found))


def remember_calls(event, arguments):
    """Note each attempt to reach a server; libpq's own are seen by their import."""
    if event == "socket.connect":
        calls.append(str(arguments[1]))
    elif event == "import" and arguments[0] in ("psycopg2", "adbc_driver_postgresql"):
        calls.append(f"import {arguments[0]}")


def describe(dag):
    """Return what the conventions speak of."""
    times = getattr(dag.timetable, "timetable", dag.timetable)
    condition = getattr(dag.timetable, "asset_condition", None)
    return {
        "file": Path(dag.fileloc).name,
        "timetable": type(dag.timetable).__name__,
        "cron": getattr(times, "expression", None),
        "timezone": str(getattr(times, "timezone", "")),
        "assets": sorted(asset.uri for asset in condition.objects) if condition else [],
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "tags": sorted(dag.tags),
        "doc": dag.doc_md or "",
        "tasks": {
            task.task_id: {
                "owner": task.owner,
                "retries": task.retries,
                "doc": task.doc or task.doc_md or task.python_callable.__doc__ or "",
                "outlets": sorted(outlet.uri for outlet in task.outlets),
                "policy": [
                    [str(rule.exception), str(rule.action.value)]
                    for rule in getattr(task.retry_policy, "rules", [])
                ],
            }
            for task in dag.tasks
        },
    }


if __name__ == "__main__":
    main()
