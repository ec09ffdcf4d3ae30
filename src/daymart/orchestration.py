"""What the DAG files share: retries, run parameters, and contracts read at parse time.

Imported by every DAG at every parse, so it imports nothing heavy.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, Param, RetryAction, RetryRule

from daymart.contracts.model import Feed
from daymart.contracts.read import read_feeds
from daymart.settings import Promise, load_project

RETRIES: dict[str, Any] = {
    "retries": 3,
    "retry_delay": timedelta(minutes=1),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=15),
    # Only what passes by itself is worth a retry; a broken contract or a bug is told at once.
    "retry_policy": ExceptionRetryPolicy(
        rules=[
            RetryRule(exception="daymart.errors.TransientError", action=RetryAction.RETRY),
            RetryRule(exception="psycopg.OperationalError", action=RetryAction.RETRY),
            RetryRule(exception="builtins.Exception", action=RetryAction.FAIL),
        ]
    ),
}

RUN_PARAMS = {
    "as_of": Param(
        None,
        type=["null", "string"],
        format="date",
        description="Evening the figures describe. Empty: the last working day before today.",
    )
}


def feeds_at_parse() -> list[Feed]:
    """Return the feeds this company has bound; ConfigError shows as an import error in Airflow."""
    project = load_project(_home())
    feeds = read_feeds(project.contracts, project.settings.calendars)
    return [feed for name, feed in feeds.items() if project.settings.bindings_of(name)]


def promise_at_parse() -> Promise:
    """Return when the morning stops waiting."""
    return load_project(_home()).settings.promise


def evening_of(context: Mapping[str, Any]) -> date:
    """Return the evening a run describes: its `as_of` parameter, else the last working day."""
    from daymart.stages import default_as_of, open_company

    given = context["params"].get("as_of")
    return date.fromisoformat(given) if given else default_as_of(open_company())


def is_morning_due(context: Mapping[str, Any]) -> bool:
    """Tell whether there is something to publish that readers do not see yet.

    A run that nobody gave an evening never goes back behind the published one.
    """
    from daymart import stages
    from daymart.publish.ledger import last_published
    from daymart.warehouse.connect import Role

    company, evening = stages.open_company(), evening_of(context)
    if not context["params"].get("as_of"):
        with company.warehouse.session(Role.PUBLISHER) as session:
            published = last_published(session)
        if published is not None and published.as_of > evening:
            return False
    return stages.anything_new(company, evening)


def feed_docs(feed: Feed) -> str:
    """Return the page a data engineer sees in Airflow for one feed."""
    tables = "\n".join(f"* `{t.name}`: {t.description} Loaded as {t.mode}." for t in feed.tables)
    return (
        f"{feed.purpose}\n\n**Owner** {feed.owner}, **deputy** {feed.deputy}, "
        f"**head** {feed.head}.\n\n**Due** on each working day at {feed.deadline:%H:%M} "
        f"({feed.timezone.key}).\n\n{tables}\n\n"
        f"**When it fails.** `daymart status --feed {feed.name}` says what was seen, what was "
        f"expected and what to do. A refused delivery changes nothing in raw; clear the task "
        f"after the owner delivered again."
    )


def _home() -> Path | None:
    """Find the project beside the DAG files, wherever Airflow starts from."""
    import os

    if os.environ.get("DAYMART_HOME"):
        return None
    dags = os.environ.get("AIRFLOW__CORE__DAGS_FOLDER")
    return Path(dags).resolve().parent if dags else None
