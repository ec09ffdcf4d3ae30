"""What is wrong with a contract, where it stands and how to mend it."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from croniter import croniter
from jsonschema import Draft201909Validator
from open_data_contract_standard.model import OpenDataContractStandard
from pydantic import ValidationError

from daymart.contracts.positions import Found, Positions, Step
from daymart.contracts.references import as_list, broken_references, column_types
from daymart.contracts.types import is_known, logical_type
from daymart.contracts.words import missing_words

MODES = ("snapshot", "incremental", "events")
SYSTEM_COLUMNS = ("source_system", "source_id", "is_deleted")
MAX_IDENTIFIER = 63
MAX_TABLE_NAME = 50
"""The loader adds up to a dozen bytes: the load's number, an index's ending."""

OVERLAP = re.compile(r"P\d+D|PT\d+H")
NOT_IN_ARROW = re.compile(r"\(\?<?[=!]|\(\?>|\(\?P=|(?<!\\)\\[1-9Z]")
FACT_TYPES = {"cursor": "timestamp", "snapshotPartition": "date", "controlMeasure": "number"}
"""Table property that names a column -> the logical type that column must have."""


@dataclass(frozen=True)
class Problem:
    """One reason to refuse a contract."""

    file: str
    line: int
    path: str
    saw: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.path or 'contract'}: {self.saw}. {self.remedy}"


def problems_in(
    paths: Sequence[Path], calendars: Collection[str] | None = None, *, by_standard: bool = True
) -> list[Problem]:
    """Check every contract by itself, then all of them together.

    `calendars` are the ones `daymart.yaml` knows; None when there are no settings to ask. Holding
    every word against the standard's schema takes a second; without `by_standard` only a contract
    that the standard's own model refuses is held against it.
    """
    problems: list[Problem] = []
    documents: dict[Path, Any] = {}
    for path in paths:
        try:
            documents[path] = read_yaml(path)
        except (yaml.YAMLError, ValueError) as broken:
            problems.append(_not_yaml(path, broken))
    readable = {path: d for path, d in documents.items() if isinstance(d, dict)}
    types = column_types(readable.values())
    owners_of_tables: dict[str, str] = {}
    names: dict[str, str] = {}
    for path, document in documents.items():
        found = _problems_of(document, by_standard) or [
            *_clashes(document, path, owners_of_tables, names),
            *broken_references(document, types),
            *_calendar(document, calendars),
        ]
        problems.extend(_located(path, document, found))
    order = {path.name: index for index, path in enumerate(paths)}
    return sorted(problems, key=lambda problem: order[problem.file])


def _not_yaml(path: Path, broken: Exception) -> Problem:
    mark = getattr(broken, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    return Problem(path.name, line, "", "not YAML", str(broken).replace("\n", " "))


def _located(path: Path, document: Any, found: Sequence[Found]) -> Iterator[Problem]:
    positions = Positions.of_file(path) if found else None
    for where, saw, remedy in found:
        line = positions.line(where) if positions else 1
        dotted = ".".join(str(step) for step in _readable(document, where))
        yield Problem(path.name, line, dotted, saw, remedy)


def read_yaml(path: Path) -> Any:
    """Read YAML by the parser written in C: contracts are long, and every process reads them."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)  # noqa: S506 - it is safe


def _problems_of(document: Any, by_standard: bool) -> list[Found]:
    if not isinstance(document, dict):
        return [((), "empty file", "Start from a contract beside it.")]
    doubted = by_standard or not _is_contract(document)
    standard = list(_standard(document)) if doubted else []
    return standard or [found for rule in RULES for found in rule(document)]


@cache
def _validator() -> Draft201909Validator:
    schema = OpenDataContractStandard.json_schema()  # type: ignore[no-untyped-call]
    return Draft201909Validator(json.loads(schema))


def _is_contract(document: dict[str, Any]) -> bool:
    try:
        OpenDataContractStandard.model_validate(document)
    except ValidationError:
        return False
    return True


def _standard(document: dict[str, Any]) -> Iterator[Found]:
    for error in _validator().iter_errors(document):
        yield (
            tuple(error.absolute_path),
            error.message[:200],
            "The Open Data Contract Standard v3.1 does not allow it.",
        )


