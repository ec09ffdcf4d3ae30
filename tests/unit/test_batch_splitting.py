"""A batch as read, split into typed rows and rejects that explain themselves."""

import json
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from fixtures.contracts.shop import shop_feed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daymart.contracts.model import Table
from daymart.errors import ContractError, ExitCode
from daymart.load.batch import MAX_KEY_BYTES, SHORT_VALUE, Split, Splitter, check_columns
from daymart.load.typing import TextFormat

ITEM = shop_feed().table("item")
MOVEMENT = shop_feed().table("movement")
NAMES = ("item_id", "name", "price", "currency", "shelf")
GOOD = {"item_id": "A1", "name": "Lamp", "price": "9.90", "currency": "EUR", "shelf": "front"}


def batch(*rows: dict[str, Any], **columns: pa.DataType) -> pa.RecordBatch:
    """Build a batch of texts; `columns` gives other types."""
    names = list(dict.fromkeys(name for row in rows for name in row)) or list(NAMES)
    schema = pa.schema([pa.field(n, columns.get(n, pa.string())) for n in names])
    return pa.RecordBatch.from_pylist([{n: r.get(n) for n in names} for r in rows], schema)


def split(*rows: dict[str, Any], text: TextFormat | None = None, **columns: pa.DataType) -> Any:
    result = run(ITEM, batch(*rows, **columns), text)
    return result.good.to_pylist(), result.rejects.to_pylist()


def run(
    table: Table, rows: pa.RecordBatch, text: TextFormat | None = None, file: str | None = None
) -> Split:
    return Splitter(table, rows.schema.names, text, file).split(rows)


