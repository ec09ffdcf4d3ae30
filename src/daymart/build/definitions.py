"""What each mart is, read from dbt's manifest: key, feeds it needs, promise and owner."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import time
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from daymart.errors import ConfigError

MARTS_SCHEMA = "candidate"


@dataclass(frozen=True)
class Restated:
    """What of a mart is told when it changes after it was published.

    `on` is the business date of a row, `document` the paper it came from, `measures` the figures.
    A mart that drops rows older than `window_days` does not restate them by that.
    """

    on: str
    document: str
    measures: tuple[str, ...]
    window_days: int | None = None


@dataclass(frozen=True)
class Touched:
    """How a mart is brought on: the model that lists touched keys, and the mart's key column."""

    schema: str
    model: str
    key: str


@dataclass(frozen=True)
class MartDefinition:
    """One mart. `view_columns` are computed by the reader's view and not stored."""

    mart: str
    node_id: str
    key_columns: tuple[str, ...]
    view_columns: Mapping[str, str]
    feeds: tuple[str, ...]
    promise_time: time
    owner: str
    deputy: str
    restated: Restated | None = None
    touched: Touched | None = None


def read_definitions(manifest: Mapping[str, Any]) -> list[MartDefinition]:
    """Return the marts of a manifest by name.

    Raises ConfigError when a mart has no key, owner or promise.
    """
    models = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == MARTS_SCHEMA
    ]
    return sorted((_definition(node, manifest) for node in models), key=lambda d: d.mart)


def _definition(node: Mapping[str, Any], manifest: Mapping[str, Any]) -> MartDefinition:
    meta = node["config"].get("meta") or {}
    key = next((c["columns"] for c in node["constraints"] if c["type"] == "primary_key"), None)
    missing = [name for name in ("promise", "owner", "deputy") if not meta.get(name)]
    if not key or missing:
        raise ConfigError(
            f"mart {node['name']}",
            saw="no primary_key constraint" if not key else f"no config.meta.{missing[0]}",
            remedy=f"Add it in {node.get('patch_path') or node['path']}.",
        )
    return MartDefinition(
        mart=node["name"],
        node_id=node["unique_id"],
        key_columns=tuple(key),
        view_columns={n: c["sql"] for n, c in (meta.get("view_columns") or {}).items()},
        feeds=tuple(sorted(_feeds_behind(node["unique_id"], manifest))),
        promise_time=time.fromisoformat(str(meta["promise"])),
        owner=str(meta["owner"]),
        deputy=str(meta["deputy"]),
        restated=_restated(meta.get("restated")),
        touched=_touched(node["config"], manifest),
    )


def _touched(config: Mapping[str, Any], manifest: Mapping[str, Any]) -> Touched | None:
    if config.get("materialized") != "incremental":
        return None
    model = next(n for n in manifest["nodes"].values() if n["name"] == config["touched"])
    return Touched(model["schema"], model["alias"], config["unique_key"])


def _restated(declared: Mapping[str, Any] | None) -> Restated | None:
    if declared is None:
        return None
    return Restated(**{**declared, "measures": tuple(declared["measures"])})


def _feeds_behind(node_id: str, manifest: Mapping[str, Any]) -> set[str]:
    """Walk a model's ancestors to the feeds it is built from.

    Reference data is a feed like the others; `ops` is the warehouse's own.
    """
    seen: set[str] = set()
    waiting = [node_id]
    feeds: set[str] = set()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        source = manifest["sources"].get(current)
        if source is not None and source["source_name"] != "ops":
            feeds.add(source["source_name"])
        waiting.extend(manifest["parent_map"].get(current, ()))
    return feeds


def write_definitions(
    session: psycopg.Connection, publication_id: int, marts: Iterable[MartDefinition]
) -> None:
    """Keep the definitions of one publication, so that later stages need no shared disk."""
    for m in marts:
        session.execute(
            """
            insert into ops.mart_definition (
                publication_id, mart, node_id, key_columns, view_columns, feeds, promise_time,
                owner_id, deputy_id, restated, touched
            )
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            [
                publication_id,
                m.mart,
                m.node_id,
                list(m.key_columns),
                Jsonb(m.view_columns),
                list(m.feeds),
                m.promise_time,
                m.owner,
                m.deputy,
                Jsonb(asdict(m.restated)) if m.restated else None,
                Jsonb(asdict(m.touched)) if m.touched else None,
            ],
        )


def load_definitions(session: psycopg.Connection, publication_id: int) -> list[MartDefinition]:
    """Read back the definitions of one publication."""
    rows = session.execute(
        """
        select mart, node_id, key_columns, view_columns, feeds, promise_time, owner_id, deputy_id,
            restated, touched
        from ops.mart_definition where publication_id = %s order by mart
        """,
        [publication_id],
    )
    return [
        MartDefinition(
            r[0],
            r[1],
            tuple(r[2]),
            r[3],
            tuple(r[4]),
            r[5],
            r[6],
            r[7],
            _restated(r[8]),
            Touched(**r[9]) if r[9] else None,
        )
        for r in rows
    ]
