"""Hostile files at the command line: an exit code and a sentence, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from daymart.cli.output import complain, show
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, HOME
from tests.faults.hostile.case import FEED, LOGIN, TABLE, order, text

REAL = ("order_id", "number", "customer_id", "employee_id", "order_date", "currency",
        "contract_id", "prepaid")  # fmt: skip
BAD = [order(n, currency="euro" if n < 3 else "EUR") for n in range(1, 30)]


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (LOGIN, 6, "sales.so_order orders.csv: the content is an HTML login page"),
        (text(BAD, REAL), 7, "2 rows held back"),
    ],
    ids=["login-page", "two-bad-rows"],
)
def test_command_line_answers_a_hostile_file_without_a_traceback(
    warehouse: Warehouse, tmp_path: Path, content: str, code: int, says: str
) -> None:
    (tmp_path / "orders.csv").write_text(content)
    answer = load_by_command(warehouse, tmp_path)
    said = answer.stdout + answer.stderr
    assert (answer.returncode, says in said) == (code, True), said
    assert "Traceback" not in said
    if code != 7:
        assert len(answer.stderr.strip().splitlines()) == 1


def load_by_command(warehouse: Warehouse, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `daymart load sales` for a company whose orders come from a folder."""
    company = {
        "company": "Hostile",
        "currency": "EUR",
        "bindings": [
            {
                "system": "desk",
                "feeds": [FEED],
                "folder": str(folder),
                "files": {TABLE: {"path": "orders.csv", "stable_for": 0}},
            }
        ],
    }
    written = folder / "company.yaml"
    written.write_text(yaml.safe_dump(company))
    connection = warehouse.connection
    uri = f"postgresql://{connection.login}@/{connection.database}?host={connection.host}"
    places = {"DAYMART_HOME": str(HOME), "DAYMART_SETTINGS": str(written)}
    return subprocess.run(
        [sys.executable, "-m", "daymart", "load", FEED, "--as-of", DEMO_EVENING.isoformat()],
        env={**os.environ, **places, "AIRFLOW_CONN_WAREHOUSE": uri},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_hostile_text_reaches_no_terminal_unescaped(capsys: pytest.CaptureFixture[str]) -> None:
    text = "\x1b[31mred\u202egnp.exe\u200b"
    show("rejects", [{"value": text, "columns": [text]}])
    complain(f"sales.so_order {text}: no")
    said = capsys.readouterr()
    assert "\\x1b[31mred\\u202egnp.exe\\u200b" in said.out
    assert not {"\x1b", "\u202e", "\u200b"} & {*said.out, *said.err}
