"""The mapping queries of a system: `systems/<system>/<contract table>.sql`.

What several tables of a system need stands once, in `systems/<system>/shared/<name>.sql`, as one
SELECT. A query that begins with the line `-- uses: place, base_unit` finds them as its first CTEs.
"""

import re
from pathlib import Path

from daymart.errors import ConfigError
from daymart.sources.protocol import Queries

USES = re.compile(r"^-- uses: *(.+)$", re.MULTILINE)
OPENING = re.compile(r"^with\s", re.MULTILINE)


def read_queries(folder: Path) -> Queries:
    """Read the mapping queries of one system, shared steps put in front.

    Raises ConfigError when there are none, or when a query uses a step that does not exist.
    """
    queries = {p.stem: whole_query(p) for p in sorted(folder.glob("*.sql"))}
    if not queries:
        raise ConfigError(
            f"system {folder.name!r}",
            saw=f"no .sql file in systems/{folder.name}",
            expected="one per contract table",
            remedy="Check the binding's system name.",
        )
    return queries


def whole_query(path: Path) -> str:
    """Return the query of a file with the shared steps it uses as leading CTEs."""
    query = path.read_text(encoding="utf-8").strip()
    uses = USES.search(query)
    if uses is None:
        return query
    steps = [name.strip() for name in uses[1].split(",")]
    shared = ",\n\n".join(f"{name} as (\n{_shared(path, name)}\n)" for name in steps)
    if OPENING.search(query):
        return OPENING.sub(lambda _: f"with {shared},\n\n", query, count=1)
    return f"with {shared}\n\n{query}"


def _shared(path: Path, name: str) -> str:
    step = path.parent / "shared" / f"{name}.sql"
    if not step.exists():
        raise ConfigError(
            f"systems/{path.parent.name}/{path.name}",
            saw=f"it uses {name!r}",
            expected=f"a file shared/{name}.sql beside it",
            remedy="Correct the line that begins with -- uses:",
        )
    return step.read_text(encoding="utf-8").strip()
