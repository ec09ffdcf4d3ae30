"""JSON rows on their way to text: nothing rounded, nothing lost between unlike pages."""

from pathlib import Path

import pytest

from daymart.sources.remote import split_lists
from daymart.sources.spool import Spool, text_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, "true"),
        (False, "false"),
        ("12.50", "12.50"),
        ("", ""),
        ("00000000-0000-0000-0000-000000000000", None),
        ("0001-01-01T00:00:00", None),
        ({"ключ": ["1"]}, '{"ключ": ["1"]}'),
        ("half \ud83d", "half \ufffd"),
        ("\U0001f600", "\U0001f600"),
    ],
    ids=["null", "true", "false", "number", "empty", "no-ref", "no-date", "object", "half", "pair"],
)
def test_json_value_as_text(value: object, text: str | None) -> None:
    assert text_of(value) == text


def test_spool_of_unlike_pages_reads_as_one_table(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "rows")
    spool.add([{"a": "1", "b@odata.type": "x"}, {"a": "2", "b": "3"}])
    spool.add([])
    spool.add([{"c": None, "a": "4"}])
    spool.add([{"c": "5", "a": "6"}])
    spool.close()
    assert spool.rows == 4
    assert spool.columns == ("a", "b", "c")
    assert spool.reader().read_all().to_pydict() == {
        "a": ["1", "2", "4", "6"],
        "b": [None, "3", None, None],
        "c": [None, None, None, "5"],
    }


def test_spool_without_rows_has_the_columns_asked_for(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "rows")
    spool.close()
    assert spool.reader(("a", "b")).read_all().to_pydict() == {"a": [], "b": []}


def test_lists_of_an_entity_carry_its_key_and_their_line() -> None:
    rows = [{"k": "1", "n": "x", "l": [{"q": "5"}, {"LineNumber": "7", "q": "6"}]}, {"k": "2"}]
    assert split_lists(rows, ("k",), ("l",)) == {
        "": [{"k": "1", "n": "x"}, {"k": "2"}],
        "l": [
            {"k": "1", "LineNumber": "1", "q": "5"},
            {"k": "1", "LineNumber": "7", "q": "6"},
        ],
    }
