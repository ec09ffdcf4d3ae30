"""Damaged files: whatever a fault does to sound bytes, no row is lost without a word."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daymart.errors import DaymartError
from daymart.load.batch import Splitter
from daymart.sources.files import FileFormat, read_file
from tests.faults.desk import Desk
from tests.faults.hostile.case import COLUMNS, FEED, TABLE
from tests.faults.hostile.mutations import SOUND, damaged

ANY_SEED = st.integers(0, 2**32)
FILES = st.sampled_from(sorted(SOUND))
REUSED = [HealthCheck.function_scoped_fixture]


def assert_survives(desk: Desk, seed: int, file: str) -> None:
    """A damaged file ends in rows, rejects with a reason, or one sentence; nothing is lost."""
    sender, kind = f"mutant {seed} {file}", file.partition(".")[2]
    try:
        held = desk.deliver(sender, file, damaged(seed, file), kind=kind)
    except DaymartError as refused:
        assert_told(refused, file)
        assert desk.last_load(sender)[1] in ("failed", "refused")
        assert desk.raw(sender) == []
    else:
        load_id, state, _ = desk.last_load(sender)
        read, new, quarantined, _ = desk.counted(load_id)
        rejects = desk.rejects(load_id)
        assert (state, read, new) == ("accepted", new + held, len(desk.raw(sender)))
        assert quarantined == held == len(rejects)
        for row_no, feed, seen_file, violations, values in rejects:
            assert (feed, seen_file) == (FEED, file) and row_no and violations and values
            assert all(v["rule"] and v["expected"] for v in violations)
    assert desk.landing_is_empty()


def assert_told(refused: DaymartError, file: str) -> None:
    assert str(refused).startswith((f"sales.so_order {file}", "sales 2026-11-20"))
    assert str(refused).isprintable()
    assert refused.remedy


@settings(max_examples=30, derandomize=True, suppress_health_check=REUSED)
@given(seed=ANY_SEED, file=FILES)
def test_damaged_file_never_crashes_nor_loses_a_row(desk: Desk, seed: int, file: str) -> None:
    assert_survives(desk, seed, file)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=REUSED)
@given(seed=ANY_SEED, file=FILES)
def test_ten_thousand_damaged_files_never_crash_nor_lose_a_row(
    desk: Desk, seed: int, file: str
) -> None:
    assert_survives(desk, seed, file)


@settings(max_examples=300, derandomize=True, suppress_health_check=REUSED)
@given(seed=ANY_SEED, file=FILES)
def test_damaged_file_read_and_typed_gives_each_row_once(desk: Desk, seed: int, file: str) -> None:
    table = desk.feed.table(TABLE)
    path = desk.folder / file
    path.write_bytes(damaged(seed, file))
    splitter = Splitter(table, COLUMNS, file_name=file)
    fmt = FileFormat(kind="csv" if file == "orders.csv" else "xlsx")
    lines: list[int] = []
    try:
        for batch in read_file(path, f"sales.so_order {file}", COLUMNS, (), fmt):
            split = splitter.split(batch)
            assert len(split.good) + len(split.rejects) == len(batch)
            lines += batch.column("_line").to_pylist()
    except DaymartError as refused:
        assert_told(refused, file)
    assert lines == sorted(set(lines))
    assert splitter.rows_seen == len(lines)
