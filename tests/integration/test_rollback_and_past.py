"""Any past morning can be read again, and a morning can be taken back."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from daymart.errors import ConfigError
from daymart.publish.run import rollback
from daymart.stages import Company
from daymart.warehouse.connect import Role, Warehouse
from tests.conftest import rows
from tests.faults.republish import audited_again, publish_again, what_readers_see

Seen = dict[str, list[str]]


@dataclass(frozen=True)
class History:
    """A company and what its readers saw after each publication, per identity."""

    company: Company
    seen: dict[int, dict[str, Seen]]

    @property
    def warehouse(self) -> Warehouse:
        return self.company.warehouse

    @property
    def numbers(self) -> list[int]:
        return sorted(self.seen)


def as_everybody(warehouse: Warehouse, at: int | None = None) -> dict[str, Seen]:
    """Return what the reader role and two sellers see, now or as of a publication."""
    seen = {}
    with warehouse.session(Role.READER) as session:
        seen["reader"] = what_readers_see(session, at)
    for seller in ("E004", "E005"):
        with warehouse.session(Role.SELLER) as session:
            session.execute("select set_config('daymart.employee_id', %s, false)", [seller])
            seen[seller] = what_readers_see(session, at)
    return seen


@pytest.fixture
def history(published_company: Company) -> Iterator[History]:
    """Publish three more mornings, a held one among them, and note what was seen each time."""
    company = published_company
    seen = {1: as_everybody(company.warehouse)}
    for mark in ("two", "three", "four"):
        number = publish_again(company.warehouse, company.project.settings, mark)
        if mark == "two":
            _hand_customers_over(company.warehouse)
        if mark == "three":
            audited_again(company.warehouse)  # overtaken: its number stays unused
        seen[number] = as_everybody(company.warehouse)
    yield History(company, seen)


def _hand_customers_over(warehouse: Warehouse) -> None:
    """From the next publication on, one customer belongs to another seller."""
    with warehouse.session(None) as session:
        session.execute(
            "update candidate.receivables_customer set manager_id = 'E005' where customer_id ="
            " (select min(customer_id) from candidate.receivables_customer"
            " where manager_id = 'E004')"
        )


def test_past_morning_is_what_readers_and_sellers_saw_then(history: History) -> None:
    first, second = history.seen[1]["reader"], history.seen[2]["reader"]
    assert first["stock_availability"] != second["stock_availability"]
    assert history.seen[2]["E004"] != history.seen[3]["E004"]
    for number in history.numbers:
        assert as_everybody(history.warehouse, number) == history.seen[number], number


def test_past_before_the_first_publication_is_empty(history: History) -> None:
    past = as_everybody(history.warehouse, 0)["reader"]
    assert set(map(len, past.values())) == {0}


def test_rollback_shows_the_old_rows_as_a_publication_of_its_own(history: History) -> None:
    back = rollback(history.warehouse, 2, "wrong prices")

    now = as_everybody(history.warehouse)
    assert now == history.seen[2]
    assert back.publication_id > max(history.numbers)
    kind, state, of, reason = rows(
        history.warehouse,
        "select kind, state, of_publication_id, reason from ops.publication"
        " where publication_id = %s",
        back.publication_id,
    )[0]
    assert (kind, state, of, reason) == ("rollback", "published", 2, "wrong prices")
    assert rows(
        history.warehouse,
        "select distinct publication_id, freshness_status, stale_reason"
        " from marts.stock_availability",
    ) == [(back.publication_id, "stale", "rolled back to publication 2: wrong prices")]
    # The past stays the past, the mornings rolled over included.
    for number in history.numbers:
        assert as_everybody(history.warehouse, number) == history.seen[number], number
    assert as_everybody(history.warehouse, back.publication_id) == history.seen[2]


def test_rollback_twice_ends_in_the_same_rows(history: History) -> None:
    first = rollback(history.warehouse, 1, "once")
    second = rollback(history.warehouse, 1, "twice")
    assert as_everybody(history.warehouse) == history.seen[1]
    changed = rows(
        history.warehouse,
        "select sum(inserted_rows + updated_rows + deleted_rows) from ops.publication_mart"
        " where publication_id = %s",
        second.publication_id,
    )
    assert changed == [(0,)]
    assert second.publication_id == first.publication_id + 1


def test_rollback_of_a_rollback_and_the_next_morning_go_on(history: History) -> None:
    newest = history.numbers[-1]
    rollback(history.warehouse, 1, "back")
    again = rollback(history.warehouse, newest, "and forth")
    assert as_everybody(history.warehouse) == history.seen[newest]
    rollback(history.warehouse, again.publication_id, "to a rollback")
    assert as_everybody(history.warehouse) == history.seen[newest]

    settings = history.company.project.settings
    number = publish_again(history.warehouse, settings, "five")
    five = as_everybody(history.warehouse)
    assert five != history.seen[newest]
    rollback(history.warehouse, newest, "back again")
    assert as_everybody(history.warehouse, number) == five
    assert rows(
        history.warehouse, "select count(*) from ops.mart_state where stale_reason is null"
    ) == [(0,)]


def test_rollback_over_a_widened_mart_shows_the_gained_column_empty(history: History) -> None:
    with history.warehouse.session(None) as session:
        session.execute(
            "alter table candidate.stock_availability add column shelf text default 'A1'"
        )
    publish_again(history.warehouse, history.company.project.settings, "wider")
    rollback(history.warehouse, 3, "narrow again")
    assert rows(history.warehouse, "select distinct shelf from marts.stock_availability") == [
        (None,)
    ]


@pytest.mark.parametrize(("number", "saw"), [(99, "no such publication"), (4, "it is held")])
def test_rollback_to_what_was_never_published_is_refused(
    history: History, number: int, saw: str
) -> None:
    before = as_everybody(history.warehouse)
    with pytest.raises(ConfigError, match=saw) as refused:
        rollback(history.warehouse, number, "a slip")
    assert refused.value.exit_code == 2
    assert as_everybody(history.warehouse) == before
