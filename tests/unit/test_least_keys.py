"""How short a full list may be before it is taken for a broken export."""

from dataclasses import replace

import pytest
from fixtures.contracts.shop import shop_feed

from daymart.checks.landing import least_keys
from daymart.contracts.model import Feed, LoadMode

MAY_COME_EMPTY = {"wh_planned_movement", "wh_reservation"}


@pytest.mark.parametrize(
    ("share", "known", "least"),
    [
        (None, 1, 1),
        (None, 4, 1),
        (None, 5, 3),
        (None, 10, 5),
        (None, 11, 6),
        (0.5, 3, 2),
        (0.7, 10, 7),
        (0.01, 10, 1),
        (0, 1000, 1),
    ],
)
def test_least_keys_of_a_list_follow_the_contract_else_half(
    share: float | None, known: int, least: int
) -> None:
    item = replace(shop_feed().table("item"), min_key_share=share)
    assert least_keys(item, known) == least


def test_two_fifths_of_any_full_list_are_too_few_unless_it_may_come_empty(
    feeds: dict[str, Feed],
) -> None:
    lists = [t for f in feeds.values() for t in f.tables if t.mode is LoadMode.SNAPSHOT]
    assert {t.name for t in lists if least_keys(t, 10) <= 4} == MAY_COME_EMPTY
    assert {t.name for t in lists if t.min_key_share == 0} == MAY_COME_EMPTY
