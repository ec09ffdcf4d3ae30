"""A publication: all marts at once, only changed rows written, nothing a reader relies on lost."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from daymart import stages
from daymart.errors import GateError
from daymart.publish.run import publish
from daymart.stages import Company
from daymart.warehouse.connect import Role
from tests.conftest import DEMO_EVENING, rows
from tests.faults.republish import (
    audited_again,
    marts_of,
    publish_again,
    stamp_candidate,
    what_readers_see,
)
from tests.faults.rights import RIGHTS, prepare_bi
from tests.marts import MARTS

TOLD = (
    "as_of",
    "data_as_of",
    "promised_by",
    "freshness_status",
    "stale_reason",
    "publication_id",
    "owner_id",
    "deputy_id",
)
CHANGED = """
select publication_id, mart, inserted_rows, updated_rows, deleted_rows, rows_total
from ops.publication_mart where publication_id = %s order by mart
"""


def test_publish_shows_every_mart_with_its_freshness(published_company: Company) -> None:
    with published_company.warehouse.session(Role.READER) as session:
        marts = marts_of(session)
        assert marts == MARTS
        for mart in marts:
            shown = session.execute(
                f"select distinct {', '.join(TOLD)} from marts.{mart}".encode()
            ).fetchall()
            assert len(shown) == 1 or mart == "feed_freshness", mart
            publications = {row[TOLD.index("publication_id")] for row in shown}
            assert publications == {1}, mart
        candidate = rows(
            published_company.warehouse, "select count(*) from candidate.receivables_open"
        )
        shown = session.execute("select count(*) from marts.receivables_open").fetchall()
        assert shown == candidate


def test_ages_count_to_the_evening_of_the_publication_though_a_feed_is_late(
    published_company: Company,
) -> None:
    company = published_company
    with company.warehouse.session(None) as session:
        session.execute("update ops.load set as_of = as_of - 1 where feed_id = 'reference'")
    stages.publish(company, audited_again(company.warehouse))
    overdue = rows(
        company.warehouse,
        "select distinct as_of, data_as_of, as_of - due_on_effective = days_past_due"
        " from marts.receivables_open where ageing_bucket not in ('not_due', 'unapplied')",
    )
    assert overdue == [(DEMO_EVENING, DEMO_EVENING - timedelta(days=1), True)]


def test_publish_twice_changes_nothing_the_second_time(published_company: Company) -> None:
    company = published_company
    stamp_candidate(company.warehouse, "new")
    number = audited_again(company.warehouse)
    first = publish(company.warehouse, company.project.settings, number)
    versions = rows(company.warehouse, "select xmin::text, * from published.stock_availability")
    ledger = rows(company.warehouse, "select * from ops.publication order by 1")

    second = publish(company.warehouse, company.project.settings, number)

    assert second == first
    assert rows(company.warehouse, "select * from ops.publication order by 1") == ledger
    after = rows(company.warehouse, "select xmin::text, * from published.stock_availability")
    assert after == versions


def test_publish_counts_inserted_updated_and_deleted_rows(published_company: Company) -> None:
    company = published_company
    with company.warehouse.session(None) as session:
        session.execute(
            "delete from candidate.stock_availability where (warehouse_id, product_id) ="
            " (select warehouse_id, product_id from candidate.stock_availability limit 1)"
        )
        session.execute(
            "update candidate.stock_availability set soft_hold_qty = soft_hold_qty + 1"
            " where ctid = any (array(select ctid from candidate.stock_availability limit 2))"
        )
        session.execute(
            "insert into candidate.stock_availability"
            ' select (jsonb_populate_record(s, \'{"warehouse_id": "NEW"}\')).*'
            " from candidate.stock_availability as s where warehouse_id = 'BER' limit 3"
        )
    number = audited_again(company.warehouse)
    stages.publish(company, number)
    counts = {row[1]: row[2:5] for row in rows(company.warehouse, CHANGED, number)}
    assert counts.pop("stock_availability") == (3, 2, 1)
    assert set(counts.values()) == {(0, 0, 0)}
    assert rows(
        company.warehouse,
        "select count(*), min(_replaced_by) from published_history.stock_availability",
    ) == [(3, number)]


def test_publish_is_one_transaction_a_late_failure_leaves_no_mart_changed(
    published_company: Company,
) -> None:
    """The last mart in the order cannot be merged: those before it stay as they were."""
    company = published_company
    stamp_candidate(company.warehouse, "new")
    with company.warehouse.session(None) as session:
        session.execute(
            "create function public.refuse() returns trigger language plpgsql as"
            " $$ begin raise exception 'disk full, say'; end $$"
        )
        session.execute(
            "create trigger refuse before update on published.stock_availability"
            " for each statement execute function public.refuse()"
        )
        before = what_readers_see(session)
    number = audited_again(company.warehouse)
    with pytest.raises(psycopg.errors.RaiseException):
        stages.publish(company, number)
    with company.warehouse.session(None) as session:
        assert what_readers_see(session) == before
        session.execute("drop trigger refuse on published.stock_availability")
    assert rows(company.warehouse, "select distinct publication_id from ops.mart_state") == [(1,)]
    stages.publish(company, number)
    assert rows(company.warehouse, "select distinct publication_id from ops.mart_state") == [
        (number,)
    ]


def test_mart_gaining_a_column_keeps_views_rights_and_prepared_statements(
    published_company: Company,
) -> None:
    company = published_company
    prepare_bi(company.warehouse)
    rights = {row[1]: row[2:8] for row in rows(company.warehouse, RIGHTS)}
    with company.warehouse.session(Role.READER) as reader:
        named = "select product_code, free_qty, publication_id from marts.stock_availability"
        before = reader.execute(named, prepare=True).fetchall()
        view = reader.execute("select * from bi.stock", prepare=True).fetchall()
        with company.warehouse.session(None) as session:
            for mart in ("stock_availability", "receivables_customer"):
                session.execute(
                    f"alter table candidate.{mart} add column shelf text default 'A1'".encode()
                )
                session.execute(
                    f"comment on column candidate.{mart}.shelf is 'Where it lies.'".encode()
                )
        number = audited_again(company.warehouse)
        stages.publish(company, number)

        after = reader.execute(named, prepare=True).fetchall()
        assert [row[:2] for row in after] == [row[:2] for row in before]
        assert {row[2] for row in after} == {number}
        seen_by_bi = reader.execute("select * from bi.stock", prepare=True).fetchall()
        assert [row[:20] for row in seen_by_bi] == [row[:20] for row in view]
        gained = reader.execute("select distinct shelf from marts.stock_availability").fetchall()
        assert gained == [("A1",)]
        past = reader.execute("select distinct shelf from marts.stock_availability_at(1)")
        assert past.fetchall() == [(None,)]
    kept = {row[1]: row[2:8] for row in rows(company.warehouse, RIGHTS)}
    assert {name: kept.get(name) for name in rights} == rights
    assert rows(
        company.warehouse,
        "select col_description('marts.stock_availability'::regclass, attnum) from pg_attribute"
        " where attrelid = 'marts.stock_availability'::regclass and attname = 'shelf'",
    ) == [("Where it lies.",)]


@pytest.mark.parametrize(
    ("change", "saw"),
    [
        ("drop column brand", "column brand is gone in the candidate"),
        ("alter column brand type varchar(50)", "column brand is character varying(50)"),
    ],
)
def test_mart_losing_a_column_or_its_type_is_refused(
    published_company: Company, change: str, saw: str
) -> None:
    company = published_company
    stamp_candidate(company.warehouse, "new")
    with company.warehouse.session(None) as session:
        before = what_readers_see(session)
        session.execute(f"alter table candidate.stock_availability {change}".encode())
    number = audited_again(company.warehouse)
    with pytest.raises(GateError) as refused:
        stages.publish(company, number)
    assert refused.value.exit_code == 6
    assert saw in str(refused.value)
    with company.warehouse.session(None) as session:
        assert what_readers_see(session) == before
    assert (
        rows(
            company.warehouse,
            "select state, reason from ops.publication where publication_id = %s",
            number,
        )[0][0]
        == "held"
    )
    told = rows(company.warehouse, "select distinct stale_reason from ops.mart_state")
    assert saw in told[0][0]


def test_publication_ledger_says_when_and_from_which_loads(published_company: Company) -> None:
    company = published_company
    number = publish_again(company.warehouse, company.project.settings, "new")
    state, at = rows(
        company.warehouse,
        "select state, published_at from ops.publication where publication_id = %s",
        number,
    )[0]
    assert state == "published"
    assert abs((datetime.now(UTC) - at).total_seconds()) < 600
    loads = rows(
        company.warehouse,
        "select count(*) from ops.publication_load where publication_id = %s",
        number,
    )
    assert loads == [(len(company.bound),)]
