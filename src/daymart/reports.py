"""What people ask the ledger: queries behind `status`, `publication` and `quarantine`."""

from datetime import date
from typing import Any

import psycopg
from psycopg.rows import dict_row

Rows = list[dict[str, Any]]


def query(session: psycopg.Connection, statement: str, values: dict[str, Any]) -> Rows:
    """Run a report's query and return its rows as mappings."""
    with session.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement.encode(), values).fetchall()


LOADS = """
select l.load_id, l.feed_id as feed, l.source_system as system, l.as_of, l.state,
    sum(t.read_rows)::bigint as read, sum(t.new_rows)::bigint as new,
    sum(t.changed_rows)::bigint as changed, sum(t.unchanged_rows)::bigint as unchanged,
    sum(t.deleted_rows)::bigint as deleted, sum(t.quarantined_rows)::bigint as quarantined,
    l.reason
from ops.load as l
left join ops.load_table as t using (load_id)
where l.load_id = any (%(loads)s)
group by l.load_id
order by l.load_id
"""

LATEST_LOADS = """
select distinct on (feed_id, source_system) load_id from ops.load
where %(feed)s::text is null or feed_id = %(feed)s
order by feed_id, source_system, load_id desc
"""


def loads(session: psycopg.Connection, load_ids: list[int]) -> Rows:
    """Return deliveries with what became of their rows."""
    return query(session, LOADS, {"loads": load_ids})


def latest_loads(session: psycopg.Connection, feed: str | None = None) -> list[int]:
    """Return the newest delivery of every feed and system."""
    return [row["load_id"] for row in query(session, LATEST_LOADS, {"feed": feed})]


def load_tables(session: psycopg.Connection, load_id: int) -> Rows:
    """Return a delivery table by table, with the totals of both sides."""
    statement = """
    select table_name as table, is_provided as provided, source_rows, read_rows as read,
        new_rows as new, changed_rows as changed, unchanged_rows as unchanged,
        superseded_rows as superseded, deleted_rows as deleted, quarantined_rows as quarantined,
        source_control, landed_control, extra_columns
    from ops.load_table where load_id = %(load)s order by table_name
    """
    return query(session, statement, {"load": load_id})


def load_files(session: psycopg.Connection, load_ids: list[int]) -> Rows:
    """Return the files some deliveries took or left, and why."""
    statement = """
    select load_id as load, table_name as table, file_name as file, business_date, state, rows,
        bytes, left(sha256, 12) as sha256, reason
    from ops.load_file where load_id = any (%(loads)s)
    order by load_id, table_name, business_date, file_name
    """
    return query(session, statement, {"loads": load_ids})


def missing_days(session: psycopg.Connection, load_ids: list[int]) -> Rows:
    """Return the working days without a file, as the last deliveries found them."""
    statement = """
    select c.subject as table, c.detail ->> 'saw' as saw, c.owner_id as owner
    from ops.check_result as c
    inner join ops.load as l using (load_id)
    where c.check_id = 'landing.missing_day' and c.verdict = 'warned' and not exists (
        select from ops.check_result as later
        inner join ops.load as m using (load_id)
        where later.check_id = c.check_id and later.subject = c.subject
            and m.source_system = l.source_system and later.load_id > c.load_id
    ) and l.feed_id in (select feed_id from ops.load where load_id = any (%(loads)s))
    order by c.subject
    """
    return query(session, statement, {"loads": load_ids})


def verdict_counts(
    session: psycopg.Connection, load_ids: list[int], publication_id: int | None
) -> Rows:
    """Count verdicts of some deliveries and of one publication."""
    statement = """
    select case when load_id is null then 'marts' else 'landing' end as stage,
        count(*) filter (where verdict = 'passed') as passed,
        count(*) filter (where verdict = 'warned') as warned,
        count(*) filter (where verdict = 'failed') as failed
    from ops.check_result
    where load_id = any (%(loads)s) or publication_id = %(publication)s
    group by 1 order by 1
    """
    return query(session, statement, {"loads": load_ids, "publication": publication_id})


