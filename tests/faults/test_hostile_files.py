"""Hostile files through the whole load path: rows, named rejects or one clear sentence."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hostile_files import (
    CASES,
    COLUMNS,
    FEED,
    LOCALES,
    LOGIN,
    TABLE,
    THREE,
    VALUES,
    Case,
    Value,
    book,
    hostile_feed,
    order,
    orders,
    sheet,
    text,
    values_of,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daymart.cli.output import complain, show
from daymart.contracts.ddl import SYSTEM_COLUMNS
from daymart.contracts.model import Feed, Table
from daymart.errors import DaymartError, TransientError
from daymart.load.accept import accept
from daymart.load.pull import pull
from daymart.settings import Binding, FileTable, Project, Settings
from daymart.sources.drop import DropSource
from daymart.sources.protocol import ReadParams, TableStream
from daymart.sources.registry import sources_of
from daymart.warehouse.connect import Warehouse
from daymart.warehouse.install import install
from tests.conftest import DEMO_EVENING, HOME, Databases, rows, warehouse_at

REJECTS = (
    "select row_no, feed_id, file_name, violations, row_values from quarantine.reject"
    " where load_id = %s order by row_no"
)

RAW_COLUMNS = (*COLUMNS, *(name for name, _, _ in SYSTEM_COLUMNS))


class Desk:
    """Where a department drops its file and Daymart picks it up."""

    def __init__(self, warehouse: Warehouse, feed: Feed, folder: Path) -> None:
        self.warehouse, self.feed, self.folder = warehouse, feed, folder

    def deliver(self, sender: str, file: str, content: bytes | None, **binding: Any) -> int:
        """Drop a file, pull and accept it; return how many rows were held back."""
        for old in self.folder.iterdir():
            old.unlink()
        if content is not None:
            (self.folder / file).write_bytes(content)
        described = FileTable(path=file, **binding)
        bound = Binding(system=sender, feeds=(FEED,), folder=".", files={TABLE: described})
        company = Settings(company="Hostile", currency="EUR", bindings=(bound,))
        (source,) = sources_of(self.feed, Project(self.folder, company))
        load = pull(self.warehouse, self.feed, source, DEMO_EVENING)
        return accept(self.warehouse, self.feed, load.load_id).quarantined

    def raw(self, sender: str) -> list[tuple]:
        return self.ask("select * from raw.so_order where source_system = %s order by 1", sender)

    def last_load(self, sender: str) -> tuple[int, str, str | None]:
        """Return number, state and reason of the sender's latest load."""
        found = self.ask(
            "select load_id, state, reason from ops.load where source_system = %s"
            " order by load_id desc limit 1",
            sender,
        )
        return found[0]

    def ask(self, query: str, *values: object) -> list[tuple]:
        return rows(self.warehouse, query, *values)


@pytest.fixture(scope="module")
def hostile_warehouse(databases: Databases, feeds: dict[str, Feed]) -> Iterator[Warehouse]:
    uri = databases.create()
    warehouse = warehouse_at(uri)
    install(warehouse, [hostile_feed(feeds[FEED])], {})
    yield warehouse
    databases.drop(uri)


@pytest.fixture
def desk(hostile_warehouse: Warehouse, feeds: dict[str, Feed], tmp_path: Path) -> Desk:
    return Desk(hostile_warehouse, hostile_feed(feeds[FEED]), tmp_path)


def named(case: Case) -> str:
    return case.name.replace(" ", "-")


@pytest.mark.parametrize("case", [c for c in CASES if not c.is_refused], ids=named)
def test_hostile_file_with_readable_rows_accounts_for_each(desk: Desk, case: Case) -> None:
    held = desk.deliver(case.name, case.file, case.made(), **case.binding)
    load_id, state, _ = desk.last_load(case.name)
    raw = desk.raw(case.name)
    assert state == "accepted"
    assert (len(raw), held) == (case.rows - len(case.held), len(case.held))
    assert counted(desk, load_id) == (case.rows, case.rows - held, held, list(case.extra))
    assert_explained(desk, load_id, case)
    for key, values in case.stored.items():
        for column, wanted in values.items():
            assert wanted in stored(desk, case.name, key, column)


