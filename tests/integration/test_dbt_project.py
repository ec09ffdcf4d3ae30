"""The dbt project: it builds on an empty warehouse, and its unit tests hold."""

import copy
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from daymart.build.dbt import DbtProject, NodeResult, run_variables
from daymart.build.definitions import read_definitions
from daymart.errors import ConfigError
from daymart.marts.read import read_marts
from tests.conftest import HOME, Databases, dbt_for, warehouse_at
from tests.marts import MARTS

VARIABLES = run_variables(date(2026, 11, 20), datetime(2026, 11, 23, 8, tzinfo=UTC), "EUR")


@pytest.fixture(scope="module")
def project(
    databases: Databases, installed_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DbtProject]:
    uri = databases.create(installed_template)
    target = tmp_path_factory.mktemp("dbt")
    yield dbt_for(warehouse_at(uri), target)
    databases.drop(uri)


@pytest.fixture(scope="module")
def manifest(project: DbtProject) -> dict[str, Any]:
    return project.parse()


@pytest.fixture(scope="module")
def built(project: DbtProject) -> list[NodeResult]:
    return project.build(VARIABLES)


def test_build_on_an_empty_warehouse_passes(built: list[NodeResult]) -> None:
    assert [r for r in built if r.failed] == []
    assert sum(r.resource_type == "model" for r in built) > 40


def test_unit_tests_of_models_pass(project: DbtProject, built: list[NodeResult]) -> None:
    results = project.unit_test(VARIABLES)

    assert [r for r in results if r.failed] == []
    assert len(results) >= 25


def test_missing_evening_stops_with_a_plain_message(project: DbtProject) -> None:
    nameless = {"run_at": VARIABLES["run_at"], "company_currency": "EUR"}
    results = project.build(nameless, "receipts_daily")

    failed = [r for r in results if r.status == "error"]
    assert failed and all("as_of" in r.message for r in failed)


def test_every_mart_has_key_promise_owner_and_described_columns(manifest: dict[str, Any]) -> None:
    definitions = read_definitions(manifest)

    assert [d.mart for d in definitions] == MARTS
    for definition in definitions:
        columns = manifest["nodes"][definition.node_id]["columns"]
        undescribed = [name for name, c in columns.items() if not c["description"]]
        assert undescribed == [], f"{definition.mart}: describe these columns for sellers"


def test_every_mart_enforces_its_key_and_no_test_repeats_it(manifest: dict[str, Any]) -> None:
    """PostgreSQL refuses a second row of a key while the mart is built; asking again is a scan."""
    nodes = manifest["nodes"]
    tests_of = _tests_by_model(nodes)
    for mart in MARTS:
        node = nodes[f"model.daymart.{mart}"]
        keys = [c["columns"] for c in node["constraints"] if c["type"] == "primary_key"]
        assert node["config"]["contract"]["enforced"], f"{mart}: enforce its contract"
        assert len(keys) == 1 and keys[0], f"{mart}: say its grain as a primary_key constraint"
        required = {
            name
            for name, column in node["columns"].items()
            if any(c["type"] == "not_null" for c in column["constraints"])
        }
        for name, kind, columns in tests_of.get(node["unique_id"], []):
            repeats = (kind.startswith("unique") and columns == set(keys[0])) or (
                kind == "not_null" and columns <= required | set(keys[0])
            )
            assert not repeats, f"{mart}: the table itself enforces what {name} tests"


def _tests_by_model(nodes: dict[str, Any]) -> dict[str, list[tuple[str, str, set[str]]]]:
    """Return the generic data tests of each model: name, kind and the columns looked at."""
    found: dict[str, list[tuple[str, str, set[str]]]] = defaultdict(list)
    for node in nodes.values():
        if node["resource_type"] == "test" and node.get("test_metadata"):
            arguments = node["test_metadata"]["kwargs"]
            columns = arguments.get("columns") or [arguments.get("column_name")]
            kind = node["test_metadata"]["name"]
            found[node["attached_node"]].append((node["name"], kind, set(columns)))
    return found


