"""Take the table out of a zip or gzip archive, and refuse the ones made to do harm."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO

from daymart.errors import ContractError
from daymart.sources.file_format import FileFormat, check_expansion
from daymart.sources.folder import printable
from daymart.sources.sniff import oversized_directory
from daymart.sources.take import Taken, spooling

MAX_MEMBERS = 1_000
_CHUNK_BYTES = 256 * 1024
_ARCHIVES = (".zip", ".gz", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst")
_MAGIC = (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd")
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    OverflowError, gzip.BadGzipFile,
)  # fmt: skip
_AGAIN = "Ask the sender to deliver the archive again."
_HOSTILE = "Treat it as hostile and tell the sender."


@contextmanager
def opened(
    taken: Taken, members: str | None, what: str, fmt: FileFormat
) -> Iterator[list[tuple[str, Path]]]:
    """Offer the files to read as (name, path): the file itself, or what its archive holds.

    Raises ContractError for an archive that is damaged, dangerous, or does not hold one member
    (those that fit `members`, where that is given).
    """
    ending = taken.path.suffix.lower()
    if ending == ".zip":
        with spooling() as spool:
            yield _unzipped(taken, members, spool, what, fmt)
    elif ending == ".gz" and fmt.kind == "xlsx":
        with spooling() as spool:
            yield [(taken.name, _gunzipped(taken.path, spool, what, fmt))]
    else:
        yield [(taken.name, taken.path)]


def _gunzipped(path: Path, spool: Path, what: str, fmt: FileFormat) -> Path:
    target = spool / "workbook.xlsx"
    try:
        with path.open("rb") as raw, gzip.GzipFile(fileobj=raw) as packed, target.open("wb") as out:
            total = 0
            while chunk := packed.read(_CHUNK_BYTES):
                total += len(chunk)
                check_expansion(total, raw.tell(), what, fmt)
                out.write(chunk)
    except _DAMAGE as error:
        raise _damaged(what, f"the gzip data is damaged ({error or 'cut short'})") from error
    return target


def _unzipped(
    taken: Taken, members: str | None, spool: Path, what: str, fmt: FileFormat
) -> list[tuple[str, Path]]:
    if oversized_directory(taken.path):
        raise _damaged(what, "the archive has an overlong list of members", _HOSTILE)
    try:
        with zipfile.ZipFile(taken.path) as archive:
            wanted = _checked(archive, members, taken.path.stat().st_size, what, fmt)
            found = []
            for number, info in enumerate(wanted):
                target = spool / f"{number}{Path(info.filename).suffix.lower()[:8]}"
                with archive.open(info) as packed, target.open("wb") as out:
                    _copy(packed, out, info, what, fmt)
                _refuse_nested(target, info, what, fmt)
                found.append((_named(taken, info, members), target))
    except _DAMAGE as error:
        raise _damaged(what, f"the zip archive is damaged ({error})") from error
    return found


def _named(taken: Taken, info: zipfile.ZipInfo, members: str | None) -> str:
    """Name a member by its archive; by both where an archive may hold several."""
    return f"{taken.name}/{printable(info.filename)}" if members else taken.name


def _checked(
    archive: zipfile.ZipFile, members: str | None, size: int, what: str, fmt: FileFormat
) -> list[zipfile.ZipInfo]:
    """Look at the list of members before one byte is expanded; return those to read."""
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise _damaged(what, f"the archive has {len(infos)} members", _HOSTILE)
    for info in infos:
        _check_member(info, what, fmt)
    # Members that overlap count more packed bytes than the archive has: its own size decides.
    packed = min(size, sum(info.compress_size for info in infos))
    check_expansion(sum(info.file_size for info in infos), packed, what, fmt)
    files = [info for info in infos if not info.is_dir()]
    if members is not None:
        files = [info for info in files if fnmatchcase(info.filename, members)]
    if not files or (members is None and len(files) > 1):
        names = ", ".join(printable(info.filename) for info in infos[:3])
        raise ContractError(
            what,
            saw=f"the archive has {len(files)} files to read ({names or 'no member'})",
            expected=f"members like {members}" if members else f"one {fmt.kind} file",
            remedy="Ask the sender for one, or name the members in the path: day.zip/orders*.csv",
        )
    return sorted(files, key=lambda info: info.filename)


def _check_member(info: zipfile.ZipInfo, what: str, fmt: FileFormat) -> None:
    name = info.filename.replace("\\", "/")
    shown = printable(info.filename)
    if name.startswith("/") or ".." in name.split("/") or ":" in name:
        raise _damaged(what, f"the archive has a member outside it ({shown})", _HOSTILE)
    if info.flag_bits & 1:
        raise _damaged(what, f"the archive's member {shown} is encrypted", "Ask for a plain one.")
    if name.lower().endswith(_ARCHIVES):
        raise _damaged(what, f"the archive holds another one ({shown})", "Ask for the file itself.")
    check_expansion(info.file_size, info.compress_size, what, fmt)


def _copy(packed: object, out: BinaryIO, info: zipfile.ZipInfo, what: str, fmt: FileFormat) -> None:
    total = 0
    while chunk := packed.read(_CHUNK_BYTES):  # type: ignore[attr-defined]
        total += len(chunk)
        check_expansion(total, info.compress_size, what, fmt)
        out.write(chunk)


def _refuse_nested(path: Path, info: zipfile.ZipInfo, what: str, fmt: FileFormat) -> None:
    """Refuse an archive under another ending; a workbook is a zip of its own, checked later."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(_MAGIC) or (fmt.kind == "csv" and head.startswith(b"PK\x03\x04")):
        shown = printable(info.filename)
        raise _damaged(what, f"the archive holds another one ({shown})", "Ask for the file itself.")


def _damaged(what: str, saw: str, remedy: str = _AGAIN) -> ContractError:
    return ContractError(what, saw=saw, expected="a plain archive of one table", remedy=remedy)
