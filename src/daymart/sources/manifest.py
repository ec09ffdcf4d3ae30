"""The manifest beside a file: what its sender says of it, and whether the file agrees."""

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from daymart.errors import ContractError, DaymartError, SourceUnavailable
from daymart.sources.folder import Fetched, Folder, printable
from daymart.sources.scan import Found

MAX_MANIFEST_BYTES = 1024 * 1024
YOUNG = timedelta(minutes=15)
"""So long after its last change a file that disagrees may still be on its way."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NO_RETRY = "Ask the sender to deliver file and manifest again."


@dataclass(frozen=True)
class Manifest:
    """What a sender counted: rows, the control measure's sum, the SHA-256 of the file.

    `sent_at` is the sender's own clock: noted and held against ours, never believed.
    """

    row_count: int
    control_total: Decimal | None = None
    control_measure: str | None = None
    file_hash: str | None = None
    size: int | None = None
    complete_through: date | None = None
    sent_at: datetime | None = None


def manifest_name(pattern: str, found: Found) -> str:
    """Return where the manifest of a file lies; `{file}`, `{stem}` and `{as_of}` are known."""
    parent, mark, file = found.name.rpartition("/")
    name = pattern.format(file=file, stem=file.partition(".")[0], as_of=found.business_date)
    return name if "/" in pattern else f"{parent}{mark}{name}"


def read_manifest(folder: Folder, name: str, found: Found, what: str) -> Manifest:
    """Read the manifest of a file, CSV or JSON; SourceUnavailable while it is not there.

    Raises ContractError for one that cannot be read or does not tell of this file.
    """
    content = folder.read_small(name, MAX_MANIFEST_BYTES + 1)
    where = f"{what} (manifest {printable(name)})"
    if content is None:
        raise SourceUnavailable(
            what,
            saw=f"no manifest {printable(name)}",
            expected="one that says the file is complete",
            remedy="It is looked for again; ask the sender if it never comes.",
        )
    if len(content) > MAX_MANIFEST_BYTES:
        raise _unreadable(where, f"more than {MAX_MANIFEST_BYTES} bytes")
    try:
        rows = _rows(content.decode("utf-8-sig"))
    except (ValueError, csv.Error, RecursionError) as broken:
        raise _unreadable(where, f"neither CSV nor JSON ({type(broken).__name__})") from broken
    file = found.name.rpartition("/")[2]
    mine = [row for row in rows if str(row.get("file_name") or file) == file]
    if len(mine) != 1:
        raise _unreadable(where, f"{len(mine)} rows about {printable(file)}")
    return _parsed(mine[0], where)


def _rows(text: str) -> list[dict[str, Any]]:
    if text.lstrip().startswith(("{", "[")):
        data = json.loads(text, parse_float=Decimal)
        rows = data if isinstance(data, list) else [data]
    else:
        sample = text.split("\n", 1)[0]
        delimiter = max(",;\t", key=sample.count)
        rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("no object")
    return [
        {str(name).strip().lower(): value for name, value in row.items() if value not in ("", None)}
        for row in rows
    ]


def _parsed(row: dict[str, Any], where: str) -> Manifest:
    try:
        digest = str(row.get("file_hash", "")).lower().removeprefix("sha256:") or None
        if digest and not _SHA256.fullmatch(digest):
            raise ValueError("file_hash is no SHA-256")
        if "row_count" not in row:
            raise ValueError("row_count is missing")
        total, through = row.get("control_total"), row.get("complete_through")
        manifest = Manifest(
            row_count=int(str(row["row_count"])),
            control_total=None if total is None else Decimal(str(total)),
            control_measure=row.get("control_measure"),
            file_hash=digest,
            size=int(str(row["bytes"])) if "bytes" in row else None,
            complete_through=None if through is None else date.fromisoformat(str(through)[:10]),
            sent_at=_sent_at(row.get("sent_at")),
        )
    except (ValueError, InvalidOperation) as wrong:
        raise _unreadable(where, str(wrong) or type(wrong).__name__) from wrong
    if manifest.row_count < 0 or not (manifest.control_total or Decimal(0)).is_finite():
        raise _unreadable(where, "a negative count or a total that is no number")
    return manifest


def _sent_at(told: object) -> datetime | None:
    """Read the sender's instant; None for one without offset, which no clock can be held against.

    Raises ValueError for what is no time.
    """
    if told is None:
        return None
    sent_at = datetime.fromisoformat(str(told))
    return None if sent_at.tzinfo is None else sent_at


def check_agrees(manifest: Manifest, fetched: Fetched, found: Found, what: str) -> None:
    """Refuse a file that is not the one its manifest describes.

    Raises SourceUnavailable while the file is young and may still be written, else ContractError.
    Rows are counted while the file is read, so they are compared after landing.
    """
    saw = expected = ""
    if manifest.size is not None and manifest.size != fetched.entry.size:
        saw, expected = f"{fetched.entry.size} bytes", f"{manifest.size} by its manifest"
    elif manifest.file_hash and manifest.file_hash != fetched.sha256:
        saw, expected = f"SHA-256 {fetched.sha256[:12]}…", f"{manifest.file_hash[:12]}… by manifest"
    elif manifest.complete_through and manifest.complete_through < found.business_date:
        saw = f"complete through {manifest.complete_through}"
        expected = f"through {found.business_date}, the date in its name"
    if not saw:
        return
    is_young = datetime.now(UTC) - fetched.entry.modified < YOUNG
    kind: type[DaymartError] = SourceUnavailable if is_young else ContractError
    remedy = "It may still be written and is read again later." if is_young else _NO_RETRY
    raise kind(what, saw=saw, expected=expected, remedy=remedy)


def check_stable(fetched: Fetched, stable_for: float, what: str) -> None:
    """Refuse a file without manifest that changed a moment ago; raises SourceUnavailable."""
    age = datetime.now(UTC) - fetched.entry.modified
    # A change in the future is a clock that differs, up to a minute; beyond, nothing is known.
    if timedelta(minutes=-1) < age < timedelta(seconds=stable_for):
        raise SourceUnavailable(
            what,
            saw=f"the file changed {max(age.total_seconds(), 0):.0f} s ago: not yet complete",
            expected=f"no change for {stable_for:g} s",
            remedy="It is read again later; a manifest tells sooner.",
        )


def _unreadable(where: str, saw: str) -> ContractError:
    return ContractError(
        where,
        saw=saw,
        expected="row_count, and file_hash or control_total, for this file",
        remedy=_NO_RETRY,
    )