def counted(desk: Desk, load_id: int) -> tuple[int, int, int, list[str]]:
    """Give rows read, new rows, rows held back and unknown columns from the ledger."""
    (found,) = desk.ask(
        "select read_rows, new_rows, quarantined_rows, extra_columns from ops.load_table"
        " where load_id = %s",
        load_id,
    )
    return found  # type: ignore[return-value]


def assert_explained(desk: Desk, load_id: int, case: Case) -> None:
    """Each reject names feed, file, row, column, rule and value, and keeps the row as read."""
    rejects = desk.ask(REJECTS, load_id)
    seen = []
    for row_no, feed, file, violations, values in rejects:
        assert (feed, file) == (FEED, case.file)
        assert set(values) >= set(desk.feed.table(TABLE).column_names)
        first = violations[0]
        assert first["expected"]
        seen.append((row_no, first["column"], first["rule"], first["value"]))
    wanted = [(h.row, h.column, h.rule, h.value or None) for h in case.held]
    assert seen == wanted


@pytest.mark.parametrize("case", [c for c in CASES if c.is_refused], ids=named)
def test_hostile_file_that_cannot_be_read_is_refused_whole(desk: Desk, case: Case) -> None:
    before = known_rows(desk, case.name)
    with pytest.raises(DaymartError) as caught:
        desk.deliver(case.name, case.file, case.made(), **case.binding)
    assert_sentence(caught.value, case.starts or f"sales.so_order {case.file}")
    assert [part for part in case.says if part not in str(caught.value)] == []
    assert caught.value.exit_code == case.exit_code
    load_id, state, reason = desk.last_load(case.name)
    assert (state, bool(reason)) == ("refused" if case.is_judged else "failed", True)
    assert desk.raw(case.name) == before
    assert len(before) == 3
    assert nothing_left(desk)


def known_rows(desk: Desk, sender: str) -> list[tuple]:
    """Let a sender have delivered three orders before, without the cost of a load."""
    if not desk.raw("sound"):
        desk.deliver("sound", "orders.csv", THREE.encode())
    names = ", ".join(c for c in RAW_COLUMNS if c != "source_system")
    with desk.warehouse.session(None) as session:
        session.execute(
            f"insert into raw.so_order (source_system, {names})"
            f" select %s, {names} from raw.so_order where source_system = 'sound'".encode(),
            [sender],
        )
    return desk.raw(sender)


def assert_sentence(error: DaymartError, starts: str) -> None:
    """The sentence names feed and file, is one printable line and tells what to do."""
    message = str(error)
    assert message.startswith(starts)
    assert message.isprintable()
    assert len(message) < 1_000
    assert error.saw and error.remedy and message.endswith(error.remedy)


def nothing_left(desk: Desk) -> bool:
    return desk.ask("select tablename from pg_tables where schemaname = 'landing'") == []


def stored(desk: Desk, sender: str, key: str, column: str) -> tuple[Any, str]:
    """Give a value of raw, and as PostgreSQL and Python write it."""
    (found,) = desk.ask(
        f"select {column} from raw.so_order where source_system = %s and order_id = %s", sender, key
    )
    return found[0], str(found[0])


@dataclass(frozen=True)
class Judged:
    """What became of the values of one locale: rejects by row, rows accepted, rows held."""

    desk: Desk
    rejects: dict[int, dict[str, Any]]
    accepted: int
    held: int


@pytest.fixture(scope="module")
def judged(
    hostile_warehouse: Warehouse, feeds: dict[str, Feed], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Judged]:
    """Deliver the values of every locale, each locale in one file."""
    # The values are bad on purpose, so the limit of rejects is not the question here.
    feed = replace(hostile_feed(feeds[FEED]), max_reject_share=1.0)
    found = {}
    for locale, (_, binding) in LOCALES.items():
        desk = Desk(hostile_warehouse, feed, tmp_path_factory.mktemp(locale))
        held = desk.deliver(f"values {locale}", "orders.csv", values_of(locale)[1], **binding)
        rejects = desk.ask(REJECTS, desk.last_load(f"values {locale}")[0])
        first = {row: violations[0] for row, _, _, violations, _ in rejects}
        found[locale] = Judged(desk, first, len(desk.raw(f"values {locale}")), held)
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_hostile_values_of_a_file_are_all_accounted_for(
    judged: dict[str, Judged], locale: str
) -> None:
    got, chosen = judged[locale], values_of(locale)[0]
    assert (got.accepted, got.held) == (
        sum(not v.rule for v in chosen),
        sum(bool(v.rule) for v in chosen),
    )


