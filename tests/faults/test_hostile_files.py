"""Hostile files through the whole load path: rows, named rejects or one clear sentence."""

from collections import Counter
from collections.abc import Iterator

import pytest

from daymart.contracts.model import Table
from daymart.errors import ContractError, DaymartError, TransientError
from daymart.load.pull import pull
from daymart.settings import FileTable
from daymart.sources.drop import DropSource
from daymart.sources.protocol import ReadParams, TableStream
from tests.conftest import DEMO_EVENING
from tests.faults.desk import Desk, assert_sentence
from tests.faults.hostile.case import FEED, TABLE, THREE, Case, orders, text
from tests.faults.hostile.corpus import CASES
from tests.faults.hostile.values import VALUES
from tests.faults.memory import peak_memory

MEMORY_BYTES = 256 * 1024 * 1024
"""What loading one file may add; half of what a worker with the loader in it may hold."""


def named(case: Case) -> str:
    return case.name.replace(" ", "-").replace(",", "")


@pytest.mark.parametrize("case", CASES, ids=named)
def test_hostile_file_ends_in_rows_rejects_or_one_sentence(desk: Desk, case: Case) -> None:
    content = case.made()
    before = desk.know_three_orders(case.name) if case.is_refused else []
    error, held = None, 0
    with peak_memory() as peak:
        try:
            held = desk.deliver(case.name, case.file, content, **case.binding)
        except DaymartError as refused:
            error = refused
    if case.is_refused:
        assert error is not None, f"{held} rows held back, expected {case.says}"
        assert_refused(desk, case, error, before)
    else:
        assert error is None, str(error)
        assert_accounted_for(desk, case, held)
    assert peak.growth <= MEMORY_BYTES


def assert_refused(desk: Desk, case: Case, error: DaymartError, before: list[tuple]) -> None:
    """Nothing of the file is in raw, and the sentence tells feed, file, cause and remedy."""
    assert [part for part in case.says if part not in str(error)] == [], str(error)
    assert_sentence(error, case.starts or f"sales.so_order {case.shown_file}")
    assert error.exit_code == case.exit_code
    _, state, reason = desk.last_load(case.name)
    is_contract = isinstance(error, ContractError)
    assert (state, bool(reason)) == ("refused" if is_contract else "failed", True)
    assert desk.raw(case.name) == before
    assert len(before) == 3
    assert desk.landing_is_empty()


def assert_accounted_for(desk: Desk, case: Case, held: int) -> None:
    """Every record of the file is in raw or in quarantine, none twice."""
    load_id, state, _ = desk.last_load(case.name)
    assert_explained(desk, load_id, case)
    assert (state, held) == ("accepted", len(case.held))
    assert len(desk.raw(case.name)) == case.rows - held
    assert desk.counted(load_id) == (case.rows, case.rows - held, held, list(case.extra))
    for key, values in case.stored.items():
        for column, wanted in values.items():
            assert wanted in desk.stored(case.name, key, column)


def assert_explained(desk: Desk, load_id: int, case: Case) -> None:
    """Each reject names feed, file, row, column, rule and value, and keeps the row as read."""
    seen = []
    for row_no, feed, file, violations, values in desk.rejects(load_id):
        assert (feed, file) == (FEED, case.shown_file)
        assert set(values) >= set(desk.feed.table(TABLE).column_names)
        first = violations[0]
        assert first["expected"]
        seen.append((row_no, first["column"], first["rule"], first["value"]))
    wanted = [(h.row, h.column, h.rule, h.value or None) for h in case.held]
    assert seen == wanted


class Growing(DropSource):
    """A drop into whose files somebody still writes while they are read."""

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        for stream in super().read(table, params):
            with (self.folder / str(stream.file_name)).open("a") as still_written:
                still_written.write("S00004,")
            yield stream


def test_file_growing_while_read_is_refused_and_read_again_later(desk: Desk) -> None:
    (desk.folder / "orders.csv").write_text(THREE)
    tables = {TABLE: FileTable(path="orders.csv", stable_for=0)}
    with pytest.raises(TransientError, match="the file changed while being read") as caught:
        pull(desk.warehouse, desk.feed, Growing("growing", FEED, desk.folder, tables), DEMO_EVENING)
    assert_sentence(caught.value, "sales.so_order orders.csv")
    assert caught.value.exit_code == 3
    assert desk.raw("growing") == []
    assert desk.landing_is_empty()


def test_ragged_row_of_a_known_key_does_not_delete_it(desk: Desk) -> None:
    desk.deliver("ragged", "orders.csv", text(orders(4)).encode())
    broken = text(orders(4)).replace("S00002,S00002", "x,S00002,S00002").encode()
    assert desk.deliver("ragged", "orders.csv", broken) == 1
    assert [row[0] for row in desk.raw("ragged")] == [f"S{n:05}" for n in range(1, 5)]


def test_totals_row_does_not_stop_deletions(desk: Desk) -> None:
    desk.deliver("totals", "orders.csv", text(orders(4)).encode())
    desk.deliver("totals", "orders.csv", (text(orders(3)) + "Итого,,,,,,,31.50,6,,\n").encode())
    assert len(desk.raw("totals")) == 3


LEAST = {
    "E1": 50, "E2": 5, "E3": 40, "E4": 40, "E5": 18, "E6": 7, "E7": 5, "E8": 50, "E9": 35,
    "E10": 55, "E13": 17, "E14": 1, "E15": 20, "E16": 8, "E17": 3, "F1": 2, "F2": 8, "F3": 11,
    "D3": 1,
}  # fmt: skip
"""How many files of each mark of the catalogue the corpus holds at least."""


def test_hostile_corpus_covers_its_catalogue() -> None:
    names = [named(c) for c in CASES] + [v.name for v in VALUES]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert len(CASES) >= 300
    marks = Counter(case.mark for case in CASES)
    assert {mark: marks[mark] for mark in LEAST if marks[mark] < LEAST[mark]} == {}
