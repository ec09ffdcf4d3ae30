"""Contracts as pages for people."""

import re

from fixtures.contracts.shop import shop_feed

from daymart.contracts.model import Feed
from daymart.contracts.pages import feed_page, load_words, pages


def test_page_of_a_feed_says_people_times_loading_and_every_column() -> None:
    page = feed_page(shop_feed(), {"item": "shop"})
    assert "**Owner** shop.owner, **deputy** shop.deputy, **head** shop.head." in page
    assert "Monday to Friday at 06:45" in page
    assert "New events by `at`, each load reads 1 day back" in page
    assert "What changed, by `changed_at`, each load reads 2 hours back" in page
    assert (
        "The list of one evening (`as_of`) at a time; other evenings stay."
        " A list with less than 50% of the rows known before is refused. Control total"
    ) in page
    assert "known before is refused; of fewer than 5, an empty one. Control total" in page
    assert (
        "| `shelf` | Shelf | Поле | Поле | text |  | yes |  | Where it stands. | `x1` |"
        " `front`, `back` |  |\n"
    ) in page
    assert "| Item. | `x1` |  | [item](shop.md#item) |\n" in page
    assert page.count("\n| `") == sum(len(t.columns) for t in shop_feed().tables)


def test_page_of_a_list_that_may_come_empty_says_so(feeds: dict[str, Feed]) -> None:
    assert load_words(feeds["warehouse"].table("wh_reservation")).endswith(" It may come empty.")


def test_pages_of_all_contracts_link_only_to_headings_that_exist(feeds: dict[str, Feed]) -> None:
    made = pages(feeds)
    for path, text in made.items():
        for file, anchor in re.findall(r"\]\((\w+\.md)#?(\w*)\)", text):
            assert not anchor or f"\n## {anchor}\n" in made[path.parent / file], (path, anchor)
