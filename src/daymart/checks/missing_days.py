"""Missing days: working days for which a department left no file though later ones came."""

import psycopg
from psycopg.rows import dict_row

from daymart.checks.check import Verdict
from daymart.contracts.model import Feed, Severity
from daymart.load.ledger import Load

MISSING = """
with noted as (
    select f.load_id, f.table_name, f.business_date, f.state
    from ops.load_file as f
    inner join ops.load as l using (load_id)
    where l.feed_id = %(feed)s and l.source_system = %(system)s and f.is_daily
        and (l.state = 'accepted' or l.load_id = %(load)s)
        and f.state in ('taken', 'duplicate', 'overtaken', 'missing')
),
span as (
    select table_name, min(business_date) as first_day, max(business_date) as last_day
    from noted
    where table_name in (select table_name from noted where load_id = %(load)s)
    group by table_name
)
select s.table_name, array_remove(array_agg(c.day order by c.day), null) as days
from span as s
left join ops.calendar as c on c.calendar_id = %(calendar)s and c.is_working
    and c.day between s.first_day and s.last_day
    and not exists (
        select from noted as n
        where n.table_name = s.table_name and n.business_date = c.day and n.state <> 'missing'
    )
group by s.table_name
order by s.table_name
"""


def missing_days(session: psycopg.Connection, feed: Feed, load: Load) -> list[Verdict]:
    """Judge, for each table this load took files of, whether every working day has one.

    A file for a day off is welcome, none is expected. Files of months or of no date are not
    judged.
    """
    values = {
        "feed": feed.name,
        "system": load.source_system,
        "load": load.load_id,
        "calendar": feed.calendar,
    }
    with session.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(MISSING, values).fetchall()
    return [
        Verdict(
            check_id="landing.missing_day",
            subject=f"{feed.name}.{row['table_name']}",
            severity=Severity.WARN,
            passed=not row["days"],
            owner=feed.owner,
            remedy="Ask for the files of these days; they may come late and in any order.",
            detail={"saw": _words([str(day) for day in row["days"]])},
        )
        for row in found
    ]


def _words(days: list[str]) -> str:
    if not days:
        return "a file for every working day"
    more = f" and {len(days) - 10} more" if len(days) > 10 else ""
    return f"no file for {', '.join(days[:10])}{more}"
