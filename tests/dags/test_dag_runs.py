"""The real DAGs, run by Airflow against real databases: mornings, repetitions and failures."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from airflow_process import run_in_airflow

from tests.conftest import ONE_DATABASE

pytestmark = pytest.mark.timeout(600)

FEEDS = (
    "accounting", "coordination", "crm", "logistics", "plan", "purchasing", "reference", "registry",
    "sales", "warehouse",
)  # fmt: skip
EVENING = "2026-11-20"
LARGEST_XCOM = 100


@pytest.fixture(scope="module")
def runs(
    databases: Any,
    installed_template: str,
    demo_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Any]]:
    """Play all scenes of drive_dags.py once, in databases of their own."""
    warehouse, source = databases.create(installed_template), databases.create(demo_template)
    settings = {
        "AIRFLOW_CONN_WAREHOUSE": warehouse,
        "AIRFLOW_CONN_DEMO_ERP": source,
        "DAYMART_SETTINGS": str(ONE_DATABASE),
        "TEST_EVENING": EVENING,
    }
    yield run_in_airflow("drive_dags.py", tmp_path_factory.mktemp("airflow"), settings)
    databases.drop(warehouse)
    databases.drop(source)


@pytest.mark.parametrize("feed", FEEDS)
def test_feed_dag_with_a_good_delivery_succeeds_at_the_first_try(
    runs: dict[str, Any], feed: str
) -> None:
    run = runs["scenes"][f"first feed_{feed}"]
    assert run["state"] == "success"
    assert run["tasks"] == {
        "pull": {"state": "success", "try": 1},
        "accept": {"state": "success", "try": 1},
    }


def test_morning_dag_after_all_feeds_publishes_once(runs: dict[str, Any]) -> None:
    run = runs["scenes"]["first morning"]
    assert run["state"] == "success"
    assert {task["state"] for task in run["tasks"].values()} == {"success"}
    assert run["published"] == 1


def test_morning_dag_with_nothing_new_ends_at_its_first_task(runs: dict[str, Any]) -> None:
    run = runs["scenes"]["again morning"]
    states = {name: task["state"] for name, task in run["tasks"].items()}
    assert run["state"] == "success"
    assert states.pop("anything_new") == "success"
    assert set(states.values()) == {"skipped"}
    assert run["published"] == 1


def test_morning_dag_unattended_never_goes_back_behind_the_published_evening(
    runs: dict[str, Any],
) -> None:
    run = runs["scenes"]["behind morning"]
    assert run["tasks"]["anything_new"]["state"] == "success"
    assert run["tasks"]["build"]["state"] == "skipped"
    assert run["published"] == 1


def test_maintenance_dag_on_a_young_warehouse_succeeds(runs: dict[str, Any]) -> None:
    assert runs["scenes"]["housekeeping maintenance"]["state"] == "success"


def test_feed_dag_with_a_renamed_source_table_fails_without_a_retry(runs: dict[str, Any]) -> None:
    run = runs["scenes"]["broken feed_warehouse"]
    assert run["state"] == "failed"
    assert run["tasks"]["pull"] == {"state": "failed", "try": 1}
    assert run["tasks"]["accept"]["state"] == "upstream_failed"
    # A retry would have waited a minute first.
    assert run["seconds"] < 30


def test_feed_dag_with_a_source_down_waits_and_succeeds_when_it_is_back(
    runs: dict[str, Any],
) -> None:
    run = runs["scenes"]["absent feed_logistics"]
    assert run["seen"] == [["pull", 1]], "Airflow never said that pull is up for retry"
    assert run["state"] == "success"
    assert run["tasks"]["pull"] == {"state": "success", "try": 2}
    assert run["tasks"]["accept"] == {"state": "success", "try": 1}


def test_tasks_that_talk_to_each_other_send_small_numbers_and_no_rows(
    runs: dict[str, Any],
) -> None:
    told = [(task, key, value) for task, key, value in runs["xcom"] if key == "return_value"]
    assert any(task.endswith(".pull") for task, _, _ in told)
    for task, _, value in told:
        assert len(value) <= LARGEST_XCOM, f"{task} sends {len(value)} characters: keep rows in raw"
        assert _is_small(json.loads(value)), f"{task} sends {value}: only numbers of loads may go"


def _is_small(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(count, int) for count in value.values())
    items = value if isinstance(value, list) else [value]
    return len(items) <= 10 and all(item is None or isinstance(item, int) for item in items)
