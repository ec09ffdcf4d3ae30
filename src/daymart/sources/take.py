"""Decide which files of a folder a load takes, and hand them on one by one.

Three ways: of a full list only the newest counts; of lists taken per evening each date counts; of
daily files of movements each file does. What is not taken is told to the ledger with the reason.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Literal

from daymart.errors import SourceError
from daymart.settings import FileTable
from daymart.sources.folder import Fetched, Folder, printable
from daymart.sources.manifest import (
    Manifest,
    check_agrees,
    check_stable,
    manifest_name,
    read_manifest,
)
from daymart.sources.protocol import FileNote, FilesLedger, FileState
from daymart.sources.scan import Found, PathPattern, natural, scan

Way = Literal["newest", "dated", "each"]


@dataclass(frozen=True)
class Taken:
    """One file to load: its content on this machine, its rank, and its note in the ledger."""

    name: str
    path: Path
    version: str
    note: FileNote
    manifest: Manifest | None


class Taking:
    """The files of one table or entity, for one evening."""

    def __init__(
        self,
        folder: Folder,
        table: str,
        described: FileTable,
        way: Way,
        siblings: Sequence[PathPattern],
        what: str,
    ) -> None:
        self._folder = folder
        self._table = table
        self._described = described
        self._way = way
        self._what = what
        self.pattern = PathPattern(described.path, what)
        self._siblings = siblings

    def files(self, as_of: date) -> list[Found]:
        """Return the folder's files of this table up to an evening, oldest first."""
        entries = self._folder.entries(self.pattern.depth)
        return scan(entries, self.pattern, self._siblings, as_of)

    def newest(self, as_of: date) -> Iterator[Taken]:
        """Hand on the newest files whether or not they were loaded before."""
        found = self.files(as_of)
        with spooling() as spool:
            if found:
                last = [f for f in found if f.business_date == found[-1].business_date]
                yield from self._taken([self._fetch(f, spool) for f in last])

    def known(self, as_of: date, ledger: FilesLedger) -> Iterator[Taken]:
        """Hand on what earlier loads took and what lies there as it was, up to the newest of it.

        Files after the evening are among them when a later evening was loaded before.
        """
        notes = {note.name: note for note in ledger.known(self._table)}
        seen = _Seen(notes)
        for found in self.files(max([as_of, *seen.taken_dates])):
            note = notes.get(printable(found.name))
            if note is not None and note.state == "taken":
                with spooling() as spool:
                    one = self._fetch(found, spool)
                    # Other content is news: it is taken with what is new.
                    yield from self._taken([one] if one.sha256 == note.sha256 else [])

    def take(self, as_of: date, ledger: FilesLedger) -> Iterator[Taken]:
        """Hand on what is new, oldest first, and tell the ledger of every file looked at.

        Raises SourceError when nothing is new and the evening's own file never came,
        SourceUnavailable for a file that is not yet complete.
        """
        found = self.files(as_of)
        known = {note.name: note for note in ledger.known(self._table)}
        seen = _Seen(known)
        is_any_new = False
        for unit in self._units(found, seen, ledger):
            if seen.is_settled(unit):
                for f in unit:
                    ledger.note(self._note(f, "known", reason="loaded before"))
                continue
            is_any_new = True
            with spooling() as spool:
                fetched = [self._fetch(f, spool) for f in unit]
                for one in self._judged(fetched, seen, ledger):
                    ledger.note(one.note)
                    yield one
        dates = {f.business_date for f in found} | seen.dates
        self._cover(as_of, dates, is_any_new, ledger)

    def _units(self, found: list[Found], seen: "_Seen", ledger: FilesLedger) -> list[list[Found]]:
        """Cut the files into what is taken together; full lists older than the newest are not."""
        if self._way == "each" and self.pattern.is_dated:
            return [[f] for f in found]
        units = [list(g) for _, g in groupby(found, key=lambda f: f.business_date)]
        if self._way != "newest" or not self.pattern.is_dated or not units:
            return units
        newest = max([units[-1][0].business_date, *seen.taken_dates])
        old = [u for u in units if u[0].business_date < newest]
        for f in (f for unit in old for f in unit):
            if not seen.is_settled([f]):
                reason = f"the list of {newest} is newer"
                ledger.note(self._note(f, "overtaken", reason=reason))
        return [u for u in units if u[0].business_date == newest]

    def _fetch(self, found: Found, spool: Path) -> "_Looked":
        """Fetch one file and see that it is complete."""
        what = f"{self._what} {found.entry.shown}"
        largest = self._described.limits.max_bytes
        if self._described.manifest is None:
            fetched = self._folder.fetch(found.entry, spool, what, largest)
            check_stable(fetched, self._described.stable_for, what)
            return _Looked(found, fetched, None)
        name = manifest_name(self._described.manifest, found)
        manifest = read_manifest(self._folder, name, found, what)
        fetched = self._folder.fetch(found.entry, spool, what, largest)
        check_agrees(manifest, fetched, found, what)
        return _Looked(found, fetched, manifest)

    def _judged(self, unit: list["_Looked"], seen: "_Seen", ledger: FilesLedger) -> Iterator[Taken]:
        """Set duplicates aside; hand on the rest."""
        fresh: dict[str, _Looked] = {}
        for one in unit:
            first = fresh.setdefault(one.sha256, one)
            if first is not one:
                ledger.note(self._duplicate(one, first.found.name))
        twin = self._twin(list(fresh.values()), seen)
        if twin is not None:
            for one in fresh.values():
                is_itself = seen.holds(one.found, one.sha256)
                ledger.note(self._touched(one) if is_itself else self._duplicate(one, twin))
            return
        for taken in self._taken(list(fresh.values())):
            seen.add(taken.note)
            yield taken

    def _twin(self, unit: list["_Looked"], seen: "_Seen") -> str | None:
        """Name what was taken before with the same content, None where this is news."""
        if self._way == "each" and self.pattern.is_dated:
            (one,) = unit
            return seen.neighbour(one.sha256, self._version(one.found), one.found)
        hashes, day = {one.sha256 for one in unit}, unit[0].found.business_date
        if self._way == "dated" and self.pattern.is_dated:
            return seen.same_list(hashes, day)
        return seen.same_list(hashes, day) or seen.same_list(hashes, seen.last_date)

    def _taken(self, unit: list["_Looked"]) -> Iterator[Taken]:
        for one in unit:
            version = self._version(one.found)
            note = self._note(one.found, "taken", sha256=one.sha256, version=version)
            if one.manifest is not None:
                note.promised_rows = one.manifest.row_count
                note.sent_at = one.manifest.sent_at
            yield Taken(note.name, one.fetched.path, version, note, one.manifest)

    def _version(self, found: Found) -> str:
        """Rank a file: by business date, then, where each file counts, by its name."""
        day = found.business_date.isoformat()
        is_ranked = self._way == "each" and self.pattern.is_dated
        return f"{day} {natural(printable(found.name))}" if is_ranked else day

    def _duplicate(self, one: "_Looked", twin: str) -> FileNote:
        reason = f"same content as {printable(twin)}"
        version = self._version(one.found)
        return self._note(one.found, "duplicate", sha256=one.sha256, version=version, reason=reason)

    def _touched(self, one: "_Looked") -> FileNote:
        """Note a file that was written again as it was: it stays taken, with its new time."""
        version = self._version(one.found)
        reason = "written again with the same content"
        return self._note(one.found, "taken", sha256=one.sha256, version=version, reason=reason)

    def _note(
        self,
        found: Found,
        state: FileState,
        *,
        sha256: str | None = None,
        version: str | None = None,
        reason: str | None = None,
    ) -> FileNote:
        return FileNote(
            table=self._table,
            name=found.entry.shown,
            business_date=found.business_date,
            state=state,
            is_daily=self.pattern.is_daily,
            sha256=sha256,
            size=found.entry.size,
            modified_at=found.entry.modified,
            version=version,
            reason=reason,
        )

    def _cover(self, as_of: date, dates: set[date], is_any_new: bool, ledger: FilesLedger) -> None:
        """Say up to which evening the table is delivered; its own file must have come."""
        own = self.pattern.own_date(as_of)
        if own in dates:
            ledger.cover(as_of)
            return
        expected = self.pattern.expected(as_of)
        reason = f"no file {printable(expected)}"
        ledger.note(
            FileNote(self._table, printable(expected), own, "missing", self.pattern.is_daily,
                     reason=reason)
        )  # fmt: skip
        if not is_any_new:
            raise SourceError(
                f"{self._what} {as_of}",
                saw=reason,
                expected=f"one in {self._folder.label}",
                remedy="Ask the feed's owner for it, or correct the path of the binding.",
            )
        ledger.cover(max(dates))


