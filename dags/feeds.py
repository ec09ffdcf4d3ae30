"""One Airflow DAG per feed, made from the contracts: pull, then accept."""

from airflow.sdk import DAG, Asset, CronTriggerTimetable, task

from daymart.orchestration import RETRIES, RUN_PARAMS, evening_of, feed_docs, feeds_at_parse


def feed_dag(feed):
    """Make the DAG of one contract, on its schedule and in its time zone."""
    with DAG(
        dag_id=f"feed_{feed.name}",
        schedule=CronTriggerTimetable(feed.schedule, timezone=feed.timezone.key),
        catchup=False,
        max_active_runs=1,
        params=RUN_PARAMS,
        default_args={"owner": feed.owner, **RETRIES},
        tags=["feed", feed.department],
        doc_md=feed_docs(feed),
    ) as dag:

        @task
        def pull(**context):
            """Read the delivery and land it; nothing is accepted yet."""
            from daymart import stages

            return stages.pull(stages.open_company(), feed.name, evening_of(context))

        @task(outlets=[Asset(f"daymart://raw/{feed.name}")])
        def accept(load_ids):
            """Judge the delivery and merge it in one transaction, or refuse it whole."""
            from daymart import stages

            return stages.accept(stages.open_company(), feed.name, load_ids)

        accept(pull())
    return dag


for declared in feeds_at_parse():
    globals()[f"feed_{declared.name}"] = feed_dag(declared)