@pytest.mark.parametrize("case", VALUES, ids=lambda v: v.name)
def test_hostile_value_is_stored_exactly_or_held_by_its_rule(
    judged: dict[str, Judged], case: Value
) -> None:
    got = judged[case.locale]
    at = values_of(case.locale)[0].index(case) + 1
    if case.rule:
        reject = got.rejects[at + 1]
        assert (reject["column"], reject["rule"]) == (case.column, case.rule)
        assert reject["value"] == (case.seen or None)
        assert reject["expected"]
    else:
        wanted = case.seen if case.gives is None else case.gives
        assert at + 1 not in got.rejects
        assert wanted in stored(got.desk, f"values {case.locale}", f"S{at:05}", case.column)


class Growing(DropSource):
    """A drop into whose files somebody still writes while they are read."""

    def read(self, table: Table, params: ReadParams) -> Iterator[TableStream]:
        for stream in super().read(table, params):
            with (self.folder / str(stream.file_name)).open("a") as still_written:
                still_written.write("S00004,")
            yield stream


def test_file_growing_while_read_is_refused_and_read_again_later(desk: Desk) -> None:
    (desk.folder / "orders.csv").write_text(THREE)
    tables = {TABLE: FileTable(path="orders.csv")}
    with pytest.raises(TransientError, match="the file changed while being read") as caught:
        pull(desk.warehouse, desk.feed, Growing("growing", FEED, desk.folder, tables), DEMO_EVENING)
    assert_sentence(caught.value, "sales.so_order orders.csv")
    assert caught.value.exit_code == 3
    assert desk.raw("growing") == []
    assert nothing_left(desk)


def test_ragged_row_of_a_known_key_does_not_delete_it(desk: Desk) -> None:
    desk.deliver("ragged", "orders.csv", text(orders(4)).encode())
    broken = text(orders(4)).replace("S00002,S00002", "x,S00002,S00002").encode()
    assert desk.deliver("ragged", "orders.csv", broken) == 1
    assert [row[0] for row in desk.raw("ragged")] == [f"S{n:05}" for n in range(1, 5)]


def test_totals_row_does_not_stop_deletions(desk: Desk) -> None:
    desk.deliver("totals", "orders.csv", text(orders(4)).encode())
    desk.deliver("totals", "orders.csv", (text(orders(3)) + "Итого,,,,,,,31.50,6,,\n").encode())
    assert len(desk.raw("totals")) == 3


HOSTILE_PIECES = (
    b"", b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b";", b"\t", b",,,,", b'""',
    b"NaN", b"1e999", b"-", b"=1+1", "Итого".encode(), "\u202e".encode(), b"order_id",
    b"2026-02-31", b"\x1b[2J", b"x" * 3000, b"S00001", b"\n\n", b"'", b"\\",
)  # fmt: skip


def mutated(seed: int, sound: bytes) -> bytes:
    """Damage a sound file in one to four places."""
    chance = random.Random(seed)
    content = bytearray(sound)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(content) + 1)
        end = min(len(content), start + chance.choice((0, 0, 1, 2, 10, 200)))
        piece = chance.choice(HOSTILE_PIECES)
        if chance.random() < 0.2:
            piece = bytes(content[start:end]) * 2
        content[start:end] = piece
    return bytes(content)


SOUND = {"orders.csv": text(orders(8)).encode(), "orders.xlsx": book(orders(8))}
SOUND_SHEET = sheet(orders(8), {}).encode()


def damaged(seed: int, file: str) -> bytes:
    """Damage a file as it lies, or, for three workbooks of four, the sheet inside it."""
    if file == "orders.xlsx" and seed % 4:
        return book([], more={"xl/sheet.xml": mutated(seed, SOUND_SHEET)})
    return mutated(seed, SOUND[file])


