"""Marts as pages for sellers: they follow from the files, and say all a reader must know."""

import re
from datetime import date
from types import ModuleType

import pytest
import yaml
from typer.testing import CliRunner

from daymart.audit.suites import suite_modules
from daymart.checks.check import Check
from daymart.cli.app import app
from daymart.contracts.model import Feed, Severity
from daymart.errors import ConfigError
from daymart.marts import defences as defending_module
from daymart.marts.defences import Defence, defences, defending
from daymart.marts.pages import COMMON, linked, mart_page, pages
from daymart.marts.read import MODELS, Mart, read_marts
from daymart.marts.units import unit_of
from daymart.publish.relations import COMMON_COLUMNS
from tests.conftest import HOME
from tests.marts import MARTS


@pytest.fixture(scope="module")
def marts() -> dict[str, Mart]:
    return read_marts(HOME)


@pytest.fixture(scope="module")
def known() -> list[Defence]:
    return defences()


def test_pages_in_docs_follow_from_the_marts() -> None:
    result = CliRunner().invoke(app, ["marts", "generate", "--check"])

    assert result.exit_code == 0, result.exception


def test_page_says_people_promise_feeds_checks_and_every_column(
    marts: dict[str, Mart], feeds: dict[str, Feed], known: list[Defence]
) -> None:
    page = mart_page(marts["receivables_open"], feeds, known)

    assert "The owner is `accounting.chief`, the deputy `accounting.deputy`." in page
    assert "promised by 08:30 of the next working day" in page
    assert "Read by: Sellers, Collectors, BI." in page
    assert "| [accounting](../contracts/accounting.md) | accounting.chief | 07:30 UTC |\n" in page
    assert "| `R4.items` | The open instalments of a customer add up to the balance. |" in page
    assert "`R3`, `R3.company`" in page and "of [receivables_customer]" in page
    assert "| `open_amount` | number, 2 decimals | `currency_code` | no | What is left" in page
    assert "| `days_past_due` | whole number | days | yes | Calendar days" in page
    assert "| `as_of` | day |  | no | Evening the figures are of" in page


def test_links_of_all_pages_lead_to_files(
    marts: dict[str, Mart], feeds: dict[str, Feed], known: list[Defence]
) -> None:
    made = pages(marts, feeds, known)
    links = [(p, link) for p, text in made.items() for link in re.findall(r"\]\(([^)]+)\)", text)]

    assert len(links) > len(made)
    assert [(p, x) for p, x in links if not (HOME / p.parent / x).is_file()] == []


def test_names_of_marts_become_links_but_not_in_code() -> None:
    page = "Take b_c, not `b_c`.\n```sql\nfrom b_c\n```\nNot b_cd, nor [b](b_c.md), nor b; see b."
    told = page.replace("Take b_c", "Take [b_c](b_c.md)").replace("see b.", "see [b](b.md).")

    assert linked(page, {"b", "b_c"}) == told


def test_every_number_has_a_unit(marts: dict[str, Mart]) -> None:
    bare = [
        f"{mart.name}.{column.name}"
        for mart in marts.values()
        for column in mart.columns
        if column.data_type.startswith("numeric")
        and not (column.unit or unit_of(column.name, column.data_type, _names(mart)))
    ]

    assert bare == [], "say it in the column's YAML: config: {meta: {unit: …}}"


@pytest.mark.parametrize(
    ("column", "beside", "unit"),
    [
        ("open_company_amount", {"currency_code"}, "`company_currency_code`"),
        ("open_amount", {"currency_code"}, "`currency_code`"),
        ("open_qty", {"base_uom"}, "`base_uom`"),
        ("open_qty", {"customer_id"}, "base units, added up"),
        ("otif_rate", set(), "share, 1 is all"),
    ],
    ids=["company amount", "amount", "quantity", "quantity of several", "rate"],
)
def test_unit_follows_from_the_name(column: str, beside: set[str], unit: str) -> None:
    assert unit_of(column, "numeric(18,2)", beside) == unit


def test_rules_a_mart_names_are_checked_and_its_own_checks_are_named(
    marts: dict[str, Mart], known: list[Defence]
) -> None:
    rules = {d.number for d in known}
    for mart in marts.values():
        named = set(mart.meta.checks)
        assert named <= rules, f"{mart.name} names rules that nothing checks"
        own = {d.number for d in defending(mart.name, known) if d.mart == mart.name}
        assert own <= named, f"name these in meta.checks of {mart.name}"


def test_every_check_of_every_suite_is_explained(known: list[Defence]) -> None:
    checks = {c.check_id for m in suite_modules() for c in m.checks(date(2026, 11, 20))}

    assert {d.check.check_id for d in known} == checks
    assert [d.check.check_id for d in known if len(d.meaning.split()) < 4] == []


def test_check_that_no_function_explains_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    suite = ModuleType("expectations.marts.shelf")
    unexplained = Check("R1.shelf", Severity.WARN, "shop.owner", "Look.")
    vars(suite).update(MART="shelf", checks=lambda as_of: [unexplained])
    monkeypatch.setattr(defending_module, "suite_modules", lambda: [suite])

    with pytest.raises(ConfigError, match=r"R1\.shelf of shelf: nothing says what it means"):
        defences()


def test_words_of_common_columns_are_those_of_the_view() -> None:
    assert [column.name for column in COMMON] == list(COMMON_COLUMNS)


def test_mart_without_words_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    read = yaml.safe_load

    def without_answers(text: str) -> object:
        document = read(text)
        for model in document.get("models", ()):
            if model["name"] == "reservations":
                del model["config"]["meta"]["answers"]
        return document

    monkeypatch.setattr("daymart.marts.read.yaml.safe_load", without_answers)
    with pytest.raises(ConfigError, match=r"mart reservations: config\.meta\.answers: Field req"):
        read_marts(HOME)


def test_exposures_name_every_mart_and_nothing_else() -> None:
    document = yaml.safe_load((HOME / MODELS / "exposures.yml").read_text(encoding="utf-8"))
    read = {e["name"]: {_mart(r) for r in e["depends_on"]} for e in document["exposures"]}

    assert sorted(read["business_intelligence"]) == MARTS
    assert set.union(*read.values()) == set(MARTS)
    only_reports = set(MARTS) - set.union(
        *(v for k, v in read.items() if k != "business_intelligence")
    )
    assert only_reports == set(), "say who reads these in dbt_project/models/exposures.yml"


def _mart(reference: str) -> str:
    return reference.removeprefix("ref('").removesuffix("')")


def _names(mart: Mart) -> set[str]:
    return {column.name for column in mart.columns}