@dataclass(frozen=True)
class _Looked:
    """A file that was fetched and found complete."""

    found: Found
    fetched: Fetched
    manifest: Manifest | None

    @property
    def sha256(self) -> str:
        return self.fetched.sha256


class _Seen:
    """What earlier loads took of a table, and what this one takes meanwhile."""

    def __init__(self, known: dict[str, FileNote]) -> None:
        self._known = known
        self._current = {n.name: n for n in known.values() if n.state == "taken"}
        self._moved = False

    @property
    def dates(self) -> set[date]:
        """Business dates for which some file came."""
        return {note.business_date for note in self._known.values()}

    @property
    def taken_dates(self) -> set[date]:
        return {n.business_date for n in self._known.values() if n.state in ("taken", "duplicate")}

    def add(self, note: FileNote) -> None:
        """Count a file as taken from here on."""
        self._current[note.name] = note
        self._moved = True

    def holds(self, found: Found, sha256: str) -> bool:
        """Tell whether the file of that name was taken with that content."""
        mine = self._current.get(printable(found.name))
        return mine is not None and mine.sha256 == sha256

    def is_settled(self, unit: list[Found]) -> bool:
        """Tell whether every file of a unit was looked at before and lies there unchanged.

        A duplicate is looked at again once another file has come between it and its twin.
        """
        notes = [self._known.get(printable(f.name)) for f in unit]
        if not all(_looks_like(note, f) for note, f in zip(notes, unit, strict=True)):
            return False
        return not (self._moved and any(n is not None and n.state == "duplicate" for n in notes))

    def neighbour(self, sha256: str, version: str, found: Found) -> str | None:
        """Return the file of the same content right before or after this one in their order.

        A copy further away is news: something else came between.
        """
        name = printable(found.name)
        mine = self._current.get(name)
        if mine is not None:
            return mine.name if mine.sha256 == sha256 else None
        ranked = sorted(self._current.values(), key=lambda n: n.version or "")
        before = [n for n in ranked if (n.version or "") < version][-1:]
        after = [n for n in ranked if (n.version or "") > version][:1]
        same_day = [n for n in ranked if n.business_date == found.business_date]
        return next((n.name for n in (*before, *after, *same_day) if n.sha256 == sha256), None)

    @property
    def last_date(self) -> date:
        """Return the date of the last list that was taken."""
        return max((n.business_date for n in self._current.values()), default=date.min)

    def same_list(self, hashes: set[str], day: date) -> str | None:
        """Return a file of the list of a date if that list has just these contents."""
        notes = [n for n in self._current.values() if n.business_date == day]
        return notes[0].name if notes and {n.sha256 for n in notes} == hashes else None


def _looks_like(note: FileNote | None, found: Found) -> bool:
    """Tell a file that lies as it lay: same size, same time of its last change."""
    if note is None:
        return False
    return (note.size, note.modified_at) == (found.entry.size, found.entry.modified)


class spooling:  # noqa: N801  # reads as a statement
    """Offer a temporary folder for what lies far away or in archives."""

    def __enter__(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix="daymart-drop-"))
        return self._folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
