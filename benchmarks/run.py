"""`make bench`: what reading, loading, building, publishing and mornings cost, beside yardsticks.

Everything is measured in the same run on the same embedded server. Each of our measurements is
a process of its own, so that its peak memory is its own. Nothing is asserted: machines differ.
Name themes to measure only them: python benchmarks/run.py files mornings
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from files import measure_files
from layers import measure_layers
from measure import MeasurementFailed, print_machine
from mornings import measure_mornings
from services import measure_services
from simulator import measure_simulator
from tables import measure_tables

from daymart.demo.local import LocalPostgres, postgres_in

THEMES: dict[str, Callable[[LocalPostgres], None]] = {
    "files": measure_files,
    "tables": measure_tables,
    "services": measure_services,
    "simulator": measure_simulator,
    "layers": measure_layers,
    "mornings": measure_mornings,
}


def main(themes: list[str]) -> None:
    """Measure the themes one after another."""
    if unknown := set(themes) - set(THEMES):
        sys.exit(f"no theme {', '.join(sorted(unknown))}; there are {', '.join(THEMES)}")
    print_machine()
    with tempfile.TemporaryDirectory() as folder, postgres_in(Path(folder) / "pg") as postgres:
        for theme in themes or THEMES:
            print(f"== {theme}")
            try:
                THEMES[theme](postgres)
            except MeasurementFailed as failed:
                print(failed)
            print(flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
