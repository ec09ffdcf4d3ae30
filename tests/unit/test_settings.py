"""daymart.yaml: read once, every mistake named with its field."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from daymart.errors import ConfigError, ExitCode
from daymart.settings import Calendar, Settings, find_home, load_project
from tests.conftest import HOME

GOOD = """
company: Corner Shop
currency: EUR
calendars:
  default: {weekend: [sat, sun], holidays: [2026-12-25], working: [2026-12-26]}
bindings:
  - {system: odoo, connection: erp, feeds: [sales, reference]}
  - {system: files, source_system: branch, folder: drop, feeds: [sales],
     files: {so_order: {path: "orders_{as_of}.csv", delimiter: ";", decimal: ","}}}
"""


def write(home: Path, text: str) -> Path:
    (home / "daymart.yaml").write_text(text, encoding="utf-8")
    return home


def refusal(home: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_project(write(home, text))
    assert caught.value.exit_code == ExitCode.USAGE
    return str(caught.value)


def test_settings_of_the_project_are_sound(settings: Settings) -> None:
    assert settings.company == "Northlight Trading"
    assert settings.currency == "EUR"


def test_settings_are_read_with_their_defaults(tmp_path: Path) -> None:
    found = load_project(write(tmp_path, GOOD)).settings
    assert (found.warehouse, found.retention_days) == ("warehouse", 730)
    assert [b.source_name for b in found.bindings_of("sales")] == ["odoo", "branch"]
    assert found.bindings_of("accounting") == []
    assert found.bindings[1].files["so_order"].decimal == ","


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("currency: EUR", "currency: euro", "currency"),
        ("currency: EUR", "curency: EUR", "currency"),
        ("company: Corner Shop", "company: Corner Shop\ncolour: red", "colour"),
        ("weekend: [sat, sun]", "weekend: [saturday]", "calendars.default.weekend.0"),
        ("holidays: [2026-12-25]", "holidays: [christmas]", "calendars.default.holidays.0"),
        ("connection: erp", "conection: erp", "bindings.0.conection"),
        ('decimal: ","', 'decimal: ";"', "bindings.1.files.so_order.decimal"),
        ("company: Corner Shop", "company: Corner Shop\nretention_days: 3", "retention_days"),
        ('decimal: ","', "limits: {max_bytes: 0}", "bindings.1.files.so_order.limits.max_bytes"),
        ('decimal: ","', "limits: {bytes: 9}", "bindings.1.files.so_order.limits.bytes"),
    ],
)
def test_settings_with_a_mistake_are_refused_naming_the_field(
    old: str, new: str, field: str, tmp_path: Path
) -> None:
    assert old in GOOD
    message = refusal(tmp_path, GOOD.replace(old, new))
    assert message.startswith(f"daymart.yaml: {field}: ")
    assert "Correct it and run: daymart check" in message


def test_settings_file_missing_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"daymart\.yaml: no such file"):
        load_project(tmp_path)


def test_settings_that_are_no_yaml_are_a_config_error(tmp_path: Path) -> None:
    assert "not YAML" in refusal(tmp_path, "company: [")


def test_settings_with_a_day_that_does_not_exist_are_a_config_error(tmp_path: Path) -> None:
    message = refusal(tmp_path, GOOD.replace("2026-12-25", "2026-02-30"))
    assert "day is out of range for month" in message


def test_settings_of_another_company_are_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(GOOD.replace("Corner Shop", "Other Shop"), encoding="utf-8")
    monkeypatch.setenv("DAYMART_SETTINGS", str(other))
    assert load_project(write(tmp_path, GOOD)).settings.company == "Other Shop"


def test_home_is_the_nearest_folder_with_contracts_and_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAYMART_HOME")
    deep = tmp_path / "contracts" / "deep"
    deep.mkdir(parents=True)
    (tmp_path / "systems").mkdir()
    assert find_home(deep) == tmp_path.resolve()


def test_home_nowhere_is_a_config_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAYMART_HOME")
    with pytest.raises(ConfigError, match="set DAYMART_HOME"):
        find_home(tmp_path)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), True),
        (date(2026, 12, 27), False),
    ],
)
def test_calendar_knows_weekends_holidays_and_moved_days(day: date, works: bool) -> None:
    calendar = Calendar(holidays=(date(2026, 12, 25),), working=(date(2026, 12, 26),))
    assert calendar.is_working(day) is works


def test_settings_shown_for_services_are_sound() -> None:
    shown = (HOME / "docs" / "sources" / "odata.md").read_text(encoding="utf-8")
    blocks = [block.partition("```")[0] for block in shown.split("```yaml\n")[1:]]
    odata = yaml.safe_load(blocks[0])
    rest = {"system": "deals", "feeds": ["crm"], **yaml.safe_load(blocks[1])}
    read = Settings.model_validate(
        {"company": "C", "currency": "EUR", "bindings": [*odata["bindings"], rest]}
    )
    first, second = read.bindings
    assert first.odata is not None
    assert first.odata.entities["leads"].key == ("Ref_Key",)
    assert second.rest is not None
    assert second.rest.entities["deals"].next == "paging.next"
