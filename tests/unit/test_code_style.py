"""What `make lint` says, as tests: the house's tools find nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["sqlfluff", "lint", "--processes", "2", "dbt_project", "systems"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_tool_on_the_tree_finds_nothing(command: list[str]) -> None:
    done = subprocess.run(
        [str(TOOLS / command[0]), *command[1:]],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"make lint: {done.stdout[-3000:]}{done.stderr[-1000:]}"


def test_command_starts_without_what_only_some_stages_need() -> None:
    heavy = ["adbc_driver_postgresql", "airflow", "dbt", "duckdb", "great_expectations", "pandas"]
    heavy += ["polars", "sqlalchemy"]
    code = f"import sys, daymart.cli; print(*[m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [], "import these where they are used: seconds for each command"


def test_python_files_stay_short() -> None:
    folders = ("src", "expectations", "dags", "tests", "benchmarks")
    files = [p for folder in folders for p in (HOME / folder).rglob("*.py")]
    long = {str(p.relative_to(HOME)): n for p in files if (n := _lines(p)) > 400}

    assert len(files) > 300
    assert long == {}, "one idea per module: split these"


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
