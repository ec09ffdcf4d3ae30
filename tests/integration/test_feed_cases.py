"""Every case of deliveries in the reference, by name, played on the daily files of logistics."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from daymart.contracts.model import Feed
from daymart.demo.departments.logistics import keep_logistics
from daymart.errors import ContractError, DaymartError, ExitCode
from daymart.publish.freshness import previous_working_day
from daymart.settings import Settings
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, Databases, rows, warehouse_at
from tests.departments import drop, load
from tests.integration.test_departments_logistics import KINDS, TABLES

THURSDAY, FRIDAY = date(2026, 11, 19), DEMO_EVENING
MONDAY = date(2026, 11, 23)
CHRISTMAS_EVE, CHRISTMAS, AFTER_CHRISTMAS = (date(2026, 12, day) for day in (24, 25, 28))
MEASURE = "Количество"
LONG_AGO = 3600
LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>"


def without(lines: list[str], column: str) -> list[str]:
    """Take a column out of a file."""
    at = lines[0].split(";").index(column)
    return [";".join(v for n, v in enumerate(x.split(";")) if n != at) for x in lines]


def added_up(lines: list[str]) -> Decimal:
    """Add up the measure of a file of lines."""
    at = lines[0].split(";").index(MEASURE)
    return sum((Decimal(x.split(";")[at].replace(",", ".")) for x in lines[1:]), Decimal(0))


class Post:
    """The folder of logistics: the demo's files go in under any date, loads come out."""

    def __init__(self, warehouse: Warehouse, feed: Feed, folder: Path, written: Path) -> None:
        self.warehouse, self.feed, self.folder, self._written = warehouse, feed, folder, written
        self.files: dict[str, Any] = {}

    def lines(self, kind: str, day: date = FRIDAY) -> list[str]:
        """Return what logistics wrote that day, the header first."""
        path = self._written / f"{kind}_{day:%Y%m%d}.csv"
        return path.read_text("cp1251").splitlines()

    def send(self, kind: str, day: date, content: bytes | list[str], **promised: Any) -> None:
        """Leave a file an hour old and the manifest that describes it, but for `promised`."""
        lines = [] if isinstance(content, bytes) else content
        text = "".join(f"{line}\n" for line in lines).encode("cp1251")
        data = content if isinstance(content, bytes) else text
        path = self.folder / f"{kind}_{day:%Y%m%d}.csv"
        path.write_bytes(data)
        os.utime(path, (path.stat().st_mtime - LONG_AGO,) * 2)
        manifest = {
            "file_name": path.name,
            "row_count": max(len(lines) - 1, 0),
            "file_hash": hashlib.sha256(data).hexdigest(),
            "bytes": len(data),
            "complete_through": day.isoformat(),
        }
        if kind == "строки" and lines:
            manifest |= {"control_measure": MEASURE, "control_total": str(added_up(lines))}
        path.with_suffix(".manifest.json").write_text(json.dumps(manifest | promised))

    def send_day(self, day: date, of: date | None = None) -> None:
        """Leave all four files of a day, filled with those of the day `of`."""
        for kind in KINDS:
            self.send(kind, day, self.lines(kind, of or day))

    def load(self, evening: date = FRIDAY) -> int:
        source = drop(self.feed, "demo_logistics", self.folder, **self.files)
        return load(self.warehouse, self.feed, source, evening)

    def ask(self, query: str, *values: object) -> list[tuple]:
        return rows(self.warehouse, query, *values)

    def counts(self) -> dict[str, int]:
        return {t: self.ask(f"select count(*) from raw.{t}")[0][0] for t in TABLES}

    def raw(self) -> list[list[tuple]]:
        return [self.ask(f"select * from raw.{t} order by _row_hash") for t in TABLES]

    def last(self) -> tuple:
        """Return state, evening and reason of the latest load."""
        query = "select state, as_of, reason from ops.load order by load_id desc limit 1"
        return self.ask(query)[0]

    def noted(self, kind: str) -> list[tuple]:
        """Return name, state and rows of the files of a kind that the latest load looked at."""
        return self.ask(
            "select file_name, state, rows from ops.load_file"
            " where load_id = (select max(load_id) from ops.load) and file_name like %s order by 1",
            f"{kind}%",
        )

    def verdict(self, check_id: str) -> dict[str, tuple]:
        """Return verdict and what was seen of a check in the latest load, table by table."""
        return {
            subject: told
            for subject, *told in self.ask(
                "select subject, verdict, detail ->> 'saw' from ops.check_result"
                " where load_id = (select max(load_id) from ops.load) and check_id = %s",
                check_id,
            )
        }

    def refused(self, *says: str, code: int = ExitCode.REJECTED, evening: date = FRIDAY) -> str:
        """Hold that a load is refused with these words and leaves raw as it was."""
        before = self.raw()
        with pytest.raises(DaymartError) as caught:
            self.load(evening)
        told = str(caught.value)
        assert caught.value.exit_code == code
        assert [part for part in ("logistics", *says) if part not in told] == [], told
        assert caught.value.remedy
        assert self.raw() == before
        state = "refused" if isinstance(caught.value, ContractError) else "failed"
        assert (self.last()[0], bool(self.last()[2])) == (state, True)
        return told


