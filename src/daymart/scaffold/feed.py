"""`daymart new feed`: a contract that passes its checks and waits to be filled in."""

from pathlib import Path
from typing import Any

import yaml

from daymart.contracts.read import SUFFIX
from daymart.contracts.types import logical_type
from daymart.errors import ConfigError
from daymart.scaffold.samples import Sample, identifier, table_of

SUITE = '''"""{title}: what the department promised beyond its contract's row rules."""

from daymart.checks.check import Check
from daymart.contracts.model import Feed, Table


def checks(feed: Feed, table: Table, names: dict[str, str]) -> list[Check]:
    """Return the checks of one landed {name} table; see the other feeds for examples."""
    return []
'''


def new_feed(home: Path, name: str, owner: str, samples: list[Sample]) -> list[Path]:
    """Write a contract and a landing suite for a feed of our own; return the paths written.

    Raises ConfigError when the name is taken or cannot be a feed's name.
    """
    contract = home / "contracts" / f"{name}{SUFFIX}"
    if identifier(name) != name or contract.exists():
        raise ConfigError(
            f"feed {name!r}",
            saw="a feed of this name" if contract.exists() else "a name with other signs",
            expected="a new name of letters, digits and _",
        )
    suite = home / "expectations" / "landing" / f"{name}.py"
    contract.write_text(contract_text(name, owner, samples), encoding="utf-8")
    suite.write_text(SUITE.format(name=name, title=name.capitalize()), encoding="utf-8")
    return [contract, suite]


def contract_text(name: str, owner: str, samples: list[Sample]) -> str:
    """Return a sound contract: a table per sample, or one to begin with."""
    department = owner.split(".")[0]
    tables = [_table(table_of(name, s), s) for s in samples] or [_first_table(name)]
    document: dict[str, Any] = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"urn:daymart:feed:{name}",
        "name": name,
        "version": "1.0.0",
        "status": "draft",
        "domain": department,
        "description": {"purpose": f"What {department} tells of {name}; say it in a sentence."},
        "team": {
            "name": department,
            "members": [
                {"username": owner, "role": "owner"},
                {"username": f"{department}.deputy", "role": "deputy"},
                {"username": f"{department}.head", "role": "head"},
            ],
        },
        "support": [{"channel": department, "tool": "email", "scope": "issues"}],
        "slaProperties": [
            {
                "property": "timeOfAvailability",
                "value": "07:00",
                "scheduler": "cron",
                "schedule": "30 6 * * *",
                "description": "Local time by which the previous business date must be here.",
            }
        ],
        "customProperties": [
            {"property": "timezone", "value": "UTC"},
            {"property": "calendar", "value": "default"},
            {"property": "maxRejectShare", "value": 0.01},
            {"property": "maxRejectRows", "value": 10},
        ],
        "schema": tables,
    }
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def _table(name: str, sample: Sample) -> dict[str, Any]:
    columns = [
        _column(identifier(header), sample.type_of(header), sample.example_of(header), at == 0)
        for at, header in enumerate(sample.header)
    ]
    return _described(name, columns)


def _first_table(name: str) -> dict[str, Any]:
    key, amount = f"{name}_id", "amount"
    columns = [_column(key, "text", "1", True), _column(amount, "numeric(18,2)", "9.90", False)]
    return _described(f"{name}_row", columns)


def _described(name: str, columns: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "physicalType": "table",
        "dataGranularityDescription": f"One row of {name}.",
        "description": f"Say what {name} holds, and what it does not.",
        "customProperties": [
            {"property": "loadMode", "value": "snapshot"},
            {"property": "minKeyShare", "value": 0.7},
            {"property": "labels", "value": _labels(name)},
        ],
        "properties": columns,
    }


def _column(name: str, kind: str, example: str, is_key: bool) -> dict[str, Any]:
    column: dict[str, Any] = {
        "name": name,
        "logicalType": logical_type(kind),
        "physicalType": kind,
    }
    if is_key:
        column |= {"primaryKey": True, "primaryKeyPosition": 1, "required": True}
    properties: list[dict[str, Any]] = [{"property": "labels", "value": _labels(name)}]
    if column["logicalType"] == "number":
        properties.append({"property": "unit", "value": "say which"})
    return column | {
        "description": f"Say what {name} means.",
        "examples": [example or "?"],
        "customProperties": properties,
    }


def _labels(name: str) -> dict[str, str]:
    words = name.replace("_", " ").capitalize()
    return {"en": words, "ru": words, "uk": words}
