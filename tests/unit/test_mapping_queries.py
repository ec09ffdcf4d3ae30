"""Mapping queries and the steps they share."""

from pathlib import Path

import pytest

from daymart.errors import ConfigError
from daymart.sources.queries import read_queries


def _system(folder: Path, query: str, **shared: str) -> Path:
    (folder / "shared").mkdir()
    (folder / "so_order.sql").write_text(query)
    for name, text in shared.items():
        (folder / "shared" / f"{name}.sql").write_text(text)
    return folder


def test_query_that_uses_a_step_finds_it_in_front_of_its_own(tmp_path: Path) -> None:
    query = "-- uses: place\n-- Orders.\nwith named as (select * from place)\nselect * from named"
    queries = read_queries(_system(tmp_path, query, place="select 1 as id"))

    assert " ".join(queries["so_order"].split()) == (
        "-- uses: place -- Orders. with place as ( select 1 as id ),"
        " named as (select * from place) select * from named"
    )


def test_query_without_own_steps_still_finds_the_shared_one(tmp_path: Path) -> None:
    queries = read_queries(
        _system(tmp_path, "-- uses: place\nselect * from place", place="select 1 as id")
    )
    assert queries["so_order"].startswith("with place as (\nselect 1 as id\n)")


def test_query_that_uses_nothing_stays_as_it_is(tmp_path: Path) -> None:
    assert read_queries(_system(tmp_path, "select 1"))["so_order"] == "select 1"


def test_unknown_step_is_named_with_the_file_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"so_order.sql: it uses 'plaec'.*shared/plaec.sql"):
        read_queries(_system(tmp_path, "-- uses: plaec\nselect 1"))


def test_system_without_queries_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no .sql file"):
        read_queries(tmp_path)
