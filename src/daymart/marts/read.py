"""The marts as their YAML files tell them, without dbt: importing it takes seconds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from daymart.errors import ConfigError

MODELS = Path("dbt_project") / "models"
GROUPS = ("money", "stock", "supply", "delivery", "coordination", "dimensions")
"""Folders of marts in the order of a seller's morning; any other folder comes after them."""

REF = re.compile(r"ref\('(\w+)'\)")


class Declared(BaseModel):
    """A block of a mart's YAML; what only dbt needs of it is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_min_length=1)


class ViewColumn(Declared):
    """A column the reader's view computes from stored ones and the evening of the data."""

    sql: str
    data_type: str
    description: str
    unit: str | None = None


class Restated(Declared):
    """Which figures are told when they change after readers have seen them."""

    measures: list[str] = Field(min_length=1)
    window_days: int | None = None


class Meta(Declared):
    """What people agreed on about a mart."""

    promise: time
    owner: str
    deputy: str
    feeds: list[str]
    checks: list[str]
    answers: list[str] = Field(min_length=1)
    answers_not: list[str] = Field(min_length=1)
    example: str
    view_columns: dict[str, ViewColumn] = {}
    restated: Restated | None = None

    @field_validator("promise", mode="before")
    @classmethod
    def _clock_time(cls, value: object) -> object:
        return time.fromisoformat(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Column:
    """One column as readers see it; `unit` is a word, or the column that holds it."""

    name: str
    data_type: str
    description: str
    required: bool = False
    unit: str | None = None


@dataclass(frozen=True)
class Mart:
    """One mart: its words, people, columns, and who reads it."""

    name: str
    group: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    meta: Meta
    readers: tuple[str, ...]

    @property
    def grain(self) -> str:
        """The first sentence of the description: what counts as a row."""
        return re.split(r"(?<=\.)\s", self.description, maxsplit=1)[0]

    @property
    def about(self) -> str:
        """The description after its grain."""
        return self.description[len(self.grain) :].strip()


def read_marts(home: Path) -> dict[str, Mart]:
    """Return every mart by name, in the order of the groups.

    Raises ConfigError that names the mart and the words it lacks.
    """
    readers = _readers(home / MODELS / "exposures.yml")
    marts = [
        _mart(path, node, readers.get(node["name"], ()))
        for path, node in _nodes(home / MODELS / "marts")
    ]
    return {mart.name: mart for mart in sorted(marts, key=_morning_order)}


def _morning_order(mart: Mart) -> tuple[int, str, str]:
    known = mart.group in GROUPS
    return (GROUPS.index(mart.group) if known else len(GROUPS), mart.group, mart.name)


def _nodes(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(folder.rglob("*.yml")):
        for node in _yaml(path)["models"]:
            yield path, node


def _mart(path: Path, node: Mapping[str, Any], readers: tuple[str, ...]) -> Mart:
    try:
        meta = Meta.model_validate(node["config"]["meta"])
    except ValidationError as invalid:
        first = invalid.errors()[0]
        raise ConfigError(
            f"mart {node['name']}: config.meta.{'.'.join(map(str, first['loc']))}",
            saw=first["msg"],
            remedy=f"Write it in {path.name}; CONTRIBUTING.md, Add a mart, says what it holds.",
        ) from invalid
    return Mart(
        name=node["name"],
        group=path.parent.name,
        description=_one_line(node["description"]),
        key=_key(node),
        columns=tuple(_column(c) for c in node["columns"]),
        meta=meta,
        readers=readers,
    )


def _key(node: Mapping[str, Any]) -> tuple[str, ...]:
    constraints = node.get("constraints", ())
    return next((tuple(c["columns"]) for c in constraints if c["type"] == "primary_key"), ())


def _column(declared: Mapping[str, Any]) -> Column:
    kinds = {constraint["type"] for constraint in declared.get("constraints", ())}
    return Column(
        name=declared["name"],
        data_type=declared["data_type"],
        description=_one_line(declared["description"]),
        required="not_null" in kinds,
        unit=declared.get("config", {}).get("meta", {}).get("unit"),
    )


def _readers(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the labels of the exposures that read each mart."""
    found: dict[str, tuple[str, ...]] = {}
    for exposure in _yaml(path)["exposures"]:
        for reference in exposure["depends_on"]:
            mart = REF.fullmatch(reference)
            if mart is None:
                raise ConfigError(
                    f"{path.name}: {exposure['name']}", saw=reference, expected="ref('a_mart')"
                )
            found[mart[1]] = (*found.get(mart[1], ()), exposure["label"])
    return found


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _one_line(text: str) -> str:
    return " ".join(text.split())
