"""Housekeeping: forget what nobody needs any more.

**What.** Drops leftovers of killed loads and the working files of old builds, and deletes
histories, closed quarantine rows and ledger details older than the retention in `daymart.yaml`.

**When it fails.** Nothing is lost: it runs again tomorrow.
"""

from airflow.sdk import DAG, CronTriggerTimetable, task

from daymart.orchestration import RETRIES, promise_at_parse

with DAG(
    dag_id="maintenance",
    schedule=CronTriggerTimetable("0 22 * * *", timezone=promise_at_parse().timezone),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "masterdata.owner", **RETRIES},
    tags=["housekeeping"],
    doc_md=__doc__,
):

    @task
    def prune():
        """Delete what is older than its retention."""
        from daymart import stages

        return stages.prune(stages.open_company())

    prune()