def open_verdicts(
    session: psycopg.Connection, load_ids: list[int], publication_id: int | None
) -> Rows:
    """Return the verdicts that did not pass, with what to do and who answers."""
    statement = """
    select check_id as check, subject, verdict, detail ->> 'saw' as saw, owner_id as owner, remedy
    from ops.check_result
    where verdict <> 'passed'
        and (load_id = any (%(loads)s) or publication_id = %(publication)s)
    order by verdict, check_id, subject
    """
    return query(session, statement, {"loads": load_ids, "publication": publication_id})


def verdicts(session: psycopg.Connection, publication_id: int) -> Rows:
    """Return every verdict of one publication, both sides and the difference."""
    statement = """
    select check_id as check, subject, severity, verdict, left_value as left,
        right_value as right, difference, tolerance, detail ->> 'saw' as saw, owner_id as owner
    from ops.check_result where publication_id = %(id)s order by check_id
    """
    return query(session, statement, {"id": publication_id})


def publications(session: psycopg.Connection, limit: int) -> Rows:
    """Return the newest publications."""
    statement = """
    select p.publication_id as publication, p.as_of, p.kind, p.state, p.published_at,
        sum(m.inserted_rows)::bigint as inserted, sum(m.updated_rows)::bigint as updated,
        sum(m.deleted_rows)::bigint as deleted, p.reason
    from ops.publication as p
    left join ops.publication_mart as m using (publication_id)
    group by p.publication_id
    order by p.publication_id desc limit %(limit)s
    """
    return query(session, statement, {"limit": limit})


def marts(session: psycopg.Connection, publication_id: int) -> Rows:
    """Return what one publication changed in each mart and how fresh it was."""
    statement = """
    select mart, rows_total as rows, inserted_rows as inserted, updated_rows as updated,
        deleted_rows as deleted, data_as_of, promised_by, owner_id as owner
    from ops.publication_mart where publication_id = %(id)s order by mart
    """
    return query(session, statement, {"id": publication_id})


def restatements(session: psycopg.Connection, publication_id: int, limit: int = 20) -> Rows:
    """Return what one publication changed in figures already seen, the largest first."""
    statement = """
    select mart, key_values::text as row, measure, business_on as day, old_value as was,
        new_value as now, document_number as document
    from marts.restatement where publication_id = %(id)s
    order by abs(difference) desc, mart, row, measure limit %(limit)s
    """
    return query(session, statement, {"id": publication_id, "limit": limit})


def mart_states(session: psycopg.Connection) -> Rows:
    """Return what readers see beside each mart's rows now."""
    statement = """
    select mart, publication_id as publication, data_as_of,
        case
            when stale_reason is not null or data_as_of is null or now() >= stale_from
                then 'stale'
            when now() >= due_from then 'due' else 'fresh'
        end as freshness, promised_by, owner_id as owner, deputy_id as deputy, stale_reason
    from ops.mart_state order by mart
    """
    return query(session, statement, {})


def feed_freshness(session: psycopg.Connection, as_of: date) -> Rows:
    """Return how each feed kept its promise for one evening, as published."""
    statement = """
    select feed_id as feed, business_on, delivery_status as status, expected_at, delivered_at,
        lateness_minutes as late_min, regularity_share as regularity, owner_id as owner
    from marts.feed_freshness where business_on = %(as_of)s order by feed_id
    """
    return query(session, statement, {"as_of": as_of})


def rejects(session: psycopg.Connection, feed: str | None, state: str | None, limit: int) -> Rows:
    """Return quarantined rows, newest first, with the first rule each broke."""
    statement = """
    select reject_id as id, feed_id as feed, table_name as table, load_id as load,
        coalesce(file_name || ':', '') || coalesce(row_no::text, '') as row, source_id,
        violations -> 0 ->> 'column' as column, violations -> 0 ->> 'rule' as rule,
        violations -> 0 ->> 'value' as value, violations -> 0 ->> 'expected' as expected, state
    from quarantine.reject
    where (%(feed)s::text is null or feed_id = %(feed)s)
        and (%(state)s::text is null or state = %(state)s)
    order by reject_id desc limit %(limit)s
    """
    return query(session, statement, {"feed": feed, "state": state, "limit": limit})


def reject(session: psycopg.Connection, reject_id: int) -> Rows:
    """Return one quarantined row with all rules it broke and its values as read."""
    statement = """
    select r.*, f.owner_id as owner from quarantine.reject as r
    left join ops.feed as f using (feed_id) where reject_id = %(id)s
    """
    return query(session, statement, {"id": reject_id})
