"""Rows of the ERP by the column, and how they get into PostgreSQL."""

import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import numpy as np
import psycopg
import pyarrow as pa
from psycopg import Connection, sql
from pyarrow import csv

from daymart.demo.trade.clock import NEVER, Flags, Ints

MOST_WAITING = 6
"""Tables of a span at most that are drawn and not yet written."""
Column = Any
"""An Arrow array; a numpy array of integers or flags is taken as it is."""


@dataclass(frozen=True)
class Table:
    """Rows of one ERP table as an evening sees them.

    `changed` is the number of the working day a row was last written or corrected; rows that are
    NEVER written yet, or not before the evening, are left out by `filled`.
    """

    name: str
    columns: dict[str, Column]
    changed: Ints

    def filled(self, since: int, until: int) -> "Table":
        """Keep the rows last changed on the days from since to until, both included."""
        chosen = (self.changed >= since) & (self.changed <= until)
        picked = np.flatnonzero(chosen)
        columns = {
            name: column[picked]
            if isinstance(column, np.ndarray)
            else column.take(pa.array(picked))
            for name, column in self.columns.items()
        }
        return Table(self.name, columns, self.changed[picked])

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.changed)


def decimals(scaled: Ints, places: int, given: Flags | None = None) -> Column:
    """Turn integers of the smallest unit into exact decimals; those not given are empty."""
    halves = np.empty((len(scaled), 2), dtype=np.int64)
    halves[:, 0], halves[:, 1] = scaled, scaled >> 63
    mask = None if given is None else pa.array(given).buffers()[1]
    return pa.Array.from_buffers(
        pa.decimal128(18, places), len(scaled), [mask, pa.py_buffer(halves)]
    )


def dates(days: Ints) -> Column:
    """Turn days since 1970 into dates; NEVER is no date."""
    none = days >= NEVER
    return pa.array(np.where(none, 0, days).astype(np.int32), pa.date32(), mask=none)


def instants(micros: Ints, given: Flags | None = None) -> Column:
    """Turn microseconds since 1970 into instants; those not given are empty."""
    mask = None if given is None else ~given
    return pa.array(micros, pa.timestamp("us", tz="UTC"), mask=mask)


def numbers(values: Ints, given: Flags) -> Column:
    """Turn integers into a column that is empty where they are not given."""
    return pa.array(values, pa.int64(), mask=~given)


def flags(values: Flags, given: Flags) -> Column:
    """Turn truths into a column that is empty where they are not given."""
    return pa.array(values, pa.bool_(), mask=~given)


def words(names: Iterable[str | None], index: Ints | Flags) -> Column:
    """Look words up by index."""
    indices = pa.array(np.asarray(index, dtype=np.int32))
    return pa.array(list(names), pa.string()).take(indices)


def same(value: str | None, count: int) -> Column:
    """Repeat one word."""
    return pa.repeat(pa.scalar(value, pa.string()), count)


def labelled(prefix: str, values: Ints) -> Column:
    """Write numbers behind a prefix."""
    return joined(prefix, pa.array(values).cast(pa.string()))


def joined(*parts: Column) -> Column:
    """Join columns and words into one text column."""
    import pyarrow.compute as pc

    texts = [
        pa.array(part).cast(pa.string()) if isinstance(part, np.ndarray) else part for part in parts
    ]
    return pc.binary_join_element_wise(*texts, "")


def stacked(tables: Iterator[Table] | list[Table]) -> list[Table]:
    """Put tables of one name together, in the order they come."""
    by_name: dict[str, list[Table]] = {}
    for table in tables:
        by_name.setdefault(table.name, []).append(table)
    return [_stack(group) for group in by_name.values()]


def _stack(group: list[Table]) -> Table:
    if len(group) == 1:
        return group[0]
    columns = {
        name: pa.concat_arrays([pa.array(table.columns[name]) for table in group])
        for name in group[0].columns
    }
    return Table(group[0].name, columns, np.concatenate([table.changed for table in group]))


def write(connection: Connection[tuple[object, ...]], table: Table, schema: str = "erp") -> int:
    """Copy the rows into their table; return how many there are."""
    if not len(table):
        return 0
    names = sql.SQL(", ").join(sql.Identifier(name) for name in table.columns)
    target = sql.SQL("copy {}.{} ({}) from stdin (format csv)").format(
        sql.Identifier(schema), sql.Identifier(table.name), names
    )
    with connection.cursor() as cursor, cursor.copy(target) as copy:
        copy.write(_csv(table))
    return len(table)


@contextmanager
def written_behind(connection: Connection[tuple[object, ...]]) -> Iterator[Callable[[Table], None]]:
    """Offer to write tables while others are drawn, in order; nothing else may use the connection.

    A few tables wait at most, so that memory stays flat; an error is raised at a later table or
    at the end of the block.
    """
    with ThreadPoolExecutor(1) as writer:
        waiting: deque[Future[int]] = deque()

        def later(table: Table) -> None:
            waiting.append(writer.submit(write, connection, table))
            if len(waiting) > MOST_WAITING:
                waiting.popleft().result()

        yield later
        for written in waiting:
            written.result()


def rewrite(connection: Connection[tuple[object, ...]], table: Table, key: tuple[str, ...]) -> int:
    """Replace rows of the same key and add the others."""
    if not len(table):
        return 0
    ids = [pa.array(table.columns[name]).cast(pa.string()).to_pylist() for name in key]
    types = sql.SQL(", ").join(sql.SQL("%s::text[]") for _ in key)
    kinds = {name: _kind(table.columns[name]) for name in key}
    name = sql.Identifier(table.name)
    target = sql.SQL("erp.{}").format(name)
    given = sql.SQL(", ").join(
        sql.SQL("given.{}::{}").format(sql.Identifier(part), sql.SQL(kinds[part])) for part in key
    )
    own = sql.SQL(", ").join(sql.SQL("old.{}").format(sql.Identifier(part)) for part in key)
    alias = sql.SQL(", ").join(sql.Identifier(part) for part in key)
    query = sql.SQL(
        "delete from {} as old using unnest({}) as given ({}) where ({}) = ({})"
    ).format(target, types, alias, own, given)
    connection.execute(query, ids)
    return write(connection, table)


def _kind(column: Column) -> LiteralString:
    """Name the type of PostgreSQL that a key column is compared in."""
    kind = pa.array(column).type
    if pa.types.is_date(kind):
        return "date"
    return "text" if pa.types.is_string(kind) else "integer"


def _csv(table: Table) -> bytes:
    batch = pa.table({name: pa.array(column) for name, column in table.columns.items()})
    out = io.BytesIO()
    csv.write_csv(batch, out, csv.WriteOptions(include_header=False))
    return out.getvalue()


Session = psycopg.Connection[tuple[object, ...]]
