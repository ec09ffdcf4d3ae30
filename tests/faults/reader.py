"""Readers that never stop: each notes what one statement, or one transaction, saw of two marts."""

import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import psycopg

from daymart.warehouse.connect import Role, Warehouse

STOCK = """
select coalesce(min(s.publication_id), 0) as first, coalesce(max(s.publication_id), 0) as last,
    count(*) as rows, min(s.brand) as mark, count(distinct s.brand) as marks
from marts.stock_availability as s
"""

RECEIVABLES = """
select coalesce(min(r.publication_id), 0) as first, coalesce(max(r.publication_id), 0) as last,
    count(*) as rows, min(r.manager_name) as mark, count(distinct r.manager_name) as marks
from marts.receivables_customer as r
where abs(hashtext(r.customer_id)) % 2 = 0
"""

JOINED = f"select s.*, r.* from ({STOCK}) as s cross join ({RECEIVABLES}) as r"

DEPENDENT = (
    """
select s.*, r.* from (
    select min(publication_id), max(publication_id), count(*), min(brand), count(distinct brand)
    from bi.stock
) as s cross join (
"""
    + RECEIVABLES
    + ") as r"
)

PUBLISHED = "select max(publication_id) from ops.publication where state = 'published'"


@dataclass(frozen=True)
class Seen:
    """What one read saw of one mart."""

    first: int
    last: int
    rows: int
    mark: str | None
    marks: int


@dataclass(frozen=True)
class Read:
    """One statement over both marts, or two statements in one snapshot.

    `opened` is the publication that was the last one when the snapshot was taken and `overtaken`
    how many were published before the snapshot was read to its end.
    """

    stock: Seen
    receivables: Seen
    opened: int | None = None
    overtaken: int = 0

    @property
    def is_torn(self) -> bool:
        """Tell whether the read mixes publications: by their number, or by what they wrote."""
        numbers = {self.stock.first, self.stock.last}
        numbers |= {self.receivables.first, self.receivables.last}
        if self.opened is not None:
            numbers.add(self.opened)
        marks = {self.stock.mark, self.receivables.mark}
        alike = marks == {f"mark {self.stock.first}"}
        return len(numbers) != 1 or not alike or self.stock.marks + self.receivables.marks != 2

    @property
    def is_empty(self) -> bool:
        return not (self.stock.rows and self.receivables.rows)


@dataclass
class Reader(threading.Thread, ABC):
    """Read until `stop` is set."""

    warehouse: Warehouse
    stop: threading.Event
    reads: list[Read] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        try:
            with self.warehouse.session(Role.READER) as session:
                while not self.stop.is_set():
                    self.reads.append(self.read(session))
        except Exception as broken:  # noqa: BLE001  # whatever it is, a reader must not see it
            self.errors.append(f"{type(self).__name__}: {broken!r}")

    @abstractmethod
    def read(self, session: psycopg.Connection) -> Read:
        """Read both marts once."""


def as_read(row: tuple, opened: int | None = None, overtaken: int = 0) -> Read:
    """Return a row of the joined statement as what was seen of each mart."""
    return Read(Seen(*row[:5]), Seen(*row[5:]), opened, overtaken)


class CommittedReader(Reader):
    """One statement joining two marts, in READ COMMITTED, planned anew each time."""

    def read(self, session: psycopg.Connection) -> Read:
        row = session.execute(JOINED, prepare=False).fetchone()
        assert row is not None
        return as_read(row)


class PreparedReader(Reader):
    """The same statement prepared once, one side through a view of the BI tool's own."""

    def read(self, session: psycopg.Connection) -> Read:
        row = session.execute(DEPENDENT, prepare=True).fetchone()
        assert row is not None
        return as_read(row)


class RepeatableReader(Reader):
    """A snapshot taken before a publication, each mart read after it."""

    def read(self, session: psycopg.Connection) -> Read:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with session.transaction():
            opened = session.execute(PUBLISHED).fetchone()
            assert opened is not None
            overtaken = self._wait_for_another(opened[0])
            stock = session.execute(STOCK).fetchone()
            receivables = session.execute(RECEIVABLES).fetchone()
            assert stock is not None and receivables is not None
        return as_read((*stock, *receivables), opened[0], overtaken)

    def _wait_for_another(self, opened: int) -> int:
        """Keep the snapshot open until something newer is published, or it is all over."""
        with self.warehouse.session(Role.READER) as other:
            while not self.stop.is_set():
                newest = other.execute(PUBLISHED).fetchone()
                assert newest is not None
                if newest[0] > opened:
                    return int(newest[0] - opened)
                time.sleep(0.005)
        return 0
