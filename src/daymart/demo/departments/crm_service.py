"""Sales' CRM as a service of its own: a process that outlives the command that started it."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil  # type: ignore[import-untyped]

from daymart.demo.processes import is_running, started_at
from daymart.errors import TransientError

LOGIN = "demo"


@dataclass(frozen=True)
class CrmService:
    """A running service: its process and its address."""

    process: int
    started_at: float
    url: str

    @property
    def connection(self) -> str:
        """Return the Airflow connection that reaches it."""
        parts = urlsplit(self.url)
        return f"http://{LOGIN}:{LOGIN}@{parts.netloc}/?base_path={quote(parts.path, safe='')}"

    def is_alive(self) -> bool:
        """Tell whether the process that was started still runs."""
        return is_running(self.process, self.started_at)


def start_crm(home: Path, dsn: str) -> CrmService:
    """Start the service over the ERP's database, or find it running.

    It gets the port it had before where that is free, so that connections stay true. Raises
    TransientError when it does not come up.
    """
    known = _noted(home)
    if known and known.is_alive():
        return known
    port = urlsplit(known.url).port if known else 0
    service = _start(home, dsn, port or 0) or _start(home, dsn, 0)
    if service is None:
        raise TransientError(
            "demo CRM",
            saw="its service ended at once",
            expected="an address",
            remedy=f"See {_log(home)}",
        )
    _note(home).write_text(json.dumps(asdict(service)), encoding="utf-8")
    return service


def stop_crm(home: Path) -> bool:
    """End the service this project started; tell whether it was running."""
    known = _noted(home)
    if known is None or not known.is_alive():
        return False
    process = psutil.Process(known.process)
    process.terminate()
    process.wait(timeout=10)
    return True


def _start(home: Path, dsn: str, port: int) -> CrmService | None:
    with _log(home).open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "daymart.demo.odata_server"]
            + ["--dsn", dsn, "--port", str(port), "--login", LOGIN, "--password", LOGIN],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    process.stdout.close()
    if not url:
        process.wait()
        return None
    return CrmService(process.pid, started_at(process.pid), url)


def _noted(home: Path) -> CrmService | None:
    try:
        return CrmService(**json.loads(_note(home).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _note(home: Path) -> Path:
    return home / ".daymart" / "crm.json"


def _log(home: Path) -> Path:
    return home / ".daymart" / "crm.log"
