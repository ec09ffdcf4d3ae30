"""Run the project's real DAGs in one process and tell, as JSON, how each of them ended.

`python drive_dags.py` is run by the `runs` fixture, with the connections of databases that are
the test's own. One Airflow metadata database and one import of the heavy libraries serve all.
"""

import json
import logging
import os
import sys
import threading
import time
import warnings
from datetime import timedelta

import psycopg

EVENING = os.environ["TEST_EVENING"]
SOURCE = "AIRFLOW_CONN_DEMO_ERP"
NOBODY = "postgresql://nobody:unset@127.0.0.1:1/none"
SCENES = {}


def main():
    """Play every scene and print what happened."""
    warnings.simplefilter("ignore")
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    initdb()
    logging.disable(logging.CRITICAL)
    bag = DagBag()
    assert not bag.import_errors, bag.import_errors
    for name in sorted(name for name in bag.dags if name.startswith("feed_")):
        play("first", bag.dags[name])
    play("first", bag.dags["morning"])
    play("again", bag.dags["morning"])
    play("housekeeping", bag.dags["maintenance"], evening=None)
    # A DAG object keeps the parameters of its last run; a scheduler's process starts afresh.
    with_later_publication(DagBag().dags["morning"])
    with_broken_source(bag.dags["feed_warehouse"])
    with_absent_source(bag.dags["feed_logistics"])
    sys.stdout.write("\n" + json.dumps({"scenes": SCENES, "xcom": xcoms()}))


def play(scene, dag, evening=EVENING):
    """Run one DAG and remember states, tries and how often something was published."""
    started = time.monotonic()
    run = dag.test(run_conf={"as_of": evening} if evening else {})
    SCENES[f"{scene} {dag.dag_id}"] = {
        "state": str(getattr(run.state, "value", run.state)),
        "seconds": round(time.monotonic() - started, 1),
        "published": published(),
        "tasks": {
            ti.task_id: {"state": str(getattr(ti.state, "value", ti.state)), "try": ti.try_number}
            for ti in run.get_task_instances()
        },
    }


def with_later_publication(dag):
    """Let an unattended run find a publication of an evening after its own."""
    with psycopg.connect(os.environ["AIRFLOW_CONN_WAREHOUSE"]) as warehouse:
        warehouse.execute("update ops.publication set as_of = '2099-12-31'")
    play("behind", dag, evening=None)


def with_broken_source(dag):
    """Let a department rename a table of its system overnight."""
    with psycopg.connect(os.environ[SOURCE], autocommit=True) as source:
        source.execute("alter table erp.stock_balance rename to balances")
    play("broken", dag)


def with_absent_source(dag):
    """Let a source refuse the connection until its first task waits for a retry."""
    for task in dag.tasks:
        task.retry_delay = timedelta(seconds=1)
    reachable = os.environ[SOURCE]
    os.environ[SOURCE] = NOBODY
    seen = []
    back = threading.Thread(target=come_back, args=(dag.dag_id, reachable, seen), daemon=True)
    back.start()
    play("absent", dag)
    back.join(timeout=30)
    SCENES[f"absent {dag.dag_id}"]["seen"] = seen


def come_back(dag_id, reachable, seen):
    """Bring the source back as soon as Airflow says the task is up for retry."""
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with create_session() as session:
            waiting = (
                session.query(TaskInstance.task_id, TaskInstance.try_number)
                .filter_by(dag_id=dag_id, state="up_for_retry")
                .first()
            )
        if waiting:
            seen.append(list(waiting))
            break
        time.sleep(0.2)
    os.environ[SOURCE] = reachable


def published():
    """Count the publications readers have seen so far."""
    with psycopg.connect(os.environ["AIRFLOW_CONN_WAREHOUSE"]) as warehouse:
        row = warehouse.execute(
            "select count(*) from ops.publication where state = 'published'"
        ).fetchone()
    return row[0]


def xcoms():
    """Return everything tasks told each other, as stored."""
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session

    with create_session() as session:
        return [
            [f"{told.dag_id}.{told.task_id}", told.key, as_text(told.value)]
            for told in session.query(XComModel)
        ]


def as_text(value):
    """Return a stored value as JSON, whichever way the metadata database gives it back."""
    return value if isinstance(value, str) else json.dumps(value)


if __name__ == "__main__":
    main()
