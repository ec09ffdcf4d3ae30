"""Sources that speak no SQL: entities staged in DuckDB, mapped by the same kind of query."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from prices import PRICES

from daymart.errors import SourceError
from daymart.load.batch import Splitter
from daymart.load.typing import TextFormat
from daymart.sources.mapped import MappedSnapshot
from daymart.sources.protocol import ReadParams, TableStream
from daymart.sources.stage import Stage, open_stage

EVENING = ReadParams(date(2026, 11, 20), datetime(2026, 11, 19, tzinfo=UTC))


@dataclass
class Lists:
    """Entities held in memory."""

    rows: dict[str, pa.Table]
    fetched: list[str] = field(default_factory=list)
    text: TextFormat | None = None

    def entities(self) -> Collection[str]:
        return self.rows.keys()

    def fetch(self, entity: str, params: ReadParams) -> pa.RecordBatchReader:
        self.fetched.append(entity)
        return self.rows[entity].to_reader()

    def text_of(self, entities: Collection[str]) -> TextFormat | None:
        return self.text


@pytest.fixture
def stage() -> Iterator[Stage]:
    with open_stage() as opened:
        yield opened


ITEMS = pa.table(
    {"Код": ["007", "8"], "Цена": ["1,50", "2"], "_file": ["p.csv"] * 2, "_line": [2, 3]}
)


def read(stage: Stage, source: Lists, query: str) -> tuple[TableStream, list[dict[str, object]]]:
    snapshot = MappedSnapshot("desk", source, {"price": query}, stage)
    (stream,) = snapshot.read(PRICES, EVENING)
    return stream, pa.Table.from_batches(list(stream.batches)).to_pylist()


def test_mapping_reads_staged_entities_and_counts_them(stage: Stage) -> None:
    query = "select \"Код\" as sku, replace(\"Цена\", ',', '.') as amount from items"
    stream, rows = read(stage, Lists({"items": ITEMS, "other": ITEMS}), query)
    assert rows == [{"sku": "007", "amount": "1.50"}, {"sku": "8", "amount": "2"}]
    assert stream.control is not None
    assert (stream.control.rows, stream.control.measure) == (2, Decimal("3.50"))


def test_mapping_fetches_only_what_the_query_names(stage: Stage) -> None:
    source = Lists({"items": ITEMS, "other": ITEMS})
    read(stage, source, 'select "Код" as sku, 1 as amount from items')
    assert source.fetched == ["items"]


def test_mapping_knows_evening_and_cursor(stage: Stage) -> None:
    query = "select getvariable('as_of') as sku, getvariable('since') as amount from items limit 1"
    _, rows = read(stage, Lists({"items": ITEMS}), query)
    assert rows == [{"sku": EVENING.as_of, "amount": EVENING.since}]


@pytest.mark.parametrize(
    ("query", "saw"),
    [
        ("select nope from items", "nope"),
        ("select * from '/etc/hostname'", "hostname"),
        ("selec", "syntax"),
    ],
)
def test_mapping_that_does_not_run_names_its_file(stage: Stage, query: str, saw: str) -> None:
    with pytest.raises(SourceError, match=f"(?s){saw}.*systems/desk/price.sql"):
        read(stage, Lists({"items": ITEMS}), query)


BROKEN = ITEMS.append_column("_defect", pa.array([None, "3 fields instead of 2"]))


def test_mapping_that_loses_broken_rows_is_refused(stage: Stage) -> None:
    query = "select \"Код\" as sku, '1' as amount from items where _defect is null"
    with pytest.raises(SourceError, match="1 broken rows in items, 0 of them passed on"):
        read(stage, Lists({"items": BROKEN}), query)


def test_mapped_rows_keep_file_and_line_good_and_bad(stage: Stage) -> None:
    query = 'select "Код" as sku, "Цена" as amount, _file, _line, _defect from items'
    source = Lists({"items": BROKEN}, text=TextFormat(decimal=","))
    snapshot = MappedSnapshot("desk", source, {"price": query}, stage)
    (stream,) = snapshot.read(PRICES, EVENING)
    splitter = Splitter(PRICES, stream.columns, stream.text, stream.file_name)
    (split,) = [splitter.split(batch) for batch in stream.batches]
    assert split.good.to_pylist() == [
        {"sku": "007", "amount": Decimal("1.50"), "source_id": "007", "_file": "p.csv", "_line": 2}
    ]
    (reject,) = split.rejects.to_pylist()
    assert (reject["file_name"], reject["row_no"]) == ("p.csv", 3)
    assert "3 fields instead of 2" in reject["violations"]


@dataclass
class Changes(Lists):
    """Entities of which one is asked for changes only."""

    def continues(self, entity: str) -> bool:
        return entity == "items"


def test_entity_asked_for_changes_is_fetched_anew_for_another_cursor(stage: Stage) -> None:
    source = Changes({"items": ITEMS, "other": ITEMS})
    query = (
        'select i."Код" as sku, 1 as amount from items as i join other as o on i._line = o._line'
    )
    snapshot = MappedSnapshot("desk", source, {"price": query}, stage)
    earlier = ReadParams(EVENING.as_of, datetime(2026, 11, 1, tzinfo=UTC))
    for params in (EVENING, EVENING, earlier):
        (stream,) = snapshot.read(PRICES, params)
        assert sum(len(batch) for batch in stream.batches) == 2
    assert source.fetched == ["items", "other", "items"]