def _people(document: dict[str, Any]) -> Iterator[Found]:
    team = document.get("team") or {}
    members = team.get("members", []) if isinstance(team, dict) else team
    named = {m.get("role") for m in members if m.get("username")}
    for role in ("owner", "deputy", "head"):
        if role not in named:
            yield (
                ("team",),
                f"no {role}",
                f"Add a member with role: {role} to team.members; somebody must answer.",
            )


def _promise(document: dict[str, Any]) -> Iterator[Found]:
    for index, sla in enumerate(document.get("slaProperties") or ()):
        if sla.get("property") == "timeOfAvailability":
            yield from _deadline(("slaProperties", index), sla)
            return
    yield (
        ("slaProperties",),
        "no deadline",
        'Add property: timeOfAvailability with value: "HH:MM" and a cron schedule.',
    )


def _deadline(where: tuple[Step, ...], sla: dict[str, Any]) -> Iterator[Found]:
    try:
        time.fromisoformat(str(sla.get("value")))
    except ValueError:
        yield (*where, "value"), f"deadline {sla.get('value')!r}", 'Write it as "HH:MM".'
    if not croniter.is_valid(str(sla.get("schedule"))):
        yield (
            (*where, "schedule"),
            f"schedule {sla.get('schedule')!r}",
            'Write five cron fields, e.g. "15 6 * * *".',
        )


def _zone(document: dict[str, Any]) -> Iterator[Found]:
    properties = {p.get("property"): p.get("value") for p in document.get("customProperties") or ()}
    name = properties.get("timezone")
    try:
        ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError):
        yield (
            ("customProperties",),
            f"time zone {name!r}",
            "Add property: timezone with an IANA name such as Europe/Kyiv.",
        )
    share = properties.get("maxRejectShare", 0)
    if not isinstance(share, int | float) or not 0 <= share < 1:
        yield ("customProperties",), f"maxRejectShare {share!r}", "Give a share from 0 to below 1."


def _calendar(document: dict[str, Any], known: Collection[str] | None) -> Iterator[Found]:
    for index, told in enumerate(document.get("customProperties") or ()):
        name = told.get("value")
        if told.get("property") == "calendar" and known is not None and name not in known:
            yield (
                ("customProperties", index),
                f"calendar {name!r}",
                f"daymart.yaml knows {', '.join(sorted(known))}: use one or add it there.",
            )


def _tables(document: dict[str, Any]) -> Iterator[Found]:
    tables = document.get("schema") or []
    if not tables:
        yield ("schema",), "no table", "A contract promises at least one table."
    for index, table in enumerate(tables):
        where = ("schema", index)
        columns = table.get("properties") or []
        if not any(c.get("primaryKey") for c in columns):
            yield where, "no key", "Mark the columns of the grain with primaryKey: true."
        size = len(str(table.get("name")).encode())
        if size > MAX_TABLE_NAME:
            yield (*where, "name"), f"name of {size} bytes", f"At most {MAX_TABLE_NAME} fit."
        yield from _load_mode(where, table, {c.get("name"): c for c in columns})
        yield from _columns(where, columns)


def _load_mode(
    where: tuple[Step, ...], table: dict[str, Any], columns: dict[Any, dict[str, Any]]
) -> Iterator[Found]:
    properties = {p.get("property"): p.get("value") for p in table.get("customProperties") or ()}
    mode = properties.get("loadMode")
    at = (*where, "customProperties")
    if mode not in MODES:
        yield at, f"loadMode {mode!r}", f"Give one of {', '.join(MODES)}."
    if mode in ("incremental", "events") and not properties.get("cursor"):
        yield at, f"{mode} without a cursor", "Add property: cursor with a timestamp column."
    overlap = str(properties.get("overlap", "P0D"))
    if not OVERLAP.fullmatch(overlap):
        yield at, f"overlap {overlap!r}", "Write days or hours, such as P2D or PT6H."
    share = properties.get("minKeyShare", 0)
    if not isinstance(share, int | float) or not 0 <= share <= 1:
        yield at, f"minKeyShare {share!r}", "Give a share from 0 to 1."
    for column in chain.from_iterable(as_list(n) for n in properties.get("lookups") or ()):
        if column not in columns:
            yield at, f"lookups: {column!r} is no column", "Name columns of this table."
    for fact, kind in FACT_TYPES.items():
        named = properties.get(fact)
        if named is not None and named not in columns:
            yield at, f"{fact} {named!r} is no column", "Name a column of this table."
        elif named is not None and columns[named].get("logicalType") != kind:
            yield at, f"{fact} {named!r} is no {kind}", f"Name a column of logicalType {kind}."


