"""References between contract tables: what they point at must exist and be of the same type."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from daymart.contracts.positions import Found, Step

Types = Mapping[tuple[str, str], str]
"""(table, column) -> physical type, over all contracts."""


def column_types(documents: Iterable[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """Return the type of every column of every contract, broken contracts included."""
    return {
        (str(table.get("name")), str(column.get("name"))): str(column.get("physicalType"))
        for document in documents
        for table in _dicts(document.get("schema"))
        for column in _dicts(table.get("properties"))
    }


def broken_references(document: dict[str, Any], types: Types) -> Iterator[Found]:
    """Yield every reference of one contract whose end is missing or of another type."""
    for index, table in enumerate(document.get("schema") or ()):
        at: tuple[Step, ...] = ("schema", index)
        name = str(table.get("name"))
        for number, reference in enumerate(table.get("relationships") or ()):
            where = (*at, "relationships", number)
            yield from _composite(where, name, reference, types)
        for position, column in enumerate(table.get("properties") or ()):
            for number, reference in enumerate(column.get("relationships") or ()):
                where = (*at, "properties", position, "relationships", number)
                end = f"{name}.{column.get('name')}"
                yield from _pair(where, end, str(reference.get("to")), types)


def _composite(
    where: tuple[Step, ...], table: str, reference: dict[str, Any], types: Types
) -> Iterator[Found]:
    starts, ends = as_list(reference.get("from")), as_list(reference.get("to"))
    if len(starts) != len(ends):
        yield where, f"{len(starts)} columns point at {len(ends)}", "Pair every column with one."
        return
    if len({end.partition(".")[0] for end in ends}) > 1:
        yield where, "one reference points at several tables", "Write one reference for each."
        return
    for start, end in zip(starts, ends, strict=True):
        if not start.startswith(f"{table}.") or split(start) not in types:
            yield where, f"{start!r} is no column of {table}", "Name a column of this table."
        else:
            yield from _pair(where, start, end, types)


def _pair(where: tuple[Step, ...], start: str, end: str, types: Types) -> Iterator[Found]:
    if split(end) not in types:
        yield (
            where,
            f"reference to {end!r}, which no contract has",
            "Point at TABLE.COLUMN of a contract in this folder.",
        )
    elif types[split(end)] != types[split(start)]:
        yield (
            where,
            f"{start} is {types[split(start)]}, {end} is {types[split(end)]}",
            "Give both ends the same physicalType.",
        )


def as_list(value: object) -> list[str]:
    """Return the ends of a reference, which the standard writes as one name or a list."""
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


def split(end: str) -> tuple[str, str]:
    """Split TABLE.COLUMN."""
    table, _, column = end.partition(".")
    return table, column


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))