def violations(reject: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(reject["violations"])
    return found


def test_good_row_is_typed_and_carries_its_key_as_source_id() -> None:
    (row,), rejects = split(GOOD)
    assert rejects == []
    assert row["price"] == Decimal("9.90")
    assert row == GOOD | {"price": Decimal("9.90"), "source_id": "A1"}


def test_splitter_schema_carries_what_the_stream_has_and_no_more() -> None:
    own = list(NAMES)
    assert Splitter(ITEM, own).schema.names == [*own, "source_id"]
    assert Splitter(ITEM, [*own, "is_deleted"]).schema.names == [*own, "source_id", "is_deleted"]
    assert Splitter(ITEM, own, None, "items.csv").schema.names == [
        *own,
        "source_id",
        "_file",
        "_line",
    ]


def test_source_id_given_by_the_source_is_kept() -> None:
    (row,), _ = split(GOOD | {"source_id": "42"})
    assert row["source_id"] == "42"


def test_source_id_of_a_composed_key_joins_its_parts() -> None:
    stock = shop_feed().table("stock")
    rows = batch({"as_of": "2026-11-20", "item_id": "A1", "qty": "1"})
    (row,) = run(stock, rows).good.to_pylist()
    assert row["source_id"] == "2026-11-20|A1"


def test_bad_value_sends_its_row_to_the_rejects_with_column_rule_value_and_expectation() -> None:
    good, (reject,) = split(GOOD, GOOD | {"item_id": "A2", "price": "9.905"})
    assert [row["item_id"] for row in good] == ["A1"]
    assert violations(reject) == [
        {"column": "price", "rule": "type", "value": "9.905", "expected": "numeric(18,2)"}
    ]
    assert json.loads(reject["key_values"]) == {"item_id": "A2"}
    assert json.loads(reject["row_values"])["name"] == "Lamp"
    assert reject["table_name"] == "item"


def test_bad_value_of_a_required_column_is_not_also_called_missing() -> None:
    _, (reject,) = split(GOOD | {"price": "free"})
    assert [v["rule"] for v in violations(reject)] == ["type"]


def test_row_breaking_several_rules_names_them_all() -> None:
    bad = {"item_id": None, "name": "x", "price": "-1", "currency": "EURO", "shelf": "cellar"}
    _, (reject,) = split(bad)
    found = {(v["column"], v["rule"]) for v in violations(reject)}
    assert found == {
        ("item_id", "required"),
        ("price", "minimum"),
        ("currency", "pattern"),
        ("shelf", "allowed"),
    }
    assert json.loads(reject["key_values"]) == {"item_id": None}


def test_file_row_rejected_names_file_and_line() -> None:
    rows = batch(
        GOOD | {"_line": 2, "_defect": None},
        GOOD | {"_line": 3, "price": "?", "_defect": None},
        GOOD | {"_line": 4, "_defect": "4 fields, expected 5"},
        _line=pa.int64(),
    )
    result = run(ITEM, rows, TextFormat(), "items.csv")
    assert [(r["_file"], r["_line"]) for r in result.good.to_pylist()] == [("items.csv", 2)]
    value, shape = result.rejects.to_pylist()
    assert (value["file_name"], value["row_no"]) == ("items.csv", 3)
    assert (shape["file_name"], shape["row_no"]) == ("items.csv", 4)
    assert violations(shape)[0]["rule"] == "row_shape"
    assert violations(shape)[0]["value"] == "4 fields, expected 5"
    # Nobody can tell whether the key is the key where a field is missing.
    assert json.loads(shape["key_values"]) == {"item_id": None}


def test_long_value_is_shortened_in_the_violation_and_kept_in_the_row() -> None:
    long = "x" * (SHORT_VALUE + 50)
    _, (reject,) = split(GOOD | {"price": long})
    assert violations(reject)[0]["value"] == "x" * SHORT_VALUE + "…"
    assert json.loads(reject["row_values"])["price"] == long


def test_nul_in_text_is_rejected_and_shown_as_a_symbol() -> None:
    good, (reject,) = split(GOOD | {"name": "La\x00mp"}, text=TextFormat())
    assert good == []
    assert violations(reject)[0]["value"] == "La\u2400mp"
    assert "\x00" not in reject["row_values"]


def test_tombstone_needs_its_key_only() -> None:
    rows = batch(
        {"movement_id": "1", "qty": None, "changed_at": None, "is_deleted": True},
        {"movement_id": None, "qty": None, "changed_at": None, "is_deleted": True},
        {"movement_id": "3", "qty": None, "changed_at": None, "is_deleted": False},
        {"movement_id": "4", "qty": "1", "changed_at": "2026-11-20T10:00:00Z", "is_deleted": None},
        is_deleted=pa.bool_(),
    ).append_column("is_urgent", pa.nulls(4, pa.bool_()))
    result = run(MOVEMENT, rows)
    assert [(r["movement_id"], r["is_deleted"]) for r in result.good.to_pylist()] == [
        (1, True),
        (4, False),
    ]
    rejected = [(json.loads(r["key_values"])["movement_id"]) for r in result.rejects.to_pylist()]
    assert rejected == [None, "3"]


def test_tombstone_of_a_text_source_is_read_by_its_format() -> None:
    rows = batch(
        {"movement_id": "1", "qty": "1", "changed_at": "2026-11-20T10:00:00", "is_deleted": "no"},
        {"movement_id": "2", "qty": "", "changed_at": "2026-11-20T10:00:00", "is_deleted": "gone"},
    ).append_column("is_urgent", pa.nulls(2, pa.string()))
    result = run(MOVEMENT, rows, TextFormat(true=("yes",), false=("no",)))
    assert [r["movement_id"] for r in result.good.to_pylist()] == [1]
    found = [(v["column"], v["rule"]) for v in violations(result.rejects.to_pylist()[0])]
    assert ("is_deleted", "type") in found


def test_key_too_long_for_an_index_is_rejected() -> None:
    stock = shop_feed().table("stock")
    rows = batch(
        {"as_of": "2026-11-20", "item_id": "x" * MAX_KEY_BYTES, "qty": "1"},
        {"as_of": "2026-11-20", "item_id": "x" * (MAX_KEY_BYTES + 1), "qty": "1"},
    )
    result = run(stock, rows)
    assert result.good.num_rows == 1
    assert violations(result.rejects.to_pylist()[0])[0]["rule"] == "key_length"


def test_splitter_counts_rows_over_batches() -> None:
    splitter = Splitter(ITEM, NAMES)
    splitter.split(batch(GOOD, GOOD | {"price": "?"}))
    splitter.split(batch(GOOD))
    assert splitter.rows_seen == 3


def test_missing_column_is_refused_with_the_closest_name() -> None:
    with pytest.raises(ContractError) as caught:
        check_columns("shop.item 2026-11-20", ITEM, ["item_id", "name", "prise", "currency"])
    assert str(caught.value) == (
        "shop.item 2026-11-20: column 'price' is missing (3 of 5 found; did you mean 'prise'?)."
        " Ask the feed's owner, or amend the contract or the mapping."
    )
    assert caught.value.exit_code == ExitCode.REJECTED


def test_missing_column_without_a_close_name_is_refused_without_a_guess() -> None:
    with pytest.raises(ContractError, match=r"'shelf' is missing \(4 of 5 found\)"):
        check_columns("shop.item", ITEM, ["item_id", "name", "price", "currency", "zzz"])


def test_extra_columns_are_noted_and_the_loader_s_own_are_not() -> None:
    names = [*reversed(NAMES), "colour", "source_id", "is_deleted", "_line", "_defect"]
    assert check_columns("shop.item", ITEM, names) == ["colour"]


ROWS = st.fixed_dictionaries(
    {
        "item_id": st.sampled_from(["A1", "B2", "muchtoolong", None]),
        "name": st.none() | st.text(max_size=5),
        "price": st.sampled_from(["1.00", "2.5", "2.555", "-3", "x", "NaN", None]),
        "currency": st.sampled_from(["EUR", "eur", None]),
        "shelf": st.sampled_from(["front", "cellar", None]),
    }
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROWS, max_size=12))
def test_any_batch_ends_in_good_rows_and_explained_rejects_only(rows: list[dict]) -> None:
    good, rejects = split(*rows, text=TextFormat())
    assert len(good) + len(rejects) == len(rows)
    assert all(violations(reject) for reject in rejects)
    assert all(row["price"] >= 0 and row["currency"] == "EUR" for row in good)
    assert all(row["shelf"] in ("front", None) and len(row["item_id"]) <= 8 for row in good)
