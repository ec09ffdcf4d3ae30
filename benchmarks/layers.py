"""A build layer by layer: beside the bare SQL of its models, and the following day's build.

Seconds of a layer add up what its nodes took in all sessions; the clock runs once. A layer's bare
SQL is what dbt compiled, run by psycopg with the same keys, indexes and statistics. The following
day is built twice: brought on from what readers see, then whole; rows read from `raw` are those of
models and data tests together, and the models named beside a table scan it whole by the planner's
word. What of a day costs as much as everything follows the history.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from bare_sql import LAYERS, Node, build_bare, read_nodes
from measure import MeasurementFailed, run, timed
from mornings import (
    FIRST_EVENING,
    Morning,
    company_at,
    make_company,
    measure_alone,
    rows,
    scales_of,
)

from daymart.connections import parse_connection
from daymart.demo.local import LocalPostgres
from daymart.settings import load_project

LARGE_ROWS = 5000
"""A raw table of fewer rows is read as a whole sooner than looked up."""
SLOWEST = 10
SECONDS = "select node_id, seconds from ops.build_result where publication_id = %s"
READS = """
    select relname, n_live_tup, seq_tup_read, coalesce(idx_tup_fetch, 0)
    from pg_stat_user_tables where schemaname = 'raw'
"""


@dataclass(frozen=True)
class Build:
    """What one build took: seconds by node, by the clock and before dbt's first node."""

    publication: int
    nodes: list[Node]
    seconds: Mapping[str, float]
    clock: float
    start_up: float
    reads: Mapping[str, tuple[int, int, int]]
    """Rows of each raw table, read by scans and by indexes."""

    def by_layer(self) -> dict[str, float]:
        return _by_layer(self.nodes, self.seconds)


def measure_layers(
    postgres: LocalPostgres, scales: list[float] | None = None, days: int | None = None
) -> None:
    """Measure two evenings per scale; SCALE and DAYS in the environment stand in for arguments."""
    for scale in scales or scales_of(os.environ.get("SCALE", "0.2")):
        with company_at(postgres) as environment:
            try:
                _measure(scale, days or int(os.environ.get("DAYS", "60")), environment)
            except MeasurementFailed as failed:
                print(f"      scale {scale:g} ends here: {failed}\n", flush=True)


def _measure(scale: float, days: int, environment: dict[str, str]) -> None:
    """Make a company, build its first evening and its bare SQL, then the following day twice."""
    make_company(scale, days, environment)
    first = Morning(FIRST_EVENING, environment)
    print(f"  loaded in {timed(lambda: first.run('load', first.evening)):.0f} s", flush=True)
    whole = _build(first)
    bare, clock = build_bare(environment["AIRFLOW_CONN_WAREHOUSE"], whole.nodes)
    _show_bare(whole, _by_layer(whole.nodes, bare), clock)
    first.publish(whole.publication)

    following = Morning(run("run_stage.py", "advance", **environment)["returned"], environment)
    following.run("load", following.evening)
    brought_on = _build(following)
    scans = _scans(environment["AIRFLOW_CONN_WAREHOUSE"], brought_on.nodes)
    _show_following(following.evening, brought_on, _build(following, "whole"), scans)


def _build(morning: Morning, *how: str) -> Build:
    """Build an evening in a process of its own."""
    uri = morning.environment["AIRFLOW_CONN_WAREHOUSE"]
    before = _reads(uri)
    clock, start_up = morning.stages["build"], morning.start_ups["build"]
    publication = morning.run("build", morning.evening, *how)
    builds = load_project(Path(morning.environment["DAYMART_HOME"])).builds(
        parse_connection("warehouse", uri).database
    )
    return Build(
        publication=publication,
        nodes=read_nodes(builds / str(publication)),
        seconds={name: float(s) for name, s in rows(uri, SECONDS, publication)},
        clock=morning.stages["build"] - clock,
        start_up=morning.start_ups["build"] - start_up,
        reads={
            table: (count, scanned - before[table][1], looked_up - before[table][2])
            for table, (count, scanned, looked_up) in _reads(uri).items()
        },
    )


