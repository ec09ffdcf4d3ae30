"""Drop folders near and far: complete files only, bounded archives, SFTP, no password told."""

import csv
import gzip
import hashlib
import io
import json
import os
import socket
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import time
from typing import Any

import fsspec
import paramiko
import pytest
from prices import PRICES

from daymart.connections import Connection
from daymart.contracts.model import LoadMode
from daymart.errors import ConfigError, ContractError, SourceUnavailable
from daymart.settings import FileTable
from daymart.sources.drop import DropSource
from daymart.sources.protocol import ReadParams
from daymart.sources.scan import PathPattern, natural

FRIDAY = date(2026, 11, 20)
CONTENT = "sku,amount\nA,1.50\nB,2\n"
NAME = "prices_2026-11-20.csv"


EVENTS = replace(PRICES, mode=LoadMode.EVENTS)


def read(
    folder: Path | str, login: Connection | None = None, **described: Any
) -> tuple[list[tuple[str | None, list[str]]], list[Any]]:
    """Return (file, keys) of each stream of the evening, and the control totals."""
    table = FileTable(**({"path": "prices_{as_of}.csv", "stable_for": 0} | described))
    source = DropSource("desk", "shop", folder, {"price": table}, login)
    found, totals = [], []
    for stream in source.read(EVENTS, ReadParams(FRIDAY)):
        keys = [key for batch in stream.batches for key in batch.column("sku").to_pylist()]
        found.append((stream.file_name, keys))
        totals.append(stream.control)
    return found, totals


def aged(path: Path, seconds: float) -> None:
    os.utime(path, (time() - seconds, time() - seconds))


@pytest.mark.parametrize(
    ("path", "name", "day"),
    [
        ("a_{as_of}.csv", "a_2026-11-20.csv", FRIDAY),
        ("a_{as_of:%d.%m.%Y}_*.csv", "a_20.11.2026_x.csv", FRIDAY),
        ("{as_of:%Y}/{as_of:%m}/a_{as_of:%Y%m%d}.csv", "2026/11/a_20261120.csv", FRIDAY),
        ("{as_of:%Y}/a_{as_of:%Y%m%d}.csv", "2025/a_20261120.csv", None),
        ("a_{as_of:%Y%m%d}.csv", "a_20261320.csv", None),
        ("a_{as_of:%Y%m}.csv", "a_202611.csv", date(2026, 11, 1)),
        ("**/a_{as_of}.csv", "x/y/a_2026-11-20.csv", FRIDAY),
    ],
)
def test_path_pattern_tells_the_business_date_of_a_name(
    path: str, name: str, day: date | None
) -> None:
    pattern = PathPattern(path, "shop.price")
    assert pattern.matches(name)
    assert pattern.date_of(name) == day


def test_names_sort_as_people_number_files() -> None:
    names = ["a_10.csv", "a_2.csv", "a.csv", "a-1.csv"]
    assert sorted(names, key=natural)[0] == "a.csv"
    assert sorted(names, key=natural).index("a_2.csv") < sorted(names, key=natural).index(
        "a_10.csv"
    )


