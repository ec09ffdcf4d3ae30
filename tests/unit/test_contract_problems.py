"""Contracts that must be refused: one fixture per problem, each with its line and its remedy."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from daymart.cli.contracts import app
from daymart.contracts.problems import Problem, problems_in
from daymart.contracts.read import contract_paths, read_feeds, require_sound
from daymart.errors import ConfigError, ExitCode

FIXTURES = Path(__file__).parent.parent / "fixtures" / "contracts"
PROBLEMS = FIXTURES / "problems"
TABLE = "schema.receipt"
RECEIPT_NO = f"{TABLE}.properties.receipt_no"

# file -> line, path, words of what was seen, words of the remedy
EXPECTED = {
    "no_owner": (8, "team", "no owner", "role: owner"),
    "owner_without_a_name": (8, "team", "no owner", "role: owner"),
    "no_deputy": (8, "team", "no deputy", "role: deputy"),
    "no_head": (8, "team", "no head", "role: head"),
    "no_deadline": (1, "slaProperties", "no deadline", "timeOfAvailability"),
    "deadline_not_a_time": (
        16,
        "slaProperties.timeOfAvailability.value",
        "deadline '7 in the morning'",
        '"HH:MM"',
    ),
    "schedule_not_cron": (
        18,
        "slaProperties.timeOfAvailability.schedule",
        "schedule 'every morning'",
        "five cron fields",
    ),
    "no_time_zone": (1, "customProperties", "time zone None", "Europe/Kyiv"),
    "unknown_time_zone": (19, "customProperties", "time zone 'Europe/Atlantis'", "IANA"),
    "reject_share_above_one": (19, "customProperties", "maxRejectShare 5", "from 0 to below 1"),
    "no_table": (21, "schema", "no table", "at least one table"),
    "table_name_too_long": (22, "", "name of 64 bytes", "At most 50"),
    "no_key": (22, TABLE, "no key", "primaryKey: true"),
    "key_without_position": (
        27,
        f"{TABLE}.properties.receipt_no",
        "key column 'receipt_no' has no place",
        "primaryKeyPosition",
    ),
    "key_not_required": (
        27,
        f"{TABLE}.properties.receipt_no",
        "key column 'receipt_no' is not required",
        "required: true",
    ),
    "unknown_load_mode": (
        24,
        f"{TABLE}.customProperties",
        "loadMode 'everything'",
        "snapshot, incremental, events",
    ),
    "incremental_without_cursor": (
        24,
        f"{TABLE}.customProperties",
        "incremental without a cursor",
        "property: cursor",
    ),
    "cursor_no_column": (24, f"{TABLE}.customProperties", "'touched_at' is no column", "column"),
    "cursor_not_a_timestamp": (
        24,
        f"{TABLE}.customProperties",
        "cursor 'receipt_no' is no timestamp",
        "logicalType timestamp",
    ),
    "overlap_not_a_duration": (24, f"{TABLE}.customProperties", "overlap 'two days'", "P2D"),
    "key_share_above_one": (24, f"{TABLE}.customProperties", "minKeyShare 70", "from 0 to 1"),
    "partition_no_column": (24, f"{TABLE}.customProperties", "'evening' is no column", "column"),
    "measure_no_column": (24, f"{TABLE}.customProperties", "'total' is no column", "column"),
    "unknown_type": (
        39,
        f"{TABLE}.properties.amount.physicalType",
        "unknown type 'money'",
        "numeric(p,s)",
    ),
    "logical_type_differs": (
        38,
        f"{TABLE}.properties.amount.logicalType",
        "logicalType 'string' for numeric(18,2)",
        "logicalType: number",
    ),
    "pattern_not_an_expression": (
        33,
        f"{TABLE}.properties.receipt_no.logicalTypeOptions",
        "pattern '[A-Z'",
        "missing ]",
    ),
    "name_of_the_loader": (
        37,
        f"{TABLE}.properties._load_id.name",
        "'_load_id' is the loader's own",
        "another name",
    ),
    "name_too_long": (37, f"{TABLE}.properties.", "name of 88 bytes", "63"),
    "columns_clash": (
        37,
        f"{TABLE}.properties.Receipt_No.name",
        "'Receipt_No' clashes with 'receipt_no'",
        "Rename",
    ),
    "no_description": (27, RECEIPT_NO, "no description", "one sentence"),
    "no_example": (27, RECEIPT_NO, "no example", "one value"),
    "no_label": (27, RECEIPT_NO, "no label in uk", "property: labels"),
    "number_without_unit": (
        37,
        f"{TABLE}.properties.amount",
        "number 'amount' has no unit",
        "property: unit",
    ),
    "reference_to_nothing": (
        34,
        f"{RECEIPT_NO}.relationships.0",
        "'shop.shop_no', which no contract has",
        "TABLE.COLUMN",
    ),
    "reference_of_another_type": (
        34,
        f"{RECEIPT_NO}.relationships.0",
        "receipt.receipt_no is text, receipt.rung_at is timestamptz",
        "same physicalType",
    ),
    "reference_from_nothing": (
        27,
        f"{TABLE}.relationships.0",
        "'receipt.till_no' is no column of receipt",
        "column of this table",
    ),
    "reference_to_two_tables": (
        27,
        f"{TABLE}.relationships.0",
        "points at several tables",
        "one reference for each",
    ),
    "reference_not_in_pairs": (
        27,
        f"{TABLE}.relationships.0",
        "2 columns point at 1",
        "Pair every column",
    ),
    "not_yaml": (10, "", "not YAML", "expected ',' or ']'"),
    "day_that_does_not_exist": (1, "", "not YAML", "day is out of range"),
    "empty": (1, "", "empty file", "contract beside it"),
    "breaks_the_standard": (1, "", "'version' is a required property", "Standard v3.1"),
}
SEVERAL = {"sound", "several", "no_team", "unknown_calendar"}


@pytest.mark.parametrize("name", EXPECTED)
def test_contract_with_one_problem_is_refused_with_line_path_and_remedy(name: str) -> None:
    line, path, saw, remedy = EXPECTED[name]
    (problem,) = problems_in([contract(name)])
    assert problem.file == f"{name}.odcs.yaml"
    assert problem.line == line
    assert problem.path == path or (path in ("", f"{TABLE}.properties.") and path in problem.path)
    assert saw in problem.saw
    assert remedy in problem.remedy


@pytest.mark.parametrize("name", EXPECTED)
def test_contract_with_a_problem_is_never_installed(name: str) -> None:
    with pytest.raises(ConfigError, match="daymart contracts check") as caught:
        require_sound([contract(name)])
    assert f"{name}.odcs.yaml:" in str(caught.value)


MISSPELT = {"breaks_the_standard"}
"""Problems that only the standard's schema knows: words that Daymart itself does not read."""


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - MISSPELT))
def test_contract_that_cannot_be_followed_is_never_read(name: str, tmp_path: Path) -> None:
    shutil.copy(contract(name), tmp_path)
    with pytest.raises(ConfigError, match="daymart contracts check") as caught:
        read_feeds(tmp_path)
    assert f"{name}.odcs.yaml:" in str(caught.value)


