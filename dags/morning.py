"""The morning: build, audit and publish all marts, or none.

**When.** As soon as every feed has arrived, or at the last moment before the promise, whichever
is first; so a late feed never silences the others.

**When it fails.** Readers keep the last publication, marked stale with the reason. Read the
reason with `daymart publication list`, mend what it names, and run this DAG again. A run that has
nothing new to publish ends at its first task.
"""

from airflow.sdk import DAG, Asset, AssetOrTimeSchedule, CronTriggerTimetable, task

from daymart import orchestration

promise = orchestration.promise_at_parse()

with DAG(
    dag_id="morning",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable(promise.last_moment, timezone=promise.timezone),
        assets=[Asset(f"daymart://raw/{feed.name}") for feed in orchestration.feeds_at_parse()],
    ),
    catchup=False,
    max_active_runs=1,
    params=orchestration.RUN_PARAMS,
    default_args={"owner": "masterdata.owner", **orchestration.RETRIES},
    tags=["marts"],
    doc_md=__doc__,
):

    @task.short_circuit
    def anything_new(**context):
        """Ask the ledger, not the event that woke us, whether there is work."""
        return orchestration.is_morning_due(context)

    @task
    def build(**context):
        """Build the candidate marts and test them."""
        from daymart import stages

        return stages.build(stages.open_company(), orchestration.evening_of(context))

    @task
    def audit(publication_id):
        """Judge the candidate; every verdict is a row."""
        from daymart import stages

        stages.audit(stages.open_company(), publication_id)
        return publication_id

    @task(outlets=[Asset("daymart://marts")])
    def publish(publication_id):
        """Publish every mart in one transaction if the gate lets it pass."""
        from daymart import stages

        stages.publish(stages.open_company(), publication_id)

    anything_new() >> (built := build())
    publish(audit(built))
