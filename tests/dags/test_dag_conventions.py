"""What every DAG of this project keeps to; a broken rule names the DAG and the way out."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from airflow_process import NOBODY, run_in_airflow

from daymart.contracts.model import Feed
from daymart.settings import Settings

DAG_FILES = sorted((Path(__file__).resolve().parents[2] / "dags").glob("*.py"))
SQL = re.compile(r"\b(select\s.+\sfrom|insert\s+into|update\s.+\sset|delete\s+from)\b", re.I | re.S)
DEADLINE = "**Due**"


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Parse the DAG folder once, where no database answers."""
    unreachable = {"AIRFLOW_CONN_WAREHOUSE": NOBODY, "AIRFLOW_CONN_DEMO_ERP": NOBODY}
    return run_in_airflow("inspect_dags.py", tmp_path_factory.mktemp("parse"), unreachable)


@pytest.fixture
def dags(parsed: dict[str, Any]) -> dict[str, Any]:
    """Offer each DAG's description by its id."""
    return parsed["dags"]


@pytest.fixture
def bound(feeds: dict[str, Feed], settings: Settings) -> dict[str, Feed]:
    """Offer the feeds that daymart.yaml binds to a system."""
    return {name: feed for name, feed in feeds.items() if settings.bindings_of(name)}


def test_dag_folder_when_parsed_has_no_import_errors(parsed: dict[str, Any]) -> None:
    for file, error in parsed["import_errors"].items():
        pytest.fail(f"{file} does not parse; run it with python to see why:\n{error}")
    assert parsed["dags"], "no DAG was found: a DAG file must contain the words airflow and dag"


def test_dag_folder_when_parsed_calls_nobody(parsed: dict[str, Any]) -> None:
    assert parsed["calls"] == [], "parsing called a server: move the call into a task"


def test_dag_folder_when_parsed_imports_nothing_heavy(parsed: dict[str, Any]) -> None:
    # The time is printed, not asserted: it depends on the machine.
    print(f"parsing all DAG files took {parsed['seconds']:.2f} s without Airflow's own import")
    assert parsed["heavy"] == [], (
        f"parsing imports {', '.join(parsed['heavy'])}: import them inside the task, or inside "
        "the function of daymart that needs them"
    )


def test_feed_dags_for_bound_contracts_are_one_each(
    dags: dict[str, Any], bound: dict[str, Feed]
) -> None:
    made = {name for name in dags if name.startswith("feed_")}
    assert made == {f"feed_{name}" for name in bound}, (
        "feeds.py makes one DAG per bound contract, called feed_<contract>; bind the contract "
        "in daymart.yaml or take it out"
    )


def test_feed_dags_with_a_contract_keep_its_schedule_and_time_zone(
    dags: dict[str, Any], bound: dict[str, Feed]
) -> None:
    for name, feed in bound.items():
        dag = dags[f"feed_{name}"]
        told = (dag["timetable"], dag["cron"], dag["timezone"])
        assert told == ("CronTriggerTimetable", feed.schedule, feed.timezone.key), (
            f"feed_{name} runs at {told}: the contract's slaProperties schedule and timezone decide"
        )


def test_feed_dags_with_a_contract_show_owner_deadline_and_help(
    dags: dict[str, Any], bound: dict[str, Feed]
) -> None:
    for name, feed in bound.items():
        dag = dags[f"feed_{name}"]
        due = f"{DEADLINE} on each working day at {feed.deadline:%H:%M} ({feed.timezone.key})"
        for words in (feed.owner, feed.deputy, feed.head, due, "When it fails", *_tables(feed)):
            assert words in dag["doc"], f"feed_{name}: {words!r} is not in its doc_md (feed_docs)"
        owners = {task["owner"] for task in dag["tasks"].values()}
        assert owners == {feed.owner}, f"feed_{name}: its tasks belong to {owners}, not the owner"
        assert {"feed", feed.department} <= set(dag["tags"]), f"feed_{name}: tags {dag['tags']}"


def test_feed_dags_with_a_contract_announce_the_feeds_asset_at_the_end(
    dags: dict[str, Any], bound: dict[str, Feed]
) -> None:
    for name in bound:
        tasks = dags[f"feed_{name}"]["tasks"]
        assert list(tasks) == ["pull", "accept"], f"feed_{name} has the tasks {list(tasks)}"
        assert tasks["accept"]["outlets"] == [f"daymart://raw/{name}"], (
            f"feed_{name}: morning waits for daymart://raw/{name}, which accept must announce"
        )
        assert tasks["pull"]["outlets"] == [], f"feed_{name}: nothing is accepted after pull"


def test_morning_with_all_feeds_is_woken_by_them_or_by_the_last_moment(
    dags: dict[str, Any], bound: dict[str, Feed], settings: Settings
) -> None:
    morning = dags["morning"]
    assert morning["timetable"] == "AssetOrTimeSchedule", "a late feed must not silence the others"
    assert morning["assets"] == sorted(f"daymart://raw/{name}" for name in bound), (
        "morning waits for every bound feed and for nothing else"
    )
    promise = settings.promise
    assert (morning["cron"], morning["timezone"]) == (promise.last_moment, promise.timezone), (
        "morning's last moment is `promise` in daymart.yaml"
    )


def test_every_dag_when_unattended_neither_catches_up_nor_overlaps(dags: dict[str, Any]) -> None:
    for name, dag in dags.items():
        assert dag["catchup"] is False, f"{name}: set catchup=False; the ledger knows what is due"
        assert dag["max_active_runs"] == 1, f"{name}: set max_active_runs=1; a second one is fenced"


def test_every_task_that_fails_retries_only_what_passes_by_itself(dags: dict[str, Any]) -> None:
    for name, dag in dags.items():
        for task, told in dag["tasks"].items():
            where = f"{name}.{task}: put **RETRIES into default_args"
            assert told["retries"] >= 1, where
            rules = dict(told["policy"])
            assert rules.get("daymart.errors.TransientError") == "retry", where
            assert told["policy"][-1] == ["builtins.Exception", "fail"], (
                f"{where}; the last rule fails at once whatever is not known to pass"
            )


def test_every_dag_and_task_for_an_engineer_is_explained_and_owned(dags: dict[str, Any]) -> None:
    for name, dag in dags.items():
        assert "When it fails" in dag["doc"], f"{name}: say in doc_md what to do when it fails"
        assert dag["tags"], f"{name}: give it tags, so that it is found"
        for task, told in dag["tasks"].items():
            assert told["doc"].strip(), f"{name}.{task}: give the task a docstring"
            assert told["owner"] not in ("", "airflow"), f"{name}.{task}: name an owner"


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.name)
def test_dag_file_when_read_is_thin(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    assert lines <= 60, f"dags/{file.name} has {lines} lines: move what it does into src/daymart"
    assert not SQL.search(text), f"dags/{file.name} holds SQL: move it into src/daymart"
    assert not file.name.startswith("dbt_"), f"dags/{file.name}: dbt imports modules so called"
    assert "airflow" in text.lower() and "dag" in text.lower(), (
        f"dags/{file.name}: Airflow skips files without the words airflow and dag"
    )
    tree = ast.parse(text)
    modules = {name for node in tree.body for name in _imported(node)}
    assert modules <= {"airflow.sdk", "daymart", "daymart.orchestration"}, (
        f"dags/{file.name} imports {sorted(modules)} at the top: import it inside the task"
    )


def _imported(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [str(node.module)] if isinstance(node, ast.ImportFrom) else []


def _tables(feed: Feed) -> list[str]:
    return [f"`{table.name}`" for table in feed.tables]
