"""Airflow connections read without Airflow: both notations, no secret shown."""

import json
import stat
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import make_url

from daymart.connections import (
    Connection,
    get_connection,
    local_connections,
    parse_connection,
    variable_of,
    write_local_connections,
)
from daymart.errors import ConfigError, ExitCode

URI = "postgresql://loader:p%40ss%2Fword@db.example:5433/north%20light?sslmode=require"


def test_uri_is_read_with_escapes_undone() -> None:
    found = parse_connection("erp", URI)
    assert (found.kind, found.host, found.port) == ("postgresql", "db.example", 5433)
    assert (found.login, found.password, found.database) == ("loader", "p@ss/word", "north light")
    assert found.extra == {"sslmode": "require"}


def test_json_says_the_same_as_the_uri() -> None:
    text = json.dumps(
        {
            "conn_type": "postgresql",
            "host": "db.example",
            "port": "5433",
            "login": "loader",
            "password": "p@ss/word",
            "schema": "north light",
            "extra": {"sslmode": "require"},
        }
    )
    assert parse_connection("erp", text) == parse_connection("erp", URI)


def test_json_extra_may_be_a_json_text() -> None:
    found = parse_connection("erp", '{"conn_type": "http", "extra": "{\\"host\\": \\"h\\"}"}')
    assert found.host == "h"


def test_uri_with_a_socket_folder_has_it_as_host() -> None:
    found = parse_connection("erp", "postgresql://postgres:@/postgres?host=/tmp/pg")
    assert (found.host, found.port, found.database) == ("/tmp/pg", None, "postgres")


@pytest.mark.parametrize("text", ["just words", "{not json", '{"port": "x"}', "//host/db"])
def test_text_that_is_neither_is_a_config_error_without_the_text(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_connection("erp", text)
    assert "connection 'erp'" in str(caught.value)
    assert text not in str(caught.value)


def test_secret_is_in_no_repr() -> None:
    found = parse_connection("erp", URI + "&token=hunter2")
    assert "p@ss" not in repr(found)
    assert "hunter2" not in repr(found)


def test_conninfo_holds_role_timeouts_and_tls() -> None:
    settings = conninfo_to_dict(parse_connection("erp", URI).conninfo(role="daymart_loader"))
    assert settings["password"] == "p@ss/word"
    assert settings["dbname"] == "north light"
    assert settings["options"] == "-c role=daymart_loader"
    assert settings["sslmode"] == "require"
    assert int(settings["connect_timeout"]) > 0
    assert settings["application_name"] == "daymart"


def test_conninfo_keeps_options_of_the_connection_beside_the_role() -> None:
    found = Connection("erp", "postgresql", host="h", extra={"options": "-c search_path=x"})
    options = conninfo_to_dict(found.conninfo(role="r"))["options"]
    assert options == "-c search_path=x -c role=r"


def test_sqlalchemy_url_reads_back_to_the_same_server() -> None:
    url = make_url(parse_connection("erp", URI).sqlalchemy_url(role="daymart_loader"))
    assert (url.host, url.port, url.database) == ("db.example", 5433, "north light")
    assert url.password == "p@ss/word"
    assert url.query == {"sslmode": "require", "options": "-c role=daymart_loader"}


def test_sqlalchemy_url_of_a_socket_names_its_folder() -> None:
    found = parse_connection("erp", "postgresql://postgres:@/postgres?host=/tmp/pg")
    url = make_url(found.sqlalchemy_url())
    assert (url.host, url.query["host"]) == ("localhost", "/tmp/pg")


def test_environment_goes_before_the_local_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_local_connections(tmp_path, {variable_of("erp"): "postgresql://file/db"})
    assert get_connection("erp", tmp_path).host == "file"
    monkeypatch.setenv("AIRFLOW_CONN_ERP", "postgresql://environment/db")
    assert get_connection("erp", tmp_path).host == "environment"


def test_connection_nobody_set_is_a_config_error_naming_the_variable(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no AIRFLOW_CONN_NOWHERE in the environment") as caught:
        get_connection("nowhere", tmp_path)
    assert caught.value.exit_code == ExitCode.USAGE


def test_local_file_is_added_to_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    write_local_connections(tmp_path, {"AIRFLOW_CONN_A": "postgresql://a/db?x=1"})
    path = write_local_connections(tmp_path, {"AIRFLOW_CONN_B": "postgresql://b/db"})
    assert local_connections(tmp_path) == {
        "AIRFLOW_CONN_A": "postgresql://a/db?x=1",
        "AIRFLOW_CONN_B": "postgresql://b/db",
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
