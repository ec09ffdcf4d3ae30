"""docker-compose.yml: valid by the compose specification, and safe by Daymart's own rules."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

HOME = Path(__file__).resolve().parents[2]
COMPOSE = HOME / "docker-compose.yml"
ONE_SHOT = {"databases", "init"}
SECRET = re.compile(r"PASSWORD|SECRET|FERNET_KEY|CONN", re.I)
INTERPOLATED = re.compile(r"\$\{[A-Z_]+:\?[^}]+\}")
PINNED = re.compile(r"^[a-z/.-]+:(\d+\.\d+[\w.-]*|\$\{DAYMART_VERSION:-\d+\.\d+\.\d+\})$")
AUTH_MANAGER = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Offer the services, with merged keys resolved."""
    return dict(yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"])


@pytest.fixture(scope="module")
def lasting(services: dict[str, Any]) -> dict[str, Any]:
    """Offer the services that stay up."""
    return {name: service for name, service in services.items() if name not in ONE_SHOT}


@pytest.fixture(scope="module")
def of_airflow(services: dict[str, Any]) -> dict[str, Any]:
    """Offer the services made of our image."""
    return {name: service for name, service in services.items() if "build" in service}


def test_compose_file_against_the_specification_is_valid() -> None:
    check = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [check, "--builtin-schema", "vendor.compose-spec", COMPOSE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_file_for_production_has_every_part(services: dict[str, Any]) -> None:
    parts = {"postgres", "api-server", "scheduler", "dag-processor", "triggerer"}
    assert set(services) == parts | ONE_SHOT


def test_images_when_pulled_are_exact_versions(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert PINNED.match(service["image"]), f"{name}: pin {service['image']} to a version"
    base = re.search(r"^FROM (\S+)$", (HOME / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert base and re.search(r":\d+\.\d+\.\d+-", base[1]), "Dockerfile: pin the base image"


def test_image_when_built_installs_only_what_the_lock_names_by_hash() -> None:
    text = (HOME / "Dockerfile").read_text(encoding="utf-8")
    installs = [line for line in text.splitlines() if "pip install" in line]
    assert installs, "the image installs nothing"
    for line in installs:
        assert "--require-hashes" in line and "requirements-production.lock" in line, line
    assert re.search(r"^USER (?!root)\w+$", text, re.M), "the image must not run as root"


def test_image_when_built_is_given_every_folder_and_no_local_state() -> None:
    rules = (HOME / ".dockerignore").read_text(encoding="utf-8").split()
    copied = re.findall(r"^COPY (.+) \S+$", (HOME / "Dockerfile").read_text("utf-8"), re.M)
    sources = {source for line in copied for source in line.split()}
    assert "*" in rules
    assert {f"!{source}" for source in sources} <= set(rules), "let it through in .dockerignore"
    for source in sources:
        assert (HOME / source).exists(), f"Dockerfile copies {source}, which is not there"
    assert not {"!.env", "!.daymart", "!sources.env"} & set(rules)


def test_secrets_when_unset_stop_the_start(services: dict[str, Any]) -> None:
    seen = 0
    for name, service in services.items():
        for variable, value in service.get("environment", {}).items():
            if SECRET.search(variable):
                seen += 1
                assert INTERPOLATED.search(str(value)), (
                    f"{name}.{variable} has a value of its own: write ${{NAME:?message}}"
                )
    assert seen >= 10
    text = COMPOSE.read_text(encoding="utf-8")
    assert not re.search(r"://\w+:(?!\$\{)[^@\s]+@", text), "a password stands in a URI"


def test_secrets_of_the_compose_file_are_listed_empty_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text(encoding="utf-8")))
    example = (HOME / ".env.example").read_text(encoding="utf-8")
    given = dict(line.split("=", 1) for line in example.splitlines() if re.match(r"\w+=", line))
    assert set(given) == asked
    assert not any(given.values()), "an example secret gets used: leave it empty"


def test_services_that_stay_up_tell_whether_they_are_well(lasting: dict[str, Any]) -> None:
    for name, service in lasting.items():
        check = service["healthcheck"]
        assert {"test", "interval", "timeout", "retries", "start_period"} <= set(check), name
        assert service["restart"] == "unless-stopped", name


def test_services_on_one_machine_are_limited(services: dict[str, Any]) -> None:
    for name, service in services.items():
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory"} <= set(limits), f"{name}: set limits"
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not service.get("privileged"), name
        assert "docker.sock" not in str(service), name


def test_ports_when_published_are_the_api_servers_on_this_machine_only(
    services: dict[str, Any],
) -> None:
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert list(ports) == ["api-server"]
    assert all(port.startswith("127.0.0.1:") for port in ports["api-server"])
    for name, service in services.items():
        assert service.get("network_mode") != "host", name


def test_database_in_its_network_is_reached_by_no_way_out(services: dict[str, Any]) -> None:
    networks = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["networks"]
    assert services["postgres"]["networks"] == ["data"]
    assert networks["data"]["internal"] is True


def test_airflow_in_production_asks_who_you_are(of_airflow: dict[str, Any]) -> None:
    assert len(of_airflow) == 5
    assert "SimpleAuthManager" not in COMPOSE.read_text(encoding="utf-8")
    for name, service in of_airflow.items():
        assert service["environment"]["AIRFLOW__CORE__AUTH_MANAGER"] == AUTH_MANAGER, name
        assert service["environment"]["AIRFLOW__API__EXPOSE_CONFIG"] == "False", name


def test_telemetry_in_production_is_off(of_airflow: dict[str, Any]) -> None:
    off = {
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED",
        "DBT_SEND_ANONYMOUS_USAGE_STATS",
        "GX_ANALYTICS_ENABLED",
        "RUNTIME__DLTHUB_TELEMETRY",
    }
    for name, service in of_airflow.items():
        assert {service["environment"][key].lower() for key in off} == {"false"}, name


def test_warehouse_login_of_tasks_is_the_schedulers_alone(services: dict[str, Any]) -> None:
    holders = {n for n, s in services.items() if "AIRFLOW_CONN_WAREHOUSE" in str(s)}
    assert holders == {"init", "scheduler"}
    warehouse = services["scheduler"]["environment"]["AIRFLOW_CONN_WAREHOUSE"]
    assert warehouse.startswith("postgresql://daymart:"), "tasks must not log in as the owner"
    assert {n for n, s in services.items() if "POSTGRES_PASSWORD" in str(s)} == {
        "postgres",
        "databases",
    }


def locked(name: str) -> dict[str, str]:
    """Return each pinned package of a lock with its version, marker and hashes."""
    text = (HOME / name).read_text(encoding="utf-8")
    pinned = re.findall(r"^([a-z0-9._-]+)(==(?:.*\\\n)+.*)$", text, re.M)
    return {package: " ".join(sorted(pin.split())) for package, pin in pinned}


def test_image_holds_what_was_tested_without_the_tools_of_tests_and_demo() -> None:
    production, tested = locked("requirements-production.lock"), locked("requirements.lock")
    assert len(production) > 150
    assert {p: pin for p, pin in production.items() if pin != tested.get(p)} == {}
    groups = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))
    tools = {
        re.split(r"[>\[=<]", t)[0].lower() for g in groups["dependency-groups"].values() for t in g
    }
    wanted = {"dlt", "numpy", "paramiko", "psutil"}
    assert tools & production.keys() == wanted & tools