def test_contract_fixtures_are_all_used() -> None:
    found = {path.name.removesuffix(".odcs.yaml") for path in contract_paths(PROBLEMS)}
    assert found == set(EXPECTED) | SEVERAL


def test_contract_sound_has_no_problem() -> None:
    assert problems_in([contract("sound")]) == []
    assert problems_in(contract_paths(FIXTURES / "shop")) == []


def test_contract_with_several_problems_reports_all_at_once() -> None:
    found = [(p.line, p.saw.split(" '")[0]) for p in problems_in([contract("several")])]
    assert found == [
        (8, "no owner"),
        (15, "deadline"),
        (21, "no key"),
        (36, "unknown type"),
        (42, "name"),
    ]


def test_contract_with_a_calendar_the_settings_lack_is_refused() -> None:
    assert problems_in([contract("unknown_calendar")]) == []
    assert problems_in([contract("unknown_calendar")], {"moon"}) == []
    (problem,) = problems_in([contract("unknown_calendar")], {"default", "sun"})
    assert (problem.line, problem.path) == (21, "customProperties.calendar")
    assert problem.saw == "calendar 'moon'"
    assert "default, sun" in problem.remedy


def test_contracts_check_asks_the_settings_for_calendars(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "daymart.yaml").write_text("company: X\ncurrency: EUR\n", encoding="utf-8")
    result = check(tmp_path, monkeypatch, contract("unknown_calendar"))
    assert result.exit_code == ExitCode.USAGE
    assert "unknown_calendar.odcs.yaml:21 customProperties.calendar" in result.stderr


def test_contract_without_a_team_misses_all_three_people() -> None:
    assert [p.saw for p in problems_in([contract("no_team")])] == [
        "no owner",
        "no deputy",
        "no head",
    ]


def test_contracts_clashing_in_feed_and_table_name_each_other() -> None:
    problems = problems_in(contract_paths(FIXTURES / "clashes"))
    assert [str(p) for p in problems] == [
        "till_again.odcs.yaml:4 name: feed 'till' is also in till.odcs.yaml."
        " Give each feed its own name.",
        "till_elsewhere.odcs.yaml:22 schema.receipt.name: table 'receipt' is also in"
        " till.odcs.yaml. A table belongs to one contract.",
    ]


def test_contracts_of_several_files_report_problems_of_each() -> None:
    problems = problems_in([contract("no_owner"), contract("not_yaml"), contract("unknown_type")])
    assert [(p.file, p.line) for p in problems] == [
        ("no_owner.odcs.yaml", 8),
        ("not_yaml.odcs.yaml", 10),
        ("unknown_type.odcs.yaml", 39),
    ]


def test_contract_problem_prints_file_line_path_sight_and_remedy() -> None:
    problem = Problem("till.odcs.yaml", 7, "team", "no owner", "Add one.")
    assert str(problem) == "till.odcs.yaml:7 team: no owner. Add one."


def test_contracts_folder_without_a_contract_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no file, expected at least one NAME.odcs.yaml"):
        contract_paths(tmp_path)


def test_contracts_check_broken_contract_exits_2_with_one_line_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = check(tmp_path, monkeypatch, contract("several"))
    assert result.exit_code == ExitCode.USAGE
    lines = result.stderr.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("several.odcs.yaml:8 team: no owner. Add a member with role: owner")


def test_contracts_check_json_broken_contract_lists_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = check(tmp_path, monkeypatch, contract("unknown_type"), "--json")
    assert result.exit_code == ExitCode.USAGE
    assert '"line": 39' in result.stdout
    assert result.stderr == ""


def test_contracts_check_sound_contract_exits_0(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = check(tmp_path, monkeypatch, contract("sound"))
    assert (result.exit_code, result.stdout) == (0, "1 contracts are sound\n")


def check(
    home: Path, monkeypatch: pytest.MonkeyPatch, contract_file: Path, *options: str
) -> Result:
    (home / "contracts").mkdir()
    shutil.copy(contract_file, home / "contracts")
    monkeypatch.setenv("DAYMART_HOME", str(home))
    return CliRunner().invoke(app, ["check", *options])


def contract(name: str) -> Path:
    return PROBLEMS / f"{name}.odcs.yaml"
