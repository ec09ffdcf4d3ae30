"""Readers during publications: one publication in every result, never an empty one, no error."""

import threading
from dataclasses import dataclass

import pytest

from daymart.stages import Company
from tests.conftest import rows
from tests.faults.reader import (
    CommittedReader,
    PreparedReader,
    Read,
    Reader,
    RepeatableReader,
)
from tests.faults.republish import publish_again
from tests.faults.rights import RIGHTS, prepare_bi

SAMPLE, CAMPAIGN = 25, 500


@dataclass
class Outcome:
    """What a run of publications under readers came to."""

    publications: list[int]
    reads: list[Read]
    errors: list[str]
    rights_before: list[tuple]
    rights_after: list[tuple]

    def report(self) -> str:
        """Say in one line how many publications and reads there were, and what went wrong."""
        torn = sum(r.is_torn for r in self.reads)
        empty = sum(r.is_empty for r in self.reads)
        return (
            f"{len(self.publications)} publications, {len(self.reads)} reads: {torn} torn,"
            f" {empty} empty, {len(self.errors)} errors"
        )


def publish_under_readers(company: Company, publications: int) -> Outcome:
    """Publish in a loop while three readers read without a pause."""
    warehouse = company.warehouse
    prepare_bi(warehouse)
    numbers = [publish_next(company)]
    before = rows(warehouse, RIGHTS)
    stop = threading.Event()
    kinds: list[type[Reader]] = [CommittedReader, PreparedReader, RepeatableReader]
    readers = [kind(warehouse, stop) for kind in kinds]
    for reader in readers:
        reader.start()
    for _ in range(publications):
        numbers.append(publish_next(company))
    stop.set()
    for reader in readers:
        reader.join(60)
    return Outcome(
        publications=numbers,
        reads=[read for reader in readers for read in reader.reads],
        errors=[error for reader in readers for error in reader.errors],
        rights_before=before,
        rights_after=rows(warehouse, RIGHTS),
    )


def publish_next(company: Company) -> int:
    """Publish a candidate marked with the number its publication will get."""
    upcoming = rows(company.warehouse, "select max(publication_id) + 1 from ops.publication")
    mark = f"mark {upcoming[0][0]}"
    number = publish_again(company.warehouse, company.project.settings, mark)
    assert mark == f"mark {number}"
    return number


def assert_never_torn(outcome: Outcome, company: Company) -> None:
    """Assert the three zeros, whole marts in every read, and rights as they were."""
    print(outcome.report())
    assert outcome.errors == []
    assert [read for read in outcome.reads if read.is_empty] == []
    assert [read for read in outcome.reads if read.is_torn][:3] == []
    totals = dict(
        rows(
            company.warehouse,
            "select publication_id, rows_total from ops.publication_mart"
            " where mart = 'stock_availability'",
        )
    )
    assert [r for r in outcome.reads if r.stock.rows != totals[r.stock.first]][:3] == []
    assert len({r.receivables.rows for r in outcome.reads}) == 1
    assert outcome.rights_after == outcome.rights_before
    assert len(outcome.rights_before) > 30


def test_readers_during_publications_see_whole_ones_only(published_company: Company) -> None:
    outcome = publish_under_readers(published_company, SAMPLE)
    assert_never_torn(outcome, published_company)
    numbers = {read.stock.first for read in outcome.reads}
    assert len(numbers) > SAMPLE / 2, "the readers slept through the publications"
    overtaken = [read for read in outcome.reads if read.overtaken]
    assert len(overtaken) > 3, "no snapshot was opened before a publication and read after it"


@pytest.mark.campaign
def test_readers_during_a_campaign_see_whole_publications_only(
    published_company: Company,
) -> None:
    assert_never_torn(publish_under_readers(published_company, CAMPAIGN), published_company)


def test_torn_read_is_noticed(published_company: Company) -> None:
    """The oracle itself: marts written one by one are seen torn by the same readers."""
    prepare_bi(published_company.warehouse)
    number = publish_next(published_company)
    with published_company.warehouse.session(None) as session:
        session.execute("update published.stock_availability set brand = 'mark 0'")
    stop = threading.Event()
    reader = CommittedReader(published_company.warehouse, stop)
    with published_company.warehouse.session(None) as session:
        session.execute("set role daymart_reader")
        assert reader.read(session).is_torn
        session.execute("reset role")
        session.execute("update published.stock_availability set brand = %s", [f"mark {number}"])
        session.execute(
            "update ops.mart_state set publication_id = 1 where mart = 'stock_availability'"
        )
        session.execute("set role daymart_reader")
        assert reader.read(session).is_torn
