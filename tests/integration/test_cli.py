"""The daymart command on a real warehouse: answers, JSON, exit codes, never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.contracts.shop import Shop, shop_project

from daymart import __version__
from daymart.errors import ExitCode
from daymart.load.pull import lease_name
from daymart.warehouse.connect import Role
from daymart.warehouse.lease import hold
from tests.integration.conftest import Daymart

GOOD = [(f"A{n}", f"Item {n}", f"{n}.50", "EUR", None) for n in range(1, 9)]
EVENING = ("--as-of", "2026-11-20")

COMMANDS = [
    (),
    ("demo",),
    ("check",),
    ("run",),
    ("load",),
    ("status",),
    ("contracts",),
    ("contracts", "list"),
    ("contracts", "check"),
    ("contracts", "generate"),
    ("publication",),
    ("publication", "list"),
    ("publication", "show"),
    ("publication", "rollback"),
    ("quarantine",),
    ("quarantine", "list"),
    ("quarantine", "show"),
    ("quarantine", "replay"),
]


@pytest.fixture
def shop(shared_shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Offer a shop whose project, source and warehouse the command finds."""
    warehouse = shared_shop.begin_anew().warehouse.connection
    monkeypatch.setenv("DAYMART_HOME", str(shop_project(tmp_path / "home")))
    monkeypatch.setenv("AIRFLOW_CONN_SHOP", shared_shop.uri)
    monkeypatch.setenv(
        "AIRFLOW_CONN_WAREHOUSE",
        f"postgresql://{warehouse.login}:@/{warehouse.database}?host={warehouse.host}",
    )
    shared_shop.items(*GOOD)
    shared_shop.at_source("insert into stock values ('2026-11-20', 'A1', 4)")
    return shared_shop


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "daymart", *arguments], capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_of_every_command_exits_0_and_says_what_it_does(
    command: tuple[str, ...], daymart: Daymart
) -> None:
    code, out, _ = daymart(*command, "--help")
    assert code == ExitCode.OK
    assert "Usage: " in out
    assert " ".join(("", *command, "")) in out
    assert daymart(*command, "-h")[1] == out