def test_every_staging_view_has_its_key_tested_once(manifest: dict[str, Any]) -> None:
    """By itself where it joins or unions, else by the test that looks for a second system."""
    nodes = manifest["nodes"]
    listed = nodes["test.daymart.keys_are_known_to_one_system"]["depends_on"]["nodes"]
    tests_of = _tests_by_model(nodes)
    for node_id, node in nodes.items():
        name = node["name"]
        if not name.startswith("stg_") or name.endswith(("_changed", "__members_named")):
            continue
        if name.startswith("stg_ops__"):  # Its tables have the very keys of the views.
            continue
        own = [kind for _, kind, _ in tests_of.get(node_id, []) if kind.startswith("unique")]
        assert len(own) + listed.count(node_id) == 1, f"{name}: test its key once"


def test_every_intermediate_table_enforces_its_grain_and_no_test_repeats_it(
    manifest: dict[str, Any],
) -> None:
    """A unique index refuses a second row; only what it would not serve has a test instead."""
    nodes = manifest["nodes"]
    tests_of = _tests_by_model(nodes)
    for node_id, node in nodes.items():
        if not node["name"].startswith("int_") or node["config"]["materialized"] == "view":
            continue
        keys = [set(i["columns"]) for i in node["config"].get("indexes", []) if i.get("unique")]
        tested = [columns for _, kind, columns in tests_of[node_id] if kind.startswith("unique")]
        expected = (0, 1) if _is_tested_instead(node["name"]) else (1, 0)
        told = f"{node['name']}: say its grain once, as a unique index"
        assert (len(keys), len(tested)) == expected, told


def _is_tested_instead(name: str) -> bool:
    """Tell lists of touched keys, and the table whose lines may be empty: a whole order's case."""
    return name.endswith(("_touched", "_concerned")) or name == "int_coordination__order_cases_open"


def test_mart_without_owner_is_refused_by_name(manifest: dict[str, Any]) -> None:
    ownerless = copy.deepcopy(manifest)
    node = next(n for n in ownerless["nodes"].values() if n["name"] == "stock_availability")
    del node["config"]["meta"]["owner"]

    with pytest.raises(ConfigError, match="stock_availability: no config.meta.owner"):
        read_definitions(ownerless)


def test_feeds_behind_a_mart_come_from_its_lineage(manifest: dict[str, Any]) -> None:
    feeds = {d.mart: d.feeds for d in read_definitions(manifest)}

    assert feeds["receivables_open"] == ("accounting", "reference")
    assert feeds["feed_freshness"] == ()


def test_marts_say_the_feeds_of_their_lineage(manifest: dict[str, Any]) -> None:
    lineage = {d.mart: list(d.feeds) for d in read_definitions(manifest)}

    assert {m.name: sorted(m.meta.feeds) for m in read_marts(HOME).values()} == lineage


def test_documentation_is_one_page_with_readers_and_words(
    project: DbtProject, built: list[NodeResult]
) -> None:
    page = project.document(VARIABLES).read_text(encoding="utf-8")

    for mart in read_marts(HOME).values():
        assert json.dumps(mart.description) in page, f"{mart.name} is not documented"
    assert "exposure.daymart.sellers_morning" in page


def test_no_model_calls_the_clock() -> None:
    clocks = ("now()", "current_date", "current_timestamp", "getdate")
    models = list((HOME / "dbt_project" / "models").rglob("*.sql"))

    assert len(models) > 40
    guilty = [p.name for p in models if any(c in p.read_text().lower() for c in clocks)]
    assert guilty == []


def test_dbt_files_keep_out_of_airflows_way() -> None:
    """dbt imports every top-level dbt_* module, and Airflow puts the DAG folder on the path."""
    assert not list((HOME / "dags").glob("dbt_*"))
    assert not list(Path(HOME / "dbt_project").rglob("__init__.py"))