def test_file_that_changed_a_moment_ago_is_not_yet_complete(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(CONTENT)
    with pytest.raises(SourceUnavailable, match="not yet complete"):
        read(tmp_path, stable_for=600)
    aged(tmp_path / NAME, 700)
    assert read(tmp_path, stable_for=600)[0] == [(NAME, ["A", "B"])]


def sealed(folder: Path, form: str = "json", **said: Any) -> None:
    """Write a file and its manifest."""
    (folder / NAME).write_text(CONTENT)
    digest = hashlib.sha256(CONTENT.encode()).hexdigest()
    row = {"row_count": 2, "control_total": "3.50", "control_measure": "amount"}
    row |= {"file_hash": digest, "complete_through": "2026-11-20"} | said
    text = io.StringIO()
    writer = csv.DictWriter(text, row.keys())
    writer.writeheader()
    writer.writerow(row)
    written = json.dumps(row) if form == "json" else text.getvalue()
    (folder / "prices_2026-11-20.manifest").write_text(written)


MANIFEST = "{stem}.manifest"


@pytest.mark.parametrize("form", ["json", "csv"])
def test_manifest_gives_the_control_totals_and_needs_no_waiting(tmp_path: Path, form: str) -> None:
    sealed(tmp_path, form)
    found, (control,) = read(tmp_path, manifest=MANIFEST, stable_for=600)
    assert found == [(NAME, ["A", "B"])]
    assert (control.rows, control.measure, control.is_promised) == (2, Decimal("3.50"), True)


def test_file_without_its_manifest_waits(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(CONTENT)
    with pytest.raises(SourceUnavailable, match="no manifest prices_2026-11-20.manifest"):
        read(tmp_path, manifest=MANIFEST)


@pytest.mark.parametrize(
    ("said", "saw"),
    [
        ({"file_hash": "0" * 64}, "SHA-256"),
        ({"bytes": 7}, "22 bytes"),
        ({"complete_through": "2026-11-19"}, "complete through 2026-11-19"),
    ],
    ids=["hash", "size", "half-a-day"],
)
def test_file_that_disagrees_with_its_manifest_is_retried_while_young(
    tmp_path: Path, said: dict[str, Any], saw: str
) -> None:
    sealed(tmp_path, **said)
    with pytest.raises(SourceUnavailable, match=saw):
        read(tmp_path, manifest=MANIFEST)
    aged(tmp_path / NAME, timedelta(hours=1).total_seconds())
    with pytest.raises(ContractError, match=saw):
        read(tmp_path, manifest=MANIFEST)


@pytest.mark.parametrize(
    ("said", "saw"),
    [
        ({"row_count": "two"}, "two"),
        ({"row_count": ""}, "row_count is missing"),
        ({"file_hash": "md5"}, "no SHA-256"),
        ({"file_name": "other.csv"}, "0 rows about"),
        ({"control_measure": "qty"}, "adds up 'qty'"),
        ({"control_total": "NaN"}, "no number"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_manifest_that_says_nothing_of_use_is_refused(
    tmp_path: Path, said: dict[str, Any], saw: str
) -> None:
    sealed(tmp_path, **said)
    with pytest.raises(ContractError, match=saw):
        read(tmp_path, manifest=MANIFEST)


def zipped(folder: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(folder / "prices_2026-11-20.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


ZIP = "prices_{as_of}.zip"


def test_zip_with_one_file_is_read_under_its_own_name(tmp_path: Path) -> None:
    zipped(tmp_path, {"in/prices.csv": CONTENT.encode()})
    assert read(tmp_path, path=ZIP)[0] == [("prices_2026-11-20.zip", ["A", "B"])]


def test_zip_with_several_files_gives_those_the_path_names(tmp_path: Path) -> None:
    zipped(
        tmp_path,
        {"b1.csv": b"sku,amount\nC,1\n", "a1.csv": CONTENT.encode(), "note.txt": b"hello"},
    )
    assert read(tmp_path, path=f"{ZIP}/*1.csv")[0] == [
        ("prices_2026-11-20.zip/a1.csv", ["A", "B"]),
        ("prices_2026-11-20.zip/b1.csv", ["C"]),
    ]
    with pytest.raises(ContractError, match="the archive has 3 files to read"):
        read(tmp_path, path=ZIP)


@pytest.mark.parametrize(
    ("members", "saw"),
    [
        ({"a.csv": b"\0" * 40_000_000}, "expands to"),
        ({"../a.csv": b"x"}, "outside it"),
        ({"/etc/a.csv": b"x"}, "outside it"),
        ({"a.zip": b"x"}, "holds another one"),
        ({"a.csv": gzip.compress(b"x" * 10)}, "holds another one"),
        ({f"{n}.csv": b"x" for n in range(1_001)}, "1001 members"),
        ({}, "0 files to read"),
    ],
    ids=["bomb", "climbs", "absolute", "nested", "nested-by-content", "crowd", "empty"],
)
def test_zip_made_to_do_harm_is_refused(
    tmp_path: Path, members: dict[str, bytes], saw: str
) -> None:
    zipped(tmp_path, members)
    with pytest.raises(ContractError, match=saw):
        read(tmp_path, path=ZIP)


def test_zip_that_is_encrypted_or_cut_is_refused(tmp_path: Path) -> None:
    zipped(tmp_path, {"a.csv": CONTENT.encode()})
    path = tmp_path / "prices_2026-11-20.zip"
    whole = path.read_bytes()
    marked = bytearray(whole)
    for at in (whole.index(b"PK\x03\x04") + 6, whole.index(b"PK\x01\x02") + 8):
        marked[at] |= 1
    path.write_bytes(bytes(marked))
    with pytest.raises(ContractError, match="encrypted"):
        read(tmp_path, path=ZIP)
    path.write_bytes(whole[:-30])
    with pytest.raises(ContractError, match="damaged"):
        read(tmp_path, path=ZIP)


@pytest.mark.parametrize(
    ("limit", "content", "path"),
    [
        ({"max_bytes": 21}, CONTENT.encode(), "prices_{as_of}.csv"),
        ({"max_columns": 1}, CONTENT.encode(), "prices_{as_of}.csv"),
        ({"max_field_chars": 50}, f"sku,amount\n{'A' * 60},1\n".encode(), "prices_{as_of}.csv"),
        ({"max_expanded_bytes": 21}, gzip.compress(CONTENT.encode()), "prices_{as_of}.csv.gz"),
        (
            {"max_compression_ratio": 2},
            gzip.compress(CONTENT.encode() + (b"A" * 1_000 + b",1\n") * 12_000),
            "prices_{as_of}.csv.gz",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_file_beyond_a_limit_is_refused_naming_it_and_read_once_it_is_raised(
    tmp_path: Path, limit: dict[str, int], content: bytes, path: str
) -> None:
    (tmp_path / path.format(as_of=FRIDAY)).write_bytes(content)
    ((name, most),) = limit.items()
    with pytest.raises(ContractError, match=rf"raise {name} under `limits`"):
        read(tmp_path, path=path, limits=limit)
    assert read(tmp_path, path=path, limits={name: most * 1_000})[0]


def test_folder_in_memory_is_read_like_a_local_one() -> None:
    system = fsspec.filesystem("memory")
    system.pipe(f"/far/{NAME}", CONTENT.encode())
    try:
        assert read("memory://far")[0] == [(NAME, ["A", "B"])]
    finally:
        system.rm("/far", recursive=True)


class Door(paramiko.ServerInterface):
    """Let one user in."""

    def check_auth_password(self, username: str, password: str) -> int:
        is_known = (username, password) == ("desk", "s3cr3t-canary")
        return paramiko.AUTH_SUCCESSFUL if is_known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def get_allowed_auths(self, username: str) -> str:
        return "password"


class Shelf(paramiko.SFTPServerInterface):
    """Serve a folder of this machine, read only."""

    root = Path()

    def _real(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def list_folder(self, path: str) -> Any:
        found = []
        for entry in self._real(path).iterdir():
            attributes = paramiko.SFTPAttributes.from_stat(entry.stat())
            attributes.filename = entry.name
            found.append(attributes)
        return found

    def stat(self, path: str) -> Any:
        try:
            return paramiko.SFTPAttributes.from_stat(self._real(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        handle = paramiko.SFTPHandle(flags)
        try:
            handle.readfile = self._real(path).open("rb")  # type: ignore[attr-defined]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno or 0)
        return handle


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Run an SFTP server over tmp_path; give its host key and port."""
    key = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    transports: list[paramiko.Transport] = []
    shelf = type("OwnShelf", (Shelf,), {"root": tmp_path})

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, shelf)
            transports.append(transport)
            try:
                transport.start_server(server=Door())
            except (paramiko.SSHException, EOFError):
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield key.get_base64(), listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for transport in transports:
        transport.close()
    thread.join(5)


def login(key: str, port: int, password: str = "s3cr3t-canary") -> Connection:
    return Connection("drop", "sftp", "127.0.0.1", port, "desk", password, extra={"host_key": key})


def test_sftp_folder_gives_its_files_archives_and_manifests(
    sftp: tuple[str, int], tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    sealed(tmp_path / "out")
    zipped(tmp_path / "out", {"prices.csv": CONTENT.encode()})
    far = f"sftp://127.0.0.1:{sftp[1]}/out"
    assert read(far, login(*sftp), manifest=MANIFEST)[0] == [(NAME, ["A", "B"])]
    assert read(far, login(*sftp), path=ZIP)[0] == [("prices_2026-11-20.zip", ["A", "B"])]


@pytest.mark.parametrize("wrong", ["password", "host-key", "nobody-home"])
def test_sftp_that_does_not_let_in_names_the_host_and_no_password(
    sftp: tuple[str, int], wrong: str
) -> None:
    key, port = sftp
    given = login(key, port)
    if wrong == "password":
        given = login(key, port, "wr0ng-canary")
    elif wrong == "host-key":
        given = login(paramiko.ECDSAKey.generate().get_base64(), port)
    else:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
    with pytest.raises(SourceUnavailable, match=r"sftp://127.0.0.1/out: it does not ans") as caught:
        read(f"sftp://127.0.0.1:{port}/out", given)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_sftp_without_a_log_in_is_a_mistake_of_the_settings() -> None:
    with pytest.raises(ConfigError, match="no connection"):
        read("sftp://127.0.0.1/out")