def test_command_as_a_process_prints_help_and_version() -> None:
    shown = process("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    for name in ("load", "run", "status", "contracts", "publication", "quarantine", "check"):
        assert name in shown.stdout
    assert process("--version").stdout.strip() == __version__


def test_command_as_a_process_with_a_user_s_mistake_prints_one_sentence(shop: Shop) -> None:
    ended = process("load", "shops")
    assert ended.returncode == ExitCode.USAGE
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "feed 'shops': no such contract, expected one of shop" in ended.stderr


def test_load_good_delivery_exits_0_and_prints_counts(shop: Shop, daymart: Daymart) -> None:
    code, out, _ = daymart("load", "shop", *EVENING)
    assert code == ExitCode.OK
    assert "shop 2026-11-20: accepted" in out
    assert "movement" in out
    assert shop.ask("select count(*) from raw.item") == [(8,)]


def test_load_json_prints_nothing_but_json(shop: Shop, daymart: Daymart) -> None:
    code, out, _ = daymart("load", "shop", *EVENING, "--json")
    answer = json.loads(out)
    (load,) = answer["loads"]
    assert code == ExitCode.OK
    assert (load["feed"], load["state"], load["read"], load["new"]) == ("shop", "accepted", 9, 9)
    tables = {t["table"]: t for t in answer[f"load {load['load_id']}"]}
    assert tables["item"]["source_control"] == "40.00"
    assert tables["item"]["landed_control"] == "40.00"


def test_load_with_rows_held_back_exits_7(shop: Shop, daymart: Daymart) -> None:
    shop.items(*GOOD[:7], ("A8", "Item 8", "-1", "EUR", None))
    code, out, _ = daymart("load", "shop", *EVENING)
    assert code == ExitCode.QUARANTINED
    assert "1 rows held back" in out


def test_load_refused_delivery_exits_6_with_what_to_do(shop: Shop, daymart: Daymart) -> None:
    shop.items()
    code, _, err = daymart("load", "shop", *EVENING)
    assert code == ExitCode.REJECTED
    assert "landing.volume failed on shop.item" in err
    assert "details: daymart status --feed shop" in err


def test_load_of_two_fifths_of_a_full_list_exits_6_and_deletes_nothing(
    shop: Shop, daymart: Daymart
) -> None:
    daymart("load", "shop", *EVENING)
    shop.items(*GOOD[:3])
    code, _, err = daymart("load", "shop", *EVENING)
    assert code == ExitCode.REJECTED == 6
    assert "landing.collapse failed on shop.item: 3, expected at least 4" in err
    assert shop.ask("select count(*) from raw.item") == [(8,)]


def test_load_while_another_run_writes_exits_5_naming_it(shop: Shop, daymart: Daymart) -> None:
    with hold(shop.warehouse, lease_name("shop", "shop"), Role.LOADER):
        code, _, err = daymart("load", "shop", *EVENING)
    assert code == ExitCode.FENCED
    assert "has been writing since" in err


def test_warehouse_down_exits_4_without_the_password(
    shop: Shop, daymart: Daymart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_WAREHOUSE", f"postgresql://me:hunter2@/x?host={tmp_path}")
    for command in (("load", "shop"), ("status",), ("check",), ("quarantine", "list")):
        code, out, err = daymart(*command)
        assert code == ExitCode.WAREHOUSE_UNAVAILABLE
        assert "warehouse" in err
        assert "hunter2" not in out + err


def test_source_down_exits_3_without_the_password(
    shop: Shop, daymart: Daymart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_SHOP", f"postgresql://me:hunter2@/x?host={tmp_path}")
    code, out, err = daymart("load", "shop", *EVENING)
    assert code == ExitCode.SOURCE_UNAVAILABLE
    assert "source shop (shop)" in err
    assert "hunter2" not in out + err


def test_connection_not_set_exits_2_naming_the_variable(
    shop: Shop, daymart: Daymart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_SHOP")
    code, _, err = daymart("load", "shop", *EVENING)
    assert code == ExitCode.USAGE
    assert "AIRFLOW_CONN_SHOP" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("load",),
        ("load", "shop", "--as-of", "yesterday"),
        ("load", "shop", "--colour"),
        ("load", "nosuch"),
        ("quarantine", "show", "999"),
        ("quarantine", "show", "one"),
        ("quarantine", "replay", "--set", "price"),
        ("status", "--feed", "nosuch"),
        ("publication", "show", "999"),
        ("publication", "rollback", "999", "--reason", "wrong"),
    ],
    ids=" ".join,
)
def test_user_s_mistake_exits_2_on_standard_error(
    arguments: tuple[str, ...], shop: Shop, daymart: Daymart
) -> None:
    code, out, err = daymart(*arguments)
    assert code == ExitCode.USAGE
    assert err.strip()
    assert "accepted" not in out


def test_settings_misspelt_exit_2_naming_the_field(
    shop: Shop, daymart: Daymart, tmp_path: Path
) -> None:
    path = tmp_path / "home" / "daymart.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "curency: USD\n", encoding="utf-8")
    code, _, err = daymart("status")
    assert code == ExitCode.USAGE
    assert "daymart.yaml: curency" in err


def test_contract_broken_exits_2_with_file_line_and_remedy(
    shop: Shop, daymart: Daymart, tmp_path: Path
) -> None:
    path = tmp_path / "home" / "contracts" / "shop.odcs.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("role: owner", "role: guest"), encoding="utf-8"
    )
    for command in (("load", "shop"), ("contracts", "check"), ("contracts", "list")):
        code, _, err = daymart(*command)
        assert code == ExitCode.USAGE
        assert "shop.odcs.yaml:10 team: no owner" in err


def test_dry_run_reads_and_judges_but_accepts_nothing(shop: Shop, daymart: Daymart) -> None:
    shop.items(*GOOD[:7], ("A8", "Item 8", "-1", "EUR", None))
    code, out, _ = daymart("load", "shop", *EVENING, "--dry-run", "--json")
    answer = json.loads(out)
    would = {t["table"]: t for t in answer["would load"]}
    assert code == ExitCode.OK
    assert (would["item"]["read"], would["item"]["quarantined"]) == (8, 1)
    (why,) = answer["would wait in quarantine"]
    assert (why["table"], why["rule"], why["rows"], why["for_example"]) == (
        "item", "minimum", 1, "-1",
    )  # fmt: skip
    assert {c["check"] for c in answer["checks"]} >= {"landing.row_count", "landing.volume"}
    assert shop.ask("select count(*) from raw.item") == [(0,)]
    assert shop.ask("select tablename from pg_tables where schemaname = 'landing'") == []


def test_status_json_tells_latest_loads_open_checks_and_quarantine(
    shop: Shop, daymart: Daymart
) -> None:
    shop.items(*GOOD[:7], ("A8", "Item 8", "-1", "EUR", None))
    daymart("load", "shop", *EVENING)
    code, out, _ = daymart("status", "--json")
    answer = json.loads(out)
    assert code == ExitCode.OK
    assert answer["latest loads"][0]["quarantined"] == 1
    assert answer["quarantine"][0]["rule"] == "minimum"
    detail = json.loads(daymart("status", "--feed", "shop", "--json")[1])
    assert any(key.startswith("load ") for key in detail)


def test_contracts_list_json_names_feeds_with_people_and_deadline(
    shop: Shop, daymart: Daymart
) -> None:
    (feed,) = json.loads(daymart("contracts", "list", "--json")[1])["contracts"]
    assert (feed["feed"], feed["owner"], feed["deadline"]) == (
        "shop",
        "shop.owner",
        "07:15 Europe/Kyiv",
    )


def test_publication_list_of_a_new_warehouse_is_an_empty_list(shop: Shop, daymart: Daymart) -> None:
    code, out, _ = daymart("publication", "list", "--json")
    assert (code, json.loads(out)) == (ExitCode.OK, {"publications": []})


def test_quarantine_is_listed_shown_replayed_and_closed(shop: Shop, daymart: Daymart) -> None:
    shop.items(*GOOD[:7], ("A8", "Item 8", "8.50", "EURO", None))
    daymart("load", "shop", *EVENING)
    (row,) = json.loads(daymart("quarantine", "list", "--json")[1])["quarantine"]
    assert (row["column"], row["rule"], row["value"]) == ("currency", "pattern", "EURO")
    shown = json.loads(daymart("quarantine", "show", str(row["id"]), "--json")[1])
    assert (shown["owner"], shown["row_values"]["item_id"]) == ("shop.owner", "A8")
    assert "EURO" in daymart("quarantine", "show", str(row["id"]))[1]

    code, out, _ = daymart("quarantine", "replay", "--json")
    assert (code, json.loads(out)["held_again"]) == (ExitCode.QUARANTINED, 1)
    code, out, _ = daymart("quarantine", "replay", "--set", "currency=EUR")
    assert code == ExitCode.OK
    assert "1 rows entered raw, 0 held back again" in out
    assert shop.ask("select count(*) from raw.item") == [(8,)]
    assert json.loads(daymart("quarantine", "list", "--json")[1]) == {"quarantine": []}
    closed = json.loads(daymart("quarantine", "list", "--all", "--json")[1])["quarantine"]
    assert {r["state"] for r in closed} <= {"replayed", "superseded"}
    assert daymart("quarantine", "replay")[0] == ExitCode.OK
