"""The ledger of files: which file of a drop folder each load took, and which it left and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import psycopg

from daymart.errors import DaymartError
from daymart.load.ledger import Load
from daymart.sources.protocol import FileNote

KNOWN = """
select distinct on (f.file_name) f.table_name, f.file_name, f.business_date, f.state, f.is_daily,
    f.sha256, f.bytes, f.modified_at, f.version, f.rows, f.reason
from ops.load_file as f
inner join ops.load as l using (load_id)
where l.feed_id = %s and l.source_system = %s and l.state = 'accepted' and f.table_name = %s
    and f.state in ('taken', 'duplicate', 'overtaken')
order by f.file_name, f.load_id desc
"""

INSERT = """
insert into ops.load_file (
    load_id, table_name, file_name, business_date, state, is_daily, sha256, bytes, modified_at,
    version, rows, reason, promised_rows, sent_at
)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (load_id, table_name, file_name) do nothing
"""


class LoadFiles:
    """The files of one load, until they are written down with its other counts."""

    def __init__(self, session: psycopg.Connection, load: Load) -> None:
        self._session = session
        self._load = load
        self._evenings: list[date] = []
        self.notes: list[FileNote] = []

    def known(self, table: str) -> Sequence[FileNote]:
        """Return the latest accepted note of every file name of a table or entity."""
        load = self._load
        rows = self._session.execute(KNOWN, [load.feed_id, load.source_system, table])
        return [FileNote(*row) for row in rows]

    def note(self, note: FileNote) -> None:
        """Remember what became of a file; one loaded before is no news."""
        if note.state != "known":
            self.notes.append(note)

    def cover(self, evening: date) -> None:
        """Remember up to which evening one table is delivered."""
        self._evenings.append(evening)

    @property
    def covered(self) -> date:
        """The evening this load describes: the earliest its tables are delivered up to."""
        return min([self._load.as_of, *self._evenings])

    @property
    def reached(self) -> bool:
        """Tell whether this load is of a drop folder at all."""
        return bool(self._evenings)

    @property
    def sentence(self) -> str | None:
        """Say in one line what was set aside or is missing; None when every file was taken."""
        quiet = ("taken", "known", "overtaken")
        left = [f"{n.name}: {n.reason}" for n in self.notes if n.state not in quiet]
        parts = [*left[:3], *([f"and {len(left) - 3} more"] if len(left) > 3 else [])]
        if overtaken := [n for n in self.notes if n.state == "overtaken"]:
            parts.append(f"{len(overtaken)} older lists left, such as {overtaken[0].name}")
        return "; ".join(parts) or None

    def write(self) -> None:
        """Write the notes into the ledger, in the caller's transaction."""
        with self._session.cursor() as cursor:
            cursor.executemany(INSERT, [self._values(note) for note in self.notes])

    def write_failed(self, failed: DaymartError) -> None:
        """Write the notes of a load that failed; the file that broke it keeps the reason."""
        reason = str(failed).splitlines()[0]
        self.notes = [
            replace(n, state="failed", reason=reason) if n.name in failed.what else n
            for n in self.notes
        ]
        self.write()

    def _values(self, n: FileNote) -> list[object]:
        return [
            self._load.load_id, n.table, n.name, n.business_date, n.state, n.is_daily, n.sha256,
            n.size, n.modified_at, n.version, n.rows, n.reason, n.promised_rows, n.sent_at,
        ]  # fmt: skip
