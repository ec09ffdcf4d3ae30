"""How much memory a piece of work takes at its peak, beyond what the process held before."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

RESET = Path("/proc/self/clear_refs")
STATUS = Path("/proc/self/status")


@dataclass
class Peak:
    """The growth of resident memory, in bytes; known when the work is done."""

    growth: int = 0


@contextmanager
def peak_memory() -> Iterator[Peak]:
    """Measure by the kernel's high-water mark, set back first where Linux allows it."""
    if RESET.exists():
        RESET.write_text("5")
    before = _high_water()
    peak = Peak()
    yield peak
    peak.growth = _high_water() - before


def _high_water() -> int:
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(row for row in STATUS.read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