def _reads(uri: str) -> dict[str, tuple[int, int, int]]:
    return {table: tuple(counts) for table, *counts in rows(uri, READS)}


def _by_layer(nodes: list[Node], seconds: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for node in nodes:
        found[node.layer] += seconds.get(node.node_id, 0)
    return found


def _scans(uri: str, nodes: list[Node]) -> dict[str, list[str]]:
    """Return for each raw table the built tables whose query the planner lets scan it whole."""
    found: dict[str, list[str]] = defaultdict(list)
    with psycopg.connect(uri) as session:
        for node in nodes:
            if node.layer not in ("intermediate", "marts") or not node.is_table:
                continue
            plan = session.execute(f"explain (format json, verbose)\n{node.query}".encode())
            (explained,) = plan.fetchone() or ()
            for table in sorted(set(_scanned(explained[0]["Plan"]))):
                found[table].append(node.name)
    return found


def _scanned(plan: Mapping[str, Any]) -> Iterator[str]:
    """Yield the raw tables that a plan reads from end to end."""
    if plan["Node Type"] == "Seq Scan" and plan.get("Schema") == "raw":
        yield plan["Relation Name"]
    for inner in plan.get("Plans", ()):
        yield from _scanned(inner)


def _show_bare(build: Build, bare: Mapping[str, float], clock: float) -> None:
    print(f"  {'everything of ' + FIRST_EVENING:<40}{'Daymart':>10}{'bare SQL':>11}{'ratio':>8}")
    for layer in LAYERS:
        _line(layer, build.by_layer()[layer], bare[layer] or None, _times)
    _line("by the clock", build.clock - build.start_up, clock, _times)
    _line("start-up, dbt's parse in it", build.start_up, None, _times)


def _show_following(evening: str, day: Build, whole: Build, scans: Mapping[str, list[str]]) -> None:
    print(f"  {evening + ', following day':<40}{'of the day':>10}{'whole':>11}{'share':>8}")
    for layer in LAYERS:
        _line(layer, day.by_layer()[layer], whole.by_layer()[layer], _share)
    _line("by the clock", day.clock - day.start_up, whole.clock - whole.start_up, _share)
    for title, build in (("most of the day", day), ("most of the whole", whole)):
        print(f"    {title}")
        models = [n for n in build.nodes if n.layer in ("intermediate", "marts")]
        models.sort(key=lambda n: -build.seconds.get(n.node_id, 0))
        for node in models[:SLOWEST]:
            spent = (found.seconds.get(node.node_id, 0) for found in (day, whole))
            _line(f"  {node.name}", *spent, _share)
    print(f"  {'raw tables, rows read':<28}{'of the day':>10}{'whole':>11}{'rows':>11}  scanned by")
    large = [(table, read) for table, read in day.reads.items() if read[0] >= LARGE_ROWS]
    for table, (count, *read) in sorted(large, key=lambda found: -found[1][0]):
        print(
            f"    {table:<26}{sum(read):>10,}{sum(whole.reads[table][1:]):>11,}{count:>11,}"
            f"  {', '.join(scans.get(table, ())) or 'no model'}"
        )
    print(flush=True)


def _line(
    name: str, ours: float, other: float | None, compare: Callable[[float, float], str]
) -> None:
    beside = "" if other is None else f"{other:>9.1f} s{compare(ours, other):>8}"
    print(f"    {name:<38}{ours:>8.1f} s{beside}", flush=True)


def _times(ours: float, other: float) -> str:
    return f"{ours / other:.1f}" if other else ""


def _share(ours: float, other: float) -> str:
    return f"{ours / other:.0%}" if other else ""


if __name__ == "__main__":
    measure_alone(measure_layers, __doc__ or "")