def assert_survives(desk: Desk, seed: int, file: str) -> None:
    """A damaged file ends in rows, rejects with a reason, or one sentence; nothing is lost."""
    sender, kind = f"mutant {seed} {file}", file.partition(".")[2]
    try:
        held = desk.deliver(sender, file, damaged(seed, file), kind=kind)
    except DaymartError as refused:
        assert str(refused).startswith((f"sales.so_order {file}", "sales 2026-11-20"))
        assert str(refused).isprintable()
        assert refused.remedy
        assert desk.last_load(sender)[1] in ("failed", "refused")
        assert desk.raw(sender) == []
    else:
        load_id, state, _ = desk.last_load(sender)
        read, new, quarantined, _ = counted(desk, load_id)
        rejects = desk.ask(REJECTS, load_id)
        assert (state, read, new) == ("accepted", new + held, len(desk.raw(sender)))
        assert quarantined == held == len(rejects)
        for row_no, feed, seen_file, violations, values in rejects:
            assert (feed, seen_file) == (FEED, file) and row_no and violations and values
            assert all(v["rule"] and v["expected"] for v in violations)
    assert nothing_left(desk)


ANY_SEED = st.integers(0, 2**32)
REUSED = [HealthCheck.function_scoped_fixture]


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=REUSED)
@given(seed=ANY_SEED, file=st.sampled_from(sorted(SOUND)))
def test_damaged_file_never_crashes_nor_loses_a_row(desk: Desk, seed: int, file: str) -> None:
    assert_survives(desk, seed, file)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, deadline=None, suppress_health_check=REUSED)
@given(seed=ANY_SEED, file=st.sampled_from(sorted(SOUND)))
def test_ten_thousand_damaged_files_never_crash_nor_lose_a_row(
    desk: Desk, seed: int, file: str
) -> None:
    assert_survives(desk, seed, file)


REAL = ("order_id", "number", "customer_id", "employee_id", "order_date", "currency",
        "contract_id", "prepaid")  # fmt: skip
BAD = [order(n, currency="euro" if n < 3 else "EUR") for n in range(1, 30)]


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (LOGIN, 6, "sales.so_order orders.csv: the content is an HTML login page"),
        (text(BAD, REAL), 7, "2 rows held back"),
    ],
    ids=["login-page", "two-bad-rows"],
)
def test_command_line_answers_a_hostile_file_without_a_traceback(
    warehouse: Warehouse, tmp_path: Path, content: str, code: int, says: str
) -> None:
    (tmp_path / "orders.csv").write_text(content)
    answer = load_by_command(warehouse, tmp_path)
    said = answer.stdout + answer.stderr
    assert (answer.returncode, says in said) == (code, True), said
    assert "Traceback" not in said
    if code != 7:
        assert len(answer.stderr.strip().splitlines()) == 1


def load_by_command(warehouse: Warehouse, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `daymart load sales` for a company whose orders come from a folder."""
    company = {
        "company": "Hostile",
        "currency": "EUR",
        "bindings": [
            {
                "system": "desk",
                "feeds": [FEED],
                "folder": str(folder),
                "files": {TABLE: {"path": "orders.csv"}},
            }
        ],
    }
    written = folder / "company.yaml"
    written.write_text(yaml.safe_dump(company))
    connection = warehouse.connection
    uri = f"postgresql://{connection.login}@/{connection.database}?host={connection.host}"
    places = {"DAYMART_HOME": str(HOME), "DAYMART_SETTINGS": str(written)}
    return subprocess.run(
        [sys.executable, "-m", "daymart", "load", FEED, "--as-of", DEMO_EVENING.isoformat()],
        env={**os.environ, **places, "AIRFLOW_CONN_WAREHOUSE": uri},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_hostile_text_reaches_no_terminal_unescaped(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\x1b[31mred\u202egnp.exe\u200b"
    show("rejects", [{"value": text, "columns": [text]}])
    complain(f"sales.so_order {text}: no")
    said = capsys.readouterr()
    assert "\\x1b[31mred\\u202egnp.exe\\u200b" in said.out
    assert not {"\x1b", "\u202e", "\u200b"} & {*said.out, *said.err}


def test_hostile_corpus_covers_its_catalogue() -> None:
    names = {c.name for c in CASES} | {v.name for v in VALUES}
    assert len(names) == len(CASES) + len(VALUES) >= 170
