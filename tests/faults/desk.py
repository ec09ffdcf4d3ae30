"""A department's desk: drops hostile files and asks the warehouse what became of them."""

from pathlib import Path
from typing import Any

from daymart.contracts.ddl import SYSTEM_COLUMNS
from daymart.contracts.model import Feed
from daymart.errors import DaymartError
from daymart.load.accept import accept
from daymart.load.pull import pull
from daymart.settings import Binding, FileTable, Project, Settings
from daymart.sources.registry import sources_of
from daymart.warehouse.connect import Warehouse
from tests.conftest import DEMO_EVENING, rows
from tests.faults.hostile.case import COLUMNS, FEED, TABLE, THREE

RAW_COLUMNS = (*COLUMNS, *(name for name, _, _ in SYSTEM_COLUMNS))


class Desk:
    """Where a department drops its file and Daymart picks it up."""

    def __init__(self, warehouse: Warehouse, feed: Feed, folder: Path) -> None:
        self.warehouse, self.feed, self.folder = warehouse, feed, folder

    def deliver(self, sender: str, file: str, content: bytes | None, **binding: Any) -> int:
        """Drop a file, pull and accept it; return how many rows were held back."""
        for old in self.folder.iterdir():
            old.unlink()
        if content is not None:
            (self.folder / file).write_bytes(content)
        described = FileTable(**{"path": file, "stable_for": 0, **binding})
        bound = Binding(system=sender, feeds=(FEED,), folder=".", files={TABLE: described})
        company = Settings(company="Hostile", currency="EUR", bindings=(bound,))
        (source,) = sources_of(self.feed, Project(self.folder, company))
        load = pull(self.warehouse, self.feed, source, DEMO_EVENING)
        return accept(self.warehouse, self.feed, load.load_id).quarantined

    def know_three_orders(self, sender: str) -> list[tuple]:
        """Let a sender have delivered three orders before, without the cost of a load."""
        if not self.raw("sound"):
            self.deliver("sound", "orders.csv", THREE.encode())
        names = ", ".join(c for c in RAW_COLUMNS if c != "source_system")
        with self.warehouse.session(None) as session:
            session.execute(
                f"insert into raw.so_order (source_system, {names})"
                f" select %s, {names} from raw.so_order where source_system = 'sound'".encode(),
                [sender],
            )
        return self.raw(sender)

    def raw(self, sender: str) -> list[tuple]:
        return self.ask("select * from raw.so_order where source_system = %s order by 1", sender)

    def stored(self, sender: str, key: str, column: str) -> tuple[Any, str]:
        """Give a value of raw, and as PostgreSQL and Python write it."""
        (found,) = self.ask(
            f"select {column} from raw.so_order where source_system = %s and order_id = %s",
            sender,
            key,
        )
        return found[0], str(found[0])

    def last_load(self, sender: str) -> tuple[int, str, str | None]:
        """Return number, state and reason of the sender's latest load."""
        found = self.ask(
            "select load_id, state, reason from ops.load where source_system = %s"
            " order by load_id desc limit 1",
            sender,
        )
        return found[0]

    def counted(self, load_id: int) -> tuple[int, int, int, list[str]]:
        """Give rows read, new rows, rows held back and unknown columns from the ledger."""
        (found,) = self.ask(
            "select read_rows, new_rows, quarantined_rows, extra_columns from ops.load_table"
            " where load_id = %s",
            load_id,
        )
        return found  # type: ignore[return-value]

    def rejects(self, load_id: int) -> list[tuple]:
        """Give row number, feed, file, violations and values of each row held back."""
        return self.ask(
            "select row_no, feed_id, file_name, violations, row_values from quarantine.reject"
            " where load_id = %s order by row_no",
            load_id,
        )

    def landing_is_empty(self) -> bool:
        return self.ask("select tablename from pg_tables where schemaname = 'landing'") == []

    def ask(self, query: str, *values: object) -> list[tuple]:
        return rows(self.warehouse, query, *values)


def assert_sentence(error: DaymartError, starts: str) -> None:
    """The sentence names feed and file, is one printable line and tells what to do."""
    message = str(error)
    assert message.startswith(starts)
    assert message.isprintable()
    assert len(message) < 1_000
    assert error.saw and error.remedy and message.endswith(error.remedy)
