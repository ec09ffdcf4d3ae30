"""The marts of the project, as their files say."""

from typing import Any

import yaml

from tests.conftest import HOME

MODELS: dict[str, dict[str, Any]] = {
    model["name"]: model
    for path in sorted((HOME / "dbt_project/models/marts").rglob("*.yml"))
    for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
}
MARTS = sorted(MODELS)
SELLER_MARTS = [
    mart for mart in MARTS if "manager_id" in {column["name"] for column in MODELS[mart]["columns"]}
]
"""Marts that show a seller the rows of their own customers only."""

BROUGHT_ON = [
    path.stem
    for path in sorted((HOME / "dbt_project/models/marts").rglob("*.sql"))
    if "replace_touched" in path.read_text(encoding="utf-8")
]
"""Marts that are not built anew each morning."""
