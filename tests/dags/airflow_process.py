"""Scripts of this folder under Airflow, each in a process of its own.

Airflow reads its settings once a process, and other tests shall not feel them.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from daymart.demo.local import airflow_environment

HOME = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
NOBODY = "postgresql://nobody:unset@127.0.0.1:1/none"


def run_in_airflow(script: str, folder: Path, settings: Mapping[str, str]) -> dict[str, Any]:
    """Run a script of this folder under Airflow and return the JSON of its last line."""
    environment = airflow_environment(HOME) | {"AIRFLOW_HOME": str(folder)} | dict(settings)
    done = subprocess.run(
        [sys.executable, str(HERE / script)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=540,
    )
    assert done.returncode == 0, f"{script} ended with {done.returncode}:\n{done.stderr[-4000:]}"
    return dict(json.loads(done.stdout.splitlines()[-1]))