def _columns(where: tuple[Step, ...], columns: list[dict[str, Any]]) -> Iterator[Found]:
    seen: dict[str, str] = {}
    for index, column in enumerate(columns):
        at = (*where, "properties", index)
        name, physical = str(column.get("name")), str(column.get("physicalType"))
        if not is_known(physical):
            yield (
                (*at, "physicalType"),
                f"unknown type {physical!r}",
                "Use text, date, timestamptz, boolean, integer, bigint or numeric(p,s).",
            )
        elif column.get("logicalType") != logical_type(physical):
            yield (
                (*at, "logicalType"),
                f"logicalType {column.get('logicalType')!r} for {physical}",
                f"Write logicalType: {logical_type(physical)}.",
            )
        yield from _name(at, name, seen)
        yield from _key_column(at, name, column)
        yield from _pattern(at, column)


def _key_column(at: tuple[Step, ...], name: str, column: dict[str, Any]) -> Iterator[Found]:
    if not column.get("primaryKey"):
        return
    if not column.get("required"):
        yield at, f"key column {name!r} is not required", "Write required: true."
    if not isinstance(column.get("primaryKeyPosition"), int):
        yield at, f"key column {name!r} has no place", "Write primaryKeyPosition: 1, 2 and so on."


def _pattern(at: tuple[Step, ...], column: dict[str, Any]) -> Iterator[Found]:
    pattern = (column.get("logicalTypeOptions") or {}).get("pattern")
    if pattern is None:
        return
    if not _looks_strange(str(pattern)):
        return
    # Arrow judges the rows, so it has the last word; importing it would slow down every parse.
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.match_substring_regex(pa.array([""]), str(pattern))
    except pa.ArrowInvalid as broken:
        yield (*at, "logicalTypeOptions"), f"pattern {pattern!r}", f"Mend it: {broken}."


def _looks_strange(pattern: str) -> bool:
    """Tell whether Python cannot read a pattern, or it holds what Arrow's engine lacks."""
    try:
        re.compile(pattern)
    except re.error:
        return True
    return bool(NOT_IN_ARROW.search(pattern))


def _name(at: tuple[Step, ...], name: str, seen: dict[str, str]) -> Iterator[Found]:
    if name.startswith("_") or name in SYSTEM_COLUMNS:
        yield (*at, "name"), f"name {name!r} is the loader's own", "Choose another name."
    if len(name.encode()) > MAX_IDENTIFIER:
        yield (*at, "name"), f"name of {len(name.encode())} bytes", "PostgreSQL keeps 63 of them."
    folded = name.casefold()
    if folded in seen:
        yield (*at, "name"), f"name {name!r} clashes with {seen[folded]!r}", "Rename one of them."
    seen[folded] = name


def _clashes(
    document: dict[str, Any], path: Path, tables: dict[str, str], names: dict[str, str]
) -> Iterator[Found]:
    """Yield what clashes with a contract read before this one, and note what this one takes."""
    name = str(document.get("name"))
    if name in names:
        yield ("name",), f"feed {name!r} is also in {names[name]}", "Give each feed its own name."
    names[name] = path.name
    for index, table in enumerate(document.get("schema") or ()):
        table_name = str(table.get("name"))
        if table_name in tables:
            yield (
                ("schema", index, "name"),
                f"table {table_name!r} is also in {tables[table_name]}",
                "A table belongs to one contract.",
            )
        tables[table_name] = path.name


def _readable(document: Any, path: tuple[Step, ...]) -> Iterator[Step]:
    """Replace list positions by the names of what stands there."""
    node = document
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            yield step
            return
        named = isinstance(node, dict) and isinstance(step, int)
        yield node.get("name") or node.get("property") or step if named else step


RULES: tuple[Callable[[dict[str, Any]], Iterator[Found]], ...] = (
    _people,
    _promise,
    _zone,
    _tables,
    missing_words,
)
