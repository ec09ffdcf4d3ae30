"""Files as sent: an empty one must be meant to be empty, and the sender's clock should be right."""

from collections.abc import Sequence
from datetime import timedelta

import psycopg
from psycopg.rows import dict_row

from daymart.checks.check import Verdict
from daymart.contracts.model import Feed, Severity
from daymart.load.ledger import Load

SKEW = timedelta(minutes=10)
"""So far two clocks may differ before it is worth a word."""

FILES = """
select
    f.table_name,
    coalesce(array_agg(f.file_name order by f.file_name) filter (
        where f.rows = 0 and f.promised_rows is null
    ), '{}') as empty,
    coalesce(array_agg(f.file_name order by f.file_name) filter (
        where f.sent_at > l.started_at + %(skew)s
    ), '{}') as ahead,
    coalesce(array_agg(f.file_name order by f.file_name) filter (
        where f.is_daily
            and f.sent_at < f.business_date::timestamp at time zone %(zone)s - %(skew)s
    ), '{}') as behind
from ops.load_file as f
inner join ops.load as l using (load_id)
where f.load_id = %(load)s and f.state = 'taken'
group by f.table_name
order by f.table_name
"""


def files_sent(session: psycopg.Connection, feed: Feed, load: Load) -> list[Verdict]:
    """Judge the files this load took, table by table.

    Ours is the clock that decides when a file came. The sender's is off when it says a file was
    sent after it came, or before the day that a daily file describes.
    """
    values = {"load": load.load_id, "skew": SKEW, "zone": feed.timezone.key}
    with session.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(FILES, values).fetchall()
    return [verdict for row in found for verdict in (_empty(feed, row), _clock(feed, row))]


def _empty(feed: Feed, row: dict[str, Sequence[str]]) -> Verdict:
    files = row["empty"]
    return Verdict(
        check_id="landing.empty_file",
        subject=f"{feed.name}.{row['table_name']}",
        severity=Severity.FAIL,
        passed=not files,
        owner=feed.owner,
        remedy="Ask the sender for the file again, or for a manifest that says 0 rows.",
        detail={"saw": f"no rows in {_some(files)}" if files else "rows, or none as promised"},
    )


def _clock(feed: Feed, row: dict[str, Sequence[str]]) -> Verdict:
    told = [
        f"{_some(files)} by its own word sent {when}"
        for files, when in ((row["ahead"], "after it came"), (row["behind"], "before its day"))
        if files
    ]
    return Verdict(
        check_id="landing.sender_clock",
        subject=f"{feed.name}.{row['table_name']}",
        severity=Severity.WARN,
        passed=not told,
        owner=feed.owner,
        remedy="Nothing is lost, our clock decides; ask the sender to set theirs.",
        detail={"saw": "; ".join(told) or "no time of sending that cannot be"},
    )


def _some(files: Sequence[str]) -> str:
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return ", ".join(files[:3]) + more
