"""Hostile values: each is stored exactly or held by the rule that its column breaks."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from daymart.contracts.model import Feed
from daymart.warehouse.connect import Warehouse
from tests.faults.desk import Desk
from tests.faults.hostile.case import FEED, hostile_feed
from tests.faults.hostile.values import LOCALES, VALUES, Value, values_of


@dataclass(frozen=True)
class Judged:
    """What became of the values of one locale: rejects by row, rows accepted, rows held."""

    desk: Desk
    rejects: dict[int, dict[str, Any]]
    accepted: int
    held: int


@pytest.fixture(scope="module")
def judged(
    hostile_warehouse: Warehouse, feeds: dict[str, Feed], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Judged]:
    """Deliver the values of every locale, each locale in one file."""
    # The values are bad on purpose, so the limit of rejects is not the question here.
    feed = replace(hostile_feed(feeds[FEED]), max_reject_share=1.0)
    found = {}
    for locale, (_, binding) in LOCALES.items():
        desk = Desk(hostile_warehouse, feed, tmp_path_factory.mktemp(locale))
        held = desk.deliver(f"values {locale}", "orders.csv", values_of(locale)[1], **binding)
        rejects = desk.rejects(desk.last_load(f"values {locale}")[0])
        first = {row: violations[0] for row, _, _, violations, _ in rejects}
        found[locale] = Judged(desk, first, len(desk.raw(f"values {locale}")), held)
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_hostile_values_of_a_file_are_all_accounted_for(
    judged: dict[str, Judged], locale: str
) -> None:
    got, chosen = judged[locale], values_of(locale)[0]
    assert (got.accepted, got.held) == (
        sum(not v.rule for v in chosen),
        sum(bool(v.rule) for v in chosen),
    )


@pytest.mark.parametrize("case", VALUES, ids=lambda v: v.name)
def test_hostile_value_is_stored_exactly_or_held_by_its_rule(
    judged: dict[str, Judged], case: Value
) -> None:
    got = judged[case.locale]
    at = values_of(case.locale)[0].index(case) + 1
    if case.rule:
        reject = got.rejects[at + 1]
        assert (reject["column"], reject["rule"]) == (case.column, case.rule)
        assert reject["value"] == (case.seen or None)
        assert reject["expected"]
    else:
        wanted = case.seen if case.gives is None else case.gives
        assert at + 1 not in got.rejects
        assert wanted in got.desk.stored(f"values {case.locale}", f"S{at:05}", case.column)