@pytest.fixture(scope="module")
def written(
    databases: Databases, demo_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Offer the files logistics left in the first evening."""
    uri, folder = databases.create(demo_template), tmp_path_factory.mktemp("written")
    keep_logistics(uri, folder, DEMO_EVENING)
    databases.drop(uri)
    return folder


@pytest.fixture
def empty_post(
    databases: Databases,
    installed_template: str,
    feeds: dict[str, Feed],
    tmp_path: Path,
    written: Path,
) -> Iterator[Post]:
    """Offer an empty folder and an empty warehouse."""
    uri = databases.create(installed_template)
    yield Post(warehouse_at(uri), feeds["logistics"], tmp_path, written)
    databases.drop(uri)


@pytest.fixture
def post(empty_post: Post) -> Post:
    """Offer a folder with Thursday's files, loaded, and Friday's, waiting."""
    empty_post.send_day(THURSDAY)
    empty_post.load(THURSDAY)
    empty_post.send_day(FRIDAY)
    return empty_post


def test_empty_file_with_manifest_zero(post: Post) -> None:
    before = post.counts()["lg_delivery_event"]
    post.send("события", FRIDAY, post.lines("события")[:1])
    post.load()
    assert post.last()[:2] == ("accepted", FRIDAY)
    assert post.noted("события") == [("события_20261120.csv", "taken", 0)]
    assert post.counts()["lg_delivery_event"] == before
    assert post.verdict("landing.empty_file")["logistics.events"][0] == "passed"


def test_empty_file_without(post: Post) -> None:
    path, header = "события_20261120", post.lines("события")[:1]
    post.send("события", FRIDAY, header, row_count=5)
    post.refused(f"{path}.csv: 0 rows, expected 5 by its manifest", "Ask the sender")
    assert post.noted("события") == [(f"{path}.csv", "failed", 0)]
    post.send("события", FRIDAY, b"", row_count=0)
    post.refused(f"{path}.csv: the file is empty (0 bytes), expected a header row", "Ask the send")
    (post.folder / f"{path}.manifest.json").unlink()
    code = ExitCode.SOURCE_UNAVAILABLE
    post.refused(f"{path}.csv: no manifest {path}.manifest.json", "looked for again", code=code)
    post.send("события", FRIDAY, header)
    post.files = {"manifest": None}
    post.refused(f"landing.empty_file failed on logistics.events: no rows in {path}.csv", "0 rows")


def test_login_page_instead_of_a_file(post: Post) -> None:
    post.send("строки", FRIDAY, LOGIN_PAGE)
    post.refused("строки_20261120.csv: the content is an HTML login page", "Ask the sender")
    assert [row[:2] for row in post.noted("строки")] == [("строки_20261120.csv", "failed")]


def test_extra_column(post: Post) -> None:
    header, *lines = post.lines("строки")
    content = [f"{header};Цвет", *(f"{line};красный" for line in lines)]
    post.send("строки", FRIDAY, content)
    post.load()
    assert post.noted("строки") == [("строки_20261120.csv", "taken", len(lines))]
    query = "select extra_columns from ops.load_table where table_name = %s order by load_id desc"
    assert post.ask(query, "lg_shipment_line")[0] == (["Цвет"],)
    assert post.ask(query, "lg_shipment")[0] == ([],)


def test_missing_column(post: Post) -> None:
    post.send("строки", FRIDAY, without(post.lines("строки"), "Товар"))
    post.refused("lg_shipment_line строки_20261120.csv: no column 'Товар'", "Ask the sender")
    assert [row[:2] for row in post.noted("строки")] == [("строки_20261120.csv", "failed")]


def test_same_batch_sent_twice(post: Post) -> None:
    post.load()
    before = post.raw()
    post.send_day(FRIDAY)
    post.load()
    state, evening, reason = post.last()
    assert (state, evening) == ("accepted", FRIDAY)
    assert reason.startswith("already delivered")
    assert post.raw() == before


def test_same_batch_under_the_next_date_is_a_duplicate(post: Post) -> None:
    post.load()
    before = post.raw()
    post.send_day(MONDAY, of=FRIDAY)
    post.load(MONDAY)
    assert [row[:2] for row in post.noted("строки")] == [("строки_20261123.csv", "duplicate")]
    assert post.raw() == before


def test_older_batch_after_newer(post: Post) -> None:
    header, first, *_ = post.lines("отгрузки")
    key = first.partition(";")[0]
    post.load()
    query = "select carrier, _file from raw.lg_shipment where shipment_id = %s"
    newest = post.ask(query, key)
    values = first.split(";")
    values[header.split(";").index("Перевозчик")] = "an older word"
    late = date(2026, 11, 18)
    post.send("отгрузки", late, [header, ";".join(values)])
    post.load()
    assert post.last()[:2] == ("accepted", FRIDAY)
    assert post.noted("отгрузки") == [("отгрузки_20261118.csv", "taken", 1)]
    assert post.ask(query, key) == newest
    superseded = "select superseded_rows from ops.load_table where table_name = 'lg_shipment'"
    assert post.ask(f"{superseded} order by load_id desc")[0] == (1,)


@pytest.mark.parametrize(
    ("sent_at", "saw"),
    [
        (datetime(2999, 1, 1, tzinfo=UTC), "by its own word sent after it came"),
        (datetime(2026, 11, 1, tzinfo=UTC), "by its own word sent before its day"),
    ],
    ids=["ahead", "behind"],
)
def test_clock_of_the_sender_wrong(post: Post, sent_at: datetime, saw: str) -> None:
    post.send("строки", FRIDAY, post.lines("строки"), sent_at=sent_at.isoformat())
    header, *events = post.lines("события")
    values = events[0].split(";")
    values[header.split(";").index("Время")] = "01.01.2999 10:00:00"
    post.send("события", FRIDAY, [header, ";".join(values), *events[1:]])
    number = post.load()
    assert post.last()[:2] == ("accepted", FRIDAY)
    assert post.verdict("landing.sender_clock")["logistics.lines"] == [
        "warned", f"строки_20261120.csv {saw}",
    ]  # fmt: skip
    assert post.verdict("logistics.happened_before_delivery")["logistics.lg_delivery_event"][0] == (
        "warned"
    )
    assert post.ask("select count(*) from raw.lg_delivery_event where at > '2998-01-01'") == [(1,)]
    arrived = "select accepted_at < now() + interval '1 minute' from ops.load where load_id = %s"
    assert post.ask(arrived, number) == [(True,)]
    post.send_day(MONDAY, of=THURSDAY)
    post.load(MONDAY)
    query = "select since from ops.load_table where table_name = 'lg_delivery_event'"
    ((since,),) = post.ask(f"{query} order by load_id desc limit 1")
    assert since == datetime(2026, 11, 21, tzinfo=UTC) - timedelta(days=14)


def test_clock_of_the_sender_minutes_off_or_without_a_zone_is_no_matter(post: Post) -> None:
    near = datetime.now(UTC) + timedelta(minutes=8)
    post.send("строки", FRIDAY, post.lines("строки"), sent_at=near.isoformat())
    post.send("события", FRIDAY, post.lines("события"), sent_at="2999-01-01T00:00:00")
    post.load()
    assert {told[0] for told in post.verdict("landing.sender_clock").values()} == {"passed"}
    post.send("события", FRIDAY, post.lines("события")[:-1], sent_at="yesterday")
    post.refused("события_20261120.manifest.json", "yesterday")


def test_batch_for_a_holiday(empty_post: Post, settings: Settings) -> None:
    post, calendar = empty_post, settings.calendars["default"]
    assert not calendar.is_working(CHRISTMAS)
    assert previous_working_day(AFTER_CHRISTMAS, calendar) == CHRISTMAS_EVE
    post.send_day(CHRISTMAS_EVE, of=THURSDAY)
    post.send_day(AFTER_CHRISTMAS, of=FRIDAY)
    post.load(AFTER_CHRISTMAS)
    passed = ["passed", "a file for every working day"]
    assert post.verdict("landing.missing_day")["logistics.lines"] == passed
    post.send("строки", CHRISTMAS, post.lines("строки", THURSDAY)[:2])
    post.load(AFTER_CHRISTMAS)
    assert post.last()[:2] == ("accepted", AFTER_CHRISTMAS)
    assert post.noted("строки") == [("строки_20261225.csv", "taken", 1)]
    assert post.verdict("landing.missing_day")["logistics.lines"] == passed
    post.send("строки", date(2026, 12, 22), post.lines("строки", THURSDAY)[:2])
    post.load(AFTER_CHRISTMAS)
    assert post.verdict("landing.missing_day")["logistics.lines"] == [
        "warned", "no file for 2026-12-23",
    ]  # fmt: skip


def test_totals_differ_by_one_kopeck(post: Post) -> None:
    lines = post.lines("строки")
    own = added_up(lines)
    promised = own + Decimal("0.01")
    post.send("строки", FRIDAY, lines, control_total=str(promised))
    post.refused(
        f"строки_20261120.csv: 'Количество' adds up to {own.normalize():f},"
        f" expected {promised.normalize():f} by its manifest",
        "Ask the sender",
    )
    assert post.noted("строки") == [("строки_20261120.csv", "failed", len(lines) - 1)]


CASES: dict[str, Callable[..., None]] = {
    "empty file with manifest zero": test_empty_file_with_manifest_zero,
    "empty file without": test_empty_file_without,
    "login page instead of a file": test_login_page_instead_of_a_file,
    "extra column": test_extra_column,
    "missing column": test_missing_column,
    "same batch sent twice": test_same_batch_sent_twice,
    "older batch after newer": test_older_batch_after_newer,
    "clock of the sender wrong": test_clock_of_the_sender_wrong,
    "batch for a holiday": test_batch_for_a_holiday,
    "totals differ by one kopeck": test_totals_differ_by_one_kopeck,
}


def test_every_case_of_deliveries_is_played_by_a_test_of_its_name() -> None:
    assert len(CASES) == 10
    for phrase, test in CASES.items():
        assert test.__name__ == f"test_{phrase.replace(' ', '_')}"
        assert globals()[test.__name__] is test
