"""A build as bare SQL: what dbt compiled, run by psycopg with keys, indexes and statistics.

Every model becomes a view or table of one scratch schema, every data test a count; seeds stand.
As many sessions as dbt has threads take what is ready next, so both have the same machine.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import psycopg
import yaml
from measure import HERE

PROFILES = HERE.parent / "dbt_project/profiles.yml"
SCRATCH = "bare"
LAYERS = ("staging", "seeds", "intermediate", "marts", "data tests")


@dataclass(frozen=True)
class Node:
    """A model, seed or data test of dbt's manifest, and the query it was compiled to."""

    node_id: str
    layer: str
    rests_on: tuple[str, ...]
    query: str
    relation: str | None
    config: Mapping[str, Any]
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.node_id.split(".")[2]

    @property
    def is_table(self) -> bool:
        return self.config["materialized"] in ("table", "incremental")


def read_nodes(target: Path) -> list[Node]:
    """Read what was built from the manifest dbt left in its target folder."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return [
        _node(node)
        for node in manifest["nodes"].values()
        if node["resource_type"] == "seed" or node.get("compiled_code")
    ]


def _node(node: Mapping[str, Any]) -> Node:
    kinds = {"seed": "seeds", "test": "data tests"}
    keys = [c["columns"] for c in node.get("constraints") or () if c["type"] == "primary_key"]
    return Node(
        node_id=node["unique_id"],
        layer=kinds.get(node["resource_type"]) or node["fqn"][1],
        rests_on=tuple(node["depends_on"].get("nodes", ())),
        query=node.get("compiled_code") or "",
        relation=node["relation_name"],
        config=node["config"],
        key=tuple(keys[0]) if keys else (),
    )


def build_bare(uri: str, nodes: Iterable[Node]) -> tuple[dict[str, float], float]:
    """Run every node in a scratch schema; return seconds per node and by the clock."""
    found = {node.node_id: node for node in nodes if node.layer != "seeds"}
    moved = {n.relation: _scratch(n) for n in found.values() if n.relation}
    pattern = re.compile("|".join(sorted(map(re.escape, moved), key=len, reverse=True)))
    with psycopg.connect(uri, autocommit=True) as session:
        session.execute(f"create schema {SCRATCH}".encode())
        started = time.monotonic()
        try:
            with _Sessions(uri) as sessions:
                seconds = _in_order(
                    found,
                    lambda node: sessions.run(
                        _statements(node, pattern.sub(lambda m: moved[m.group()], node.query))
                    ),
                )
            return seconds, time.monotonic() - started
        finally:
            session.execute("set client_min_messages = warning")
            session.execute(f"drop schema {SCRATCH} cascade".encode())


def _scratch(node: Node) -> str:
    return f'"{SCRATCH}"."{node.name}"'


def _statements(node: Node, query: str) -> list[str]:
    """Return what makes of a compiled query what dbt makes of it."""
    if node.layer == "data tests":
        return [f"select count(*) from (\n{query}\n) as failures"]
    name = _scratch(node)
    if not node.is_table:
        return [f"create view {name} as\n{query}"]
    made = [f"create table {name} as\n{query}"]
    if node.key:
        made.append(f"alter table {name} add primary key ({', '.join(node.key)})")
    for index in node.config.get("indexes") or ():
        kind = "unique index" if index.get("unique") else "index"
        made.append(f"create {kind} on {name} ({', '.join(index['columns'])})")
    if node.layer == "intermediate":
        made.append(f"analyze {name}")
    return made


class _Sessions:
    """A session per worker thread."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._own = threading.local()
        self._all: list[psycopg.Connection] = []

    def __enter__(self) -> "_Sessions":
        return self

    def __exit__(self, *_: object) -> None:
        for session in self._all:
            session.close()

    def run(self, statements: list[str]) -> float:
        """Run the statements of one node in a transaction; return seconds."""
        if not hasattr(self._own, "session"):
            self._own.session = psycopg.connect(self._uri)
            self._all.append(self._own.session)
        started = time.monotonic()
        with self._own.session.transaction():
            for statement in statements:
                self._own.session.execute(statement.encode())
        return time.monotonic() - started


def _in_order(nodes: Mapping[str, Node], work: Callable[[Node], float]) -> dict[str, float]:
    """Work on every node after what it rests on, on as many threads as dbt."""
    order = TopologicalSorter(
        {name: [r for r in node.rests_on if r in nodes] for name, node in nodes.items()}
    )
    order.prepare()
    running: dict[Future[float], str] = {}
    seconds: dict[str, float] = {}
    with ThreadPoolExecutor(_sessions()) as pool:
        while order.is_active():
            running |= {pool.submit(work, nodes[name]): name for name in order.get_ready()}
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                name = running.pop(future)
                seconds[name] = future.result()
                order.done(name)
    return seconds


def _sessions() -> int:
    """Return how many sessions dbt works with."""
    profiles = yaml.safe_load(PROFILES.read_text(encoding="utf-8"))
    return int(profiles["daymart"]["outputs"]["warehouse"]["threads"])
